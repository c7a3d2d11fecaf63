"""What one step of training shows, stage by stage: its tensors, its gradients' lengths and its digits.

B: batch    P: pixels    C: classes
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from demos.frame import Bars, Frame, Note, Picture, Say, Table, Tile, say
from demos.lab import Lab

STAGES = ("batch", "forward", "loss", "backward", "step", "zero_grad")
LAYERS = ("W1", "b1", "W2", "b2")
ROWS = ("x_BP", "logits_BC", "loss", "gradients", "weights")
HOLD = 0.8
PICTURES = 3


class Board:
    """The tensors of a step as its stages make them, and how far each stage has moved any weight."""

    def __init__(self, lab: Lab, net: nn.Module) -> None:
        self.lab, self.net = lab, net
        self.moved = dict.fromkeys(STAGES, 0.0)
        self.shown: dict[str, Tensor] = {}
        self.by_hand: list[float] = []

    def clear(self, by_hand: list[Tensor]) -> None:
        """Begin a new step, whose gradients will be those worked out by hand."""
        self.by_hand = [gradient.norm().item() for gradient in by_hand]
        self.shown = self.whole()

    def show(self, stage: str, text: str | Say, **made: Tensor) -> Frame:
        """A frame of all that this step has made so far."""
        made |= self.whole()
        moved = (made["weights"] - self.shown["weights"]).abs().max().item()
        self.moved[stage] = max(self.moved[stage], moved)
        new = {name for name, value in made.items() if name not in self.shown or not value.equal(self.shown[name])}
        self.shown |= {name: value.detach() for name, value in made.items()}
        return self.lab.frame(
            Note(text),
            Table(
                "tensors",
                ("tensor", "shape", "mean", "std", "changed"),
                tuple(self.row(name, name in new) for name in ROWS),
            ),
            Bars("gradient norms", LAYERS, [g.norm() for g in self.gradients()], self.by_hand, "by hand"),
            Picture(say("the first {count} of the batch", count=PICTURES), self.tiles()),
            hold=HOLD,
        )

    def whole(self) -> dict[str, Tensor]:
        """All weights, and all gradients, each as one long tensor."""
        weights = torch.cat([weight.detach().flatten() for weight in self.net.parameters()])
        return {"weights": weights, "gradients": torch.cat([g.flatten() for g in self.gradients()])}

    def gradients(self) -> list[Tensor]:
        return [torch.zeros_like(w) if w.grad is None else w.grad for w in self.net.parameters()]

    def row(self, name: str, new: bool) -> tuple[str | float | None, ...]:
        value = self.shown.get(name)
        if value is None:
            return name, "", None, None, ""
        shape = "×".join(str(size) for size in value.shape)
        std = value.std().item() if value.numel() > 1 else None
        return name, shape, value.mean().item(), std, "●" if new else ""

    def tiles(self) -> tuple[Tile, ...]:
        """Digits over their labels and, after forward, over the answers to them."""
        pixels = ((self.shown["x_BP"][:PICTURES] + 0.5) * 255).round().int().view(-1, 8, 8).tolist()
        captions = [str(label) for label in self.shown["y_B"][:PICTURES].tolist()]
        if "logits_BC" in self.shown:
            answers = self.shown["logits_BC"][:PICTURES].argmax(1).tolist()
            captions = [f"{label}→{answer}" for label, answer in zip(captions, answers, strict=True)]
        return tuple(Tile(*pair) for pair in zip(pixels, captions, strict=True))
