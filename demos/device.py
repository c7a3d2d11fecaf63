"""Which accelerator, how many threads, which random numbers."""

from __future__ import annotations

import random

import torch

from demos.demo import DemoError


def available() -> tuple[str, ...]:
    """The devices torch can use here, the preferred one first."""
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if accelerator is None:
        return ("cpu",)
    count = torch.accelerator.device_count()
    numbered = [f"{accelerator.type}:{i}" for i in range(count)] if count > 1 else []
    return (accelerator.type, *numbered, "cpu")


def resolve(name: str) -> torch.device:
    """The device of that name; `auto` is the accelerator if there is one, else the CPU. Raises DemoError."""
    choices = available()
    if name == "auto":
        return torch.device(choices[0])
    if name not in choices:
        raise DemoError("No device '{name}' here. Devices: {names}.", name=name, names=", ".join(choices))
    return torch.device(name)


def prepare(seed: int) -> None:
    """Seed what initialises weights; take one thread: tiny models train faster so, and the screen keeps a core."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    random.seed(seed)


def warm_up() -> None:
    """Pay what the first training step would: 0.9 s for the first optimizer, a lazy import inside torch.optim."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([weight], fused=True)
    weight.sum().backward()  # type: ignore[no-untyped-call]
    optimizer.step()
