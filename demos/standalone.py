"""What a demo needs of Viva, in little: the head of an exported script, which runs with torch alone. See export.py."""

from __future__ import annotations

import argparse
import math
import operator
import random
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch


def knob(default: Any, **_face: Any) -> Any:
    """A parameter that one may change."""
    return field(default=default)


@dataclass(frozen=True, slots=True)
class DemoParams:
    """The base of a demo's Params."""


def preset(name: str, about: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "about": about, **values}


@dataclass(frozen=True, slots=True)
class Claim:
    """A metric, a bound, and why the bound is that."""

    name: str
    says: str
    metric: str
    op: str
    bound: float
    why: str
    presets: tuple[str, ...]

    def holds(self, metrics: Mapping[str, float]) -> bool:
        compare = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
        value = metrics.get(self.metric, math.nan)
        return math.isfinite(value) and bool(compare[self.op](value, self.bound))


def say(text: str, **values: Any) -> str:
    return text.format(**values)


class View:
    """A picture in Viva; here only its parts, as they were given."""

    def __init__(self, *parts: Any, **named: Any) -> None:
        self.parts, self.named = parts, named


class Note(View):
    """A sentence on how the run stands."""


class Trace(View):
    """A curve recorded while training."""

    def __init__(self, name: str) -> None:
        super().__init__(name, [], [])

    def add(self, x: float, y: Any) -> None:
        self.parts[1].append(x)
        self.parts[2].append(float(y))

    def line(self) -> View:
        return View(*self.parts)


Say = str
Line = Ref = Curves = Cloud = Points = Bars = Grid = Box = Tile = Picture = Tokens = Table = View


@dataclass(frozen=True, slots=True)
class Frame:
    """One state of a run."""

    step: int
    views: tuple[View, ...]
    metrics: dict[str, float]
    outcomes: dict[str, str]
    done: bool


def adam(weights: Any, rate: torch.Tensor, betas: tuple[float, float] = (0.9, 0.999)) -> torch.optim.Adam:
    return torch.optim.Adam(weights, rate, betas=betas, fused=True)


class Lab:
    """A demo's surroundings: its device, random numbers, count of steps, and when a frame is wanted."""

    def __init__(self, device: torch.device, seed: int) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        random.seed(seed)
        self.device, self.seed, self.step = device, seed, 0
        self.generator = torch.Generator(device).manual_seed(seed)
        self._said = -math.inf

    @property
    def due(self) -> bool:
        if time.perf_counter() - self._said < 1:
            return False
        self._said = time.perf_counter()
        return True

    def steps(self, count: int) -> Iterator[int]:
        for _ in range(count):
            self.step += 1
            yield self.step

    def stream(self, number: int) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(self.seed + 1_000_003 * (number + 1))

    def captured(self, step: Callable[..., Any]) -> Callable[..., Any]:
        return step

    def frame(
        self,
        *views: View,
        metrics: Mapping[str, Any] | None = None,
        outcomes: Mapping[str, str] | None = None,
        done: bool = False,
        **_pace: Any,
    ) -> Frame:
        numbers = {name: float(value) for name, value in (metrics or {}).items()}
        return Frame(self.step, views, numbers, dict(outcomes or {}), done)


def main(
    run: Callable[[Any, Lab], Generator[Frame, Any, None]], params: DemoParams, claims: tuple[Claim, ...], seed: int
) -> int:
    """Run to the end and print what was found; 1 when a claim does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    generator = run(params, Lab(torch.device(args.device), args.seed))
    frame = next(generator)
    while not frame.done:
        notes = [str(view.parts[0]) for view in frame.views if isinstance(view, Note)]
        sys.stdout.write(f"step {frame.step:>6}  {' '.join(notes)}\n")
        frame = generator.send(params)
    for name, value in (*frame.metrics.items(), *frame.outcomes.items()):
        sys.stdout.write(f"{name:<24} {value if isinstance(value, str) else f'{value:.6g}'}\n")
    for claim in claims:
        word = "holds" if claim.holds(frame.metrics) else "FAILS"
        value = frame.metrics.get(claim.metric, math.nan)
        sys.stdout.write(f"{word}: {claim.says} ({value:.4g} {claim.op} {claim.bound:.4g})\n")
    return 0 if all(claim.holds(frame.metrics) for claim in claims) else 1
