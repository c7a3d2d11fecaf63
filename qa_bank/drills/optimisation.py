"""Training by hand: steps of optimisers, a backward pass, the stable rate, iterations, decay over steps and stages."""

from __future__ import annotations

import math
import random

from qa_bank.drill import Drawn, Number, Numbers, written


def sgd_step(chance: random.Random) -> Drawn:
    """θ − λ·g."""
    rate = chance.choice([0.01, 0.05, 0.1, 0.2, 0.5])
    theta = [chance.choice([-2, -1, -0.5, 0.5, 1, 1.5, 2, 3]) for _ in range(2)]
    gradient = chance.sample([-8, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 8], 2)
    after = [t - rate * g for t, g in zip(theta, gradient, strict=True)]
    steps = [
        f"θ{'₁₂'[i]} = {_plain(t)} − {_plain(rate)}·{_in_a_product(g)} = {_plain(round(after[i], 6))}"
        for i, (t, g) in enumerate(zip(theta, gradient, strict=True))
    ]
    return Drawn(
        {"theta": _vector(theta), "g": _vector(gradient), "rate": rate, "steps": "\n".join(steps)},
        Numbers(tuple(round(t, 6) for t in after), 0.0006),
    )


def momentum_step(chance: random.Random) -> Drawn:
    """v ← μ·v + g, w ← w − λ·v, the first v being g: torch.optim.SGD, without dampening or Nesterov."""
    rate, mu = chance.choice([0.01, 0.1, 0.1, 0.2]), chance.choice([0.9, 0.9, 0.5, 0.8])
    w, g = chance.choice([-2, -1, 0.5, 1, 2, 3, 5]), chance.choice([-5, -4, -3, -2, 2, 3, 4, 5, 6])
    h = chance.choice([h for h in (-4, -3, -2, -1, 1, 2, 3, 4) if abs(mu * g + h) > 0.01])
    after = w - rate * g
    v = mu * g + h
    final = round(after - rate * v, 6)
    steps = [
        f"v₁ = {_plain(g)}",
        f"w₁ = {_plain(w)} − {_plain(rate)}·{_in_a_product(g)} = {_plain(round(after, 6))}",
        f"v₂ = {_plain(mu)}·{_in_a_product(g)} + {_in_a_product(h)} = {_plain(round(v, 6))}",
        f"w₂ = {_plain(round(after, 6))} − {_plain(rate)}·{_in_a_product(round(v, 6))} = {_plain(final)}",
    ]
    return Drawn(
        {
            "w": w,
            "g": g,
            "h": h,
            "rate": rate,
            "mu": mu,
            "v": round(v, 6),
            "after": round(after, 6),
            "steps": "\n".join(steps),
        },
        Number(final, 0.0006),
    )


def adam_first_step(chance: random.Random) -> Drawn:
    """w − λ·m̂/(√v̂ + ε), where m̂ = g and v̂ = g² (Kingma and Ba 2015; torch.optim.Adam)."""
    rate = chance.choice([0.001, 0.002, 0.01, 0.02, 0.1])
    w = chance.choice([-2, -1.5, -0.5, 0.4, 0.5, 0.8, 1, 1.5, 2, 3])
    g = chance.choice([0.004, 0.02, 0.05, 0.2, 4, 8, 20, 30, 40]) * chance.choice([-1, 1])
    after = round(w - math.copysign(rate, g), 6)
    ten = _exact(0.1 * g)
    steps = [
        f"m = 0.1·{_in_a_product(g)} = {ten}        m̂ = {ten}/0.1 = {_exact(g)}",
        f"v = 0.001·{_in_a_product(g)}²        v̂ = {_in_a_product(g)}²        √v̂ = {_exact(abs(g))}",
        f"w = {_plain(w)} − {_plain(rate)}·{_in_a_product(g)}/{_exact(abs(g))} = {_plain(after)}",
    ]
    return Drawn({"w": w, "g": _exact(g), "rate": rate, "steps": "\n".join(steps)}, Number(after, rate / 4))


def adam_second_step(chance: random.Random) -> Drawn:
    """−m̂/(√v̂ + ε) at t = 2: m̂ = (0.9·g₁ + g₂)/1.9, v̂ = (0.999·g₁² + g₂²)/1.999 (Kingma and Ba 2015)."""
    while True:
        g, h = (chance.choice([-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6]) for _ in range(2))
        m, v = (0.9 * g + h) / 1.9, (0.999 * g * g + h * h) / 1.999
        if abs(g) != abs(h) and abs(m) / math.sqrt(v) > 0.1:
            break
    steps = [
        f"m̂ = (0.9·{_in_a_product(g)} + {_in_a_product(h)})/1.9 = {m:.3f}".replace("= -", "= −"),
        f"v̂ = (0.999·{g * g} + {h * h})/1.999 = {v:.3f}        √v̂ = {math.sqrt(v):.3f}",
    ]
    return Drawn(
        {"g": g, "h": h, "m": m, "v": v, "root": math.sqrt(v), "steps": "\n".join(steps)},
        Number(-m / math.sqrt(v), 0.006),
    )


