"""The lab: what a running demo is given. Its device, random numbers, count of steps, and when a frame is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from demos.device import CapturedStep, CudaGraphs, Step, prepare
from demos.frame import Frame, Number, View


class Lab:
    """A demo's surroundings for one run.

    device: where its tensors live. generator: seeded random numbers on that device. Module initialisers draw from
    torch's own generator, which is seeded too.
    """

    def __init__(self, device: torch.device, seed: int, due: Callable[[], bool] = lambda: False) -> None:
        prepare(seed)
        self.device = device
        self.seed = seed
        self.generator = torch.Generator(device).manual_seed(seed)
        self.step = 0
        self._due = due

    @property
    def due(self) -> bool:
        """Whether a frame is wanted now. Costs nothing to ask at every step; no number may depend on the answer."""
        return self._due()

    def steps(self, count: int) -> Iterator[int]:
        """Count `count` steps from 1; `lab.step` goes along."""
        for _ in range(count):
            self.step += 1
            yield self.step

    def captured(self, step: Step) -> Step:
        """The step, which on CUDA becomes a graph: fixed shapes, nothing random, no number read inside."""
        return CapturedStep(step, CudaGraphs()) if self.device.type == "cuda" else step

    def frame(
        self,
        *views: View,
        metrics: Mapping[str, Any] | None = None,
        outcomes: Mapping[str, str] | None = None,
        done: bool = False,
        hold: float = 0.0,
        sound: int | None = None,
    ) -> Frame:
        """A frame at the present step. metrics: numbers or tensors of one element. The rest is as in Frame."""
        numbers: dict[str, Number] = {name: float(value) for name, value in (metrics or {}).items()}
        return Frame(self.step, views, numbers, dict(outcomes or {}), done, hold, sound)

    def stream(self, number: int) -> torch.Generator:
        """Seeded random numbers apart from the main ones: for what must not disturb training (a test set)."""
        return torch.Generator(self.device).manual_seed(self.seed + 1_000_003 * (number + 1))
