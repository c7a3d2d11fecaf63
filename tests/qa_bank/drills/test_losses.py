"""Loss and distribution drills against torch."""

import math
from typing import Any

import torch
from drilling import agree
from torch import nn


def numbers(text: str) -> torch.Tensor:
    return torch.tensor([float(number.replace("−", "-")) for number in text.split("; ")], dtype=torch.float64)


def softmax_temperature_by_torch(v: dict[str, Any]) -> float:
    return torch.softmax(numbers(v["logits"]) / v["T"], 0)[0].item()


def entropy_bits_by_torch(v: dict[str, Any]) -> float:
    return (torch.special.entr(numbers(v["p"])).sum() / math.log(2)).item()


def cross_entropy_by_torch(v: dict[str, Any]) -> float:
    return nn.functional.cross_entropy(numbers(v["logits"]), torch.tensor(v["k"] - 1)).item()


def binary_cross_entropy_by_torch(v: dict[str, Any]) -> float:
    p, y = torch.tensor([v["p"], v["y"]], dtype=torch.float64)
    return nn.functional.binary_cross_entropy(p, y).item()


def mse_by_torch(v: dict[str, Any]) -> float:
    return nn.functional.mse_loss(numbers(v["predictions"]), numbers(v["targets"])).item()


def perplexity_by_torch(v: dict[str, Any]) -> float:
    return nn.functional.nll_loss(numbers(v["p"]).log()[:, None], torch.zeros(v["n"], dtype=torch.long)).exp().item()


def label_gradient_by_torch(v: dict[str, Any]) -> list[float]:
    logits = [math.log(float(logit.removeprefix("ln "))) if "ln" in logit else 0.0 for logit in v["logits"].split("; ")]
    z = torch.tensor(logits, requires_grad=True)
    nn.functional.cross_entropy(z, torch.tensor(v["k"] - 1)).backward()
    assert z.grad is not None
    return z.grad.tolist()


def test_loss_drills_agree_with_torch() -> None:
    agree(
        softmax_temperature_by_torch,
        entropy_bits_by_torch,
        cross_entropy_by_torch,
        binary_cross_entropy_by_torch,
        mse_by_torch,
        perplexity_by_torch,
        label_gradient_by_torch,
    )
