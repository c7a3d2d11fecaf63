"""Multi-head attention: one softmax gives one weighted mean, so an answer that needs two places needs two heads.

B: sequences in a batch
T: places asking (queries)
S: places asked (keys)
D: width of the model
H: heads
K: width of a head, D / H
V: vocabulary size
A: tokens in an answer
Q: places at which an answer is wanted, the last of the sequence
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Curves, Frame, Grid, Note, Ref, Table, Trace, View, say
from demos.lab import Lab

LOOK = (
    "Each map is one head on one sequence: a row is a place that asks, a column a place that it may look at, and the "
    "blank corner is the future, which the causal mask hides. The answer at every place is two tokens, the one "
    "1 back and the one 4 back. Two heads take a place each, and two diagonals appear. A single head with just as many "
    "parameters looks at both places at once: it knows which two tokens, but not which came first."
)
TRY = (
    "Silence a head: which of the two answers goes, and which stays?",
    "Start again with one head of twice the width. Where does it look?",
    "Start again with four heads: some of them do the same work.",
    "Open recall, then recall-one-layer: what one layer has to find out before the next can use it.",
)

PLACES = 12
WIDTH = 32
VOCABULARY = 16
BACK = (1, 4)
"""How far back the two wanted tokens stand."""
LETTERS = "abcdefghijklmnop"
PAIRS = 4
VALUES = 8
KEYS_AND_VALUES = "abcdefgh01234567"
"""The vocabulary of recall: a letter asks for the digit that followed it."""
BATCH, STEPS, EVERY, TESTS = 64, 800, 25, 1024

ONE_BLEND = (VOCABULARY + 1) / (2 * VOCABULARY)
"""The most answers that one head of fixed weights α and β on the two places can get right.

A linear readout scores token x as α m(x, first) + β m(x, last). Let a beat b by X where a is seen, and b beat a by Y
where b is seen; X + Y > 0, or a pair of equal tokens is lost. Reading the first of (a, b) and of (b, a) takes
(α - β)(X + Y) > 0; reading the last takes (β - α)(X' + Y') > 0. Both cannot be: of the V(V - 1) ordered pairs of
different tokens half are lost, and ½V(V - 1) + V of V² remain.
"""
_ALL_DIFFER = math.perm(VALUES, 4) / VALUES**4
_THREE_AGREE = 4 * math.perm(VALUES, 2) / VALUES**4
_FOUR_AGREE = 1 / VALUES**3
_TWO_AGREE = 1 - _ALL_DIFFER - _THREE_AGREE - _FOUR_AGREE
BLIND = (_ALL_DIFFER + 2 * _TWO_AGREE + 3 * _THREE_AGREE + 4 * _FOUR_AGREE) / PAIRS
"""The best share for a reader that sees the four values but not which belongs to the key: it names the commonest."""
NOISE = 0.03
"""Three standard errors of a share near 0.41, with a thousand test sequences whose own questions hang together."""


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    task: str = knob("two places", choices=("two places", "recall"), restart=True)
    """What is asked: the tokens 1 and 4 back, or the digit that followed a letter."""
    heads: str = knob("2", choices=("1", "2", "4"), restart=True)
    """Heads in a layer; each takes its share of the width, so the parameters stay as many."""
    layers: int = knob(1, low=1, high=2, restart=True)
    """Attention layers, one after the other."""
    rate: float = knob(1e-3, low=1e-4, high=0.1, scale="log")
    """The learning rate of Adam."""
    example: int = knob(1, low=1, high=8)
    """Which of the test sequences the maps show."""
    silence: str = knob("none", choices=("none", "1", "2", "3", "4"))
    """Takes one head's values out of every layer, in what is shown and never in training."""


