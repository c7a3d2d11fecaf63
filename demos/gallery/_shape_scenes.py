"""Scenes of discs, squares and triangles with their exact boxes and masks, drawn for many scenes at once.

S: scenes    G: places, each with one object or a pair    T: objects    H, W: pixels    4: x0, y0, x1, y1
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

KINDS = ("disc", "square", "triangle")
CLOSED_FORMS = (math.pi / 4, 1.0, 0.5)
"""The share of its tight box that each kind covers: r²π of (2r)², all, and half of base times height."""
SIDE, CROWD = 48, 8
"""Pixels on a side of a scene, and the most objects that are drawn on so few."""
TRIES = 32
GAP = 2.0
NOISE = 0.15


@dataclass(frozen=True, slots=True)
class Scenes:
    """Images (S, 1, H, W); masks (S, H, W) with 0 for the ground and 1 + kind; boxes (S, T, 4); kinds (S, T), -1: none."""

    images: Tensor
    masks: Tensor
    boxes: Tensor
    kinds: Tensor

    def part(self, at: slice) -> Scenes:
        return Scenes(self.images[at], self.masks[at], self.boxes[at], self.kinds[at])

    def richest(self) -> Scenes:
        """The one scene with the most objects and kinds."""
        kinds_S = sum((self.kinds == kind).any(-1).int() for kind in range(len(KINDS)))
        at = int(((self.kinds >= 0).sum(-1) + kinds_S).argmax())
        return self.part(slice(at, at + 1))


def side_of(objects: int) -> int:
    """How many pixels wide a scene is: for more than CROWD objects twice as many."""
    return SIDE if objects <= CROWD else 2 * SIDE


def draw_scenes(count: int, objects: int, pairs: bool, chance: torch.Generator) -> Scenes:
    """`count` scenes of `objects` each, or fewer where there is no room.

    Alone, or in pairs of one kind and size whose boxes overlap with an IoU above 0.5; nothing else touches.
    """
    device, side = chance.device, side_of(objects)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=chance, device=device)

    places = -(-objects // 2) if pairs else objects
    side_SG = 14 + 5 * uniform(count, places) if pairs else 9 + 8 * uniform(count, places)
    iou_SG = 0.52 + 0.18 * uniform(count, places)
    shift_SG = side_SG * (1 - iou_SG) / (1 + iou_SG) if pairs else torch.zeros_like(side_SG)
    across_SG = uniform(count, places) < 0.5
    shift_SG2 = torch.stack([shift_SG * across_SG, shift_SG * ~across_SG], -1)
    corner_SG2, room_SG = _find_room(side, side_SG[..., None] + shift_SG2, uniform(count, places, TRIES, 2))
    kind_SG = torch.randint(len(KINDS), (count, places), generator=chance, device=device).where(room_SG, -1)

    first_SG4 = torch.cat([corner_SG2, corner_SG2 + side_SG[..., None]], -1)
    second_SG4 = first_SG4 + torch.cat([shift_SG2, shift_SG2], -1)
    boxes_ST4 = torch.stack([first_SG4, second_SG4], 2).flatten(1, 2) if pairs else first_SG4
    kinds_ST = kind_SG.repeat_interleave(2, 1) if pairs else kind_SG
    boxes_ST4, kinds_ST = boxes_ST4[:, :objects], kinds_ST[:, :objects]

    light_ST = 0.4 + 0.6 * uniform(count, objects)
    if pairs:  # the nearer of two is the brighter, so that the eye can part them
        light_ST = 0.4 + 0.2 * uniform(count, objects) + 0.4 * (torch.arange(objects, device=device) % 2)
    images_SHW = torch.zeros(count, side, side, device=device)
    masks_SHW = torch.zeros(count, side, side, dtype=torch.long, device=device)
    for t in range(objects):
        inside_SHW = covers(boxes_ST4[:, t], kinds_ST[:, t], side)
        images_SHW = torch.where(inside_SHW, light_ST[:, t, None, None], images_SHW)
        masks_SHW = torch.where(inside_SHW, kinds_ST[:, t, None, None] + 1, masks_SHW)
    noise_SHW = torch.randn(count, side, side, generator=chance, device=device)
    return Scenes((images_SHW + NOISE * noise_SHW).unsqueeze(1), masks_SHW, boxes_ST4, kinds_ST)


def _find_room(side: int, extent_SG2: Tensor, tries_SGN2: Tensor) -> tuple[Tensor, Tensor]:
    """Top left corners (S, G, 2) at which nothing comes closer than GAP, and whether one was found (S, G)."""
    corner_SGN2 = 1 + tries_SGN2 * (side - 2 - extent_SG2[:, :, None])
    corners: list[Tensor] = []
    found: list[Tensor] = []
    for g in range(extent_SG2.shape[1]):
        low_SN2 = corner_SGN2[:, g]
        high_SN2 = low_SN2 + extent_SG2[:, g, None]
        free_SN = torch.ones_like(low_SN2[..., 0], dtype=torch.bool)
        for h in range(g):
            other_S12 = corners[h][:, None]
            apart_SN2 = (low_SN2 > other_S12 + extent_SG2[:, h, None] + GAP) | (high_SN2 + GAP < other_S12)
            free_SN &= apart_SN2.any(-1) | ~found[h][:, None]
        pick_S = free_SN.int().argmax(-1)
        corners.append(low_SN2[torch.arange(len(pick_S), device=pick_S.device), pick_S])
        found.append(free_SN.any(-1))
    return torch.stack(corners, 1), torch.stack(found, 1)


def covers(box_S4: Tensor, kind_S: Tensor, size: int) -> Tensor:
    """Which pixel centres of a size by size picture lie in the shape of that kind that fills the box: (S, H, W)."""
    centre_W = torch.arange(size, device=box_S4.device) + 0.5
    u_SW = (centre_W - box_S4[:, :1]) / (box_S4[:, 2:3] - box_S4[:, :1]) * 2 - 1
    v_SH = (centre_W - box_S4[:, 1:2]) / (box_S4[:, 3:4] - box_S4[:, 1:2]) * 2 - 1
    u_SHW, v_SHW = u_SW[:, None, :], v_SH[:, :, None]
    box_SHW = (u_SHW.abs() <= 1) & (v_SHW.abs() <= 1)
    disc_SHW = u_SHW**2 + v_SHW**2 <= 1
    triangle_SHW = box_SHW & (2 * u_SHW.abs() <= v_SHW + 1)
    kind_SHW = kind_S[:, None, None]
    return (disc_SHW & (kind_SHW == 0)) | (box_SHW & (kind_SHW == 1)) | (triangle_SHW & (kind_SHW == 2))


def box_as_mask_ious(device: torch.device, size: int = 1024) -> list[float]:
    """For each kind, the IoU of the exact shape with its tight box, counted in pixels."""
    box_S4 = torch.tensor([[0.0, 0.0, size, size]], device=device)
    return [
        covers(box_S4, torch.tensor([kind], device=device), size).float().mean().item() for kind in range(len(KINDS))
    ]


def regions(mask_SHW: Tensor, smallest: int = 8) -> Tensor:
    """How many regions of one kind, connected over sides or corners, each mask has: (S,). Smaller ones are specks."""
    count, height, width = mask_SHW.shape
    kind_C = torch.arange(1, 1 + len(KINDS), device=mask_SHW.device)
    inside_SCHW = mask_SHW[:, None] == kind_C[:, None, None]
    number_HW = torch.arange(1.0, 1 + height * width, device=mask_SHW.device).view(height, width)
    label_SCHW = inside_SCHW * number_HW
    while True:  # every pixel takes the highest number that it touches, until its region has but one
        wider_SCHW = F.max_pool2d(label_SCHW, 3, stride=1, padding=1) * inside_SCHW
        if wider_SCHW.equal(label_SCHW):
            break
        label_SCHW = wider_SCHW
    size_SN = torch.zeros(count, 1 + len(KINDS) * height * width, device=mask_SHW.device)
    offset_C11 = height * width * (kind_C[:, None, None] - 1)
    slot_SN = ((label_SCHW.long() + offset_C11) * inside_SCHW).flatten(1)
    size_SN.scatter_add_(1, slot_SN, torch.ones_like(label_SCHW).flatten(1))
    return (size_SN[:, 1:] >= smallest).sum(-1)
