"""Multi-head attention: one softmax makes one weighted mean, so an answer found in two places needs two heads.

B: sequences in a batch
T: places that ask
S: places that are asked
D: width of the model
H: heads
K: width of a head, D / H
V: vocabulary size
Q: places at which an answer is wanted, the last of a sequence
A: tokens in an answer
"""

from __future__ import annotations

import functools
import math
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demos.demo import Claim, DemoParams, knob, preset
from demos.device import adam
from demos.frame import Curves, Frame, Grid, Note, Table, Trace, View, say
from demos.gallery._attention_tasks import TASKS, Batch, Task
from demos.lab import Lab

LOOK = (
    "Each map is one head on one sequence: a row is a place that asks, a column a place that it looks at, and the empty "
    "corner is the future, hidden by the causal mask. The answer at every place is two tokens: the one 1 back and the "
    "one 4 back. Two heads take one each, and two diagonals appear. A single head has just as many parameters, but one "
    "softmax: it looks at both places at once, and knows which two tokens stood there, but not which came first."
)
TRY = (
    "Silence a head: one of the two tokens is lost, and the other stays.",
    "Start again with one head, twice as wide. Where does it look?",
    "Start again with four heads: some do the same work.",
    "Open recall, then recall-one-layer: two heads side by side are no second layer.",
)

WIDTH = 32
BATCH, EVERY, TESTS = 64, 25, 1024
NOISE = 0.03
"""Three standard errors of a share near 0.41 over the test sequences, 4 questions to each."""


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    task: str = knob("two-places", choices=("two-places", "recall", "long-recall"), restart=True)
    """What is asked: the tokens 1 and 4 back, or the digit that followed a letter, among 4 pairs or 12."""
    heads: str = knob("2", choices=("1", "2", "4"), restart=True)
    """Heads in a layer; they share its width, so there are as many parameters with any number."""
    layers: int = knob(1, low=1, high=2, restart=True)
    """Attention layers, one after another."""
    rate: float = knob(5e-4, low=1e-4, high=0.1, scale="log")
    """The learning rate of Adam."""
    example: int = knob(1, low=1, high=9)
    """Which test sequence the maps show."""
    silence: str = knob("none", choices=("none", "1", "2", "3", "4"))
    """Leaves a head out of what is shown; training is not touched."""


PRESETS = (
    preset("two-heads", "Two tokens at once, and a head for each."),
    preset("one-head", "One head, as many parameters: one mean of two tokens.", breaks=True, heads="1"),
    preset("recall", "The first layer ties a digit to its letter, the second looks the letter up.",
           task="recall", heads="1", layers=2, rate=1.5e-3),
    preset("long-recall", "Twelve pairs: it keeps to naming the commonest digit, then all at once recalls.", large=True,
           task="long-recall", heads="1", layers=2, rate=1.5e-3),
    preset("recall-one-layer", "Two heads side by side: no digit is tied to its letter when they look.", breaks=True,
           task="recall", heads="2", layers=1, rate=1.5e-3),
)  # fmt: skip
OUTCOMES = {
    "a_head_looks_at": ("one_place", "both_places", "neither_place"),
    "reaches_99_percent": ("yes", "no"),
    "parameters_with_more_heads": ("more", "same", "fewer"),
}
_RECALL = ("recall", "long-recall")
CLAIMS = (
    Claim("two-heads", "Two heads get both tokens right", "accuracy", ">=", 0.99,
          "two softmaxes can be on two places; guessing gets 1/256", ("two-heads",)),
    Claim("one-back", "A head finds the token 1 back", "attention_1_back", ">=", 0.9,
          "a mean that is almost one token has almost all its weight there; untrained, it is about 1/8", ("two-heads",)),
    Claim("four-back", "A head finds the token 4 back", "attention_4_back", ">=", 0.9,
          "the same, at the other place", ("two-heads",)),
    Claim("division", "Silencing either head loses one token", "lost_when_silenced", "<=", 0.1,
          "what the other head brings says nothing of it: guessing gets 1/16 = 0.06", ("two-heads",)),
    Claim("addition", "Silencing either head keeps the other token", "kept_when_silenced", ">=", 0.99,
          "the output projection adds up what the heads bring, each in its own columns", ("two-heads",)),
    Claim("one-head", "One head does not get both tokens right", "accuracy", "<=", 0.25,
          "half of what one blend could get at the most, (V + 1)/2V = 0.53; one token and a guess get 1/16", ("one-head",)),
    Claim("blend", "The one head looks at both places at once", "attention_lesser", ">=", 0.3,
          "not to know the order costs 2 ln 2 = 1.39 nats, not to know a token ln 16 = 2.77", ("one-head",)),
    Claim("recall", "Two layers recall", "accuracy", ">=", 0.99,
          "the second layer finds each digit with its letter tied to it: nothing is left to guess", _RECALL),
    Claim("ties", "In the first layer a digit looks at its letter", "digit_looks_at_letter", ">=", 0.8,
          "a key that shows 0.8 of the letter is matched by it; untrained, it is below 0.3", _RECALL),
    Claim("looks-up", "In the second layer a letter looks at its digit", "letter_looks_at_digit", ">=", 0.8,
          "a mean that is almost one digit has almost all its weight there; untrained, it is below 0.2", _RECALL),
    Claim("blind", "One layer does no better than to name the commonest digit", "above_ceiling", "<=", NOISE,
          "the expected largest count among 4 draws out of 8, over 4, is 0.412; plus three standard errors",
          ("recall-one-layer",)),
    Claim("not-worse", "One layer learns to name the commonest digit", "above_ceiling", ">=", -NOISE,
          "the same closed form, from below", ("recall-one-layer",)),
    Claim("parameters", "One, two and four heads have as many parameters", "parameter_spread", "==", 0,
          "h projections from width D to D/h are D² numbers, whatever h is",
          ("two-heads", "one-head", *_RECALL, "recall-one-layer")),
)  # fmt: skip


