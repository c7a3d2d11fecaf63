"""The training loop: batch, forward, loss, backward, step and zero_grad, first stage by stage and then at full speed.

B: batch    P: pixels    H: hidden units    C: classes    N: batches in an epoch    S: steps so far
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demos.data import digits
from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Bars, Curves, Frame, Line, Note, Picture, Ref, Say, Table, Tile, View, say
from demos.lab import Lab

LOOK = (
    "The first steps stand still after each stage: watch which tensors change. Backward writes gradients and moves no "
    "weight; only step does. The marks on the bars are the same gradients worked out by hand. Then a twin runs along "
    "that never zeroes its gradients: ahead in the first epoch, since it repeats all earlier steps, and then lost."
)
TRY = (
    "Pause and go stage by stage; read the line of code that is lit.",
    "Turn zero_grad off at full speed, and on again: the loss leaps and comes back.",
    "Run no-shuffle: it answers 9 to everything, since the nines came last. It recovers, but late.",
    "After diverge has failed, lower the rate: training goes on from the best weights.",
)

EPOCHS, PATIENCE = 100, 10
TRAIN, VALIDATION = 1257, 180
SLOPE = 0.01
HOLD = 0.8
LEVEL = 0.02
"""A difference in accuracy that counts as none: half a standard error on the validation digits."""
STAGES = ("batch", "forward", "loss", "backward", "step", "zero_grad")
LAYERS = ("W1", "b1", "W2", "b2")


@dataclass(frozen=True, slots=True)
class Params(DemoParams):
    lr: float = knob(0.1, low=0.001, high=100.0, scale="log")
    """Learning rate: a step is this times the gradient."""
    batch: int = knob(32, low=4, high=256, scale="log", restart=True)
    """Digits in a batch, B."""
    hidden: int = knob(64, low=4, high=256, scale="log", restart=True)
    """Hidden units, H."""
    zero_grad: bool = knob(True)
    """Wipe the gradients after each step; otherwise the next backward adds to them."""
    shuffle: bool = knob(True)
    """Mix the training digits anew for each epoch; otherwise all zeros come first and all nines last."""
    stages: int = knob(0, low=0, high=5, restart=True)
    """Steps that are shown stage by stage before full speed."""


PRESETS = (
    preset("stages", "Two steps stage by stage, then full speed to the end.", stages=2),
    preset("full-speed", "All of training in a few seconds, with early stopping."),
    preset("no-zero-grad", "Every step follows the sum of all gradients so far.", breaks=True, zero_grad=False),
    preset("diverge", "A rate three hundred times too high.", breaks=True, lr=30.0),
    preset("no-shuffle", "Sorted by label: batches of one class, one class after the other.", breaks=True,
           shuffle=False),
)  # fmt: skip
_AHEAD = ("ahead", "level", "behind")
OUTCOMES = {
    "weights_move_at": STAGES,
    "never_zeroed_after_one_epoch": _AHEAD,
    "never_zeroed_at_the_end": _AHEAD,
}
_WELL = ("stages", "full-speed")
_FINITE = (*_WELL, "no-zero-grad", "no-shuffle")
CLAIMS = (
    Claim("accuracy", "The network reads unseen digits", "test_accuracy", ">=", 0.96,
          "360 digits at random that neither training nor stopping saw; guessing scores 0.1", _WELL),
    Claim("by-hand", "A backward pass written by hand agrees with autograd", "by_hand_error", "<", 1e-12,
          "the same chain rule; float64 rounds at 2e-16", (*_FINITE, "diverge")),
    Claim("adds-up", "A second backward pass adds to the first", "adds_up_error", "<", 1e-12,
          "autograd accumulates: twice the gradient by hand, in float64", (*_FINITE, "diverge")),
    Claim("only-step", "No other stage than step moves a weight", "moved_elsewhere", "==", 0,
          "backward writes to .grad alone; the largest change of any weight in the other stages", ("stages",)),
    Claim("early-lead", "After one epoch the twin that never zeroes is ahead", "twin_lead_1", ">", LEVEL,
          "validation accuracy with the same weights and batches to begin with", _WELL),
    Claim("late-loss", "In the end it reads fewer unseen digits", "twin_lead_test", "<", 0,
          "each with the weights of its own best validation", _WELL),
    Claim("unzeroed-loss", "Never zeroed, training ends at a loss worse than guessing", "train_loss", ">", math.log(10),
          "ln 10, the loss of giving each of ten classes a tenth; the mean over the last epoch", ("no-zero-grad",)),
    Claim("unzeroed-behind", "The twin that zeroes reads more unseen digits", "twin_lead_test", ">", 0,
          "the same weights and batches to begin with", ("no-zero-grad",)),
    Claim("diverges", "The loss leaves float32 within a few epochs", "diverged_at", "<", 200,
          "the first step with a loss that is not finite; float32 ends at 3.4e38", ("diverge",)),
    Claim("says-nine", "After one sorted epoch it answers 9 to almost everything", "nines_1", ">", 0.9,
          "a tenth of the digits are nines, and they came last", ("no-shuffle",)),
    Claim("sorted-behind", "After ten sorted epochs the shuffled twin is well ahead", "twin_lead_10", ">", LEVEL,
          "the same weights and digits, in another order", ("no-shuffle",)),
)  # fmt: skip


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    data = Digits(lab)
    learner, twin = Learner(data, p.hidden, lab), Learner(data, p.hidden, lab)
    begun, other = p, replace(p, zero_grad=not (p.zero_grad and p.shuffle), shuffle=True)
    board = Board(lab, learner)
    while True:
        started = len(learner.train_losses)
        for epoch in range(started + 1, started + EPOCHS + 1):
            mixed_NB, sorted_NB = data.epoch(p.batch)
            own_NB, twins_NB = (mixed_NB if q.shuffle else sorted_NB for q in (p, other))
            losses_N = torch.full((len(own_NB),), math.nan, device=lab.device)
            learner.train_losses.append(losses_N)
            for i, step in enumerate(lab.steps(len(own_NB))):
                if step <= p.stages:
                    p = yield from stage_by_stage(p, learner, own_NB[i], losses_N[i], board)
                else:
                    losses_N[i] = train_step(learner, own_NB[i], p)
                train_step(twin, twins_NB[i], other)
                if lab.due:
                    p = yield lab.frame(*curves(learner, twin, other), progress(learner))
            learner.validate()
            twin.validate()
            if not math.isfinite(learner.losses[-1]) or epoch - max(started, learner.best_epoch) >= PATIENCE:
                break
        metrics = measure(learner, twin)
        lead = {"after_one_epoch": metrics["twin_lead_1"], "at_the_end": metrics["twin_lead_test"]}
        outcomes = {f"never_zeroed_{when}": standing(points) for when, points in lead.items() if not other.zero_grad}
        if begun.stages:
            metrics["moved_elsewhere"] = max(moved for stage, moved in board.moved.items() if stage != "step")
            outcomes["weights_move_at"] = max(board.moved, key=lambda stage: board.moved[stage])
        p = yield lab.frame(
            *curves(learner, twin, other),
            verdict(learner, metrics),
            metrics=metrics,
            outcomes=outcomes,
            done=True,
        )


def train_step(learner: Learner, batch_B: Tensor, p: Params) -> Tensor:
    """One step of training at full speed; the loss before it."""
    learner.set_rate(p.lr)
    x_BP, y_B = learner.data.take(batch_B)
    loss = F.cross_entropy(learner.net(x_BP), y_B)
    loss.backward()  # type: ignore[no-untyped-call]
    learner.optimizer.step()
    if p.zero_grad:
        learner.optimizer.zero_grad()
    return loss.detach()


def stage_by_stage(
    p: Params, learner: Learner, batch_B: Tensor, loss_out: Tensor, board: Board
) -> Generator[Frame, Params, Params]:
    """The same step with a frame after each stage."""
    x_BP, y_B = learner.data.take(batch_B)
    p = yield board.show("batch", say(BATCH_TEXT, count=len(y_B)), x_BP=x_BP, y_B=y_B)

    logits_BC = learner.net(x_BP)
    right = int((logits_BC.argmax(1) == y_B).sum())
    p = yield board.show("forward", say(FORWARD_TEXT, right=right, count=len(y_B)), logits_BC=logits_BC)

    loss = F.cross_entropy(logits_BC, y_B)
    p = yield board.show("loss", say(LOSS_TEXT, loss=f"{loss.item():.3f}"), loss=loss)

    loss.backward()  # type: ignore[no-untyped-call]
    p = yield board.show("backward", BACKWARD_TEXT)

    learner.set_rate(p.lr)
    learner.optimizer.step()
    p = yield board.show("step", say(STEP_TEXT, rate=f"{p.lr:g}"))

    if p.zero_grad:
        learner.optimizer.zero_grad()
    p = yield board.show("zero_grad", ZERO_TEXT if p.zero_grad else KEPT_TEXT)

    loss_out.copy_(loss.detach())
    return p


@torch.no_grad()
def by_hand(net: nn.Sequential, x_BP: Tensor, y_B: Tensor) -> list[Tensor]:
    """The gradients of the mean cross-entropy for W1, b1, W2 and b2, by the chain rule from the loss back."""
    w1_HP, b1_H, w2_CH, b2_C = net.parameters()
    before_BH = x_BP @ w1_HP.T + b1_H
    hidden_BH = torch.where(before_BH > 0, before_BH, SLOPE * before_BH)
    probs_BC = torch.softmax(hidden_BH @ w2_CH.T + b2_C, -1)
    d_logits_BC = (probs_BC - F.one_hot(y_B, 10)) / len(y_B)
    d_hidden_BH = d_logits_BC @ w2_CH
    d_before_BH = torch.where(before_BH > 0, d_hidden_BH, SLOPE * d_hidden_BH)
    return [d_before_BH.T @ x_BP, d_before_BH.sum(0), d_logits_BC.T @ hidden_BH, d_logits_BC.sum(0)]


def by_hand_errors(net: nn.Sequential, x_BP: Tensor, y_B: Tensor) -> tuple[float, float]:
    """The largest difference in float64 of autograd from by_hand after one backward pass, and from its double after two."""
    net, x_BP, y_B = copy.deepcopy(net).double().cpu(), x_BP.double().cpu(), y_B.cpu()
    hand = by_hand(net, x_BP, y_B)
    errors = []
    for passes in (1, 2):
        F.cross_entropy(net(x_BP), y_B).backward()  # type: ignore[no-untyped-call]
        pairs = zip(net.parameters(), hand, strict=True)
        errors.append(max((w.grad - passes * g).abs().max().item() for w, g in pairs if w.grad is not None))
    return errors[0], errors[1]


class Board:
    """The tensors of a step as its stages make them, and how far each stage has moved any weight."""

    def __init__(self, lab: Lab, learner: Learner) -> None:
        self.lab, self.net = lab, learner.net
        self.moved = dict.fromkeys(STAGES, 0.0)
        self.tensors: dict[str, Tensor] = {}
        self.hand: list[float] = []

    def show(self, stage: str, text: str | Say, **made: Tensor) -> Frame:
        weights = [weight.detach().clone() for weight in self.net.parameters()]
        gradients = [torch.zeros_like(w) if w.grad is None else w.grad.clone() for w in self.net.parameters()]
        if stage == "batch":
            self.hand = [g.norm().item() for g in by_hand(self.net, made["x_BP"], made["y_B"])]
            self.tensors = {"weights": flat(weights), "gradients": flat(gradients)}
        made |= {"weights": flat(weights), "gradients": flat(gradients)}
        changed = [name for name in made if not torch.equal(made[name], self.tensors.get(name, made[name][:0]))]
        moved = (made["weights"] - self.tensors["weights"]).abs().max().item()
        self.moved[stage] = max(self.moved[stage], moved)
        self.tensors |= made
        return self.lab.frame(
            self.picture(),
            Table("tensors", ("tensor", "shape", "mean", "std", "new"), tuple(self.rows(changed))),
            Bars("gradient norms", LAYERS, [g.norm().item() for g in gradients], self.hand, "by hand"),
            Note(text),
            hold=HOLD,
        )
