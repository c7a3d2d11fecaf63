"""Detection and segmentation: one scene answered twice, with a box for each object and with a class for each pixel.

S: scenes    B: batch    P: cells of the detector's grid    K: candidate boxes    T: true objects    C: classes
H, W: pixels    4: x0, y0, x1, y1
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Box, Curves, Frame, Note, Picture, Ref, Table, Tile, Trace, say
from demos.gallery._boxes import average_precision, box_iou, hits, nms
from demos.gallery._shape_scenes import (
    CLOSED_FORMS,
    KINDS,
    Scenes,
    box_as_mask_ious,
    draw_scenes,
    regions,
)
from demos.lab import Lab

LOOK = (
    "Left, the detector's boxes on a scene that neither network was trained on; right, the segmenter's class for every "
    "pixel. The table reads a perfect box as a mask: the difference is what a box does not say."
)
TRY = (
    "Raise nms to 1: several cells of the grid report the same object, and nothing drops the repeats.",
    "Raise score: boxes go, and mAP with them, since what is not reported is not found.",
    "Run overlap: NMS takes two objects for one reported twice, and in the mask the two are one region.",
    "Then raise nms to 0.8: the lost objects come back, for the network saw both. With them come repeats.",
)

STRIDE = 4
STEPS, WARM_UP, PEAK_RATE = 130, 32, 2e-2
BATCH = 16
CANDIDATES = 40 / 144
"""The share of the cells, the best-scored ones, whose boxes are considered."""
NAMES = (say("disc"), say("square"), say("triangle"))
COLOURS = ("#569cd6", "#e2a03f", "#6abe78")


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    score: float = knob(0.3, low=0.05, high=0.95)
    """Boxes that the detector scores lower are not reported."""
    nms: float = knob(0.5, low=0.05, high=1.0)
    """Of two boxes of one class that overlap with more than this IoU, the lower-scored one is dropped."""
    objects: int = knob(5, low=1, high=32, restart=True)
    """How many objects a scene has, where there is room; a scene of more than 8 is twice as wide."""
    pairs: bool = knob(False, restart=True)
    """Objects come in pairs of one class whose boxes overlap with an IoU above 0.5."""


PRESETS = (
    preset("scene", "Objects that stand apart: boxes and masks both find them all."),
    preset("wide", "Four times the room and four times the objects, for the very same networks.", large=True, objects=20),
    preset("overlap", "Pairs of one class that overlap: neither answer can count them.", breaks=True,
           objects=6, pairs=True),
)  # fmt: skip
OUTCOMES = {"box_as_mask_worst": ("disc", "square", "triangle")}
_APART = ("scene", "wide")
_ALL = (*_APART, "overlap")
CLAIMS = (
    Claim("box-as-mask", "A perfect box read as a mask has the IoU of the closed form", "box_as_mask_error", "<", 0.002,
          "a disc covers π/4 of its tight box, a square all, a triangle half; 1024² pixels blur the rim only", _ALL),
    Claim("map", "The detector finds the objects of held-out scenes", "map50", ">=", 0.95,
          "mean over classes of the all-point average precision at IoU 0.5; 1 is perfect", _APART),
    Claim("miou", "The segmenter gives nearly every pixel its class", "miou", ">=", 0.95,
          "mean IoU over the three classes and the ground; 1 is perfect", _ALL),
    Claim("boxes-count", "Boxes count what stands apart", "boxes_per_object_error", "<", 0.05,
          "a box for each object and none besides", _APART),
    Claim("regions-count", "Connected regions of the mask count what stands apart", "regions_per_object_error", "<", 0.05,
          "a region for each object and none besides", _APART),
    Claim("perfect-boxes", "Of perfect boxes NMS drops one of every two", "perfect_kept", "==", 0.5,
          "both boxes of a pair are of one class and overlap with more than the threshold", ("overlap",)),
    Claim("nms-drops", "So the detector misses objects that it can see", "recall", "<", 0.75,
          "half way from 0.5, what perfect boxes have, to 1; only boxes that are off can both survive", ("overlap",)),
    Claim("seen", "With NMS at 0.8 it finds them: the network saw both", "recall_nms_80", ">=", 0.9,
          "the boxes of a pair overlap with at most 0.7, so that none is dropped for the other", ("overlap",)),
    Claim("merged", "In the mask the two of a pair are one region", "regions_per_object", "<", 0.75,
          "half way from 0.5, what the true mask has, to 1: pixels of one class that touch are one region", ("overlap",)),
)  # fmt: skip


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    tests = draw_scenes(128, p.objects, p.pairs, lab.stream(0))
    few, shown = tests.part(slice(32)), tests.richest()
    detector, segmenter = Detector().to(lab.device), UNet().to(lab.device)
    for net in (detector, segmenter):  # a CPU convolves almost twice as fast in this layout
        net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if lab.due:
        p = yield lab.frame(picture(ask(detector, segmenter, shown.images), p, shown))

    pool = draw_scenes(1024, p.objects, p.pairs, lab.generator)
    kind_SP, box_SP4 = cell_targets(pool)
    rate = torch.zeros((), device=lab.device)
    adam = torch.optim.Adam([*detector.parameters(), *segmenter.parameters()], rate, fused=True)
    traces = {"map50": Trace("mAP50"), "miou": Trace("mIoU")}
    as_mask_C = box_as_mask_ious(lab.device)
    judged_for = p
    for step in lab.steps(STEPS):
        rate.fill_(PEAK_RATE * min(step / WARM_UP, (STEPS - step) / (STEPS - WARM_UP)))
        at_B = torch.randint(len(pool.images), (BATCH,), generator=lab.generator, device=lab.device)
        image_B1HW = pool.images[at_B]
        box_loss = detection_loss(detector(image_B1HW), kind_SP[at_B], box_SP4[at_B])
        mask_loss = F.cross_entropy(segmenter(image_B1HW), pool.masks[at_B])
        adam.zero_grad()
        torch.autograd.backward(box_loss + mask_loss)
        adam.step()
        if step % 20 == 1:
            answers = ask(detector, segmenter, few.images)
        if step % 20 == 1 or p != judged_for:
            metrics, judged_for = judge(answers, p, few), p
            for name, trace in traces.items():
                trace.add(step, metrics[name])
        if lab.due:
            scene = picture(ask(detector, segmenter, shown.images), p, shown)
            p = yield lab.frame(scene, table(as_mask_C, metrics), curves(traces), metrics=metrics)

    answers, seen = ask(detector, segmenter, tests.images), ask(detector, segmenter, shown.images)
    areas = int(regions(seen.masks))
    counts = {"objects": (tests.kinds >= 0).sum().item(), "regions": regions(answers.masks).sum().item()}
    counts["regions_per_object"] = counts["regions"] / counts["objects"]
    counts["regions_per_object_error"] = abs(counts["regions_per_object"] - 1)
    off_C = [abs(iou - exact) for iou, exact in zip(as_mask_C, CLOSED_FORMS, strict=True)]
    outcomes = {"box_as_mask_worst": KINDS[as_mask_C.index(min(as_mask_C))]}
    counts["recall_nms_80"] = judge(answers, replace(p, nms=0.8), tests)["recall"]
    while True:
        left_ST = nms(tests.boxes, tests.kinds, p.nms) & (tests.kinds >= 0)
        metrics = judge(answers, p, tests) | counts | {
            "box_as_mask_error": max(off_C), "perfect_kept": left_ST.sum().item() / counts["objects"],
        }  # fmt: skip
        for name, trace in traces.items():
            trace.add(STEPS, metrics[name])
        views = (picture(seen, p, shown, areas), table(as_mask_C, metrics), curves(traces), note(metrics))
        p = yield lab.frame(*views, metrics=metrics, outcomes=outcomes, done=True)


def conv(channels: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU())


class Detector(nn.Sequential):
    """(B, 1, H, W) to (B, C + 4, H/4, W/4): for each cell a logit per class and the logs of its box's four reaches."""

    def __init__(self) -> None:
        head = nn.Conv2d(32, len(KINDS) + 4, 1)
        assert head.bias is not None
        nn.init.constant_(head.bias[: len(KINDS)], -2.0)  # few cells hold an object: do not start by claiming all
        pool = nn.MaxPool2d(2)
        super().__init__(conv(1, 8), pool, conv(8, 16), pool, conv(16, 32), conv(32, 32), conv(32, 32), head)


