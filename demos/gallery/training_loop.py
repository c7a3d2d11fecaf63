"""The training loop: batch, forward, loss, backward, step and zero_grad, first stage by stage and then at full speed.

B: batch    P: pixels    H: hidden units    C: classes    N: batches in an epoch    S: steps so far
"""

from __future__ import annotations

import copy
import math
from collections.abc import Generator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demos.demo import Claim, DemoParams, knob, preset
from demos.frame import Curves, Frame, Line, Note, Ref, say
from demos.gallery._digit_learner import SLOPE, Digits, Learner
from demos.gallery._stage_board import Board
from demos.lab import Lab

LOOK = (
    "The first steps stand still after each stage: watch which tensors change. Backward writes gradients and moves no "
    "weight; only step does. The marks on the bars are the same gradients worked out by hand. Then, at full speed, a "
    "twin that never zeroes its gradients runs along: ahead at first, since it repeats all earlier steps, then lost."
)
TRY = (
    "Pause and go stage by stage; read the line of code that is lit.",
    "After the end turn zero_grad off: training goes on from the best weights, and the loss climbs.",
    "Run no-shuffle: it answers 9 to everything, since the nines came last. It recovers, but late.",
    "After diverge has failed, lower the rate: training goes on from the best weights.",
)

EPOCHS, PATIENCE = 100, 10
LEVEL = 0.02
"""Accuracies that differ by no more than this count as level."""

TWIN_TEXT = ("unzeroed", "textbook")
BATCH_TEXT = "Batch: {count} digits with their labels."
FORWARD_TEXT = "Forward: every digit gets a score for each of ten classes; the highest is right for {right} of {count}."
LOSS_TEXT = "Loss: one number, {loss}, for how far the scores are from the labels. Guessing gives ln 10 = 2.303."
BACKWARD_TEXT = "Backward: the chain rule gives every weight its gradient. No weight has moved."
STEP_TEXT = "Step: {rate} times its gradient is taken from every weight. Only here does the network change."
ZERO_TEXT = "Zero_grad: the gradients are wiped, since the next backward would add to them."
KEPT_TEXT = "Zero_grad is off: the gradients stay, and the next backward adds to them."
PROGRESS_TEXT = "Epoch {epoch}: the network read {accuracy} of the validation digits after the last one."
STOPPED_TEXT = (
    "Stopped after {epoch} epochs. Epoch {best} had the lowest validation loss; its weights are back and read "
    "{accuracy} of unseen digits, the twin's best {twin}."
)
DIVERGED_TEXT = (
    "Not a number from step {step} on: each step overshot, and the next was longer still, until float32 overflowed. "
    "The weights of epoch {best} are back; at a lower rate training goes on."
)


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
    preset("no-zero-grad", "Every step follows the sum of all gradients so far.", breaks=True, zero_grad=False,
           stages=2),
    preset("diverge", "A rate three hundred times too high.", breaks=True, lr=30.0, stages=2),
    preset("no-shuffle", "Sorted by label: batches of one class, one class after the other.", breaks=True,
           lr=0.2, shuffle=False),
)  # fmt: skip
_AHEAD = ("ahead", "level", "behind")
OUTCOMES = {
    "weights_move_at": ("forward", "backward", "step"),
    "never_zeroed_after_one_epoch": _AHEAD,
    "never_zeroed_at_the_end": _AHEAD,
}
_WELL = ("stages", "full-speed")
_ALL = (*_WELL, "no-zero-grad", "diverge", "no-shuffle")
CLAIMS = (
    Claim("accuracy", "The network reads unseen digits", "test_accuracy", ">=", 0.96,
          "360 digits at random that neither training nor stopping saw; guessing scores 0.1", _WELL),
    Claim("by-hand", "A backward pass written by hand agrees with autograd", "by_hand_error", "<", 1e-12,
          "the same chain rule; float64 rounds at 2e-16", _ALL),
    Claim("adds-up", "A second backward pass adds to the first", "adds_up_error", "<", 1e-12,
          "autograd accumulates: twice the gradient by hand, in float64", _ALL),
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
    Claim("diverges", "The loss leaves float32 within a few epochs", "finite_steps", "<", 195,
          "five epochs of 39 steps; the steps before a loss that is not finite: float32 ends at 3.4e38", ("diverge",)),
    Claim("says-nine", "After one sorted epoch it answers 9 to almost everything", "nines_1", ">", 0.9,
          "a tenth of the digits are nines, and they came last", ("no-shuffle",)),
    Claim("sorted-behind", "After ten sorted epochs the shuffled twin is well ahead", "twin_lead_10", ">", LEVEL,
          "the same weights and digits, in another order", ("no-shuffle",)),
)  # fmt: skip


