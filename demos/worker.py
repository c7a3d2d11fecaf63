"""The worker: a process that pays for torch once, drives a demo's generator, and speaks the wire on stdin and stdout.

Two threads serve the pipes, so that the loop that trains never waits for them. The end of stdin means that the face is
gone: the process then ends at once, whatever it is computing.
"""

from __future__ import annotations

import importlib
import math
import os
import queue
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Mapping
from types import GeneratorType
from typing import BinaryIO, Literal

import msgspec
import torch

from demos import describe
from demos.demo import DemoError, DemoParams, KnobValue
from demos.device import available, resolve, warm_up
from demos.frame import Frame, Turn
from demos.lab import Lab
from demos.wire import Command, Failed, Ready, Report, Start, Started, decode_command, encode

DETAIL_LINES = 12
SHARE = 0.06
"""Of the computing time, what making frames may take: a frame that costs more comes less often."""
LONGEST = 0.2
"""Seconds between frames, however much one costs."""


class Inbox:
    """Commands as they arrive."""

    def __init__(self, stream: BinaryIO, outbox: Outbox) -> None:
        self._queue: queue.SimpleQueue[Command] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(stream, outbox), daemon=True, name="inbox").start()

    def _read(self, stream: BinaryIO, outbox: Outbox) -> None:
        for line in stream:
            try:
                self._queue.put(decode_command(line))
            except msgspec.DecodeError as error:
                outbox.send(Report(failed=Failed("request", f"Not a command: {error}")))
        os._exit(0)

    def get(self, timeout: float | None) -> Command | None:
        """The next command; None when there is none within `timeout` seconds (None waits for ever)."""
        try:
            return self._queue.get(timeout is None or timeout > 0, timeout)
        except queue.Empty:
            return None

    @property
    def waiting(self) -> bool:
        return not self._queue.empty()


