"""Losses and distributions: softmax, entropy, cross-entropy, its gradient, mean squared error, perplexity."""

from __future__ import annotations

import math
import random

from qa_bank.drill import Drawn, Number, Numbers, written


def softmax_temperature(chance: random.Random) -> Drawn:
    """exp(z₁/T) / Σⱼ exp(zⱼ/T)."""
    temperature = chance.choice([0.5, 0.5, 2, 2, 4])
    scaled = chance.sample([-1, 0, 1, 2], 3) if chance.random() < 0.7 else chance.sample([0, 0.5, 1, 2], 3)
    exps = [math.exp(z) for z in scaled]
    return Drawn(
        {
            "logits": _list([z * temperature for z in scaled]),
            "T": temperature,
            "scaled": _list(scaled),
            "first": _thousandths(exps[0]),
            "terms": " + ".join(map(_thousandths, exps)),
            "total": f"{sum(exps):.3f}",
        },
        Number(exps[0] / sum(exps), 0.0006),
    )


def entropy_bits(chance: random.Random) -> Drawn:
    """−Σ pᵢ·log₂ pᵢ over dyadic probabilities; 0·log 0 = 0 (Shannon 1948)."""
    powers = [0]
    for _ in range(chance.randint(2, 5)):
        halved = powers.pop(chance.choice([i for i, power in enumerate(powers) if power < 4]))
        powers += [halved + 1, halved + 1]
    chance.shuffle(powers)
    probs = [0.5**power for power in powers]
    steps = " + ".join(f"{_exact(prob)}·{power}" for prob, power in zip(probs, powers, strict=True))
    if chance.random() < 0.25:
        probs.append(0.0)
    entropy = sum(0.5**power * power for power in powers)
    return Drawn(
        {"p": "; ".join(map(_exact, probs)), "n": len(probs), "most": math.log2(len(probs)), "steps": steps},
        Number(entropy, 0.006),
    )


def cross_entropy(chance: random.Random) -> Drawn:
    """ln Σⱼ exp(zⱼ) − zₖ, in nats."""
    logits, k = chance.sample([-1, 0, 1, 2, 3], 3), chance.randrange(3)
    exps = [math.exp(z) for z in logits]
    return Drawn(
        {
            "logits": _list(logits),
            "k": k + 1,
            "true": _thousandths(exps[k]),
            "terms": " + ".join(map(_thousandths, exps)),
            "total": f"{sum(exps):.3f}",
            "p": exps[k] / sum(exps),
        },
        Number(math.log(sum(exps)) - logits[k], 0.0006),
    )


def binary_cross_entropy(chance: random.Random) -> Drawn:
    """−[y·ln p + (1 − y)·ln(1 − p)], in nats."""
    y, p = (
        chance.choice([0, 1]),
        chance.choice(
            [0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99]
        ),
    )
    true = p if y else round(1 - p, 2)
    return Drawn(
        {"y": y, "p": p, "rest": round(1 - p, 2), "not_y": 1 - y, "true": true}, Number(-math.log(true), 0.0006)
    )


def mse(chance: random.Random) -> Drawn:
    """(1/n)·Σ (ŷᵢ − yᵢ)²."""
    n = chance.choice([4, 5])
    while True:
        targets, errors = [chance.randint(-3, 9) for _ in range(n)], [chance.randint(-4, 4) for _ in range(n)]
        if len(set(map(abs, errors))) > 2:
            break
    predictions = [target + error for target, error in zip(targets, errors, strict=True)]
    total = sum(error**2 for error in errors)
    return Drawn(
        {
            "targets": _list(targets),
            "predictions": _list(predictions),
            "errors": _list(errors),
            "squares": " + ".join(str(error**2) for error in errors),
            "total": total,
            "n": n,
        },
        Number(total / n, 0.006),
    )


def perplexity(chance: random.Random) -> Drawn:
    """exp(−(1/n)·Σ ln pₜ) = (Π pₜ)^(−1/n)."""
    roots = {3: (8, 15.625, 64, 125, 1000), 4: (16, 39.0625, 64, 100, 256, 400, 625, 1024, 10_000)}
    n = chance.choice([3, 4])
    while True:
        probs = [chance.choice([0.8, 0.5, 0.4, 0.25, 0.2, 0.125, 0.1, 0.05]) for _ in range(n)]
        inverse = round(1 / math.prod(probs), 4)
        if inverse in roots[n] and len(set(probs)) > 1:
            break
    terms = "·".join(map(_exact, probs))
    return Drawn(
        {"p": "; ".join(map(_exact, probs)), "n": n, "terms": terms, "inverse": _exact(inverse)},
        Number(inverse ** (1 / n), 0.006),
    )


def label_gradient(chance: random.Random) -> Drawn:
    """∂L/∂zⱼ = pⱼ − yⱼ for cross-entropy after softmax."""
    total, k = chance.choice([4, 5, 8, 10, 20]), chance.randrange(3)
    while True:
        parts = [chance.randint(1, 9) for _ in range(3)]
        if sum(parts) == total and len(set(parts)) > 1:
            break
    probs = [part / total for part in parts]
    truth = [int(j == k) for j in range(3)]
    return Drawn(
        {
            "logits": "; ".join("0" if part == 1 else f"ln {part}" for part in parts),
            "k": k + 1,
            "exps": "; ".join(map(str, parts)),
            "sum": " + ".join(map(str, parts)),
            "total": total,
            "p": "; ".join(map(_exact, probs)),
            "truth": "; ".join(map(str, truth)),
        },
        Numbers(tuple(prob - y for prob, y in zip(probs, truth, strict=True)), 0.006),
    )


def _thousandths(number: float) -> str:
    return "1" if number == 1 else f"{number:.3f}"


def _exact(number: float) -> str:
    return f"{number:.10g}".replace("-", "−")


def _list(numbers: list[int] | list[float]) -> str:
    return "; ".join(written(number, "en") for number in numbers)