def run(p: Params, lab: Lab) -> Generator[Frame, Params, None]:
    data = Digits(lab)
    learner, twin = Learner(data, p.hidden, lab), Learner(data, p.hidden, lab)
    begun, other = p, replace(p, zero_grad=not (p.zero_grad and p.shuffle), shuffle=True)
    board = Board(lab, learner.net)
    while True:
        started = len(learner.train_losses)
        for epoch in range(started + 1, started + EPOCHS + 1):
            mixed_NB, sorted_NB = data.epoch(p.batch)
            own_NB, twins_NB = (mixed_NB if q.shuffle else sorted_NB for q in (p, other))
            losses_N = torch.full((len(own_NB),), math.nan, device=lab.device)
            learner.train_losses.append(losses_N)
            for i, step in enumerate(lab.steps(len(own_NB))):
                if step <= p.stages:
                    p, losses_N[i] = yield from stage_by_stage(p, learner, own_NB[i], board)
                else:
                    losses_N[i] = train_step(learner, own_NB[i], p)
                if twin.waited < PATIENCE:
                    train_step(twin, twins_NB[i], other)
                if lab.due:
                    p = yield lab.frame(*curves(step, learner, twin, other), progress(learner))
            learner.validate()
            if twin.waited < PATIENCE:
                twin.validate()
            if not math.isfinite(learner.losses[-1]) or min(learner.waited, epoch - started) >= PATIENCE:
                break
        metrics = measure(learner, twin)
        lead = {"after_one_epoch": metrics["twin_lead_1"], "at_the_end": metrics["twin_lead_test"]}
        outcomes = {f"never_zeroed_{when}": standing(points) for when, points in lead.items() if not other.zero_grad}
        if begun.stages:
            metrics["moved_elsewhere"] = max(moved for stage, moved in board.moved.items() if stage != "step")
            outcomes["weights_move_at"] = max(board.moved, key=lambda stage: board.moved[stage])
        p = yield lab.frame(
            *curves(step, learner, twin, other),
            verdict(learner, metrics),
            metrics=metrics,
            outcomes=outcomes,
            done=True,
            sound=sound_until(learner),
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
    p: Params, learner: Learner, batch_B: Tensor, board: Board
) -> Generator[Frame, Params, tuple[Params, Tensor]]:
    """The same step with a frame after each stage; the knobs as left then, and the loss."""
    x_BP, y_B = learner.data.take(batch_B)
    board.clear(by_hand(learner.net, x_BP, y_B))
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

    return p, loss.detach()


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
    """How far autograd is in float64 from by_hand after one backward pass, and from its double after two: a share."""
    net, x_BP, y_B = copy.deepcopy(net).double().cpu(), x_BP.double().cpu(), y_B.cpu()
    hand = by_hand(net, x_BP, y_B)
    errors = []
    for passes in (1, 2):
        F.cross_entropy(net(x_BP), y_B).backward()  # type: ignore[no-untyped-call]
        pairs = zip(net.parameters(), hand, strict=True)
        errors.append(max(((w.grad - passes * g).norm() / g.norm()).item() for w, g in pairs if w.grad is not None))
    return errors[0], errors[1]


def measure(learner: Learner, twin: Learner) -> dict[str, float]:
    """Bring the best weights back, and say what became of the two."""
    losses_S = torch.cat(learner.train_losses)
    broken = [*(~losses_S.isfinite()).nonzero().flatten().tolist(), len(losses_S)]
    test_accuracy = learner.rewind()
    errors = by_hand_errors(learner.net, *learner.data.take(learner.data.train_N[:256]))
    tenth = min(10, len(learner.losses) - 1, len(twin.losses) - 1)
    return {
        "test_accuracy": test_accuracy,
        "twin_lead_1": twin.accuracies[1] - learner.accuracies[1],
        "twin_lead_10": twin.accuracies[tenth] - learner.accuracies[tenth],
        "twin_accuracy": (twin_accuracy := twin.rewind()),
        "twin_lead_test": twin_accuracy - test_accuracy,
        "nines_1": learner.nines[1],
        "train_loss": learner.train_losses[-1].mean().item(),
        "finite_steps": broken[0],
        "by_hand_error": errors[0],
        "adds_up_error": errors[1],
    }


def sound_until(learner: Learner) -> int | None:
    """Of a run that diverged: the last step before a loss twice that of guessing."""
    losses_S = torch.cat(learner.train_losses)
    if bool(losses_S.isfinite().all()):
        return None
    return int((losses_S < 2 * math.log(10)).cumprod(0).sum())


def standing(lead: float) -> str:
    return "level" if abs(lead) <= LEVEL else "ahead" if lead > 0 else "behind"


def curves(step: int, learner: Learner, twin: Learner, other: Params) -> tuple[Curves, Curves]:
    batches = len(learner.train_losses[0])
    losses_S = torch.cat(learner.train_losses)[:step]
    width = math.ceil(len(losses_S) / 120)
    means = losses_S[: len(losses_S) // width * width].view(-1, width).mean(1)
    epochs, twin_epochs = tuple(range(len(learner.losses))), tuple(range(len(twin.losses)))
    twins = TWIN_TEXT[other.zero_grad]
    return (
        Curves(
            "loss",
            (
                Line("training", [(i + 1) * width / batches for i in range(len(means))], means),
                Line("validation", epochs, learner.losses),
                Line(twins, twin_epochs, twin.losses),
            ),
            (Ref("guessing, ln 10", math.log(10)),),
            x="epoch",
            log_y=True,
        ),
        Curves(
            "validation accuracy",
            (Line(say("best: {epoch}", epoch=learner.best_epoch), (learner.best_epoch,) * 2, (0.0, 1.0)),
             Line("validation", epochs, learner.accuracies), Line(twins, twin_epochs, twin.accuracies)),
            (Ref("96%", 0.96), Ref("guessing", 0.1)),
            x="epoch",
            y_range=(0.0, 1.0),
        ),
    )  # fmt: skip


def progress(learner: Learner) -> Note:
    return Note(say(PROGRESS_TEXT, epoch=len(learner.losses), accuracy=f"{learner.accuracies[-1]:.1%}"))


def verdict(learner: Learner, metrics: dict[str, float]) -> Note:
    best = learner.best_epoch
    if not math.isfinite(learner.losses[-1]):
        return Note(say(DIVERGED_TEXT, step=int(metrics["finite_steps"]) + 1, best=best), "bad")
    accuracy, twin = f"{metrics['test_accuracy']:.1%}", f"{metrics['twin_accuracy']:.1%}"
    epoch = len(learner.losses) - 1
    return Note(say(STOPPED_TEXT, epoch=epoch, best=best, accuracy=accuracy, twin=twin))
