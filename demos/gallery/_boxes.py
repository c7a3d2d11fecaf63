"""Boxes of many scenes at once: their overlap, non-maximum suppression, and average precision.

S: scenes    K: boxes, best first    T: true objects    N: boxes of all scenes    4: x0, y0, x1, y1
Kinds are numbers; a true object of kind -1 is none.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def box_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of boxes (..., 4), broadcast."""
    common = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp_min(0).prod(-1)
    return common / ((a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - common)


def nms(box_SK4: Tensor, kind_SK: Tensor, threshold: float) -> Tensor:
    """Greedy non-maximum suppression of boxes that stand best first: which stay, (S, K)."""
    same_SKK = kind_SK[:, :, None] == kind_SK[:, None]
    rival_SKK = same_SKK & (box_iou(box_SK4[:, :, None], box_SK4[:, None]) > threshold)
    kept_SK = torch.ones_like(kind_SK, dtype=torch.bool)
    for k in range(1, kind_SK.shape[1]):
        kept_SK[:, k] = ~(rival_SKK[:, k, :k] & kept_SK[:, :k]).any(-1)
    return kept_SK


def hits(box_SK4: Tensor, kind_SK: Tensor, kept_SK: Tensor, true_ST4: Tensor, kind_ST: Tensor) -> Tensor:
    """Which kept boxes meet an object of their kind, with IoU 0.5 or more, that no better box has met: (S, K)."""
    same_SKT = (kind_SK[:, :, None] == kind_ST[:, None]) & kept_SK[:, :, None]
    iou_SKT = box_iou(box_SK4[:, :, None], true_ST4[:, None]) * same_SKT
    free_ST = torch.ones_like(kind_ST, dtype=torch.bool)
    hit_SK = torch.zeros_like(kept_SK)
    for k in range(kept_SK.shape[1]):
        best_S, at_S = (iou_SKT[:, k] * free_ST).max(-1)
        hit_SK[:, k] = best_S >= 0.5
        free_ST &= ~(F.one_hot(at_S, free_ST.shape[1]).bool() & hit_SK[:, k, None])
    return hit_SK


def average_precision(score_N: Tensor, hit_N: Tensor, objects: Tensor) -> Tensor:
    """The area under the best precision that is had at each recall or beyond it, over all points: ()."""
    hit_N = hit_N[score_N.argsort(descending=True, stable=True)].float()
    precision_N = hit_N.cumsum(0) / torch.arange(1, 1 + len(hit_N), device=hit_N.device)
    beyond_N = F.pad(precision_N, (0, 1)).flip(0).cummax(0).values.flip(0)[:-1]
    return (beyond_N * hit_N).sum() / objects.clamp_min(1)