class Outbox:
    """Reports on their way. A frame that has not left yet gives way to a newer one; nothing else is ever dropped."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._pending: deque[tuple[bool, bytes]] = deque()
        self._changed = threading.Condition()
        threading.Thread(target=self._write, daemon=True, name="outbox").start()

    def send(self, report: Report) -> None:
        """Queue a report. A frame that is not done may be replaced by a later frame while it waits."""
        passing = report.frame is not None and not report.frame.done
        line = encode(report) + b"\n"
        with self._changed:
            if report.frame is not None and self._pending and self._pending[-1][0]:
                self._pending.pop()
            self._pending.append((passing, line))
            self._changed.notify()

    @property
    def busy(self) -> bool:
        """Whether something still waits to be written, so that a further frame would be made in vain."""
        return bool(self._pending)

    def _write(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending)
                line = self._pending[0][1]
            try:
                self._stream.write(line)
                self._stream.flush()
            except OSError:  # nobody reads any more
                os._exit(0)
            with self._changed:
                if self._pending and self._pending[0][1] is line:
                    self._pending.popleft()


class Past:
    """How a run's knobs were turned, and when. The same turns give the same numbers: so a run is repeated, and rewound."""

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        self.turns: list[Turn] = []
        """What has been turned so far."""
        self._ahead = list(turns)
        self._until: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether the run is on its way to the step that it was rewound to, and not to be watched."""
        return self._until is not None

    def turned(self, turn: Turn) -> None:
        """Knobs were turned; several turns at one place are one."""
        last = self.turns[-1] if self.turns else None
        if last and (last.step, last.done) == (turn.step, turn.done):
            turn = Turn(turn.step, last.values | turn.values, turn.done)
            self.turns.pop()
        self.turns.append(turn)

    def rewind(self, step: int) -> None:
        """Begin again, towards a step; what came later never was."""
        self._ahead = [turn for turn in self.turns if turn.step < step]
        self.turns = []
        self._until = step

    def wanted(self, step: int) -> bool:
        """Whether the run has to yield at a step: a knob was turned there, or it is the one to go back to."""
        stops = [turn.step for turn in self._ahead[:1] if not turn.done]
        stops += [] if self._until is None else [self._until]
        return step >= min(stops, default=math.inf)

    def due(self, frame: Frame) -> Turn | None:
        """The next turn, if this frame is the place where it was made."""
        here = bool(self._ahead) and (frame.done if self._ahead[0].done else frame.step >= self._ahead[0].step)
        return self._ahead.pop(0) if here else None

    def at_goal(self, frame: Frame) -> bool:
        """Whether a rewound run has arrived; from there on it is an ordinary one."""
        if self._until is None or (frame.step < self._until and not frame.done):
            return False
        self._until = None
        return True


class Run:
    """One start of a demo: its generator, its parameters and its pace."""

    def __init__(self, start: Start, inbox: Inbox, outbox: Outbox) -> None:
        self.start = start
        self.inbox = inbox
        self.outbox = outbox
        self.demo = describe(start.demo)
        self.preset = self.demo.preset(start.preset)
        self.module = importlib.import_module(f"demos.gallery.{self.demo.name}")
        changes = self.demo.values(start.preset, start.params)
        self.params = self._begun = self.module.Params().with_values(changes)
        for turn in start.turns:
            self.demo.check_turn(turn.values)
        self._past = Past(start.turns)
        self.device = resolve(start.device)
        self.paused = False
        self.stepping = False
        self._shown_at = self._asked_at = -1.0
        self._interval = 1 / start.fps if start.fps > 0 else 0.0
        self._begin()
        self._announce()

    def _begin(self) -> None:
        self.seconds = 0.0
        self._shown_at = -1.0
        self._step, self._done = 0, False
        self._promised = False
        self.lab = Lab(self.device, self.start.seed, self._due)
        self.generator: GeneratorType[Frame, DemoParams, None] = self.module.run(self.params, self.lab)
        self._fresh = True

    def _announce(self) -> None:
        self.outbox.send(
            Report(
                started=Started(
                    self.demo.name, self.preset.name, self.params.values(), self.start.seed, str(self.device)
                )
            )
        )

    def _due(self) -> bool:
        if self._promised or self._past.wanted(self.lab.step):
            return True
        if self.start.fps <= 0 or self._past.hidden:
            return False
        now = time.perf_counter()
        hurried = self.stepping or self.inbox.waiting or self._shown_at < 0
        if not hurried and (now - self._shown_at < self._interval or self.outbox.busy):
            return False
        self._asked_at, self._promised = now, True
        return True

    def drive(self) -> Literal["finished", "stopped"] | Start:
        """Run to the end, until stopped, or until another start is asked for (which is returned)."""
        while True:
            began = time.perf_counter()
            try:
                frame = next(self.generator) if self._fresh else self.generator.send(self.params)
            except StopIteration:
                return "finished"
            self._fresh = False
            self.seconds += time.perf_counter() - began
            if frame.step < self._step:  # the demo has begun anew by itself, with the knobs as they are
                self._begun, self._past = self.params, Past()
                self._announce()
            self._step, self._done = frame.step, frame.done
            turn = self._past.due(frame)
            if self._past.at_goal(frame):
                self.paused = True
                self._show(frame)
            if turn is not None:
                self._turn(turn.values)
                continue
            if self._past.hidden:
                continue
            held = frame.hold > 0 and self.start.fps > 0  # what the run stays on is seen
            if frame.done or held or self._due():
                self._show(frame)
            if frame.done and not self.start.linger:
                return "finished"
            if (order := self._obey(frame)) is not None:
                return order

    def _show(self, frame: Frame) -> None:
        frame = msgspec.structs.replace(
            frame,
            params=self.params.values(),
            turns=tuple(self._past.turns),
            line=self._line(),
            seconds=self.seconds,
            verdicts=tuple(claim.judge(frame.metrics) for claim in self.demo.claims_of(self.preset.name))
            if frame.done
            else (),
        )
        self.outbox.send(Report(frame=frame))
        self._shown_at = time.perf_counter()
        if self._promised:
            self._promised = False
            cost = self._shown_at - self._asked_at
            self._interval = max(1 / self.start.fps, min(cost / SHARE, LONGEST))

    def _line(self) -> int:
        """Where the demo's own file stands, also when it has handed over to another generator."""
        line = 0
        generator: object = self.generator
        while isinstance(generator, GeneratorType) and generator.gi_frame is not None:
            if generator.gi_code.co_filename == self.module.__file__:
                line = generator.gi_frame.f_lineno
            generator = generator.gi_yieldfrom
        return line

    def _obey(self, frame: Frame) -> Literal["stopped"] | Start | None:
        """Take the commands that have come; wait for one while paused, on hold, or done."""
        watched = self.start.fps > 0
        if self.stepping:
            self.stepping, self.paused = False, True
        resume_at = time.perf_counter() + (frame.hold if watched else 0.0)
        while True:
            blocked = self.paused or (frame.done and frame.hold == 0)
            timeout = None if blocked else max(0.0, resume_at - time.perf_counter())
            command = self.inbox.get(timeout)
            if command is None:
                return None
            if command.start is not None:
                return command.start
            if command.stop:
                return "stopped"
            if command.set is not None and self._set(command.set):
                return None
            if command.rewind is not None:
                self._past.rewind(command.rewind)
                self.params = self._begun
                self.generator.close()
                self._begin()
                return None
            if command.pause:
                self.paused = True
            if command.play:
                self.paused = False
            if command.step:
                self.stepping = True
                return None

    def _set(self, values: Mapping[str, object]) -> bool:
        """Take new values of knobs. False when they were refused, and the run goes on as it was."""
        try:
            params = self.params.with_values(values)
        except DemoError as error:
            self.outbox.send(Report(failed=Failed("request", str(error))))
            return False
        now, then = self.params.values(), params.values()
        changed = {name: value for name, value in then.items() if value != now[name]}
        if any(self.demo.knob(name).restart for name in changed):
            self.params = self._begun = params
            self._past = Past()
            self.generator.close()
            self._begin()
            self._announce()
        else:
            self._turn(changed)
        self._shown_at = -1.0  # the answer to a knob is due at once
        return True

    def _turn(self, values: Mapping[str, KnobValue]) -> None:
        self.params = self.params.with_values(values)
        self._past.turned(Turn(self._step, dict(values), self._done))