PRESETS = (
    preset("two-heads", "Two tokens at once, and a head for each."),
    preset("one-head", "One head with the same parameters: one mean of two tokens.", breaks=True, heads="1"),
    preset("recall", "Two layers: one ties each digit to its letter, the next looks the letter up.",
           task="recall", heads="1", layers=2, rate=2e-3),
    preset("recall-one-layer", "Two heads side by side: nobody has tied digit to letter yet.", breaks=True,
           task="recall", heads="2", layers=1, rate=2e-3),
)  # fmt: skip
OUTCOMES = {
    "reaches_99_percent": ("yes", "no"),
    "a_head_looks_at": ("one_place", "both_places", "neither_place"),
    "parameters_with_more_heads": ("more", "same", "fewer"),
}
CLAIMS = (
    Claim("both-places", "Two heads get both tokens right", "accuracy", ">=", 0.99,
          "copying a token needs one place each, and two heads have two softmaxes; guessing gets 1/256",
          ("two-heads",)),
    Claim("one-back", "A head finds the token 1 back", "attention_1_back", ">=", 0.9,
          "untrained, a place gets about one in 9; a mean that is nearly one token has nearly all its weight there",
          ("two-heads",)),
    Claim("four-back", "A head finds the token 4 back", "attention_4_back", ">=", 0.9,
          "the same, for the other place", ("two-heads",)),
    Claim("own-work", "Silencing a head loses a place", "lost_when_silenced", "<=", 0.25,
          "the other head's values hold nothing of it: guessing gets 1/16", ("two-heads",)),
    Claim("no-more", "Silencing a head loses nothing else", "kept_when_silenced", ">=", 0.99,
          "the output projection adds the heads up, so the other place's part is untouched", ("two-heads",)),
    Claim("one-head-fails", "One head of twice the width does not get both tokens right", "accuracy", "<=", 0.25,
          "half of what one blend could reach at the very most, (V + 1)/2V = 0.53, and one place with a guess is 0.06",
          ("one-head",)),
    Claim("one-head-blends", "The single head looks at both places at once", "attention_at_least", ">=", 0.3,
          "an even blend has 0.5 on each; the loss of not knowing the order is 2 ln 2, of not knowing a token ln 16",
          ("one-head",)),
    Claim("recalls", "Two layers recall", "accuracy", ">=", 0.99,
          "the first layer copies the key to its value, the second matches it: nothing is left to guess", ("recall",)),
    Claim("ties", "In the first layer a value looks at the key before it", "value_looks_at_key", ">=", 0.8,
          "untrained, a place gets about one in 5", ("recall",)),
    Claim("looks-up", "In the last layer a key looks at its value", "key_looks_at_answer", ">=", 0.8,
          "untrained, a place gets about one in 10", ("recall",)),
    Claim("blind-at-most", "One layer does no better than naming the commonest value", "above_blind", "<=", NOISE,
          "the expected largest count among 4 draws of 8 values, over 4: 0.412; three standard errors of the test",
          ("recall-one-layer",)),
    Claim("blind-at-least", "One layer does learn to name the commonest value", "above_blind", ">=", -NOISE,
          "the same closed form from below", ("recall-one-layer",)),
    Claim("parameters", "One, two and four heads have as many parameters", "parameter_spread", "==", 0,
          "h projections of the whole width D to D/h are D² numbers, whatever h is",
          ("two-heads", "one-head", "recall", "recall-one-layer")),
)  # fmt: skip


