"""Run demos to their end without watching, and say which of their claims hold. Imports no torch: workers do."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence

from msgspec import Struct

from demos import describe
from demos.client import DemoClient
from demos.demo import Verdict
from demos.wire import Start


class Result(Struct, frozen=True):
    """How one run of one preset with one seed came out."""

    name: str
    preset: str
    device: str
    seed: int
    seconds: float
    """Computing time, without the start of the worker."""
    claims: tuple[Verdict, ...]
    failed: str | None = None
    """Why the run did not reach its end."""

    @property
    def holds(self) -> bool:
        return self.failed is None and all(verdict.holds for verdict in self.claims)


Planned = tuple[str, str, int]
"""A demo, a preset and a seed."""
MOST_JOBS = 4


def plan(names: Iterable[str], seeds: int, *, large: bool = False) -> list[Planned]:
    """Every run whose claims are to be checked; with those of large presets where asked for. Raises UnknownNameError."""
    return [
        (name, preset.name, seed)
        for name in names
        for preset in describe(name).presets
        if describe(name).claims_of(preset.name) and (large or not preset.large)
        for seed in range(seeds)
    ]


async def check(runs: Sequence[Planned], device: str = "auto", jobs: int | None = None) -> AsyncIterator[Result]:
    """Run each of the plan, in as many warm workers as there are cores (each takes one thread); results as they come."""
    jobs = min(jobs or os.cpu_count() or 1, MOST_JOBS, len(runs))
    waiting = deque(runs)
    results: asyncio.Queue[Result | None] = asyncio.Queue()
    workers = [asyncio.create_task(_work(waiting, device, results)) for _ in range(jobs)]
    try:
        working = jobs
        while working:
            result = await results.get()
            if result is None:
                working -= 1
            else:
                yield result
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _work(waiting: deque[Planned], device: str, results: asyncio.Queue[Result | None]) -> None:
    """Take runs until none is waiting; a worker that died is replaced. None says that this one is done."""
    client = await DemoClient.open()
    try:
        while waiting:
            if not client.alive:
                await client.close()
                client = await DemoClient.open()
            name, preset, seed = waiting.popleft()
            client.start(Start(name, preset, seed=seed, device=device, fps=0, linger=False))
            await results.put(await _outcome(client, Result(name, preset, device, seed, 0.0, ())))
    finally:
        await client.close()
        await results.put(None)


async def _outcome(client: DemoClient, blank: Result) -> Result:
    result = blank
    async for report in client.reports():
        if report.started is not None:
            result = Result(blank.name, blank.preset, report.started.device, blank.seed, 0.0, ())
        elif report.frame is not None and report.frame.done:
            frame = report.frame
            result = Result(result.name, result.preset, result.device, result.seed, frame.seconds, frame.verdicts)
        elif report.ended is not None:
            if not result.claims:
                break
            return result
        elif report.failed is not None:
            return Result(result.name, result.preset, result.device, result.seed, 0.0, (), report.failed.text)
    return Result(result.name, result.preset, result.device, result.seed, 0.0, (), "The run never reached its end.")
