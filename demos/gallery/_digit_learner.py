"""A small network that learns to read digits, and the digits it learns from.

B: batch    P: pixels    C: classes    N: digits, or batches in an epoch
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demos.data import digits
from demos.lab import Lab

TRAIN, VALIDATION = 1257, 180
SLOPE = 0.01


class Digits:
    """The digits, pixels from -1/2 to 1/2: 1257 to train, 180 to validate, 360 to test; at random for each seed."""

    def __init__(self, lab: Lab) -> None:
        images, labels = digits()
        self.x_NP = torch.as_tensor(images, device=lab.device).float().flatten(1) / 16 - 0.5
        self.y_N = torch.as_tensor(labels, device=lab.device).long()
        self.generator = lab.generator
        index_N = self.mixed(torch.arange(len(self.y_N), device=lab.device))
        self.train_N, self.validation_N, self.test_N = index_N.tensor_split([TRAIN, TRAIN + VALIDATION])
        self.sorted_N = self.train_N[self.y_N[self.train_N].argsort(stable=True)]

    def mixed(self, index_N: Tensor) -> Tensor:
        return index_N[torch.randperm(len(index_N), generator=self.generator, device=index_N.device)]

    def epoch(self, batch: int) -> tuple[Tensor, Tensor]:
        """The training digits in batches (N, B): shuffled, and sorted by label. What fills no batch is left out."""
        whole = TRAIN // batch * batch
        return self.mixed(self.train_N)[:whole].view(-1, batch), self.sorted_N[:whole].view(-1, batch)

    def take(self, index_B: Tensor) -> tuple[Tensor, Tensor]:
        return self.x_NP[index_B], self.y_N[index_B]


class Learner:
    """A network, its optimizer, and what is known of it after each epoch; epoch 0 is before training."""

    def __init__(self, data: Digits, hidden: int, lab: Lab) -> None:
        torch.manual_seed(lab.seed)
        # a plain ReLU dies at too high a rate, and so hides that the loss diverges
        self.net = nn.Sequential(nn.Linear(64, hidden), nn.LeakyReLU(SLOPE), nn.Linear(hidden, 10)).to(lab.device)
        self.optimizer = torch.optim.SGD(self.net.parameters(), fused=True)
        self.data = data
        self.train_losses: list[Tensor] = []
        self.losses: list[float] = []
        self.accuracies: list[float] = []
        self.nines: list[float] = []
        self.best_epoch = 0
        self.best: list[Tensor] = []
        self.validate()

    @property
    def waited(self) -> int:
        """Epochs since the best one."""
        return len(self.losses) - 1 - self.best_epoch

    def set_rate(self, lr: float) -> None:
        self.optimizer.param_groups[0]["lr"] = lr

    @torch.no_grad()
    def validate(self) -> None:
        """Note loss, accuracy and share of nines on the validation digits; keep the weights if they are the best."""
        x_NP, y_N = self.data.take(self.data.validation_N)
        logits_NC = self.net(x_NP)
        answer_N = logits_NC.argmax(1)
        self.losses.append(F.cross_entropy(logits_NC, y_N).item())
        self.accuracies.append((answer_N == y_N).float().mean().item())
        self.nines.append((answer_N == 9).float().mean().item())
        if self.losses[-1] <= min(self.losses):
            self.best_epoch = len(self.losses) - 1
            self.best = [weight.clone() for weight in self.net.parameters()]

    @torch.no_grad()
    def rewind(self) -> float:
        """Take the best weights back; their accuracy on the test digits."""
        for weight, best in zip(self.net.parameters(), self.best, strict=True):
            weight.copy_(best)
        self.optimizer.zero_grad()
        x_NP, y_N = self.data.take(self.data.test_N)
        return float((self.net(x_NP).argmax(1) == y_N).float().mean())
