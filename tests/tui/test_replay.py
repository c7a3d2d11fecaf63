"""Recorded runs on the screen: every view of every preset is drawn, and judged in words, without torch."""

import functools
import sys
from pathlib import Path

import pytest
from helpers import SIZES, eventually, seen, viva

from demos import describe, names
from demos.check import plan
from demos.client import DemoClient
from demos.frame import Frame, View
from demos.wire import decode_report
from tui import i18n
from tui.widgets.demo_pane import DemoPane
from tui.widgets.views import ViewCanvas
from tui.widgets.views.base import spoken
from tui.workers import WorkerPool

GOLDEN = Path(__file__).parent.parent / "golden"
RUNS = [(name, preset) for name, preset, _seed in plan(names(), seeds=1)]


def replaying(path: Path) -> WorkerPool:
    """A pool whose workers replay a recording."""
    return WorkerPool(functools.partial(DemoClient.open, (sys.executable, str(GOLDEN / "replay.py"), str(path))))


def frames(path: Path) -> list[Frame]:
    reports = map(decode_report, path.read_bytes().splitlines())
    return [report.frame for report in reports if report.frame is not None]


def titles(views: tuple[View, ...]) -> list[str]:
    return [spoken(title) for view in views if (title := getattr(view, "title", ""))]


@pytest.mark.parametrize(("name", "preset"), RUNS)
def test_the_recording_is_of_the_demo_as_it_is(name: str, preset: str) -> None:
    demo, last = describe(name), frames(GOLDEN / f"{name}.{preset}.jsonl")[-1]
    assert last.done and last.params == demo.values(preset)
    assert [verdict.name for verdict in last.verdicts] == [claim.name for claim in demo.claims_of(preset)]
    assert all(verdict.holds for verdict in last.verdicts)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "preset"), RUNS)
async def test_a_recorded_run_fills_the_screen(
    tmp_path: Path, name: str, preset: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    i18n.use("en")
    path = GOLDEN / f"{name}.{preset}.jsonl"
    last = frames(path)[-1]
    app = viva(tmp_path, "demo", name=name, preset=preset)
    app.pool = replaying(path)
    async with app.run_test(size=size) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done" and pane.frame is not None and pane.frame.done)
        await pilot.pause(0.2)
        text = seen(app)
        shown = [widget.view for widget in app.screen.query(ViewCanvas)]
        assert len(shown) == len(last.views) and all(view in shown for view in last.views)
        assert all(widget.size.height >= 1 and widget.size.width >= 1 for widget in app.screen.query(ViewCanvas))
        assert titles(last.views)[0][: size[0] // 3] in text
        words = len(last.verdicts)
        assert f"all {words} claims hold" in text or all(
            claim.says[:30] in text for claim in pane.demo.claims_of(preset)
        )
        assert ("broke down" in text) == (last.sound is not None)
