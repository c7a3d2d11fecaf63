"""Recurrent memory: which networks learn to add two numbers that they read long ago.

B: sequences in a batch
T: time steps
S: training steps
C: the networks: RNN, GRU, LSTM
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Curves, Frame, Line, Note, Ref, Say, say
from demos.lab import Lab

LOOK = (
    "Each sequence holds random numbers, two of them marked; the answer is the sum of those two. Above, the error of "
    "three networks against the line of guessing the mean. Below, how much gradient comes back to each time step, as a "
    "share of the largest: the curve of a network opens up to the left just before its error falls. The GRU begins as "
    "closed as the plain RNN."
)
TRY = (
    "Choose lag-20: the plain RNN learns too. Its memory is short, not absent.",
    "Set the forget bias to 0 at lag 80: the LSTM forgets as fast as the RNN.",
    "In no-clip, set the clip to 1: the same rate no longer blows up.",
    "In no-clip, choose adam: it divides by the gradient's size, so the loss leaps but comes back.",
)

CELLS = ("RNN", "GRU", "LSTM")
HIDDEN, BATCH = 32, 64
EVERY = 25
"""Steps from one test to the next."""
GRID = 16
VARIANCE = 1 / 6
"""Of the sum of two numbers that are uniform over a unit interval, 1/12 each: the error of guessing its mean."""
LEARNT = VARIANCE / 10
BLOWN_UP = 1000 * VARIANCE
SOUND = 10 * VARIANCE
"""An untrained network's error, that of answering 0, is 1 + 1/6: a little less."""
ROUNDING = 2.0**-23
"""The smallest share that float32 still adds to 1."""

TASK_TEXT = "{length} numbers are read one by one; the answer is the sum of two marked ones. Its mean scores 1/6."
LEARNT_TEXT = "Learnt, and at rest: {networks}. Where the gradient fades on its way back, early numbers go unlearnt."
BLOWN_UP_TEXT = (
    "Blown up within {step} steps: each step overshot, so the next gradient and the next step were longer still. "
    "The same networks clipped at 1 stand at {loss} by then."
)


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    length: int = knob(80, low=10, high=1000, scale="log", restart=True)
    """Numbers in a sequence, T; the first marked one stands in its first half."""
    lr: float = knob(0.01, low=0.0001, high=3.0, scale="log")
    """Learning rate: how far a step goes."""
    clip: float = knob(1.0, low=0.0, high=5.0)
    """The longest a gradient may be; a longer one is shortened. 0 turns this off."""
    forget_bias: float = knob(2.0, low=0.0, high=6.0, restart=True)
    """Opens the LSTM's forget gate before training, so that it keeps what it has read."""
    budget: int = knob(40_000, low=10_000, high=2_000_000, scale="log", restart=True)
    """Time steps that each network reads one after the other in a run, so that a run takes as long whatever T is."""
    optimizer: str = knob("adam", choices=("adam", "sgd"), restart=True)
    """Adam divides each step by the gradient's recent size; SGD takes the gradient as it is."""