class UNet(nn.Module):
    """(B, 1, H, W) to (B, 1 + C, H, W): down to a quarter of the size, and up again beside what was seen on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.fine, self.middle = conv(1, 8), conv(8, 16)
        self.coarse = nn.Sequential(conv(16, 32), conv(32, 32))
        self.up_middle, self.up_fine = conv(32 + 16, 16), conv(16 + 8, 8)
        self.head = nn.Conv2d(8, 1 + len(KINDS), 1)

    def forward(self, image: Tensor) -> Tensor:
        fine = self.fine(image)
        middle = self.middle(F.max_pool2d(fine, 2))
        coarse = self.coarse(F.max_pool2d(middle, 2))
        up = self.up_middle(torch.cat([F.interpolate(coarse, scale_factor=2), middle], 1))
        up = self.up_fine(torch.cat([F.interpolate(up, scale_factor=2), fine], 1))
        out: Tensor = self.head(up)
        return out


def cell_centres(side: int, device: torch.device) -> Tensor:
    """x and y of the centre of each of side by side cells, row by row: (P, 2)."""
    axis = STRIDE * (torch.arange(side, device=device) + 0.5)
    return torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).flatten(0, 1)


def cell_targets(scenes: Scenes) -> tuple[Tensor, Tensor]:
    """What each cell has to report: the nearest object less than a stride away. Kind (S, P), -1: none; box (S, P, 4)."""
    centre_P2 = cell_centres(scenes.masks.shape[-1] // STRIDE, scenes.boxes.device)
    middle_ST2 = (scenes.boxes[..., :2] + scenes.boxes[..., 2:]) / 2
    away_SPT = (centre_P2[:, None] - middle_ST2[:, None]).abs().amax(-1)
    away_SP, nearest_SP = away_SPT.masked_fill((scenes.kinds < 0)[:, None], math.inf).min(-1)
    kind_SP = scenes.kinds.gather(1, nearest_SP).where(away_SP < STRIDE, -1)
    return kind_SP, scenes.boxes.gather(1, nearest_SP[..., None].expand(-1, -1, 4))


def boxes_of(out_BXHW: Tensor) -> Tensor:
    """Each cell's centre, less its reach to the left and the top, plus that to the right and the bottom: (B, P, 4)."""
    reach_BP4 = STRIDE * out_BXHW[:, len(KINDS) :].flatten(2).mT.exp()
    centre_P2 = cell_centres(out_BXHW.shape[-1], out_BXHW.device)
    return torch.cat([centre_P2 - reach_BP4[..., :2], centre_P2 + reach_BP4[..., 2:]], -1)


