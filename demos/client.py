"""A handle on a worker process, for asyncio. Imports no torch.

A client outlives its runs: `start` again and the same process, torch already paid for, runs the next demo. Of frames
only the latest is kept: a slow face sees fewer of them, never old ones. All else arrives in order, and once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec

from demos.demo import KnobValue
from demos.wire import Command, Failed, Ready, Report, Start, decode_report, encode

PATIENCE = 0.2
"""Seconds that a worker has to obey a stop before it is killed."""
STDERR_LINES = 12
LINE_LIMIT = 64 * 2**20
"""Bytes; a longer line is rubbish."""


class DemoClient:
    """One worker process. Open with `await DemoClient.open()`; always `await close()` in the end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._reports: deque[Report] = deque()
        self._arrived = asyncio.Event()
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self._over = False
        self._starting = False
        self.ready: Ready | None = None
        """What the worker said of itself when it had torch; None before."""
        self.running = False
        """Whether a run has been started and has neither ended nor failed."""
        self._readers = [
            asyncio.create_task(self._read_stdout(), name="demo stdout"),
            asyncio.create_task(self._read_stderr(), name="demo stderr"),
        ]

    @classmethod
    async def open(cls, command: tuple[str, ...] = (sys.executable, "-m", "demos", "work")) -> DemoClient:
        """Start a worker; it warms up by itself, and commands may be sent meanwhile."""
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
            env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,  # Ctrl+C in the terminal is the face's to handle
        )
        return cls(process)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._over

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, start: Start) -> None:
        """Begin a run; one that is under way ends, and its reports that were not read are forgotten."""
        self._reports.clear()
        self.running = self._starting = True
        self._send(Command(start=start))

    def set(self, values: Mapping[str, KnobValue]) -> None:
        self._send(Command(set=dict(values)))

    def pause(self) -> None:
        self._send(Command(pause=True))

    def play(self) -> None:
        self._send(Command(play=True))

    def step(self) -> None:
        self._send(Command(step=True))

    def rewind(self, step: int) -> None:
        self._send(Command(rewind=step))

    async def stop(self) -> bool:
        """End the run. True when the worker obeyed and can run again; one that does not is killed."""
        if not self.running or not self.alive:
            return self.alive
        self._send(Command(stop=True))
        try:
            async with asyncio.timeout(PATIENCE):
                while self.running:
                    await self._wait()
        except TimeoutError:
            await self.close()
            return False
        self._reports.clear()
        return self.alive

    def kill(self) -> None:
        """End the process, now, without waiting until it is gone: `close` still has to follow."""
        self.running = False
        self._over = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def close(self) -> None:
        """End the process and wait until it is gone. Safe to call twice, and whatever state the worker is in."""
        self.kill()
        if self._process.stdin:
            self._process.stdin.close()
        await self._process.wait()
        await asyncio.wait(self._readers, timeout=PATIENCE)  # they read to the end, so that the pipes close
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._arrived.set()

    async def reports(self) -> AsyncIterator[Report]:
        """Reports of the runs as they come, until the worker is gone. Frames may be skipped, nothing else."""
        while True:
            while self._reports:
                yield self._reports.popleft()
            if self._over:
                return
            await self._wait()

    def _send(self, command: Command) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(encode(command) + b"\n")

    async def _wait(self) -> None:
        self._arrived.clear()
        await self._arrived.wait()

    def _take(self, report: Report) -> None:
        if report.ready is not None:
            self.ready = report.ready
        if report.started is not None or report.failed is not None:
            self._starting = False
        if self._starting and (report.frame is not None or report.ended is not None):
            return  # of the run before
        if report.ended is not None or (report.failed is not None and report.failed.kind != "request"):
            self.running = False
        passing = bool(self._reports) and (last := self._reports[-1].frame) is not None and not last.done
        if report.frame is not None and passing:
            self._reports.pop()
        self._reports.append(report)
        self._arrived.set()

    async def _read_stdout(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        try:
            while line := await stream.readline():
                try:
                    self._take(decode_report(line))
                except msgspec.DecodeError:
                    self._take(_rubbish(line[:400].decode(errors="replace")))
        except ValueError:  # a line over the limit
            self._take(_rubbish(""))
        code = await self._process.wait()
        await asyncio.wait(self._readers[1:], timeout=PATIENCE)  # its last words
        if not self._over:
            text = f"The worker died (exit code {code})."
            self._take(Report(failed=Failed("died", text, "\n".join(self._stderr))))
            self._over = True
            self._arrived.set()

    async def _read_stderr(self) -> None:
        stream = self._process.stderr
        assert stream is not None
        with contextlib.suppress(ValueError):
            while line := await stream.readline():
                self._stderr.append(line.decode(errors="replace").rstrip())


def _rubbish(line: str) -> Report:
    return Report(failed=Failed("rubbish", "The worker sent rubbish.", line))