PRESETS = (
    preset("lag-80", "Eighty steps: a gradient that shrinks at every step does not get through.", length=80),
    preset("lag-20", "Twenty steps: short enough for the plain RNN.", length=20),
    preset("lag-200", "Two hundred steps: what two networks still learn, given the time.", large=True,
           length=200, lr=0.005, forget_bias=3.0, budget=400_000),
    preset("no-clip", "Long steps and nothing that shortens them: the loss blows up.", breaks=True,
           optimizer="sgd", lr=1.0, clip=0.0),
)  # fmt: skip
OUTCOMES = {"first_to_learn": ("rnn", "lstm", "neither"), "untrained_gru": ("reaches", "vanishes")}
_LEARNT_WHY = "a tenth of 1/6, the variance of the sum and so the error of guessing its mean; two tests in a row"
_ROUNDING_WHY = "2⁻²³, float32's rounding: a smaller share is lost when the gradients of all steps are added up"
CLAIMS = (
    Claim("lstm-learns", "The LSTM gets well below the error of guessing the mean", "mse_lstm", "<", LEARNT,
          _LEARNT_WHY, ("lag-80", "lag-20", "lag-200")),
    Claim("gru-learns", "The GRU gets well below the error of guessing the mean", "mse_gru", "<", LEARNT,
          _LEARNT_WHY, ("lag-80", "lag-20", "lag-200")),
    Claim("rnn-stuck", "The plain RNN never gets far from guessing the mean", "best_rnn", ">", 0.12,
          "guessing the mean scores 1/6 = 0.167; the best of all its tests counts", ("lag-80", "lag-200")),
    Claim("rnn-learns", "At a short lag the plain RNN learns as well", "mse_rnn", "<", LEARNT, _LEARNT_WHY,
          ("lag-20",)),
    Claim("baseline", "Guessing the mean scores 1/6 on the test set", "baseline_error", "<", 1e-6,
          "the marked pairs form a grid of n = 16 by 16 midpoints: (1 - 1/n²) / 6", ("lag-80", "lag-20", "lag-200")),
    Claim("rnn-vanishes", "Untrained, no gradient of the plain RNN comes back to the first step", "reach_rnn", "<",
          ROUNDING, _ROUNDING_WHY, ("lag-80", "lag-200")),
    Claim("gru-vanishes", "Untrained, no gradient of the GRU comes back to the first step, and yet it learns",
          "reach_gru", "<", ROUNDING, _ROUNDING_WHY, ("lag-80", "lag-200")),
    Claim("gru-opens", "Trained, the GRU lets the gradient through", "reach_gru_end", ">", ROUNDING, _ROUNDING_WHY,
          ("lag-80", "lag-200")),
    Claim("lstm-reaches", "The LSTM with an open forget gate lets it through from the start", "reach_lstm", ">",
          ROUNDING, _ROUNDING_WHY, ("lag-80",)),
    Claim("rnn-reaches", "Over 20 steps some of the plain RNN's comes back", "reach_rnn", ">", ROUNDING,
          _ROUNDING_WHY, ("lag-20",)),
    Claim("blows-up", "Without clipping all three losses pass a thousand times the error of guessing", "blown_up",
          "==", 3, "every network counts; guessing the mean scores 1/6", ("no-clip",)),
    Claim("clip-saves", "With clipping no network blows up in as many steps at the same rate", "clipped_loss", "<", BLOWN_UP,
          "the same mark, for the worst of three twins with the same weights and batches", ("no-clip",)),
)  # fmt: skip


class Reader(nn.Module):
    """Reads a sequence and answers with one number after its last step; keeps its own test results."""

    def __init__(self, kind: str, forget_bias: float) -> None:
        super().__init__()
        self.kind = kind
        self.cell: nn.RNNBase = getattr(nn, kind)(2, HIDDEN, batch_first=True)
        self.head = nn.Linear(HIDDEN, 1)
        self.tests: list[float] = []
        self.learnt_at: int | None = None
        if kind == "LSTM":
            forget = slice(HIDDEN, 2 * HIDDEN)
            with torch.no_grad():
                self.cell.bias_ih_l0[forget] = forget_bias
                self.cell.bias_hh_l0[forget] = 0.0

    def forward(self, x_BT2: Tensor) -> Tensor:
        hidden_BTH, _ = self.cell(x_BT2)
        answer_B: Tensor = self.head(hidden_BTH[:, -1]).squeeze(-1)
        return answer_B


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    while True:  # a knob turned after the end trains anew, with what it says
        p = yield from learn(p, lab)