def detection_loss(out_BXHW: Tensor, kind_BP: Tensor, box_BP4: Tensor) -> Tensor:
    """Naming, over all cells, and 1 - IoU, over the cells that have an object; both per cell with an object."""
    logit_BPC = out_BXHW[:, : len(KINDS)].flatten(2).mT
    target_BPC = (kind_BP[..., None] == torch.arange(len(KINDS), device=kind_BP.device)).float()
    naming = F.binary_cross_entropy_with_logits(logit_BPC, target_BPC, reduction="sum")
    missing_BP = (1 - box_iou(boxes_of(out_BXHW), box_BP4)) * (kind_BP >= 0)
    return (naming + 2 * missing_BP.sum()) / target_BPC.sum().clamp_min(1)


@dataclass(frozen=True, slots=True)
class Answers:
    """What both networks say of scenes: candidate boxes (S, K, 4), best first, scores and kinds (S, K); masks (S, H, W)."""

    boxes: Tensor
    scores: Tensor
    kinds: Tensor
    masks: Tensor


@torch.no_grad()
def ask(detector: nn.Module, segmenter: nn.Module, image_S1HW: Tensor) -> Answers:
    """Both answers, with the batch norms' running statistics, which asking does not change."""
    detector.eval(), segmenter.eval()
    out_SXHW, mask_SHW = detector(image_S1HW), segmenter(image_S1HW).argmax(1)
    detector.train(), segmenter.train()
    score_SP, kind_SP = out_SXHW[:, : len(KINDS)].flatten(2).sigmoid().max(1)
    score_SK, at_SK = score_SP.topk(round(CANDIDATES * score_SP.shape[1]), 1)
    box_SK4 = boxes_of(out_SXHW).gather(1, at_SK[..., None].expand(-1, -1, 4))
    return Answers(box_SK4, score_SK, kind_SP.gather(1, at_SK), mask_SHW)


