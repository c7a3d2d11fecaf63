"""Drills of training by hand against torch."""

import re
from typing import Any

import torch
from drilling import agree
from torch.utils.data import DataLoader


def vector(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def weights(start: list[float], gradients: list[list[float]], kind: Any, **settings: float) -> list[torch.Tensor]:
    """The weights after each step of an optimiser that is given these gradients."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser, seen = kind([theta], **settings), []
    for gradient in gradients:
        theta.grad = torch.tensor(gradient, dtype=torch.float64)
        optimiser.step()
        seen.append(theta.detach().clone())
    return seen


def sgd_step_by_torch(v: dict[str, Any]) -> list[float]:
    return weights(vector(v["theta"]), [vector(v["g"])], torch.optim.SGD, lr=v["rate"])[0].tolist()


def momentum_step_by_torch(v: dict[str, Any]) -> float:
    steps = weights([v["w"]], [[v["g"]], [v["h"]]], torch.optim.SGD, lr=v["rate"], momentum=v["mu"])
    return steps[1].item()


def adam_first_step_by_torch(v: dict[str, Any]) -> float:
    return weights([v["w"]], [vector(v["g"])], torch.optim.Adam, lr=v["rate"])[0].item()


def adam_second_step_by_torch(v: dict[str, Any]) -> float:
    first, second = weights([0.0], [[v["g"]], [v["h"]]], torch.optim.Adam, lr=0.1)
    return (second - first).item() / 0.1


def backward_small_graph_by_torch(v: dict[str, Any]) -> float:
    leaves = {name: torch.tensor(float(v[name]), requires_grad=True) for name in "abc"}
    ((leaves["a"] * leaves["b"] + leaves["c"]) ** 2).backward()
    gradient = leaves[v["name"]].grad
    assert gradient is not None
    return gradient.item()


def largest_stable_rate_by_torch(v: dict[str, Any]) -> float:
    hessian = torch.autograd.functional.hessian(lambda p: v["a"] * p[0] ** 2 + v["b"] * p[1] ** 2, torch.ones(2))
    return 2 / torch.linalg.eigvalsh(hessian).max().item()


def iterations_per_epoch_by_torch(v: dict[str, Any]) -> float:
    loader = DataLoader(range(v["N"]), batch_size=v["B"], drop_last=v["drop"] == "True")  # type: ignore[arg-type]
    return len(loader) * v["epochs"]


def gradient_shrink_by_torch(v: dict[str, Any]) -> float:
    start = torch.ones((), dtype=torch.float64, requires_grad=True)
    state = start
    for _ in range(v["T"]):
        state = v["q"] * state
    state.backward()
    assert start.grad is not None
    return start.grad.log10().item()


def pipeline_accuracy_by_torch(v: dict[str, Any]) -> float:
    return torch.tensor(vector(v["p"])).prod().item()


def test_optimisation_drills_agree_with_torch() -> None:
    agree(
        sgd_step_by_torch,
        momentum_step_by_torch,
        adam_first_step_by_torch,
        adam_second_step_by_torch,
        backward_small_graph_by_torch,
        largest_stable_rate_by_torch,
        iterations_per_epoch_by_torch,
        gradient_shrink_by_torch,
        pipeline_accuracy_by_torch,
    )
