"""The two tasks of multihead_attention: their sequences, what can be reached on them, and where attention ought to look.

B: sequences
T, S: places that ask, places that are asked
Q: places at which an answer is wanted, the last of a sequence
A: tokens in an answer
H: heads
O: how far back, first and second
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from demos.frame import Ref, Say, say

PLACES, VOCABULARY = 12, 16
PLACES_TEXT = ("1 back", "4 back", "both")
DIGIT_TEXT = ("digit",)
BACK = (1, 4)
"""How far back the two wanted tokens stand."""
PAIRS, DIGITS = 4, 8
"""Recall: pairs of a letter and a digit, and how many digits there are."""

Batch = tuple[Tensor, Tensor]
"""Tokens (B, T), and the answers that are wanted at the last Q places (B, Q, A)."""


@dataclass(frozen=True, slots=True)
class Task:
    draw: Callable[[int, torch.Generator], Batch]
    glyphs: str
    """How each token of the vocabulary is written."""
    parts: tuple[str, ...]
    """What the shares of right answers are of: each token of an answer, then the whole if it has several."""
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


def blind_ceiling(digits: int = DIGITS) -> float:
    """The most that a reader can get right who sees the four digits, but not which letter each belongs to.

    It names the commonest: the expected largest count among 4 draws, over 4.
    """
    draws = digits**4
    all_differ = math.perm(digits, 4) / draws
    three_agree = 4 * math.perm(digits, 2) / draws
    four_agree = digits / draws
    two_agree = 1 - all_differ - three_agree - four_agree
    return (all_differ + 2 * two_agree + 3 * three_agree + 4 * four_agree) / 4


def draw_two_places(count: int, chance: torch.Generator) -> Batch:
    """Random tokens, and for each place that has them the tokens 1 and 4 back."""
    token_BT = torch.randint(VOCABULARY, (count, PLACES), generator=chance, device=chance.device)
    return token_BT, torch.stack([token_BT[:, max(BACK) - back : PLACES - back] for back in BACK], -1)


def draw_recall(count: int, chance: torch.Generator) -> Batch:
    """Four times a letter and a digit, then four of these letters, and the digits that followed them."""
    letter_BP = torch.rand(count, VOCABULARY - DIGITS, generator=chance, device=chance.device).argsort(-1)[:, :PAIRS]
    digit_BP = torch.randint(VOCABULARY - DIGITS, VOCABULARY, (count, PAIRS), generator=chance, device=chance.device)
    asked_BQ = torch.randint(PAIRS, (count, PLACES - 2 * PAIRS), generator=chance, device=chance.device)
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


def attention_tied(token_BT: Tensor, maps: list[Tensor]) -> dict[str, float]:
    """How much a digit looks at its letter in the first layer, and an asked letter at its digit in the last."""
    told, asked_BHQS = 2 * PAIRS, maps[-1][:, :, 2 * PAIRS :]
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


TASKS = {
    "two-places": Task(
        draw_two_places,
        "abcdefghijklmnop",
        PLACES_TEXT,
        (Ref("limit of one map", one_blend_ceiling()), Ref("guessing", 1 / VOCABULARY)),
        attention_back,
        without_places,
    ),
    "recall": Task(
        draw_recall,
        "abcdefgh01234567",
        DIGIT_TEXT,
        (Ref("naming the commonest", blind_ceiling()), Ref("guessing", 1 / DIGITS)),
        attention_tied,
        without_recall,
    ),
}
