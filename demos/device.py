"""Which accelerator, how many threads, which random numbers, and a step that a GPU is given as a whole."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import torch
from torch import Tensor, nn

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


def adam(weights: Iterable[nn.Parameter], rate: Tensor, betas: tuple[float, float] = (0.9, 0.999)) -> torch.optim.Adam:
    """Adam whose rate is a tensor on the weights' device, so that it can change under a captured step."""
    return torch.optim.Adam(weights, rate, betas=betas, fused=True, capturable=rate.device.type == "cuda")


Step = Callable[..., Any]
"""One step of training: takes tensors of fixed shapes, draws nothing at random, never waits for a number."""


class Recorder(Protocol):
    """What records a step and plays it again."""

    def eagerly(self, step: Step, inputs: tuple[Tensor, ...]) -> Any:
        """Run the step itself."""

    def record(self, step: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
        """Record the step without running it: what plays it, and the tensors that each play fills."""


class CudaGraphs:
    """CUDA graphs: a step of many small kernels is launched as one, where launching them costs more than running them."""

    def eagerly(self, step: Step, inputs: tuple[Tensor, ...]) -> Any:
        """On a side stream, as a warm-up before a capture has to be."""
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            outputs = step(*inputs)
        torch.cuda.current_stream().wait_stream(side)
        return outputs

    def record(self, step: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            outputs = step()
        return graph.replay, outputs


class CapturedStep:
    """A step that runs as it is a few times, is then recorded, and from there on played: each call is one step.

    What it returns is filled anew by the next call. Inputs of other shapes, and a step that cannot be recorded, run as
    they are.
    """

    WARM_UP = 3

    def __init__(self, step: Step, recorder: Recorder) -> None:
        self._step = step
        self._recorder = recorder
        self._calls = 0
        self._inputs: tuple[Tensor, ...] = ()
        self._outputs: Any = None
        self._play: Callable[[], None] | None = None

    def __call__(self, *inputs: Tensor) -> Any:
        self._calls += 1
        if self._calls == self.WARM_UP + 1:
            self._capture(inputs)
        if self._play is None or [x.shape for x in inputs] != [x.shape for x in self._inputs]:
            return self._recorder.eagerly(self._step, inputs)
        for own, given in zip(self._inputs, inputs, strict=True):
            own.copy_(given)
        self._play()
        return self._outputs

    def _capture(self, inputs: tuple[Tensor, ...]) -> None:
        self._inputs = tuple(given.clone() for given in inputs)
        try:
            self._play, self._outputs = self._recorder.record(lambda: self._step(*self._inputs))
        except RuntimeError as error:
            sys.stderr.write(f"The step runs eagerly; it cannot be captured: {error}\n")
