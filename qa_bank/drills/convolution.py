"""Convolutions: sizes, fields, parameters, and one worked by hand."""

from __future__ import annotations

import random

from qa_bank.drill import Drawn, Number, Numbers, Value


def conv_output_size(chance: random.Random) -> Drawn:
    """⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1 (Dumoulin and Visin 2016)."""
    n, k = chance.choice([28, 32, 48, 64, 96, 128, 224]), chance.choice([3, 5, 7])
    s, p, d = chance.choice([1, 2, 2, 3]), chance.choice([0, 1, 2, 3]), chance.choice([1, 1, 2])
    reach = d * (k - 1) + 1
    room = n + 2 * p - reach
    size = room // s + 1
    return Drawn(
        {"n": n, "k": k, "s": s, "p": p, "d": d, "reach": reach, "room": room, "quotient": room / s}, Number(size)
    )


def conv_by_hand(chance: random.Random) -> Drawn:
    """A 2×2 kernel over a 3×3 picture, without padding; cross-correlation, as networks compute it."""
    picture = [[chance.randint(0, 4) for _ in range(3)] for _ in range(3)]
    kernel = [[chance.randint(-2, 2) for _ in range(2)] for _ in range(2)]
    out, steps = [], []
    for i in range(2):
        for j in range(2):
            terms = [(picture[i + a][j + b], kernel[a][b]) for a in range(2) for b in range(2)]
            out.append(sum(x * w for x, w in terms))
            work = " + ".join(f"{x}·{w}" if w >= 0 else f"{x}·(−{-w})" for x, w in terms)
            steps.append(f"y[{i}, {j}] = {work} = {out[-1]}".replace("= -", "= −"))
    return Drawn(
        {"picture": str(picture), "kernel": str(kernel).replace("-", "−"), "steps": "\n".join(steps)},
        Numbers(tuple(map(float, out))),
    )


