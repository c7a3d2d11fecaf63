"""Layers: their parameters, and what one neuron, one attention query, one normalised or dropped-out value comes to."""

from __future__ import annotations

import itertools
import math
import random

from qa_bank.drill import Drawn, Number, Numbers, written


def linear_parameters(chance: random.Random) -> Drawn:
    """k·d + k: a weight for each input of each output, and a bias for each output."""
    d, k = chance.choice([20, 50, 64, 100, 128, 256, 512, 784]), chance.choice([8, 10, 16, 20, 32, 64, 100])
    return Drawn({"d": d, "k": k, "weights": k * d}, Number(k * d + k))


def mlp_parameters(chance: random.Random) -> Drawn:
    """Σₗ (dₗ₋₁·dₗ + dₗ) over the layers."""
    hidden = [chance.choice([10, 16, 20, 32, 50, 64]) for _ in range(chance.choice([1, 2]))]
    sizes = [chance.choice([10, 20, 30, 40, 50, 64, 100]), *hidden, chance.choice([2, 3, 4, 5, 10])]
    pairs = list(itertools.pairwise(sizes))
    steps = [f"n{'₁₂₃'[i]} = {a}·{b} + {b} = {a * b + b}" for i, (a, b) in enumerate(pairs)]
    steps.append("n = " + " + ".join(f"n{'₁₂₃'[i]}" for i in range(len(pairs))))
    weights, biases = sum(a * b for a, b in pairs), sum(sizes[1:])
    return Drawn(
        {"sizes": " → ".join(map(str, sizes)), "weights": weights, "biases": biases, "steps": "\n".join(steps)},
        Number(weights + biases),
    )


def neuron_output(chance: random.Random) -> Drawn:
    """f(Σ wᵢxᵢ + b), with ReLU or the logistic sigmoid."""
    while True:
        n = chance.choice([2, 3])
        x = [chance.choice([-2, -1, 1, 2, 3]) for _ in range(n)]
        w = [chance.choice([-1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(n)]
        b = chance.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2])
        z = sum(p * q for p, q in zip(w, x, strict=True)) + b
        if 0 < abs(z) <= 4:
            break
    total = " + ".join(f"{_in_a_product(p)}·{_in_a_product(q)}" for p, q in zip(w, x, strict=True))
    step = f"z = {total} + {_in_a_product(b)} = {_plain(z)}"
    if chance.random() < 0.5:
        y, rule, last = max(0.0, z), "f(z) = max(0, z)", f"y = max(0, {_plain(z)}) ="
    else:
        y, rule, last = 1 / (1 + math.exp(-z)), "f(z) = 1/(1 + exp(−z))", f"y = 1/(1 + exp({_plain(-z)})) ≈"
    return Drawn(
        {"x": _vector(x), "w": _vector(w), "b": b, "z": z, "rule": rule, "steps": f"{step}\n{last}"}, Number(y, 0.0006)
    )


def rnn_parameters(chance: random.Random) -> Drawn:
    """H·D + H·H + 2·H: torch.nn.RNN keeps a bias with each of its two matrices."""
    return _recurrent(chance, 1)


def lstm_parameters(chance: random.Random) -> Drawn:
    """4·(H·D + H·H + 2·H): torch.nn.LSTM, for three gates and the candidate."""
    return _recurrent(chance, 4)


def gru_parameters(chance: random.Random) -> Drawn:
    """3·(H·D + H·H + 2·H): torch.nn.GRU, for two gates and the candidate."""
    return _recurrent(chance, 3)


def _recurrent(chance: random.Random, blocks: int) -> Drawn:
    d, h = chance.choice([5, 8, 10, 16, 20, 30, 50, 64, 100]), chance.choice([10, 16, 20, 32, 40, 50, 64, 100])
    block = h * d + h * h + 2 * h
    inputs, recurrent = h * d, h * h
    return Drawn(
        {"D": d, "H": h, "inputs": inputs, "recurrent": recurrent, "biases": 2 * h, "block": block},
        Number(blocks * block),
    )


