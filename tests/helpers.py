"""What the tests of screens share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from demos.wire import Start
from qa_bank.reviews import ReviewLog
from tui.app import VivaApp
from tui.config import Config

SIZES = [(80, 24), (160, 50)]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def viva(
    folder: Path,
    part: str = "home",
    now: Callable[[], datetime] = lambda: NOON,
    config: Config = Config(device="cpu"),  # noqa: B008
    **choices: Any,
) -> VivaApp:
    """An app on a log of its own. A demo is chosen by the fields of a Start, its name first."""
    if part == "demo":
        choices = {"start": Start(choices.pop("name"), **{"device": "cpu"} | choices)}
    log = ReviewLog.open(folder / "reviews.db")
    return VivaApp(log, config, folder / "config.toml", now=now, part=part, **choices)


def seen(app: App[Any]) -> str:
    """The text on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


async def eventually(pilot: Pilot[Any], what: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; a liveness limit, not a measure."""
    waited = 0.0
    while not what():
        assert waited < seconds, seen(pilot.app)
        await pilot.pause(0.1)
        waited += 0.1