def learn(p: Params, lab: Lab) -> Generator[Frame, Params, Params]:
    """Train the three from their beginning until each has learnt or the budget is spent; the knobs as left then."""
    lab.step = 0
    readers, optimizer = untrained(p, lab)
    midpoints = (torch.arange(GRID, device=lab.device) + 0.5) / GRID
    test_x_BT2, test_y_B = adding(p.length, torch.cartesian_prod(midpoints, midpoints), lab.stream(0))
    losses_SC = torch.full((p.budget // p.length, len(readers)), math.nan, device=lab.device)
    reach_CT = torch.zeros(len(readers), p.length, device=lab.device)
    untrained_reach_C: list[float] = []
    blown_up = 0

    for step, (x_BT2, y_B) in zip(lab.steps(len(losses_SC)), batches(p, lab), strict=False):
        for group in optimizer.param_groups:
            group["lr"] = p.lr
        for c, reader in enumerate(readers):
            if reader.learnt_at is None:
                losses_SC[step - 1, c], reach_T = backward(reader, x_BT2, y_B, p.clip)
                reach_CT[c] = torch.where(reach_T.isfinite(), reach_T, reach_CT[c])
        optimizer.step()
        optimizer.zero_grad()
        if step == 1:
            untrained_reach_C = reach_CT[:, 0].tolist()
        if step % EVERY == 0:
            for reader in readers:
                examine(reader, test_x_BT2, test_y_B, step)
            blown_up = sum(not reader.tests[-1] < BLOWN_UP for reader in readers)
            if blown_up or all(reader.learnt_at for reader in readers):
                break
        if lab.due:
            slowly = 0.1 if not p.clip and step < EVERY else 0.0  # unclipped, it may be over in a second
            p = yield lab.frame(*curves(readers, losses_SC[:step], reach_CT), progress(p, readers), hold=slowly)

    guessing = float((test_y_B - 1).square().mean())
    metrics = {"blown_up": blown_up, "baseline_error": abs(guessing - (1 - GRID**-2) * VARIANCE)}
    for c, reader in enumerate(readers):
        name = reader.kind.lower()
        metrics |= {f"mse_{name}": reader.tests[-1], f"best_{name}": min(reader.tests)}
        metrics |= {f"reach_{name}": untrained_reach_C[c], f"reach_{name}_end": float(reach_CT[c, 0])}
    note, sound = progress(p, readers), None
    if blown_up:
        metrics["clipped_loss"] = clipped = clipped_twin(p, lab, step)
        note = Note(say(BLOWN_UP_TEXT, step=step, loss=f"{clipped:.2g}"), "bad")
        sound = int((~(losses_SC[:step] > SOUND).any(1)).cumprod(0).sum())
    p = yield lab.frame(
        *curves(readers, losses_SC[:step], reach_CT),
        note,
        metrics=metrics,
        outcomes={
            "first_to_learn": first_to_learn(readers),
            "untrained_gru": "reaches" if metrics["reach_gru"] > ROUNDING else "vanishes",
        },
        done=True,
        sound=sound,
    )
    return p


def untrained(p: Params, lab: Lab) -> tuple[list[Reader], torch.optim.Optimizer]:
    """The networks before training, the same ones every time for a seed, and their optimizer."""
    torch.manual_seed(lab.seed)
    readers = [Reader(kind, p.forget_bias).to(lab.device) for kind in CELLS]
    weights = [weight for reader in readers for weight in reader.parameters()]
    optimizer_of = torch.optim.Adam if p.optimizer == "adam" else torch.optim.SGD
    return readers, optimizer_of(weights, lr=p.lr, fused=True)


def batches(p: Params, lab: Lab) -> Iterator[tuple[Tensor, Tensor]]:
    """Fresh sequences and answers without end, the same ones every time for a seed."""
    generator = torch.Generator(lab.device).manual_seed(lab.seed)
    while True:
        yield adding(p.length, torch.rand(BATCH, 2, generator=generator, device=lab.device), generator)


def adding(length: int, pairs_B2: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Sequences (B, T, 2) of a number, less its mean 1/2, and a mark; the sum (B,) of the marked pair."""
    half = length // 2
    where_B2 = torch.rand(pairs_B2.shape, generator=generator, device=pairs_B2.device)
    first_B, second_B = (where_B2 * torch.tensor([half, length - half], device=where_B2.device)).long().unbind(1)
    at_B2 = torch.stack([first_B, half + second_B], 1)
    x_BT2 = torch.zeros(len(pairs_B2), length, 2, device=pairs_B2.device)
    x_BT2[..., 0] = torch.rand(x_BT2.shape[:2], generator=generator, device=x_BT2.device)
    x_BT2[..., 0].scatter_(1, at_B2, pairs_B2).sub_(0.5)
    x_BT2[..., 1].scatter_(1, at_B2, 1.0)
    return x_BT2, pairs_B2.sum(1)


def backward(reader: Reader, x_BT2: Tensor, y_B: Tensor, clip: float) -> tuple[Tensor, Tensor]:
    """Leave the loss's gradients in the weights; the loss, and the gradient at each time step's input as a share (T,)."""
    x_BT2 = x_BT2.clone().requires_grad_()
    loss = nn.functional.mse_loss(reader(x_BT2), y_B)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(reader.parameters(), clip or math.inf)
    assert x_BT2.grad is not None
    reach_T = x_BT2.grad.abs().sum((0, 2))
    return loss.detach(), reach_T / reach_T.max().clamp_min(1e-30)


@torch.no_grad()
def examine(reader: Reader, x_BT2: Tensor, y_B: Tensor, step: int) -> None:
    """Note a network's error on the test set; two in a row below LEARNT, and it has learnt and trains no further."""
    if reader.learnt_at is None:
        reader.tests.append(nn.functional.mse_loss(reader(x_BT2), y_B).item())
        if len(reader.tests) > 1 and max(reader.tests[-2:]) < LEARNT:
            reader.learnt_at = step


def clipped_twin(p: Params, lab: Lab, steps: int) -> float:
    """The largest last loss of the same networks after as many steps on the same batches, with the gradient clipped."""
    readers, optimizer = untrained(p, lab)
    losses: list[Tensor] = []
    for _, (x_BT2, y_B) in zip(range(steps), batches(p, lab), strict=False):
        losses = [backward(reader, x_BT2, y_B, 1.0)[0] for reader in readers]
        optimizer.step()
        optimizer.zero_grad()
    return float(torch.stack(losses).max())


def first_to_learn(readers: list[Reader]) -> str:
    """Which of the plain RNN and the LSTM first had two tests in a row below a tenth of the variance."""
    learnt = [(reader.learnt_at, reader.kind.lower()) for reader in readers if reader.learnt_at]
    return min((rank for rank in learnt if rank[1] != "gru"), default=(0, "neither"))[1]


def curves(readers: list[Reader], losses_SC: Tensor, reach_CT: Tensor) -> tuple[Curves, Curves]:
    """The errors so far, and how far back the gradient of the latest batch comes."""
    steps, mean_SC = thinned(losses_SC)
    names = [error_of(reader) for reader in readers]
    times = tuple(range(1, reach_CT.shape[1] + 1))
    floor = 1e-18
    return (
        Curves(
            "mean squared error",
            tuple(Line(name, steps, loss_S) for name, loss_S in zip(names, mean_SC.unbind(1), strict=True)),
            (Ref("guessing the mean, 1/6", VARIANCE), Ref("learnt, 1/60", LEARNT)),
            x="training step",
            log_y=True,
        ),
        Curves(
            "gradient reaching each time step",
            tuple(Line(kind, times, reach_T) for kind, reach_T in zip(CELLS, reach_CT.clamp_min(floor), strict=True)),
            (Ref("float32 rounding", ROUNDING),),
            x="time step",
            y_range=(floor, 1.0),
            log_y=True,
        ),
    )


def thinned(losses_SC: Tensor, most: int = 120) -> tuple[list[float], Tensor]:
    """At most so many rows, each the mean of as many steps, and the steps at which they end."""
    width = math.ceil(len(losses_SC) / most)
    rows = len(losses_SC) // width
    mean_SC = losses_SC[: rows * width].view(rows, width, -1).nanmean(1)
    return [width * (row + 1.0) for row in range(rows)], mean_SC


def error_of(reader: Reader) -> Say:
    if reader.learnt_at is not None:
        return say("{network} ✓ {step}", network=reader.kind, step=reader.learnt_at)
    error = f"{reader.tests[-1]:.3g}" if reader.tests and math.isfinite(reader.tests[-1]) else ""
    return say("{network} {error}", network=reader.kind, error=error)


def progress(p: Params, readers: list[Reader]) -> Note:
    learnt = ", ".join(reader.kind for reader in readers if reader.learnt_at)
    return Note(say(LEARNT_TEXT, networks=learnt), "good") if learnt else Note(say(TASK_TEXT, length=p.length))
