"""The wire between a face and a worker: one JSON object per line, typed both ways. Imports no torch.

    face to worker   {"start": {"demo": "gan", "seed": 3}}   {"set": {"d_lr": 0.001}}   {"pause": true}
    worker to face   {"ready": {...}}   {"started": {...}}   {"frame": {...}}   {"ended": "finished"}

What the worker says is also what `viva demo run NAME --json` prints.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from demos.demo import KnobValue
from demos.frame import Frame, Turn


class Start(Struct, frozen=True, omit_defaults=True):
    """Run a demo from its beginning; a run under way ends first."""

    demo: str
    preset: str | None = None
    params: dict[str, KnobValue] = {}
    """Knobs that differ from the preset."""
    seed: int = 0
    device: str = "auto"
    fps: float = 30.0
    """Frames a second at most; 0 sends only the one that is done."""
    linger: bool = True
    """After the frame that is done, stay and answer to the knobs; otherwise the run ends there."""
    turns: tuple[Turn, ...] = ()
    """Knobs to turn on the way; none that starts the run again."""


class Command(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a face tells the worker: one of these a line."""

    start: Start | None = None
    set: dict[str, KnobValue] | None = None
    pause: bool = False
    play: bool = False
    step: bool = False
    """Go on to the next frame, and pause there."""
    stop: bool = False
    rewind: int | None = None
    """Back to this step: the same run with the same turns of its knobs up to there, paused."""


class Ready(Struct, frozen=True):
    """The worker has paid for torch."""

    torch: str
    devices: tuple[str, ...]
    """Names that `device` can take here, the preferred one first."""


class Started(Struct, frozen=True):
    demo: str
    preset: str
    params: dict[str, KnobValue]
    seed: int
    device: str


class Failed(Struct, frozen=True):
    """A run, or the worker, came to grief. The worker that can still say so lives on, and can run again."""

    kind: Literal["request", "memory", "error", "died", "silent", "rubbish"]
    """A bad request; out of memory; an exception in the demo; and of a worker that is lost: the process is gone, it does
    not answer, it sends what is no report."""
    text: str
    """One line: what is wrong."""
    details: str = ""
    """The last lines of the traceback or of stderr."""


class Report(Struct, frozen=True, omit_defaults=True):
    """What the worker tells a face: one of these a line."""

    ready: Ready | None = None
    started: Started | None = None
    frame: Frame | None = None
    ended: Literal["finished", "stopped"] | None = None
    failed: Failed | None = None


encode = msgspec.json.Encoder().encode
decode_command = msgspec.json.Decoder(Command).decode
decode_report = msgspec.json.Decoder(Report).decode