def reported(answers: Answers, p: Params) -> Tensor:
    """Which candidates are reported: (S, K)."""
    return nms(answers.boxes, answers.kinds, p.nms) & (answers.scores >= p.score)


def judge(answers: Answers, p: Params, truth: Scenes) -> dict[str, float]:
    kept_SK = reported(answers, p)
    hit_SK = hits(answers.boxes, answers.kinds, kept_SK, truth.boxes, truth.kinds)
    objects = (truth.kinds >= 0).sum()
    aps = []
    for c in range(len(KINDS)):
        of_kind_SK = kept_SK & (answers.kinds == c)
        aps.append(average_precision(answers.scores[of_kind_SK], hit_SK[of_kind_SK], (truth.kinds == c).sum()))
    ious = []
    for c in range(1 + len(KINDS)):
        said, true = answers.masks == c, truth.masks == c
        ious.append(((said & true).sum() / (said | true).sum().clamp_min(1)).item())
    boxes = kept_SK.sum().item()
    return {
        "map50": torch.stack(aps).mean().item(), "recall": (hit_SK.sum() / objects).item(), "boxes": boxes,
        "boxes_per_object_error": abs(boxes / objects.item() - 1), "miou": sum(ious) / len(ious),
    } | {f"iou_{kind}": iou for kind, iou in zip(KINDS, ious[1:], strict=True)}  # fmt: skip


def picture(answers: Answers, p: Params, scene: Scenes, areas: int | None = None) -> Picture:
    """One scene twice: with the boxes that are reported, and painted in the classes' colours."""
    kept_K = reported(answers, p)[0]
    box_N4, kind_N, score_N = (of_SK[0][kept_K].tolist() for of_SK in (answers.boxes, answers.kinds, answers.scores))
    boxes = tuple(
        Box(x0, y0, x1, y1, NAMES[kind], score)
        for (x0, y0, x1, y1), kind, score in zip(box_N4, kind_N, score_N, strict=True)
    )
    palette_CX = torch.tensor([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in ("#202020", *COLOURS)])
    grey_HW = (scene.images[0, 0].clamp(0, 1) * 255).int()
    count = int((scene.kinds >= 0).sum())
    painted_HWX = palette_CX[answers.masks[0].cpu()]
    tiles = (
        Tile(grey_HW, say("boxes: {n}", n=len(boxes)), boxes),
        Tile(painted_HWX, say("regions: {n}", n=areas) if areas else "a class per pixel"),
    )
    return Picture(say("one scene, objects: {count}", count=count), tiles, tuple(zip(NAMES, COLOURS, strict=True)))


def table(as_mask_C: list[float], metrics: dict[str, float]) -> Table:
    rows = tuple(
        (name, round(measured, 3), round(exact, 3), round(metrics[f"iou_{kind}"], 3))
        for name, kind, measured, exact in zip(NAMES, KINDS, as_mask_C, CLOSED_FORMS, strict=True)
    )
    return Table("perfect boxes read as masks", ("IoU with the shape", "perfect box", "closed form", "segmenter"), rows)


def curves(traces: dict[str, Trace]) -> Curves:
    lines = tuple(trace.line() for trace in traces.values())
    return Curves("on held-out scenes", lines, (Ref("0.95", 0.95),), x="step", y_range=(0.0, 1.0))


def note(metrics: dict[str, float]) -> Note:
    objects, boxes, regions_ = (int(metrics[name]) for name in ("objects", "boxes", "regions"))
    if regions_ < 0.75 * objects:
        return Note(say("{objects} objects, {boxes} boxes, {regions} regions: every pixel has its class, yet the count is "
                        "lost. Touching objects of one class have no border in the mask, and NMS drops the neighbour.",
                        objects=objects, boxes=boxes, regions=regions_), "bad")  # fmt: skip
    return Note(say("{objects} objects in the held-out scenes: {boxes} boxes, {regions} regions.",
                    objects=objects, boxes=boxes, regions=regions_))  # fmt: skip
