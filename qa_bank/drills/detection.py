"""Detection and segmentation: overlaps, suppression, precision, and the accuracy of masks."""

from __future__ import annotations

import random
from collections.abc import Sequence

from qa_bank.drill import Drawn, Names, Number

_SIDE = 10
"""How wide the boxes of nms_survivors are."""


def iou(chance: random.Random) -> Drawn:
    """c / (a + b − c) of two boxes that overlap without being the same (Jaccard 1901)."""
    while True:
        one, two = _box(chance), _box(chance)
        left, top = max(one[0], two[0]), max(one[1], two[1])
        right, bottom = min(one[2], two[2]), min(one[3], two[3])
        if one != two and right > left and bottom > top and (right - left) * (bottom - top) >= 4:
            break
    a, b = _area(one), _area(two)
    c = _area((left, top, right, bottom))
    return Drawn(
        {"one": str(one), "two": str(two), "left": left, "top": top, "right": right, "bottom": bottom,
         "width": right - left, "height": bottom - top, "a": a, "b": b, "c": c, "union": a + b - c},
        Number(c / (a + b - c), 0.006),
    )  # fmt: skip


def dice_from_iou(chance: random.Random) -> Drawn:
    """D = 2J / (1 + J)."""
    j = chance.randint(20, 95) / 100
    return Drawn({"j": j, "double": round(2 * j, 2), "sum": round(1 + j, 2)}, Number(2 * j / (1 + j), 0.0006))


def nms_survivors(chance: random.Random) -> Drawn:
    """Greedy: keep the best, drop what overlaps it beyond the threshold; equal boxes, d apart: (w − d) / (w + d)."""
    while True:
        names = "ABCDE"[: chance.choice([4, 5])]
        edges, scores = [0], [n / 20 for n in chance.sample(range(8, 20), len(names))]
        for _ in names[1:]:
            edges.append(edges[-1] + chance.choice([1, 2, 3, 3, 4, 5, 6]))
        threshold = chance.choice([0.3, 0.4, 0.5, 0.6])
        kept, steps = _suppressed(names, edges, scores, threshold)
        if 2 <= len(kept) < len(names):
            break
    return Drawn(
        {"width": _SIDE, "edges": _pairs(names, edges), "scores": _pairs(names, scores), "threshold": threshold,
         "steps": "\n".join(steps)},
        Names(tuple(sorted(kept))),
    )  # fmt: skip


def average_precision(chance: random.Random) -> Drawn:
    """Σ (rₖ − rₖ₋₁)·max(pₖ, pₖ₊₁, …), at every point (Everingham and others 2010, from 2010 on)."""
    while True:
        hits = [chance.random() < 0.6 for _ in range(chance.choice([5, 6]))]
        if 2 <= sum(hits) <= 4 and not all(hits[: sum(hits)]):
            break
    objects = sum(hits) + chance.choice([0, 1, 1, 2])
    places = [k for k, hit in enumerate(hits, 1) if hit]
    precisions = [(n, k) for n, k in enumerate(places, 1)]
    best = [max(precisions[i:], key=lambda p: p[0] / p[1]) for i in range(len(precisions))]
    steps = [f"k = {k}    pₖ = {n}/{k}    qₖ = {a}/{b}" for (n, k), (a, b) in zip(precisions, best, strict=True)]
    total = " + ".join(f"{a}/{b}" for a, b in best)
    return Drawn(
        {"ranking": " ".join("✓" if hit else "✗" for hit in hits), "objects": objects, "found": sum(hits),
         "detections": len(hits), "steps": "\n".join(steps), "total": total, "sum": sum(a / b for a, b in best)},
        Number(sum(a / b for a, b in best) / objects, 0.0006),
    )  # fmt: skip


def mean_iou(chance: random.Random) -> Drawn:
    """The mean over the classes of nᵢᵢ / (Σⱼ nᵢⱼ + Σⱼ nⱼᵢ − nᵢᵢ)."""
    ones = chance.sample(range(9), chance.randint(3, 5))
    flipped = set(chance.sample(range(9), chance.randint(1, 3)))
    truth = [int(i in ones) for i in range(9)]
    predicted = [t ^ (i in flipped) for i, t in enumerate(truth)]
    c0, c1 = (sum(t == p == label for t, p in zip(truth, predicted, strict=True)) for label in (0, 1))
    u0, u1 = 9 - c1, 9 - c0
    return Drawn(
        {"truth": _grid(truth), "predicted": _grid(predicted), "c0": c0, "u0": u0, "c1": c1, "u1": u1,
         "j0": c0 / u0, "j1": c1 / u1, "right": c0 + c1},
        Number((c0 / u0 + c1 / u1) / 2, 0.0006),
    )  # fmt: skip


def pixel_accuracy(chance: random.Random) -> Drawn:
    """(TP + TN) / all."""
    side = chance.choice([10, 20, 30, 40, 50, 100])
    pixels = side * side
    tp, fn, fp = (chance.randint(2, max(4, pixels // 40)) for _ in range(3))
    tn = pixels - tp - fn - fp
    return Drawn(
        {"side": side, "pixels": pixels, "object": tp + fn, "tp": tp, "fn": fn, "fp": fp, "tn": tn, "right": tp + tn,
         "trivial": (pixels - tp - fn) / pixels, "iou": tp / (tp + fn + fp), "union": tp + fn + fp},
        Number((tp + tn) / pixels, 0.0006),
    )  # fmt: skip


def _box(chance: random.Random) -> tuple[int, int, int, int]:
    left, top = chance.randint(0, 5), chance.randint(0, 5)
    return left, top, left + chance.randint(3, 7), top + chance.randint(3, 7)


def _area(box: Sequence[int]) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _suppressed(
    names: str, edges: Sequence[int], scores: Sequence[float], threshold: float
) -> tuple[list[str], list[str]]:
    """The boxes that stay, best first, and a line for each box in the order of the scores."""
    edge = dict(zip(names, edges, strict=True))
    kept: list[str] = []
    steps = []
    for name in sorted(names, key=dict(zip(names, scores, strict=True)).__getitem__, reverse=True):
        distances = {other: abs(edge[name] - edge[other]) for other in kept}
        nearest = min(distances, key=distances.__getitem__, default=None)
        if nearest is None:
            steps.append(f"✓ {name}")
            kept.append(name)
            continue
        d = distances[nearest]
        overlap = max(0, _SIDE - d) / (_SIDE + d)
        stays = overlap <= threshold
        work = f"{_SIDE - d}/{_SIDE + d} ≈ {overlap:.3f}" if d < _SIDE else "0"
        pair = ", ".join(sorted((nearest, name)))
        steps.append(f"{'✓' if stays else '✗'} {name}    IoU({pair}) = {work} {'≤' if stays else '>'} {threshold}")
        if stays:
            kept.append(name)
    return kept, steps


def _pairs(names: str, numbers: Sequence[float]) -> str:
    return "; ".join(f"{name} {n}" for name, n in zip(names, numbers, strict=True))


def _grid(labels: Sequence[int]) -> str:
    return str([list(labels[i : i + 3]) for i in (0, 3, 6)])
