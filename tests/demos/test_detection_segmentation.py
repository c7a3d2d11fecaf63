"""Scenes, boxes and regions of the detection and segmentation demo."""

import itertools
import math

import pytest
import torch

from demos.gallery._boxes import average_precision, box_iou, hits, nms
from demos.gallery._shape_scenes import (
    CLOSED_FORMS,
    CROWD,
    SIDE,
    box_as_mask_ious,
    covers,
    draw_scenes,
    regions,
)
from demos.gallery.detection_segmentation import cell_targets

CPU = torch.device("cpu")


def _chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_perfect_box_read_as_a_mask_has_the_iou_of_the_closed_form() -> None:
    assert box_as_mask_ious(CPU) == pytest.approx(CLOSED_FORMS, abs=1e-3)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_shape_fills_its_box_to_the_rim_and_never_leaves_it(kind: int) -> None:
    inside_HW = covers(torch.tensor([[7.0, 11.0, 37.0, 41.0]]), torch.tensor([kind]), SIDE)[0]
    rows, columns = inside_HW.any(1).nonzero().flatten(), inside_HW.any(0).nonzero().flatten()
    assert 11 <= rows.min() <= 12 and rows.max() == 40 - (kind == 0 and not inside_HW[40].any())
    assert 7 <= columns.min() <= 8 and 35 <= columns.max() <= 36


def test_objects_alone_never_touch_and_pairs_overlap_beyond_the_threshold_of_nms() -> None:
    alone = draw_scenes(64, 6, False, _chance())
    pairs = draw_scenes(64, 6, True, _chance())
    for a, b in itertools.combinations(range(6), 2):
        both_S = (alone.kinds[:, a] >= 0) & (alone.kinds[:, b] >= 0)
        assert (box_iou(alone.boxes[:, a], alone.boxes[:, b])[both_S] == 0).all()
    for a in (0, 2, 4):
        iou_S = box_iou(pairs.boxes[:, a], pairs.boxes[:, a + 1])
        assert iou_S.min() > 0.5 and iou_S.max() < 0.71
        assert pairs.kinds[:, a].equal(pairs.kinds[:, a + 1])
    for scenes in (alone, pairs):
        here = scenes.boxes[scenes.kinds >= 0]
        assert here.min() >= 0 and here.max() <= SIDE
        assert (scenes.kinds >= 0).float().mean() > 0.7


def test_a_crowd_gets_a_scene_twice_as_wide_and_fills_it() -> None:
    few, many = draw_scenes(8, CROWD, False, _chance()), draw_scenes(8, CROWD + 1, False, _chance())
    assert few.images.shape == (8, 1, SIDE, SIDE) and few.masks.shape == (8, SIDE, SIDE)
    assert many.images.shape == (8, 1, 2 * SIDE, 2 * SIDE) and many.masks.shape == (8, 2 * SIDE, 2 * SIDE)
    here = many.boxes[many.kinds >= 0]
    assert SIDE < here.max() <= 2 * SIDE
    assert regions(many.masks).equal((many.kinds >= 0).sum(-1))


def test_regions_are_as_many_as_objects_alone_and_as_pairs() -> None:
    alone, pairs = draw_scenes(32, 5, False, _chance()), draw_scenes(32, 6, True, _chance())
    assert regions(alone.masks).equal((alone.kinds >= 0).sum(-1))
    assert regions(pairs.masks).equal((pairs.kinds >= 0).sum(-1) // 2)


def test_a_speck_is_no_region_and_two_kinds_that_touch_are_two() -> None:
    mask_HW = torch.zeros(SIDE, SIDE, dtype=torch.long)
    mask_HW[0, 0:7] = 1
    assert regions(mask_HW[None]).item() == 0
    mask_HW[10:20, 10:20] = 1
    mask_HW[10:20, 20:30] = 2
    mask_HW[20, 30] = mask_HW[21:31, 31] = 2
    assert regions(mask_HW[None]).item() == 2


def test_the_iou_of_boxes_is_that_of_counted_squares() -> None:
    iou = box_iou(torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 4], [0, 0, 1, 1]]), torch.tensor([2.0, 2, 6, 6]))
    assert iou.tolist() == pytest.approx([4 / 28, 4 / 28, 0.0])


def test_nms_drops_the_worse_of_two_of_a_kind_and_a_dropped_box_drops_no_other() -> None:
    def kept(shifts: list[float], kinds: list[int], threshold: float) -> list[bool]:
        boxes = torch.tensor([[[s, 0.0, s + 10, 10.0] for s in shifts]])
        return nms(boxes, torch.tensor([kinds]), threshold)[0].tolist()

    assert kept([0, 2], [1, 1], 0.5) == [True, False]
    assert kept([0, 2], [1, 2], 0.5) == [True, True]
    assert kept([0, 2], [1, 1], 0.7) == [True, True]
    assert kept([0, 3, 6], [1, 1, 1], 0.5) == [True, False, True]
    assert kept([0, 0], [1, 1], 1.0) == [True, True]


def test_an_object_is_met_once_and_by_the_best_box() -> None:
    truth, kind = torch.tensor([[[0.0, 0, 10, 10]]]), torch.tensor([[2]])
    boxes = torch.tensor([[[20.0, 20, 30, 30], [0, 0, 10, 9], [0, 0, 10, 10]]])
    every = torch.ones(1, 3, dtype=torch.bool)
    assert hits(boxes, torch.tensor([[2, 2, 2]]), every, truth, kind).tolist() == [[False, True, False]]
    assert hits(boxes, torch.tensor([[2, 1, 2]]), every, truth, kind).tolist() == [[False, False, True]]
    assert not hits(boxes, torch.tensor([[2, 2, 2]]), every, truth, -torch.ones_like(kind)).any()


@pytest.mark.parametrize(
    ("found", "objects", "area"),
    [
        ([True, True], 2, 1.0),
        ([True, False, True], 2, 0.5 + 0.5 * 2 / 3),
        ([False, True], 2, 0.5 * 1 / 2),
        ([False, True, True], 2, 2 / 3),
        ([True], 4, 0.25),
        ([], 3, 0.0),
    ],
)
def test_average_precision_is_the_area_worked_out_by_hand(found: list[bool], objects: int, area: float) -> None:
    scores = torch.linspace(1, 0.1, len(found)) if found else torch.empty(0)
    order = torch.randperm(len(found), generator=_chance())
    hit = torch.tensor(found, dtype=torch.bool)
    value = average_precision(scores[order], hit[order], torch.tensor(objects))
    assert math.isclose(value.item(), area, abs_tol=1e-6)


@pytest.mark.parametrize("objects", [5, 20])
def test_a_cell_reports_the_nearest_object_less_than_a_stride_away(objects: int) -> None:
    scenes = draw_scenes(16, objects, False, _chance())
    kind_SP, box_SP4 = cell_targets(scenes)
    for s in range(16):
        for t in (scenes.kinds[s] >= 0).nonzero().flatten().tolist():
            mine_P = (box_SP4[s] == scenes.boxes[s, t]).all(-1) & (kind_SP[s] >= 0)
            assert 1 <= mine_P.sum() <= 4
            assert (kind_SP[s][mine_P] == scenes.kinds[s, t]).all()
