"""A captured step takes the same way as the step itself; on CUDA it is held against the eager one for real."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from demos.demo import DemoError
from demos.device import CapturedStep, CudaGraphs, adam, resolve


class Tape:
    """Records a step on the CPU the way a graph does: recording runs nothing, a play fills the same tensors."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.eager = self.plays = 0

    def eagerly(self, step: Callable[..., Any], inputs: tuple[Tensor, ...]) -> Any:
        self.eager += 1
        return step(*inputs)

    def record(self, step: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
        if not self.works:
            raise RuntimeError("operation not permitted when stream is capturing")
        outputs = torch.zeros(())

        def play() -> None:
            self.plays += 1
            outputs.copy_(step())

        return play, outputs


def trained(captured: Callable[[Callable[..., Any]], Callable[..., Any]], device: str = "cpu") -> list[float]:
    """Losses of ten steps on ten batches, with a rate that changes on the way."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1)).to(device)
    rate = torch.zeros((), device=device)
    optimizer = adam(model.parameters(), rate)

    def step(x_BD: Tensor, y_B1: Tensor) -> Tensor:
        loss = nn.functional.mse_loss(model(x_BD), y_B1)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return loss.detach()

    advance = captured(step)
    losses = []
    for i in range(10):
        rate.fill_(0.1 / (1 + i))
        x_BD = torch.randn(32, 8).to(device)
        losses.append(float(advance(x_BD, x_BD.sum(1, keepdim=True))))
    return losses


def test_a_step_is_warmed_up_then_played_and_each_call_is_one_step() -> None:
    tape = Tape()
    assert trained(functools.partial(CapturedStep, recorder=tape)) == trained(lambda step: step)
    assert (tape.eager, tape.plays) == (CapturedStep.WARM_UP, 10 - CapturedStep.WARM_UP)


def test_a_step_that_cannot_be_recorded_runs_eagerly(capsys: pytest.CaptureFixture[str]) -> None:
    tape = Tape(works=False)
    assert trained(functools.partial(CapturedStep, recorder=tape)) == trained(lambda step: step)
    assert (tape.eager, tape.plays) == (10, 0)
    assert capsys.readouterr().err.count("cannot be captured") == 1


def test_inputs_of_another_shape_run_eagerly() -> None:
    tape = Tape()
    step = CapturedStep(lambda x: x.sum(), tape)
    sums = [float(step(torch.ones(n))) for n in (4, 4, 4, 4, 7, 4)]
    assert sums == [4, 4, 4, 4, 7, 4]
    assert tape.plays == 2


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_a_cuda_graph_gives_the_numbers_of_the_eager_step() -> None:
    captured = trained(lambda step: CapturedStep(step, CudaGraphs()), "cuda")
    assert captured == pytest.approx(trained(lambda step: step, "cuda"), rel=1e-5)


def test_a_device_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(DemoError, match=r"No device 'abacus' here. Devices: .*cpu"):
        resolve("abacus")