class Attention(nn.Module):
    """Multi-head attention, multiplied out. Queries and keys see the places, values the tokens alone."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))

    def forward(self, x_BTD: Tensor, place_TD: Tensor, silent: int | None = None) -> tuple[Tensor, Tensor]:
        """What every place brings home, (B, T, D), and where its heads looked, (B, H, T, S)."""
        q_BHTK = self.split(self.query(x_BTD + place_TD))
        k_BHSK = self.split(self.key(x_BTD + place_TD))
        v_BHSK = self.split(self.value(x_BTD))
        score_BHTS = q_BHTK @ k_BHSK.mT / q_BHTK.shape[-1] ** 0.5
        attn_BHTS = score_BHTS.masked_fill(future(x_BTD), -math.inf).softmax(-1)
        mean_BHTK = attn_BHTS @ v_BHSK
        if silent is not None:
            mean_BHTK[:, silent] = 0
        return self.output(mean_BHTK.transpose(1, 2).flatten(2)), attn_BHTS

    def split(self, y_BTD: Tensor) -> Tensor:
        """(B, H, T, K): every one of these features was projected from the WHOLE embedding; each head takes K."""
        return y_BTD.reshape(*y_BTD.shape[:2], self.heads, -1).transpose(1, 2)


def future(x_BTD: Tensor) -> Tensor:
    """True where a place would look at a later one; (T, S)."""
    place_S = torch.arange(x_BTD.shape[1], device=x_BTD.device)
    return place_S > place_S[:, None]


class Reader(nn.Module):
    """Attention and nothing else: the answer is read, linearly, from what the last layer brings home."""

    def __init__(self, heads: int, layers: int, places: int, vocabulary: int, answers: int) -> None:
        super().__init__()
        self.heads = heads
        self.vocabulary = vocabulary
        self.embed = nn.Embedding(vocabulary, WIDTH)
        self.place_TD = nn.Parameter(torch.randn(places, WIDTH))
        self.layers = nn.ModuleList(Attention(heads) for _ in range(layers))
        self.readout = nn.Linear(WIDTH, answers * vocabulary, bias=False)

    def forward(self, token_BT: Tensor, silent: int | None = None) -> tuple[Tensor, list[Tensor]]:
        """A score for every token at every place, (B, T, A, V), and each layer's attention (B, H, T, S)."""
        x_BTD = self.embed(token_BT)
        maps: list[Tensor] = []
        for layer in self.layers:
            found_BTD, attn_BHTS = layer(x_BTD, self.place_TD, silent)
            x_BTD = x_BTD + found_BTD
            maps.append(attn_BHTS)
        return self.readout(found_BTD).unflatten(-1, (-1, self.vocabulary)), maps


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    task = TASKS[p.task]
    tests = task.draw(TESTS, lab.stream(0))
    answers = tests[1].shape[-1]
    model = Reader(int(p.heads), p.layers, task.places, len(task.glyphs), answers).to(lab.device)
    rate = torch.zeros((), device=lab.device)
    step_down = lab.captured(functools.partial(train, model, adam(model.parameters(), rate)))
    traces = [Trace(part) for part in task.parts]
    counts = {heads: sum(weight.numel() for weight in Attention(heads).parameters()) for heads in (1, 2, 4)}
    table = Table("a layer of attention", ("heads", "width of each", "parameters"),
                  tuple((heads, WIDTH // heads, count) for heads, count in counts.items()))  # fmt: skip

    def record() -> None:
        for trace, share in zip(traces, shares_right(model, tests), strict=True):
            trace.add(lab.step, share)

    def views(p: Params) -> list[View]:
        silent = int(p.silence) - 1 if p.silence != "none" and int(p.silence) <= model.heads else None
        lines = tuple(trace.line() for trace in traces)
        shown: list[View] = [
            *maps_of(model, tests[0][p.example - 1], task.glyphs, silent),
            Curves("right answers", lines, task.refs, x="step", x_range=(0, task.steps), y_range=(0, 1)),
            table,
        ]
        if silent is not None:
            few = (tests[0][:256], tests[1][:256])  # a frame must stay cheap beside a step
            shown.append(Note(task.without(silent + 1, shares_right(model, few, silent))))
        return shown

    record()
    if lab.due:
        p = yield lab.frame(*views(p))
    for step in lab.steps(task.steps):
        rate.fill_(p.rate)
        step_down(*task.draw(BATCH, lab.generator))
        if step % EVERY == 0:
            record()
        if lab.due:
            p = yield lab.frame(*views(p))

    metrics = findings(model, tests, task) | {"parameter_spread": max(counts.values()) - min(counts.values())}
    outcomes = conclusions(metrics, growth=counts[4] - counts[1])
    while True:
        p = yield lab.frame(*views(p), metrics=metrics, outcomes=outcomes, done=True)


def train(model: Reader, optimizer: torch.optim.Optimizer, token_BT: Tensor, answer_BQA: Tensor) -> None:
    score_BTAV, _ = model(token_BT)
    asked_BQAV = score_BTAV[:, -answer_BQA.shape[1] :]
    loss = nn.functional.cross_entropy(asked_BQAV.flatten(0, 2), answer_BQA.flatten())
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


@torch.no_grad()
def shares_right(model: Reader, tests: Batch, silent: int | None = None) -> list[float]:
    """The share of right answers for each of their tokens; last that of whole answers, if they have several."""
    token_BT, answer_BQA = tests
    score_BTAV, _ = model(token_BT, silent)
    right_BQA = score_BTAV[:, -answer_BQA.shape[1] :].argmax(-1) == answer_BQA
    share_A: list[float] = right_BQA.float().mean((0, 1)).tolist()
    return share_A if len(share_A) == 1 else [*share_A, right_BQA.all(-1).float().mean().item()]


@torch.no_grad()
def maps_of(model: Reader, token_T: Tensor, glyphs: str, silent: int | None) -> list[Grid]:
    """Each head's attention on one sequence; a silent head's is empty, and so is the future."""
    labels = tuple(glyphs[token] for token in token_T.tolist())
    _, maps = model(token_T[None], silent)
    return [
        Grid(
            say("layer {layer}, head {head}", layer=layer, head=head + 1),
            (attn_TS * (head != silent)).masked_fill(future(token_T[None]), math.nan),
            labels,
            labels,
        )
        for layer, attn_1HTS in enumerate(maps, 1)
        for head, attn_TS in enumerate(attn_1HTS[0])
    ]


@torch.no_grad()
def findings(model: Reader, tests: Batch, task: Task) -> dict[str, float]:
    """The metrics of a trained model: what it gets right, where it looks, what is left when a head is silenced."""
    accuracy = shares_right(model, tests)[-1]
    left = [shares_right(model, tests, silent) for silent in range(model.heads)]
    return task.findings(tests[0], model(tests[0])[1]) | {
        "accuracy": accuracy,
        "above_ceiling": accuracy - task.ceiling,
        "lost_when_silenced": max(min(share_A) for share_A in left),
        "kept_when_silenced": min(max(share_A) for share_A in left),
    }


def conclusions(metrics: dict[str, float], growth: int) -> dict[str, str]:
    """What can be predicted of a run, as this one showed it."""
    outcomes = {
        "reaches_99_percent": "yes" if metrics["accuracy"] >= 0.99 else "no",
        "parameters_with_more_heads": "more" if growth > 0 else "fewer" if growth < 0 else "same",
    }
    if "attention_lesser" in metrics:
        blends, sees = metrics["attention_lesser"] > 0.2, metrics["attention_greater"] > 0.5
        outcomes["a_head_looks_at"] = "both_places" if blends else "one_place" if sees else "neither_place"
    return outcomes