def attention_parameters(chance: random.Random) -> Drawn:
    """4·(d² + d), whatever the number of heads: torch.nn.MultiheadAttention (Vaswani et al. 2017, with biases)."""
    h = chance.choice([2, 4, 5, 8, 10])
    d = chance.choice([d for d in (20, 32, 40, 60, 64, 80, 100, 120, 128, 200, 256, 300, 400, 512) if d % h == 0])
    return Drawn({"d": d, "h": h, "head": d // h, "square": d * d, "matrix": d * d + d}, Number(4 * (d * d + d)))


def attention_weights(chance: random.Random) -> Drawn:
    """softmax(q·kⱼ / √d), d = 4 (Vaswani et al. 2017)."""
    n = chance.choice([2, 3])
    while True:
        query = [chance.choice([-1, 0, 1, 1, 2]) for _ in range(4)]
        keys = [[chance.choice([-1, 0, 0, 1, 2]) for _ in range(4)] for _ in range(n)]
        dots = [sum(a * b for a, b in zip(query, key, strict=True)) for key in keys]
        if all(dot % 2 == 0 for dot in dots) and 2 <= max(dots) - min(dots) <= 6 and max(map(abs, dots)) <= 6:
            break
    exps = [math.exp(dot / 2) for dot in dots]
    total = sum(exps)
    steps = [f"s{'₁₂₃'[i]} = {_plain(dot)}/2 = {_plain(dot / 2)}" for i, dot in enumerate(dots)]
    steps += [
        f"α{'₁₂₃'[i]} ≈ {'1' if exp == 1 else f'{exp:.3f}'}/{total:.3f} ≈ {exp / total:.3f}"
        for i, exp in enumerate(exps)
    ]
    return Drawn(
        {
            "query": _vector(query),
            "keys": ", ".join(f"k{'₁₂₃'[i]} = {_vector(key)}" for i, key in enumerate(keys)),
            "n": n,
            "dots": "; ".join(map(_plain, dots)),
            "scores": "; ".join(_plain(dot / 2) for dot in dots),
            "steps": "\n".join(steps),
        },
        Numbers(tuple(exp / total for exp in exps), 0.006),
    )


def batch_norm_by_hand(chance: random.Random) -> Drawn:
    """(x − μ) / √(σ² + ε), σ² biased, of the batch itself (Ioffe and Szegedy 2015)."""
    shape = chance.choice(
        [(-1, -1, 1, 1), (-3, -1, 1, 3), (-2, 0, 0, 2), (-3, 1, 1, 1), (-1, -1, -1, 3), (-3, -1, -1, 5)]
    )
    scale = chance.choice([-2, -1, 1, 2])
    offsets = [scale * offset for offset in shape]
    chance.shuffle(offsets)
    mean = chance.randint(0, 5) - min(offsets)
    offset = chance.choice([offset for offset in offsets if offset])
    variance = sum(offset**2 for offset in offsets) / 4
    return Drawn(
        {
            "batch": "; ".join(str(mean + offset) for offset in offsets),
            "x": mean + offset,
            "mean": mean,
            "variance": variance,
            "deviation": math.sqrt(variance),
            "offset": offset,
            "squares": " + ".join(str(offset**2) for offset in offsets),
        },
        Number(offset / math.sqrt(variance), 0.006),
    )


def running_mean_update(chance: random.Random) -> Drawn:
    """(1 − α)·m + α·μ, α = 0.1: torch.nn.BatchNorm1d's momentum is the weight of the new batch."""
    while True:
        batch = [chance.randint(0, 20) for _ in range(4)]
        m, mean = chance.choice([0, 1, 2, 3, 4, 5, 8, 10]), sum(batch) / 4
        if abs(mean - m) >= 2 and sum(batch) % 2 == 0 and len(set(batch)) > 1:
            break
    return Drawn(
        {
            "m": m,
            "batch": "; ".join(map(str, batch)),
            "total": sum(batch),
            "mean": mean,
            "keep": 0.9,
            "alpha": 0.1,
            "kept": 0.9 * m,
            "new": mean / 10,
        },
        Number(0.9 * m + 0.1 * mean, 0.006),
    )


def dropout_scale(chance: random.Random) -> Drawn:
    """x / (1 − p): inverted dropout, as torch.nn.Dropout has it."""
    p = chance.choice([0.1, 0.2, 0.25, 0.4, 0.5, 0.75, 0.8, 0.9])
    y = chance.choice([0.5, 1.5, 2, 2.5, 3, 4, 5, 6, 8])
    keep = round(1 - p, 2)
    return Drawn({"x": round(y * keep, 4), "p": p, "keep": keep}, Number(y, 0.006))


def _plain(number: float) -> str:
    return written(number, "en")


def _in_a_product(number: float) -> str:
    return _plain(number) if number >= 0 else f"({_plain(number)})"


def _vector(numbers: list[int] | list[float]) -> str:
    return f"({'; '.join(map(_plain, numbers))})"
