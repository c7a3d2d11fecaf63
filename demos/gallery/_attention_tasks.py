"""The tasks of multihead_attention: their sequences, what can be reached on them, and where attention ought to look.

B: sequences
T, S: places that ask, places that are asked
Q: places at which an answer is wanted, the last of a sequence
A: tokens in an answer
H: heads
O: how far back, first and second
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from demos.frame import Ref, Say, say

PLACES, VOCABULARY = 12, 16
"""Of the task with two places."""
PLACES_TEXT = ("1 back", "4 back", "both")
DIGIT_TEXT = ("digit",)
BACK = (1, 4)
"""How far back the two wanted tokens stand."""
DIGITS = 8
"""Recall: how many digits there are."""

Batch = tuple[Tensor, Tensor]
"""Tokens (B, T), and the answers that are wanted at the last Q places (B, Q, A)."""


@dataclass(frozen=True, slots=True)
class Task:
    draw: Callable[[int, torch.Generator], Batch]
    places: int
    """Tokens in a sequence, T."""
    glyphs: str
    """How each token of the vocabulary is written."""
    steps: int
    """Of training."""
    parts: tuple[str, ...]
    """What the shares of right answers are of: each token of an answer, then the whole if it has several."""
    ceiling: float
    """The most that can be got right by one map, or without knowing which digit belongs to which letter."""
    refs: tuple[Ref, ...]
    findings: Callable[[Tensor, list[Tensor]], dict[str, float]]
    """Metrics of where each layer's attention (B, H, T, S) looks on tokens (B, T)."""
    without: Callable[[int, list[float]], Say]
    """What is left without a head, said from its number and the shares."""


def one_blend_ceiling(vocabulary: int = VOCABULARY) -> float:
    """The most pairs of tokens that one head with fixed weights α and β on their places can get right: (V + 1) / 2V.

    A linear readout scores tokens from α e(first) + β e(second). To be right where both are a or both are b, it has
    to favour a over b by X where a stands and b over a by Y where b stands, X + Y > 0. The readout of the first token
    is right of ab and of ba only if (α - β)(X + Y) > 0, the readout of the second only if (β - α)(X' + Y') > 0. So of
    ab and ba one is lost: half of the V(V - 1) pairs of unlike tokens, which leaves V(V + 1) / 2 of V².
    """
    return (vocabulary + 1) / (2 * vocabulary)


def blind_ceiling(pairs: int, digits: int = DIGITS) -> float:
    """The most that a reader can get right who sees the digits, but not which letter each belongs to.

    It names the commonest: the expected largest count among as many draws as there are pairs, over their number.
    """
    draws: int = digits**pairs
    return sum(draws - draws_within(most, pairs, digits) for most in range(pairs)) / (draws * pairs)


def draws_within(most: int, pairs: int, digits: int) -> int:
    """In how many ways each of the pairs can have a digit, and none of the digits be there more than `most` times."""
    ways = [1] + [0] * pairs
    for _ in range(digits):
        ways = [sum(math.comb(n, k) * ways[n - k] for k in range(min(most, n) + 1)) for n in range(pairs + 1)]
    return ways[pairs]


def draw_two_places(count: int, chance: torch.Generator) -> Batch:
    """Random tokens, and for each place that has them the tokens 1 and 4 back."""
    token_BT = torch.randint(VOCABULARY, (count, PLACES), generator=chance, device=chance.device)
    return token_BT, torch.stack([token_BT[:, max(BACK) - back : PLACES - back] for back in BACK], -1)


def draw_recall(pairs: int, letters: int, count: int, chance: torch.Generator) -> Batch:
    """`pairs` times a letter and a digit, then as many of these letters, and the digits that followed them."""
    letter_BP = torch.rand(count, letters, generator=chance, device=chance.device).argsort(-1)[:, :pairs]
    digit_BP = torch.randint(letters, letters + DIGITS, (count, pairs), generator=chance, device=chance.device)
    asked_BQ = torch.randint(pairs, (count, pairs), generator=chance, device=chance.device)
    told_BS = torch.stack([letter_BP, digit_BP], -1).flatten(1)
    return torch.cat([told_BS, letter_BP.gather(1, asked_BQ)], 1), digit_BP.gather(1, asked_BQ)[..., None]


def attention_back(_token_BT: Tensor, maps: list[Tensor]) -> dict[str, float]:
    """How much of the last layer's attention goes 1 back and 4 back, from the places that have both."""
    back_OH = torch.stack([maps[-1].diagonal(-back, 2, 3)[..., max(BACK) - back :].mean((0, 2)) for back in BACK])
    best_O = back_OH.amax(1)
    return {
        "attention_1_back": best_O[0].item(),
        "attention_4_back": best_O[1].item(),
        "attention_lesser": back_OH.amin(0).mean().item(),
        "attention_greater": back_OH.amax(0).mean().item(),
    }


def attention_tied(pairs: int, token_BT: Tensor, maps: list[Tensor]) -> dict[str, float]:
    """How much a digit looks at its letter in the first layer, and an asked letter at its digit in the last."""
    told, asked_BHQS = 2 * pairs, maps[-1][:, :, 2 * pairs :]
    same_BQS = token_BT[:, told:, None] == token_BT[:, None, :told]
    digit_BHQ1 = (same_BQS.int().argmax(-1) + 1)[:, None, :, None].expand(-1, asked_BHQS.shape[1], -1, 1)
    return {
        "digit_looks_at_letter": maps[0].diagonal(-1, 2, 3)[..., :told:2].mean((0, 2)).max().item(),
        "letter_looks_at_digit": asked_BHQS.gather(-1, digit_BHQ1).mean((0, 2, 3)).max().item(),
    }


def without_places(head: int, share_A: list[float]) -> Say:
    one, four = (round(100 * share) for share in share_A[:2])
    return say("Without head {head}: {one}% of tokens 1 back right, {four}% of those 4 back.",
               head=head, one=one, four=four)  # fmt: skip


def without_recall(head: int, share_A: list[float]) -> Say:
    return say("Without head {head}: {share}% of digits right.", head=head, share=round(100 * share_A[-1]))


def two_places() -> Task:
    ceiling = one_blend_ceiling()
    refs = (Ref("limit of one map", ceiling), Ref("guessing", 1 / VOCABULARY))
    return Task(
        draw_two_places, PLACES, "abcdefghijklmnop", 800, PLACES_TEXT, ceiling, refs, attention_back, without_places
    )


def recall(pairs: int, letters: str, steps: int) -> Task:
    ceiling = blind_ceiling(pairs)
    return Task(
        functools.partial(draw_recall, pairs, len(letters)),
        3 * pairs,
        letters + "01234567",
        steps,
        DIGIT_TEXT,
        ceiling,
        (Ref("naming the commonest", ceiling), Ref("guessing", 1 / DIGITS)),
        functools.partial(attention_tied, pairs),
        without_recall,
    )


TASKS = {
    "two-places": two_places(),
    "recall": recall(4, "abcdefgh", 800),
    "long-recall": recall(12, "abcdefghijklmnopqrstuvwx", 1200),
}
