"""Detection and segmentation drills against torch."""

from typing import Any

import torch
from drilling import agree


def iou_by_torch(v: dict[str, Any]) -> float:
    """Cells counted on a grid, not areas computed."""
    one, two = torch.zeros(2, 16, 16, dtype=torch.bool)
    for mask, (left, top, right, bottom) in ((one, eval(v["one"])), (two, eval(v["two"]))):
        mask[top:bottom, left:right] = True
    return float((one & two).sum() / (one | two).sum())


def dice_from_iou_by_torch(v: dict[str, Any]) -> float:
    """Two masks with that IoU: one of them lies within the other."""
    outer = torch.ones(100)
    inner = (torch.arange(100) < round(100 * v["j"])).float()
    return float(2 * (outer * inner).sum() / (outer.sum() + inner.sum()))


def nms_survivors_by_torch(v: dict[str, Any]) -> list[str]:
    edges, scores = (dict(pair.split() for pair in v[name].split("; ")) for name in ("edges", "scores"))
    left = torch.tensor([float(edge) for edge in edges.values()])
    shared = (v["width"] - (left[:, None] - left[None, :]).abs()).clamp(min=0)
    overlap = shared / (2 * v["width"] - shared)
    alive = torch.ones(len(edges), dtype=torch.bool)
    for i in torch.tensor([float(score) for score in scores.values()]).argsort(descending=True):
        if alive[i]:
            alive &= overlap[i] <= v["threshold"]
            alive[i] = True
    return [name for name, stays in zip(edges, alive, strict=True) if stays]


def average_precision_by_torch(v: dict[str, Any]) -> float:
    """The area under the curve of precision over recall, its teeth taken away from the right."""
    hits = torch.tensor([sign == "✓" for sign in v["ranking"].split()]).double()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1)
    recall = torch.cat([torch.zeros(1), hits.cumsum(0) / v["objects"]])
    return float((recall.diff() * precision.flip(0).cummax(0).values.flip(0)).sum())


def mean_iou_by_torch(v: dict[str, Any]) -> float:
    truth, predicted = (torch.tensor(eval(v[name])).flatten() for name in ("truth", "predicted"))
    confusion = torch.bincount(2 * truth + predicted, minlength=4).reshape(2, 2).double()
    right = confusion.diagonal()
    return float((right / (confusion.sum(0) + confusion.sum(1) - right)).mean())


def pixel_accuracy_by_torch(v: dict[str, Any]) -> float:
    truth, predicted = torch.zeros(2, v["side"] ** 2, dtype=torch.long)
    truth[: v["object"]] = 1
    predicted[v["fn"] : v["object"] + v["fp"]] = 1
    return float((truth == predicted).double().mean())


def test_detection_drills_agree_with_torch() -> None:
    agree(
        iou_by_torch,
        dice_from_iou_by_torch,
        nms_survivors_by_torch,
        average_precision_by_torch,
        mean_iou_by_torch,
        pixel_accuracy_by_torch,
    )