def backward_small_graph(chance: random.Random) -> Drawn:
    """L = (a·b + c)²: ∂L/∂a = 2·(a·b + c)·b, and likewise by b."""
    while True:
        a, b, c = (chance.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5]) for _ in range(3))
        s = a * b + c
        if 1 < abs(s) <= 12 and abs(a) != abs(b) and 1 not in (a, b):
            break
    name, factor = chance.choice([("a", b), ("b", a)])
    other = "b" if name == "a" else "a"
    step = f"s = {_in_a_product(a)}·{_in_a_product(b)} + {_in_a_product(c)} = {_plain(s)}"
    chain = f"∂L/∂{name} = 2·s·{other} = 2·{_in_a_product(s)}·{_in_a_product(factor)}"
    return Drawn(
        {
            "a": a,
            "b": b,
            "c": c,
            "name": name,
            "other": other,
            "factor": factor,
            "s": s,
            "outer": 2 * s,
            "steps": f"{step}\n{chain}",
        },
        Number(2 * s * factor),
    )


def largest_stable_rate(chance: random.Random) -> Drawn:
    """2/L, L the Hessian's largest eigenvalue; a·x² has the curvature 2a."""
    a, b = sorted(chance.sample([0.5, 1, 2, 4, 5, 8, 10, 20, 25, 40, 50], 2))
    if b < 2:
        b = 2
    pair = [a, b] if chance.random() < 0.5 else [b, a]
    curvatures = [2 * q for q in pair]
    loss = " + ".join(f"{'' if q == 1 else _plain(q) + '·'}{name}²" for q, name in zip(pair, "xy", strict=True))
    return Drawn(
        {
            "a": pair[0],
            "b": pair[1],
            "loss": loss,
            "hx": curvatures[0],
            "hy": curvatures[1],
            "largest": max(curvatures),
        },
        Number(2 / max(curvatures), 0.0006),
    )


def iterations_per_epoch(chance: random.Random) -> Drawn:
    """⌈N/B⌉ batches an epoch, or ⌊N/B⌋ with drop_last: len(torch.utils.data.DataLoader)."""
    while True:
        n, size = (
            chance.choice([500, 900, 1000, 1500, 2000, 5000, 10_000, 20_000]),
            chance.choice([16, 30, 32, 60, 64, 128]),
        )
        if n % size:
            break
    epochs, drop = chance.choice([3, 5, 10, 20]), chance.choice([True, False])
    full = n // size
    batches = full if drop else full + 1
    return Drawn(
        {
            "N": n,
            "B": size,
            "epochs": epochs,
            "drop": str(drop),
            "full": full,
            "rest": n % size,
            "quotient": n / size,
            "batches": batches,
            "left": "⌊" if drop else "⌈",
            "right": "⌋" if drop else "⌉",
        },
        Number(batches * epochs),
    )


def gradient_shrink(chance: random.Random) -> Drawn:
    """qᵀ = 10^(T·log₁₀ q): the gradient of a linear recurrence whose factor is q."""
    q, steps = (
        chance.choice([0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95]),
        chance.choice([20, 30, 40, 50, 60, 80, 100]),
    )
    log = math.log10(q)
    exponent = steps * log
    whole = math.floor(exponent)
    power = str(-whole).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return Drawn(
        {"q": q, "T": steps, "log": f"−{-log:.4f}", "value": f"{10 ** (exponent - whole):.1f}·10⁻{power}"},
        Number(round(exponent, 2), 0.06),
    )


def pipeline_accuracy(chance: random.Random) -> Drawn:
    """Π pᵢ for independent stages of which each must be right."""
    stages = [chance.choice([0.8, 0.9, 0.9, 0.95, 0.95, 0.98, 0.99]) for _ in range(chance.choice([2, 3, 4]))]
    whole = math.prod(stages)
    return Drawn(
        {
            "p": "; ".join(map(_plain, stages)),
            "n": len(stages),
            "terms": "·".join(map(_plain, stages)),
            "weakest": min(stages),
        },
        Number(whole, 0.0006),
    )


def _plain(number: float) -> str:
    return written(number, "en")


def _exact(number: float) -> str:
    return f"{number:.10f}".rstrip("0").rstrip(".").replace("-", "−")


def _in_a_product(number: float) -> str:
    return _plain(number) if number >= 0 else f"({_plain(number)})"


def _vector(numbers: list[int] | list[float]) -> str:
    return f"({'; '.join(map(_plain, numbers))})"
