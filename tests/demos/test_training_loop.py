"""One step of training taken apart, and what the switches of the loop do."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from demos.demo import DemoParams
from demos.frame import Bars, Frame, Note, Table
from demos.gallery import training_loop
from demos.gallery._digit_learner import Digits, Learner
from demos.gallery.training_loop import Params, by_hand, by_hand_errors, run, standing, train_step
from demos.lab import Lab

STAGES = ("batch", "forward", "loss", "backward", "step", "zero_grad")


def lab(due: bool = False) -> Lab:
    return Lab(torch.device("cpu"), 0, due=lambda: due)


def stages(p: Params) -> Iterator[tuple[str, Frame, str]]:
    """The frames of the first steps, each with its stage and the line of the source that is lit."""
    source = Path(training_loop.__file__).read_text(encoding="utf-8").splitlines()
    generator = run(p, lab())
    for i in range(p.stages * len(STAGES)):
        frame = next(generator) if i == 0 else generator.send(p)
        inner = generator.gi_yieldfrom
        yield STAGES[i % len(STAGES)], frame, source[inner.gi_frame.f_lineno - 1]


def new(frame: Frame) -> set[str]:
    (table,) = (view for view in frame.views if isinstance(view, Table))
    return {str(row[0]) for row in table.rows if row[-1]}


def bars(frame: Frame) -> Bars:
    (view,) = (view for view in frame.views if isinstance(view, Bars))
    return view


def test_each_stage_makes_its_own_tensor_and_only_step_changes_the_weights() -> None:
    made = {
        "batch": {"x_BP"},
        "forward": {"logits_BC"},
        "loss": {"loss"},
        "backward": {"gradients"},
        "step": {"weights"},
        "zero_grad": {"gradients"},
    }
    for stage, frame, _ in stages(Params(stages=2)):
        assert new(frame) == made[stage], stage


def test_the_lit_line_is_that_of_the_stage() -> None:
    for stage, frame, line in stages(Params(stages=2)):
        assert f'board.show("{stage}"' in line
        assert frame.hold > 0


def test_after_backward_the_bars_stand_at_the_marks_made_by_hand() -> None:
    for stage, frame, _ in stages(Params(stages=2)):
        if stage == "backward":
            assert bars(frame).values == pytest.approx(bars(frame).refs, rel=1e-3)


def test_without_zero_grad_the_second_backward_leaves_the_marks() -> None:
    second = [frame for stage, frame, _ in stages(Params(stages=2, zero_grad=False)) if stage == "backward"][1]
    assert bars(second).values != pytest.approx(bars(second).refs, rel=0.1)
    assert max(bars(second).values) > max(bars(second).refs)


def test_a_gradient_by_hand_is_the_slope_of_the_loss() -> None:
    data = Digits(lab())
    net = Learner(data, 8, lab()).net.double()
    x_BP, y_B = data.take(data.train_N[:16])
    x_BP = x_BP.double()
    w2_CH, slope = net[2].weight, by_hand(net, x_BP, y_B)[2][3, 5].item()
    with torch.no_grad():
        losses = []
        for move in (1e-6, -2e-6):
            w2_CH[3, 5] += move
            losses.append(F.cross_entropy(net(x_BP), y_B).item())
    assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(slope, rel=1e-6)


def test_autograd_agrees_with_the_chain_rule_by_hand_and_adds_up() -> None:
    data = Digits(lab())
    once, twice = by_hand_errors(Learner(data, 64, lab()).net, *data.take(data.train_N[:64]))
    assert once < 1e-12
    assert twice < 1e-12


def test_a_step_stage_by_stage_is_the_step_at_full_speed() -> None:
    ends = []
    for p in (Params(stages=2), Params(stages=0)):
        frame = next(frame for frame in all_frames(p) if frame.done)
        ends.append({k: v for k, v in frame.metrics.items() if k != "moved_elsewhere"})
    assert ends[0] == ends[1]


def all_frames(p: Params) -> Iterator[Frame]:
    generator = run(p, lab())
    yield next(generator)
    while True:
        yield generator.send(p)


@pytest.mark.parametrize("batch", [4, 32, 256])
def test_an_epoch_takes_each_digit_once_and_sorting_puts_the_nines_last(batch: int) -> None:
    data = Digits(lab())
    mixed_NB, sorted_NB = data.epoch(batch)
    assert len(mixed_NB.unique()) == mixed_NB.numel() == len(data.train_N) // batch * batch
    labels = data.y_N[sorted_NB.flatten()]
    assert (labels.diff() >= 0).all()
    assert not set(data.train_N.tolist()) & set(torch.cat([data.validation_N, data.test_N]).tolist())


def test_weights_that_stand_still_gather_the_same_gradient_twice() -> None:
    data = Digits(lab())
    batch_B = data.train_N[:32]
    one, two = (Learner(data, 16, lab()) for _ in range(2))
    for _ in range(2):
        train_step(one, batch_B, Params(lr=0.0, zero_grad=False))
        train_step(two, batch_B, Params(lr=0.0))
    assert two.net[0].weight.grad is None
    gradient = one.net[0].weight.grad
    assert gradient is not None
    single = by_hand(one.net, *data.take(batch_B))[0]
    torch.testing.assert_close(gradient, 2 * single)


def test_after_a_divergence_a_lower_rate_goes_on_from_finite_weights() -> None:
    p = Params(lr=30.0)
    generator = run(p, lab())
    frame = next(generator)
    assert frame.done and frame.metrics["finite_steps"] < frame.step
    assert isinstance(frame.views[-1], Note) and frame.views[-1].tone == "bad"
    lower: DemoParams = replace(p, lr=0.3)
    frame = generator.send(lower)
    assert frame.done and (frame.metrics["test_accuracy"] or 0) > 0.9
    assert isinstance(frame.views[-1], Note) and frame.views[-1].tone == "plain"


@pytest.mark.parametrize(("lead", "where"), [(0.1, "ahead"), (0.02, "level"), (-0.01, "level"), (-0.1, "behind")])
def test_accuracies_that_hardly_differ_are_level(lead: float, where: str) -> None:
    assert standing(lead) == where