def serve(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Obey commands until stdin ends."""
    outbox = Outbox(stdout)
    inbox = Inbox(stdin, outbox)
    warm_up()
    outbox.send(Report(ready=Ready(str(torch.__version__), available())))
    start: Start | None = None
    while True:
        if start is None:
            command = inbox.get(None)
            start = command.start if command else None
            continue
        try:
            order = Run(start, inbox, outbox).drive()
        except DemoError as error:
            outbox.send(Report(failed=Failed("request", str(error))))
            start = None
        except Exception as error:
            outbox.send(Report(failed=_failure(error)))
            start = None
        else:
            start = order if isinstance(order, Start) else None
            if isinstance(order, str):
                outbox.send(Report(ended=order))


def _failure(error: Exception) -> Failed:
    details = "\n".join("".join(traceback.format_exception(error)).strip().splitlines()[-DETAIL_LINES:])
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error):
        if torch.accelerator.is_available():
            torch.accelerator.empty_cache()
        return Failed("memory", "Out of memory on this device.", details)
    first = (str(error).splitlines() or [""])[0]
    return Failed("error", f"{type(error).__name__}: {first}", details)


def main() -> None:
    """`python -m demos work`: whatever a demo or a library prints goes to stderr, never into the stream."""
    stdout = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    serve(os.fdopen(os.dup(0), "rb"), stdout)
