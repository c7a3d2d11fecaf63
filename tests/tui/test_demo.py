"""The demo screen: views, knobs, presets, source, claims; and what it says when things go wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from helpers import SIZES, eventually, seen, viva
from textual.widgets import OptionList

from demos.client import DemoClient
from demos.wire import decode_report
from tui.screens.about import AboutScreen
from tui.screens.choose import ChooseScreen
from tui.widgets.demo_pane import DemoPane
from tui.widgets.knob_bar import KnobBar
from tui.widgets.source_view import SourceView

SOFTMAX = {"name": "softmax_temperature", "preset": "one"}


@pytest.mark.parametrize("size", SIZES)
async def test_a_demo_runs_and_its_claims_are_judged(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=size) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        await pilot.pause(0.2)
        text = seen(app)
        assert "Softmax temperature" in text and "done" in text
        assert "claims hold" in text or "✓" in text
        await pilot.press("q")
    assert app.return_code == 0


@pytest.mark.parametrize("key", ["right_square_bracket", "ъ", "right"])
async def test_a_knob_acts_at_once_and_the_screen_shows_what_was_used(tmp_path: Path, key: str) -> None:
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done" and pane.frame is not None)
        names = [knob.name for knob in pane.demo.knobs]
        for _ in range(names.index("temperature")):
            await pilot.press("tab")
        await pilot.press(key)
        await eventually(pilot, lambda: pane.frame is not None and float(pane.frame.params["temperature"]) > 1.0)
        assert "--set temperature=" in pane.command()


async def test_a_preset_is_chosen_from_a_list(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.screen, ChooseScreen)
        options = app.screen.query_one(OptionList)
        options.highlighted = [preset.name for preset in pane.demo.presets].index("cold")
        await pilot.press("enter")
        await eventually(pilot, lambda: pane.state == "done" and pane.preset == "cold")
        assert pane.params["temperature"] == 0.05


async def test_the_source_is_shown_with_the_running_line_lit(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(160, 50)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        await pilot.press("c")
        await pilot.pause(0.3)
        assert pane.query_one(SourceView).display
        assert pane.frame is not None and pane.frame.line > 0
        source = Path(pane.demo.path).read_text(encoding="utf-8").splitlines()
        lit = next(line for line in seen(app).splitlines() if f"▸{pane.frame.line:>3} " in line)
        assert source[pane.frame.line - 1].strip()[:30] in lit


async def test_about_says_what_to_see_to_try_and_what_is_claimed(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert isinstance(app.screen, AboutScreen)
        text = seen(app)
        assert "What you see" in text and "What to try" in text and "What it claims" in text
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, AboutScreen)


async def test_the_copied_line_reproduces_the_state(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", name="softmax_temperature", preset="hot", params={"temperature": 5.0}, seed=3)
    async with app.run_test() as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        assert pane.command() == "viva demo run softmax_temperature --preset hot --set temperature=5 --seed 3"
        await pilot.press("o")
        await eventually(pilot, lambda: pane.state == "done" and pane.seed == 4)
        await pilot.press("y")
        assert app.clipboard.endswith("--seed 4")


@pytest.mark.parametrize(
    ("name", "preset", "knob"),
    [
        ("training_loop", "full-speed", "lr"),
        pytest.param("rnn_memory", "lag-20", "lr", marks=pytest.mark.slow),
        pytest.param("gan", "ring", "g_lr", marks=pytest.mark.slow),
    ],
)
async def test_the_copied_line_of_a_turned_run_gives_the_same_metrics(
    tmp_path: Path, name: str, preset: str, knob: str
) -> None:
    app = viva(tmp_path, "demo", name=name, preset=preset, seed=1)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "running" and pane.frame is not None and pane.frame.step > 20)
        for _ in range([k.name for k in pane.demo.knobs].index(knob)):
            await pilot.press("tab")
        await pilot.press("left_square_bracket")
        await eventually(pilot, lambda: pane.state == "done" and pane.frame is not None and pane.frame.done)
        assert pane.frame is not None and f"--at {pane.frame.turns[0].step}:{knob}=" in pane.command()
        command, metrics = pane.command(), pane.frame.metrics
    line = [sys.executable, "-m", "tui", *command.split()[1:], "--device", "cpu", "--json"]
    printed = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False).stdout
    frames = [report.frame for report in map(decode_report, printed.splitlines()) if report.frame is not None]
    assert frames[-1].done and frames[-1].metrics == metrics


@pytest.mark.slow
async def test_a_run_that_broke_down_is_taken_back_and_mended(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", name="training_loop", preset="diverge")
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        await pilot.pause(0.2)
        assert "broke down; b rewinds" in seen(app)
        await pilot.press("b")
        await eventually(pilot, lambda: pane.frame is not None and not pane.frame.done)
        assert "paused" in seen(app)
        for _ in range(12):  # the rate is the first knob
            await pilot.press("left_square_bracket")
        await pilot.press("space")
        await eventually(pilot, lambda: pane.state == "done")
        assert pane.frame is not None and pane.frame.sound is None and pane.frame.metrics["test_accuracy"] > 0.9
        await pilot.press("b")
        await pilot.pause(0.2)
        assert pane.state == "done"


async def test_the_wheel_of_presets_survives_a_change_of_language(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", name="softmax_temperature", preset="hot")
    async with app.run_test(size=(100, 30)) as pilot:
        await eventually(pilot, lambda: app.screen.query_one(DemoPane).state == "done")
        await pilot.press("l")
        await eventually(pilot, lambda: app.screen.query_one(DemoPane).state == "done")
        assert app.screen.query_one(DemoPane).preset == "hot"
        assert "готово" in seen(app)


async def test_a_worker_that_prints_rubbish_is_said_and_can_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_open = DemoClient.open
    rubbish = (sys.executable, "-c", "input(); print('rubbish', flush=True); import time; time.sleep(60)")

    async def broken() -> DemoClient:
        return await true_open(rubbish)

    monkeypatch.setattr(DemoClient, "open", staticmethod(broken))
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "failed")
        await pilot.pause(0.2)
        assert "rubbish" in seen(app) and "Press r to run it again" in seen(app)
        monkeypatch.setattr(DemoClient, "open", true_open)
        await pilot.press("r")
        await eventually(pilot, lambda: pane.state == "done")


async def test_a_silent_worker_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.widgets.demo_pane.SILENCE", 0.5)
    started = '{"started":{"demo":"x","preset":"one","params":{},"seed":0,"device":"cpu"}}'
    true_open = DemoClient.open

    code = f"input(); print('{started}', flush=True); import time; time.sleep(60)"

    async def silent() -> DemoClient:
        return await true_open((sys.executable, "-c", code))

    monkeypatch.setattr(DemoClient, "open", staticmethod(silent))
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "failed")
        await pilot.pause(0.2)
        assert "does not answer" in seen(app)


async def test_a_knob_is_set_with_the_mouse(tmp_path: Path) -> None:
    app = viva(tmp_path, "demo", **SOFTMAX)
    async with app.run_test(size=(100, 30)) as pilot:
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        bar = pane.query_one(KnobBar)
        slider = next(s for s in bar.query("KnobSlider") if s.knob.name == "temperature")  # type: ignore[attr-defined]
        await pilot.click(slider, offset=(bar._name_width + 2, 0))
        await eventually(pilot, lambda: pane.frame is not None and pane.frame.params["temperature"] == 0.05)