def conv_stack_output(chance: random.Random) -> Drawn:
    """⌊(n + 2p − k) / s⌋ + 1, layer after layer; a pooling keeps the channels (Dumoulin and Visin 2016)."""
    side, channels = chance.choice([28, 32, 48, 64]), chance.choice([1, 3])
    picture = f"{channels}×{side}×{side}"
    layers, steps = [], []
    kinds = chance.choice([("conv", "pool"), ("conv", "conv"), ("conv", "pool", "conv"), ("conv", "conv", "pool")])
    for kind in kinds:
        if kind == "pool":
            k, s, p = 2, 2, 0
            layers.append("MaxPool2d(2)")
        else:
            k, s = chance.choice([3, 5]), chance.choice([1, 1, 2])
            p = chance.choice([0, k // 2])
            before, channels = channels, chance.choice([8, 16]) if channels < 8 else 2 * channels
            options = f", stride={s}" * (s > 1) + f", padding={p}" * (p > 0)
            layers.append(f"Conv2d({before}, {channels}, {k}{options})")
        work = f"⌊({side} + 2·{p} − {k}) / {s}⌋ + 1"
        side = (side + 2 * p - k) // s + 1
        steps.append(f"{work} = {side}        {channels} × {side} × {side}")
    return Drawn(
        {"picture": picture, "layers": " → ".join(layers), "steps": "\n".join(steps), "c": channels, "side": side},
        Numbers((channels, side, side), sign="×"),
    )


def receptive_field(chance: random.Random) -> Drawn:
    """rₗ = rₗ₋₁ + (kₗ − 1)·jₗ₋₁, jₗ = jₗ₋₁·sₗ (Araujo, Norris and Sim 2019)."""
    kernels = chance.choice([3, 5, 7]), chance.choice([2, 3]), chance.choice([3, 5])
    strides = chance.choice([1, 2]), 2, chance.choice([1, 2])
    field, jump, fields, jumps = 1, 1, [], []
    for k, s in zip(kernels, strides, strict=True):
        field, jump = field + (k - 1) * jump, jump * s
        fields.append(field)
        jumps.append(jump)
    values: dict[str, Value] = {f"{name}{i}": n for name, of in zip("ksrj", (kernels, strides, fields, jumps), strict=True)
              for i, n in enumerate(of, 1)}  # fmt: skip
    return Drawn(values, Number(field))


def conv_parameters(chance: random.Random) -> Drawn:
    """(c / g)·k²·m weights and, with a bias, m more."""
    c, m, k = chance.choice([3, 8, 16, 32, 64]), chance.choice([16, 32, 64, 128]), chance.choice([1, 3, 3, 5])
    g = chance.choice([1, 1, 2, 4]) if c > 3 else 1
    b = chance.choice([0, 1, 1])
    options = f", groups={g}" * (g > 1) + f", bias={bool(b)}"
    weights = c // g * k * k * m
    return Drawn(
        {"layer": f"nn.Conv2d({c}, {m}, kernel_size={k}{options})", "c": c, "m": m, "k": k, "g": g, "b": b,
         "slice": c // g, "weights": weights, "biases": b * m},
        Number(weights + b * m),
    )  # fmt: skip


def depthwise_separable_parameters(chance: random.Random) -> Drawn:
    """(k²·n + n·m) / (k²·n·m) = 1/m + 1/k² (Howard and others 2017)."""
    k, n = chance.choice([3, 5]), chance.choice([8, 16, 20, 32, 40, 64, 100, 128])
    m = n * chance.choice([1, 2])
    depthwise, pointwise, full = k * k * n, n * m, k * k * n * m
    return Drawn(
        {"k": k, "n": n, "m": m, "depthwise": depthwise, "pointwise": pointwise, "separable": depthwise + pointwise,
         "full": full, "area": k * k},
        Number((depthwise + pointwise) / full, 0.0006),
    )  # fmt: skip


def conv_macs(chance: random.Random) -> Drawn:
    """h′²·k²·c·m multiplications, each followed by an addition."""
    h, s, k = chance.choice([8, 16, 28, 32, 56]), chance.choice([1, 2]), chance.choice([1, 3, 3, 5])
    c, m = chance.choice([3, 16, 32, 64]), chance.choice([16, 32, 64, 128])
    out = (h + 2 * (k // 2) - k) // s + 1
    macs = out * out * k * k * c * m
    return Drawn(
        {"h": h, "s": s, "k": k, "p": k // 2, "c": c, "m": m, "out": out, "places": out * out, "each": k * k * c,
         "weights": k * k * c * m},
        Number(macs, 0.006 * macs),
    )  # fmt: skip


def max_pool_by_hand(chance: random.Random) -> Drawn:
    """The largest number of each 2×2 window; one window holds negative numbers alone."""
    grid = [[chance.randint(-6, 9) for _ in range(4)] for _ in range(4)]
    row, column = chance.choice([0, 2]), chance.choice([0, 2])
    for i in range(2):
        for j in range(2):
            grid[row + i][column + j] = -chance.randint(1, 6)
    out, steps = [], []
    for i in (0, 2):
        for j in (0, 2):
            window = [grid[i + a][j + b] for a in range(2) for b in range(2)]
            out.append(max(window))
            steps.append(f"y[{i // 2}, {j // 2}] = max({_listed(window)}) = {_signed(out[-1])}")
    rows = ", ".join(f"[{', '.join(map(_signed, line))}]" for line in grid)
    return Drawn({"grid": f"[{rows}]", "steps": "\n".join(steps)}, Numbers(tuple(map(float, out))))


def transposed_conv_size(chance: random.Random) -> Drawn:
    """(n − 1)·s − 2p + d(k − 1) + o + 1 with d = 1 (Dumoulin and Visin 2016)."""
    n, k, s = chance.choice([4, 5, 7, 8, 14, 16]), chance.choice([2, 3, 4, 5]), chance.choice([2, 2, 3])
    p, o = chance.randint(0, (k - 1) // 2), chance.choice([0, 1])
    size = (n - 1) * s - 2 * p + k + o
    return Drawn(
        {"n": n, "k": k, "s": s, "p": p, "o": o, "spread": (n - 1) * s, "bare": (n - 1) * s + k,
         "cut": 2 * p, "even": n * s},
        Number(size),
    )  # fmt: skip


def unet_channels(chance: random.Random) -> Drawn:
    """u + e channels after the concatenation; k²·(u + e)·m + m parameters (Ronneberger and others 2015)."""
    u, e, m = chance.choice([8, 16, 24, 32]), chance.choice([8, 16, 32]), chance.choice([4, 8, 16])
    joined = u + e
    weights = 9 * joined * m
    return Drawn(
        {"u": u, "e": e, "m": m, "joined": joined, "weights": weights, "parameters": weights + m},
        Numbers((joined, weights + m)),
    )


def _signed(n: int) -> str:
    return str(n).replace("-", "−")


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(_signed, numbers))
