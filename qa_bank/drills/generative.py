"""Autoencoders and generative models: codes, divergences, and what a perfect discriminator says."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from qa_bank.drill import Drawn, Number, Numbers


def kl_gaussians(chance: random.Random) -> Drawn:
    """½·Σ (μ² + σ² − ln σ² − 1), the divergence of N(μ, σ²) from N(0, 1) (Kingma and Welling 2014, appendix B)."""
    size = chance.choice([1, 2, 2])
    means = [chance.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(size)]
    sigmas = [chance.choice([0.5, 0.5, 1, 2, 2]) for _ in range(size)]
    parts = [(m * m + s * s - 2 * math.log(s) - 1) / 2 for m, s in zip(means, sigmas, strict=True)]
    steps = [
        f"½·({_squared(m)} + {_squared(s)} − ln {s * s:g} − 1) ≈ {part:.3f}"
        for m, s, part in zip(means, sigmas, parts, strict=True)
    ]
    return Drawn(
        {"mu": _listed(means), "sigma": _listed(sigmas), "d": size, "steps": "\n".join(steps)},
        Number(round(sum(parts), 3), 0.006),
    )


def optimal_discriminator(chance: random.Random) -> Drawn:
    """p / (p + q) (Goodfellow and others 2014, proposition 1)."""
    p, q = (n / 20 for n in chance.sample(range(1, 19), 2))
    return Drawn({"p": p, "q": q, "sum": round(p + q, 2), "ratio": p / q}, Number(p / (p + q), 0.0006))


def bottleneck_ratio(chance: random.Random) -> Drawn:
    """c·h²·(1 byte) / (z·(h / 2ⁿ)²·b bytes) = c·4ⁿ / (z·b)."""
    while True:
        c, h, n = chance.choice([1, 3, 3]), chance.choice([32, 64, 128]), chance.choice([2, 3, 4])
        z, b = chance.choice([2, 4, 8, 16, 32]), chance.choice([2, 4])
        side = h // 2**n
        pixels, code = c * h * h, z * side * side
        if pixels >= 1.5 * code * b:
            break
    return Drawn(
        {"c": c, "h": h, "n": n, "z": z, "b": b, "bits": 8 * b, "side": side, "pixels": pixels, "code": code,
         "bytes": code * b, "fewer": pixels / code},
        Number(pixels / (code * b), 0.01),
    )  # fmt: skip


def pca_error(chance: random.Random) -> Drawn:
    """Σᵢ₌ₘ₊₁ⁿ λᵢ / Σᵢ₌₁ⁿ λᵢ (Baldi and Hornik 1989)."""
    n = chance.choice([5, 6])
    values = sorted(chance.sample(range(1, 13), n), reverse=True)
    m = chance.randint(2, n - 2)
    lost, total = sum(values[m:]), sum(values)
    return Drawn(
        {"n": n, "m": m, "values": _listed(values), "lost": lost, "total": total, "kept": total - lost,
         "work": " + ".join(map(str, values[m:]))},
        Number(lost / total, 0.0006),
    )  # fmt: skip


def reparameterise(chance: random.Random) -> Drawn:
    """z = μ + exp(½·ln σ²)·ε (Kingma and Welling 2014)."""
    means = [chance.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(2)]
    logs = chance.sample([-2, -1.386, 0, 1.386, 2], 2)
    noise = [chance.choice([-1.5, -1, -0.8, -0.5, 0.5, 0.8, 1, 1.5]) for _ in range(2)]
    sigmas = [math.exp(log / 2) for log in logs]
    code = [m + s * e for m, s, e in zip(means, sigmas, noise, strict=True)]
    steps = [
        f"σ{i} = exp({_signed(log)}/2) ≈ {s:.3f}        "
        f"z{i} = {_signed(m)} + {s:.3f}·{_bracketed(e)} ≈ {_signed(round(z, 2))}"
        for i, log, s, m, e, z in zip("₁₂", logs, sigmas, means, noise, code, strict=True)
    ]
    return Drawn(
        {"mu": _listed(means), "logs": _listed(logs), "noise": _listed(noise), "steps": "\n".join(steps)},
        Numbers(tuple(round(z, 3) for z in code), 0.006),
    )


def _signed(n: float) -> str:
    return f"{n + 0:g}".replace("-", "−")


def _bracketed(n: float) -> str:
    return f"({_signed(n)})" if n < 0 else _signed(n)


def _squared(n: float) -> str:
    return f"{_bracketed(n)}²"


def _listed(numbers: Sequence[float]) -> str:
    return "; ".join(map(_signed, numbers))
