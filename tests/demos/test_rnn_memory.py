"""The adding problem and the networks that read it."""

from itertools import islice

import pytest
import torch

from demos.gallery.rnn_memory import (
    CELLS,
    EVERY,
    LEARNT,
    Params,
    Reader,
    adding,
    backward,
    batches,
    examine,
    first_to_learn,
    thinned,
    untrained,
)
from demos.lab import Lab


def lab(seed: int = 0) -> Lab:
    return Lab(torch.device("cpu"), seed)


@pytest.mark.parametrize("length", [10, 11, 80])
def test_the_answer_is_the_sum_of_the_marked_numbers(length: int) -> None:
    x_BT2, y_B = next(batches(Params(length=length), lab()))
    numbers_BT, marks_BT = x_BT2[..., 0] + 0.5, x_BT2[..., 1]
    torch.testing.assert_close((numbers_BT * marks_BT).sum(1), y_B)
    assert numbers_BT.min() >= 0 and numbers_BT.max() <= 1


@pytest.mark.parametrize("length", [10, 11, 80])
def test_one_mark_stands_in_each_half(length: int) -> None:
    x_BT2, _ = adding(length, torch.rand(2000, 2), torch.Generator().manual_seed(0))
    marks_BT = x_BT2[..., 1]
    assert (marks_BT[:, : length // 2].sum(1) == 1).all()
    assert (marks_BT[:, length // 2 :].sum(1) == 1).all()
    assert (marks_BT.sum(0) > 0).all(), "every position is marked in some sequence"


def test_the_batches_of_a_seed_are_the_same_every_time_and_differ_from_another_seeds() -> None:
    one, again, other = ([x for x, _ in islice(batches(Params(), lab(seed)), 2)] for seed in (3, 3, 4))
    assert all(torch.equal(a, b) for a, b in zip(one, again, strict=True))
    assert not torch.equal(one[0], one[1])
    assert not torch.equal(one[0], other[0])


def test_a_clipped_gradient_is_no_longer_than_the_clip_and_an_unclipped_one_is_left_alone() -> None:
    readers, _ = untrained(Params(length=10), lab())
    x_BT2, y_B = next(batches(Params(length=10), lab()))
    length = {}
    for clip in (0.0, 0.1):
        readers[0].zero_grad()
        backward(readers[0], x_BT2, 10 * y_B, clip)
        length[clip] = torch.nn.utils.get_total_norm([w.grad for w in readers[0].parameters()])
    assert length[0.0] > 1
    assert length[0.1] == pytest.approx(0.1, rel=1e-3)


@pytest.mark.parametrize("kind", CELLS)
def test_the_reach_is_the_gradient_at_each_input_as_a_share_of_the_largest(kind: str) -> None:
    torch.manual_seed(0)
    reader = Reader(kind, 2.0)
    x_BT2, y_B = adding(6, torch.rand(4, 2), torch.Generator().manual_seed(0))
    _, reach_T = backward(reader, x_BT2, y_B, 0.0)

    def loss_of(x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.mse_loss(reader(x), y_B)

    gradient_BT2 = torch.autograd.functional.jacobian(loss_of, x_BT2)
    expected_T = gradient_BT2.abs().sum((0, 2))
    torch.testing.assert_close(reach_T, expected_T / expected_T.max())


def test_a_network_has_learnt_only_after_two_good_tests_in_a_row() -> None:
    reader = Reader("RNN", 0.0)
    x_BT2 = torch.zeros(2, 5, 2)
    right_B = reader(x_BT2).detach()
    wrong_B = right_B + 2 * LEARNT**0.5
    for step, answer_B in enumerate((right_B, wrong_B, right_B, right_B), 1):
        assert reader.learnt_at is None
        examine(reader, x_BT2, answer_B, step * EVERY)
    assert reader.learnt_at == 4 * EVERY


@pytest.mark.parametrize(
    ("learnt_at", "winner"),
    [
        ({}, "neither"),
        ({"GRU": 100}, "neither"),
        ({"GRU": 100, "LSTM": 300}, "lstm"),
        ({"RNN": 200, "LSTM": 300}, "rnn"),
    ],
)
def test_the_race_is_between_the_plain_rnn_and_the_lstm(learnt_at: dict[str, int], winner: str) -> None:
    readers, _ = untrained(Params(length=10), lab())
    for reader in readers:
        reader.learnt_at = learnt_at.get(reader.kind)
    assert first_to_learn(readers) == winner


def test_thinning_keeps_the_mean_and_skips_networks_at_rest() -> None:
    losses_SC = torch.tensor([[1.0, 1.0], [3.0, float("nan")], [5.0, float("nan")], [7.0, float("nan")]])
    steps, mean_SC = thinned(losses_SC, most=2)
    assert steps == [2, 4]
    assert mean_SC[:, 0].tolist() == [2.0, 6.0]
    assert mean_SC[0, 1] == 1.0 and mean_SC[1, 1].isnan()