class Attention(nn.Module):
    """Multi-head attention, multiplied out. Places enter queries and keys, and values carry tokens alone."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))

    def forward(self, x_BTD: Tensor, place_TD: Tensor, on_H: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """What every place brings home, (B, T, D), and where it looked, (B, H, T, S)."""
        q_BHTK = self.split(self.query(x_BTD + place_TD))
        k_BHSK = self.split(self.key(x_BTD + place_TD))
        v_BHSK = self.split(self.value(x_BTD))
        score_BHTS = q_BHTK @ k_BHSK.mT / q_BHTK.shape[-1] ** 0.5
        attn_BHTS = score_BHTS.masked_fill(future_TS(x_BTD), -torch.inf).softmax(-1)
        mean_BHTK = attn_BHTS @ v_BHSK
        if on_H is not None:
            mean_BHTK = mean_BHTK * on_H[:, None, None]
        return self.output(mean_BHTK.transpose(1, 2).flatten(2)), attn_BHTS

    def split(self, x_BTD: Tensor) -> Tensor:
        """(B, H, T, K) from (B, T, D): the projection read the whole embedding, and its results go to the heads."""
        return x_BTD.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def future_TS(x_BTD: Tensor) -> Tensor:
    places_T = torch.arange(x_BTD.shape[1], device=x_BTD.device)
    return places_T > places_T[:, None]


class Reader(nn.Module):
    """Attention layers alone. The answer is read, linearly, from what the last layer brought home."""

    def __init__(self, heads: int, layers: int, answers: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(VOCABULARY, WIDTH)
        self.place_TD = nn.Parameter(torch.randn(PLACES, WIDTH))
        self.layers = nn.ModuleList(Attention(heads) for _ in range(layers))
        self.readout = nn.Linear(WIDTH, answers * VOCABULARY, bias=False)

    def forward(self, tokens_BT: Tensor, on_H: Tensor | None = None) -> tuple[Tensor, list[Tensor]]:
        """Scores (B, T, A, V) of every token as an answer, and each layer's attention (B, H, T, S)."""
        x_BTD = self.embed(tokens_BT)
        maps: list[Tensor] = []
        for layer in self.layers:
            found_BTD, attn_BHTS = layer(x_BTD, self.place_TD, on_H)
            x_BTD = x_BTD + found_BTD
            maps.append(attn_BHTS)
        return self.readout(found_BTD).unflatten(-1, (-1, VOCABULARY)), maps


def two_places(count: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random tokens (B, T), and the ones 1 and 4 back from every place that has them (B, Q, A)."""
    tokens_BT = torch.randint(VOCABULARY, (count, PLACES), generator=chance, device=chance.device)
    first = max(BACK)
    return tokens_BT, torch.stack([tokens_BT[:, first - back : PLACES - back] for back in BACK], -1)


def recall(count: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """Four pairs of a letter and a digit, then four of the letters (B, T); the digits that followed them (B, Q, A)."""
    shuffled_BV = torch.rand(count, VOCABULARY - VALUES, generator=chance, device=chance.device).argsort(-1)
    key_BP = shuffled_BV[:, :PAIRS]
    value_BP = VALUES + torch.randint(VALUES, (count, PAIRS), generator=chance, device=chance.device)
    asked_BQ = torch.randint(PAIRS, (count, PLACES - 2 * PAIRS), generator=chance, device=chance.device)
    tokens_BT = torch.cat([torch.stack([key_BP, value_BP], -1).flatten(1), key_BP.gather(1, asked_BQ)], 1)
    return tokens_BT, value_BP.gather(1, asked_BQ)[..., None]


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    draw = recall if p.task == "recall" else two_places
    test_BT, right_BQA = draw(TESTS, lab.stream(0))
    model = Reader(int(p.heads), p.layers, right_BQA.shape[-1]).to(lab.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=p.rate, fused=True)
    names = ("1 back", "4 back", "both") if p.task == "two places" else ("answer",)
    traces = [Trace(name) for name in names]

    def record() -> dict[str, float]:
        """Test accuracy into the curves, at fixed steps."""
        share_A, share = accuracy(model, test_BT, right_BQA)
        for trace, y in zip(traces, [*share_A, share][-len(traces) :] if len(share_A) == 1 else [*share_A, share]):
            trace.add(lab.step, y)
        return {"accuracy": share}

    def train(tokens_BT: Tensor, answer_BQA: Tensor) -> None:
        scores_BTAV, _ = model(tokens_BT)
        asked_BQAV = scores_BTAV[:, -answer_BQA.shape[1] :]
        loss = nn.functional.cross_entropy(asked_BQAV.flatten(0, 2), answer_BQA.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
