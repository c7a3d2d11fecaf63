"""The attention of multihead_attention against torch's own, and the ceilings that its claims quote."""

import dataclasses
import itertools
from collections import Counter

import pytest
import torch
from torch import Tensor, nn

from demos.frame import Frame
from demos.gallery import multihead_attention
from demos.gallery._attention_tasks import TASKS, blind_ceiling, draw_two_places, one_blend_ceiling
from demos.gallery.multihead_attention import WIDTH, Attention, Reader
from demos.lab import Lab


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_attention_multiplied_out_is_torchs_scaled_dot_product_attention(heads: int) -> None:
    ours, x_BTD, place_TD = _attention(heads)
    placed_BTD = x_BTD + place_TD
    q, k, v = (ours.split(y) for y in (ours.query(placed_BTD), ours.key(placed_BTD), ours.value(x_BTD)))
    mean_BHTK = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    torch.testing.assert_close(ours(x_BTD, place_TD)[0], ours.output(mean_BHTK.transpose(1, 2).flatten(2)))


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_attention_multiplied_out_is_torchs_multihead_attention(heads: int) -> None:
    ours, x_BTD, place_TD = _attention(heads)
    theirs = nn.MultiheadAttention(WIDTH, heads, bias=False, batch_first=True, dtype=torch.float64)
    weights = torch.cat([ours.query.weight, ours.key.weight, ours.value.weight])
    theirs.load_state_dict({"in_proj_weight": weights, "out_proj.weight": ours.output.weight})
    future_TS = torch.ones(9, 9, dtype=torch.bool).triu(1)
    found_BTD, attn_BHTS = theirs(
        x_BTD + place_TD, x_BTD + place_TD, x_BTD, attn_mask=future_TS, average_attn_weights=False
    )
    torch.testing.assert_close(ours(x_BTD, place_TD), (found_BTD, attn_BHTS))


def test_more_heads_have_no_more_parameters() -> None:
    counts = {sum(weight.numel() for weight in Attention(heads).parameters()) for heads in (1, 2, 4, 8)}
    assert counts == {4 * WIDTH**2}


def test_no_place_sees_a_later_one() -> None:
    torch.manual_seed(0)
    reader = Reader(heads=2, layers=2, places=12, vocabulary=16, answers=1)
    token_BT, _ = draw_two_places(4, torch.Generator().manual_seed(0))
    changed_BT = token_BT.clone()
    changed_BT[:, 7:] = 0
    torch.testing.assert_close(reader(token_BT)[0][:, :7], reader(changed_BT)[0][:, :7])


def test_silencing_a_head_takes_away_just_what_it_brought() -> None:
    ours, x_BTD, place_TD = _attention(2)
    whole, first, second = (ours(x_BTD, place_TD, silent)[0] for silent in (None, 1, 0))
    torch.testing.assert_close(whole, first + second)


def test_the_answers_stand_where_the_tasks_say() -> None:
    token_BT, answer_BQA = draw_two_places(50, torch.Generator().manual_seed(0))
    assert torch.equal(answer_BQA[:, -1], torch.stack([token_BT[:, -2], token_BT[:, -5]], -1))


@pytest.mark.parametrize(("task", "pairs"), [("recall", 4), ("long-recall", 12)])
def test_a_letter_asks_for_the_digit_that_followed_it(task: str, pairs: int) -> None:
    token_BT, answer_BQA = TASKS[task].draw(50, torch.Generator().manual_seed(0))
    assert token_BT.shape == (50, TASKS[task].places)
    glyphs = TASKS[task].glyphs
    for tokens, answers in zip(token_BT.tolist(), answer_BQA.squeeze(-1).tolist(), strict=True):
        told = dict(zip(tokens[: 2 * pairs : 2], tokens[1 : 2 * pairs : 2], strict=True))
        assert len(told) == pairs
        assert all(glyphs[letter].isalpha() and glyphs[digit].isdigit() for letter, digit in told.items())
        assert [told[letter] for letter in tokens[2 * pairs :]] == answers


@pytest.mark.parametrize(("pairs", "digits"), [(4, 8), (7, 3), (1, 8), (3, 1)])
def test_the_blind_ceiling_is_the_mean_over_every_draw(pairs: int, digits: int) -> None:
    largest = [max(Counter(draw).values()) for draw in itertools.product(range(digits), repeat=pairs)]
    assert blind_ceiling(pairs, digits) == pytest.approx(sum(largest) / len(largest) / pairs, abs=1e-12)


def test_more_pairs_leave_less_to_a_blind_reader() -> None:
    assert (round(blind_ceiling(4), 3), round(blind_ceiling(12), 3)) == (0.412, 0.286)


def test_no_readout_of_one_blend_passes_its_ceiling_and_one_reaches_it() -> None:
    size = 5
    chance = torch.Generator().manual_seed(0)
    for first in (0.5, 0.6, 0.9):
        favours = torch.randn(40, 2, size, size, generator=chance) + 3 * torch.eye(size)
        assert max(_right(first, *tables) for tables in favours) <= one_blend_ceiling(size)
    later_wins = torch.diag(10.0 ** torch.arange(size))
    assert _right(0.6, torch.eye(size), later_wins) == pytest.approx(one_blend_ceiling(size))


@pytest.mark.parametrize("task", sorted(TASKS))
def test_watching_changes_no_number(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, task, dataclasses.replace(TASKS[task], steps=10))
    watched, unwatched = (_finished(task, due) for due in (True, False))
    assert watched.metrics == unwatched.metrics


def _finished(task: str, due: bool) -> Frame:
    lab = Lab(torch.device("cpu"), 0, due=lambda: due)
    run = multihead_attention.run(multihead_attention.Params(task=task), lab)
    frame = next(run)
    while not frame.done:
        frame = run.send(multihead_attention.Params(task=task, silence="1", example=2))
    return frame


def _attention(heads: int) -> tuple[Attention, Tensor, Tensor]:
    torch.manual_seed(heads)
    return Attention(heads).double(), torch.randn(3, 9, WIDTH).double(), torch.randn(9, WIDTH).double()


def _right(first: float, first_VV: Tensor, last_VV: Tensor) -> float:
    """The share of pairs whose two tokens a pair of linear readouts gets right from one blend of them."""
    size = len(first_VV)
    seen_VVV = first * torch.eye(size)[:, None] + (1 - first) * torch.eye(size)
    read_first, read_last = ((seen_VVV @ table_VV.T).argmax(-1) for table_VV in (first_VV, last_VV))
    token_V = torch.arange(size)
    return ((read_first == token_V[:, None]) & (read_last == token_V)).float().mean().item()
