"""Autoencoder and generative drills against torch."""

from itertools import pairwise
from typing import Any

import torch
from drilling import agree
from torch import nn
from torch.distributions import Normal, kl_divergence


def kl_gaussians_by_torch(v: dict[str, Any]) -> float:
    return float(kl_divergence(Normal(_numbers(v["mu"]), _numbers(v["sigma"])), Normal(0.0, 1.0)).sum())


def optimal_discriminator_by_torch(v: dict[str, Any]) -> float:
    """The output at which the cross-entropy, weighted with the two densities, is least."""
    outputs = torch.linspace(0, 1, 5001)[1:-1]
    losses = [
        nn.functional.binary_cross_entropy(outputs, torch.full_like(outputs, label), reduction="none")
        for label in (1.0, 0.0)
    ]
    return float(outputs[(v["p"] * losses[0] + v["q"] * losses[1]).argmin()])


def bottleneck_ratio_by_torch(v: dict[str, Any]) -> float:
    with torch.device("meta"):
        picture = torch.zeros(1, v["c"], v["h"], v["h"], dtype=torch.uint8)
        widths = [v["c"], *[16] * (v["n"] - 1), v["z"]]
        encoder = nn.Sequential(*(nn.Conv2d(a, b, 4, 2, 1) for a, b in pairwise(widths)))
        code = encoder(picture.float()).to({16: torch.float16, 32: torch.float32}[v["bits"]])
    return picture.nbytes / code.nbytes


def pca_error_by_torch(v: dict[str, Any]) -> float:
    """What the best approximation of that rank leaves of data with these eigenvalues."""
    values = _numbers(v["values"])
    turn = torch.linalg.qr(torch.randn(len(values), len(values), generator=torch.Generator().manual_seed(0)).double())[
        0
    ]
    data = values.sqrt().diag() @ turn
    u, s, vh = torch.linalg.svd(data)
    best = u[:, : v["m"]] @ s[: v["m"]].diag() @ vh[: v["m"]]
    return float((data - best).square().sum() / data.square().sum())


def reparameterise_by_torch(v: dict[str, Any]) -> list[float]:
    return (_numbers(v["mu"]) + (0.5 * _numbers(v["logs"])).exp() * _numbers(v["noise"])).tolist()


def _numbers(text: str) -> torch.Tensor:
    return torch.tensor([float(number) for number in text.replace("−", "-").split("; ")], dtype=torch.float64)


def test_generative_drills_agree_with_torch() -> None:
    agree(
        kl_gaussians_by_torch,
        optimal_discriminator_by_torch,
        bottleneck_ratio_by_torch,
        pca_error_by_torch,
        reparameterise_by_torch,
    )
