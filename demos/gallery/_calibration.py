"""An over-confident classifier, and how its confidence is measured and mended; for softmax_temperature.

N: pictures
C: classes
R: bins of confidence
G: temperatures tried
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from demos.data import digits
from demos.frame import Bars, Table, say

CLASSES, BINS = 10, 10
TRAIN, VALIDATE = 300, 500
PIXEL_NOISE = 0.5
"""Standard deviation of the noise on pixels of 0 to 1: enough for a network to fit what is not there."""

Labelled = tuple[Tensor, Tensor]
"""Pictures (N, 64) and labels (N,)."""


def noisy_digits(device: torch.device, chance: torch.Generator) -> tuple[Labelled, Labelled, Labelled]:
    """The digits under noise, at random in three: to train on, to fit the temperature on, to test on."""
    images, labels = digits()
    clean_ND = torch.as_tensor(images, dtype=torch.float32, device=device).flatten(1) / 16
    label_N = torch.tensor(labels, dtype=torch.int64, device=device)
    order_N = torch.randperm(len(label_N), generator=chance, device=device)
    noise_ND = torch.randn(clean_ND.shape, generator=chance, device=device)
    x_ND, label_N = (clean_ND + PIXEL_NOISE * noise_ND)[order_N], label_N[order_N]
    cut = TRAIN + VALIDATE
    return (x_ND[:TRAIN], label_N[:TRAIN]), (x_ND[TRAIN:cut], label_N[TRAIN:cut]), (x_ND[cut:], label_N[cut:])


@dataclass(frozen=True, slots=True)
class Confidence:
    """What a classifier says of pictures, against what is so."""

    mean: float
    accuracy: float
    ece: float
    """Expected calibration error: Σ over bins of n/N · |accuracy - confidence| (Naeini 2015, Guo 2017)."""
    nll: float
    guesses: Tensor
    """(N,)."""
    by_bin: tuple[Tensor, Tensor]
    """Mean confidence and share of right answers, where confidence falls into a bin; (R,) both."""

    @classmethod
    def of(cls, logits_NC: Tensor, label_N: Tensor) -> Confidence:
        confidence_N, guess_N = logits_NC.softmax(-1).max(-1)
        right_N = (guess_N == label_N).float()
        bin_N = (confidence_N * BINS).long().clamp(max=BINS - 1)
        count_R = torch.bincount(bin_N, minlength=BINS)
        confidence_R = torch.bincount(bin_N, confidence_N, BINS) / count_R
        accuracy_R = torch.bincount(bin_N, right_N, BINS) / count_R
        gap_R = (accuracy_R - confidence_R).abs().nan_to_num()
        return cls(
            confidence_N.mean().item(),
            right_N.mean().item(),
            (gap_R * count_R).sum().item() / len(label_N),
            nn.functional.cross_entropy(logits_NC, label_N).item(),
            guess_N,
            (confidence_R, accuracy_R),
        )

    def bars(self) -> Bars:
        """The reliability diagram: how many are right, among those said to be right so often."""
        labels = tuple(say("{percent}%", percent=round(100 * (r + 0.5) / BINS)) for r in range(BINS))
        confidence_R, accuracy_R = self.by_bin
        return Bars("accuracy at each confidence", labels, accuracy_R, confidence_R, "confidence", high=1.0)


def table(by_temperature: dict[float, Confidence]) -> Table:
    """A row for each temperature."""
    rows = tuple(
        (round(t, 2), round(at.mean, 3), round(at.accuracy, 3), round(at.ece, 3), round(at.nll, 3))
        for t, at in sorted(by_temperature.items())
    )
    return Table("on pictures never seen", ("T", "confidence", "right", "ECE", "NLL"), rows)


def compare(before: Confidence, after: Confidence, fitted: float) -> tuple[dict[str, float], dict[str, str]]:
    """What a fitted temperature did, as metrics and as outcomes."""
    gain = after.accuracy - before.accuracy
    return {
        "fitted_temperature": fitted,
        "accuracy": before.accuracy,
        "ece_before": before.ece,
        "ece_after": after.ece,
        "nll_change": after.nll - before.nll,
        "answers_changed": float((before.guesses != after.guesses).sum()),
    }, {
        "accuracy_when_scaled": "rises" if gain > 0 else "falls" if gain < 0 else "same",
        "fitted_temperature": "above_one" if fitted > 1 else "below_one",
    }


def fit_temperature(logits_NC: Tensor, label_N: Tensor) -> float:
    """The temperature from 0.1 to 10 with the least cross-entropy, to within 1%."""
    temperature_G = torch.logspace(-1, 1, 461, device=logits_NC.device)
    log_GNC = (logits_NC / temperature_G[:, None, None]).log_softmax(-1)
    nll_G = -log_GNC.gather(-1, label_N[None, :, None].expand(len(temperature_G), -1, 1)).mean((1, 2))
    return temperature_G[nll_G.argmin()].item()


def classifier(device: torch.device) -> nn.Sequential:
    return nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, CLASSES)).to(device)
