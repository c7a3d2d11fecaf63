"""A demo on the screen: its views, knobs and claims, driven by a worker process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from demos import describe
from demos.client import DemoClient
from demos.demo import Demo, Verdict
from demos.frame import Frame
from demos.wire import Failed, Report, Start, Started
from qa_bank.harmless import harmless
from tui.i18n import _
from tui.keys import bindings
from tui.repeat import command
from tui.widgets.claims import Claims
from tui.widgets.knob_bar import KnobBar
from tui.widgets.predict_bar import PredictBar
from tui.widgets.source_view import SourceView
from tui.widgets.stage import Stage
from tui.workers import WorkerPool

State = Literal["asking", "starting", "running", "paused", "done", "failed", "ended"]
SILENCE = 10.0
"""Seconds without a word from a running demo after which the screen says so."""
SLOW_START = 60.0
"""The same for a worker that is still starting: torch on a slow disk takes its time."""


class DemoPane(Vertical, can_focus=True):
    """One demo: choose, run, turn, look. Posts RunDone when a run's measurement is complete."""

    DEFAULT_CSS = """
    DemoPane { height: 1fr; padding: 0 1; }
    DemoPane #run-line { height: 1; color: $muted; }
    DemoPane #trouble { height: auto; max-height: 12; display: none; color: $error; margin: 1 0; }
    DemoPane #desk { height: 1fr; }
    DemoPane SourceView { display: none; width: 1fr; }
    DemoPane.-source SourceView { display: block; }
    DemoPane.-source.-slim Stage { display: none; }
    DemoPane Stage { width: 1fr; }
    DemoPane Claims { margin-top: 1; }
    DemoPane.-low Claims { margin-top: 0; }
    DemoPane.-asking #desk, DemoPane.-asking KnobBar, DemoPane.-asking Claims { display: none; }
    """
    BINDINGS = bindings("demo")

    class RunDone(Message):
        """A run's measurement is complete: what it found out, and how the claims stand."""

        def __init__(self, outcomes: Mapping[str, str], verdicts: tuple[Verdict, ...], seed: int) -> None:
            super().__init__()
            self.outcomes = outcomes
            self.verdicts = verdicts
            self.seed = seed

    class Predicted(Message):
        """The learner has predicted: an index into the options."""

        def __init__(self, option: int) -> None:
            super().__init__()
            self.option = option

    def __init__(
        self,
        pool: WorkerPool,
        start: Start,
        question: tuple[str, tuple[str, ...]] | None = None,
    ) -> None:
        """question: what to predict before the first run, and its options. Raises DemoError for what is not there."""
        super().__init__()
        self._pool = pool
        self.demo: Demo = describe(start.demo)
        self.preset = self.demo.preset(start.preset).name
        self.params = self.demo.values(self.preset, start.params)
        self.seed = start.seed
        self._turns = start.turns
        self._device = start.device
        self._question = question
        self._client: DemoClient | None = None
        self.state: State = "asking" if question else "starting"
        self.frame: Frame | None = None
        self._ran: Started | None = None
        self._announced = self._lost = False
        self._heard = 0.0

    def compose(self) -> ComposeResult:
        yield Static("", id="run-line", markup=False)
        if self._question:
            yield PredictBar(*self._question)
        yield Static("", id="trouble", markup=False)
        with Horizontal(id="desk"):
            yield Stage(id="stage")
            yield SourceView(self.demo.path)
        yield KnobBar(self.demo.knobs, self.params)
        yield Claims()

    def on_mount(self) -> None:
        self.query_one(Claims).begin(self.demo.claims_of(self.preset))
        self.set_class(self._question is not None, "-asking")
        self.set_interval(1.0, self._watch)
        self._write_line()
        self._serve()
        if self._question is None:
            self.focus()

    def on_resize(self) -> None:
        self.set_class(self.size.width < 100, "-slim")
        low = self.size.height < 32
        self.set_class(low, "-low")
        self.query_one(Claims).be_brief(low or len(self.demo.claims_of(self.preset)) > self.size.height // 6)

    def on_predict_bar_chosen(self, event: PredictBar.Chosen) -> None:
        event.stop()
        self.query_one(PredictBar).remove()
        self.remove_class("-asking")
        self.post_message(self.Predicted(event.option))
        self._begin()
        self.focus()

    @work(exclusive=True, group="demo")
    async def _serve(self) -> None:
        """Own a worker for as long as the pane lives; a worker that died is replaced by the next restart."""
        client = await self._pool.take()
        try:
            self._client = client
            if self.state == "starting":
                self._begin()
            async for report in client.reports():
                await self._take(report)
        finally:
            if self._client is client:
                self._client = None
            await self._pool.give(client)

    def _begin(self) -> None:
        """Start a run with the present preset, knobs and seed."""
        self.state = "starting"
        self._announced = self._lost = False
        self._say_trouble("")
        if self._client is None or not self._client.alive:
            self._serve()
            return
        self.query_one(Claims).begin(self.demo.claims_of(self.preset))
        self.query_one(KnobBar).show(self.params, asked=True)
        self._heard = self._now()
        self._client.start(Start(self.demo.name, self.preset, self.params, self.seed, self._device, turns=self._turns))
        self._turns = ()
        self._write_line()

    async def _take(self, report: Report) -> None:
        self._heard = self._now()
        if report.started is not None:
            self._ran = report.started
            self.state = "running"
        elif report.frame is not None:
            await self._show(report.frame)
        elif report.ended is not None and self.state not in ("done", "failed"):
            self.state = "ended"
        elif report.failed is not None:
            self._fail(report.failed)
        self._write_line()

    async def _show(self, frame: Frame) -> None:
        self.frame = frame
        await self.query_one(Stage).show(frame.views)
        self.query_one(KnobBar).show(frame.params)
        if self.query_one(SourceView).display:
            self.query_one(SourceView).light(frame.line)
        if not frame.done:
            self.query_one(Claims).progress(frame.metrics)
            return
        if self.state in ("starting", "running"):
            self.state = "done"
        self.query_one(Claims).judge(frame.verdicts)
        if not self._announced:
            self._announced = True
            self.post_message(self.RunDone(frame.outcomes, frame.verdicts, self.seed))

    def _fail(self, failed: Failed) -> None:
        if failed.kind == "request" and self.state == "running":
            self.app.notify(harmless(failed.text), severity="warning", markup=False)
            return
        self.state = "failed"
        self._lost = failed.kind in ("died", "silent", "rubbish")
        words = {
            "memory": _("Out of memory on this device. Try a smaller preset, or another device."),
            "died": _("The experiment's process died."),
            "request": _("The experiment could not start."),
            "error": _("The experiment failed."),
            "rubbish": _("The experiment failed."),
            "silent": _("The experiment does not answer."),
        }[failed.kind]
        details = "\n".join(failed.details.splitlines()[-6:])
        again = _("Press r to run it again; your card and your answer are safe.")
        self._say_trouble("\n".join(filter(None, (words, harmless(failed.text), harmless(details), again))))

    def _say_trouble(self, text: str) -> None:
        trouble = self.query_one("#trouble", Static)
        trouble.display = bool(text)
        trouble.update(text)

    def _watch(self) -> None:
        """Once a second: count the seconds of a cold start, and notice a run that has gone silent."""
        patience = {"starting": SLOW_START, "running": SILENCE}.get(self.state)
        if patience is not None and self._heard and self._now() - self._heard > patience:
            self._fail(Failed("silent", ""))
        if patience is not None:
            self._write_line()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _write_line(self) -> None:
        states = {
            "asking": _("waiting for your prediction"),
            "starting": _("starting PyTorch"),
            "running": "▶ " + _("running"),
            "paused": "‖ " + _("paused"),
            "done": "✓ " + _("done"),
            "failed": "✗ " + _("failed"),
            "ended": _("ended"),
        }
        state = states[self.state]
        if self.state == "done" and self.frame is not None and self.frame.sound is not None:
            state = "✗ " + _("broke down; b rewinds")
        if self.state == "starting" and (waited := self._now() - self._heard) > 1 and self._heard:
            state += f" {waited:.0f} s"
        parts = [_(self.demo.title), self.preset]
        if self.frame is not None and self.frame.step:
            parts.append(_("step {n}").format(n=self.frame.step))
        parts += [_("seed {n}").format(n=self.seed), *([self._ran.device] if self._ran else [])]
        line = Content.assemble((" · ".join(parts), ""), "  ", (state, "$accent"))
        self.query_one("#run-line", Static).update(line)

    def on_knob_bar_turned(self, event: KnobBar.Turned) -> None:
        event.stop()
        self.params = self.params | {event.knob.name: event.value}
        if self._client is None or self.state in ("asking", "starting", "failed", "ended"):
            return
        if event.knob.restart:
            self._announced = False
        if self.state == "done":
            self.state = "running"
        self._client.set({event.knob.name: event.value})

    def action_run(self) -> None:
        """Run or pause; what is over runs again."""
        if self._client is None or self.state == "asking":
            return
        if self.state == "running":
            self._client.pause()
            self.state = "paused"
        elif self.state == "paused":
            self._client.play()
            self.state = "running"
        elif self.state != "starting":
            self._begin()
        self._write_line()

    def action_step(self) -> None:
        if self._client is not None and self.state in ("running", "paused", "done"):
            if self.state == "running":
                self._client.pause()
            self._client.step()
            self.state = "paused"
            self._write_line()

    async def action_restart(self) -> None:
        """From the beginning; a worker that is lost is given up for a new one."""
        if self.state == "asking":
            return
        if self._lost and self._client is not None:
            await self._client.close()
        self._begin()

    def action_rewind(self) -> None:
        """Back to before the numbers broke down: turn a knob there, and the run goes on from sound ones."""
        sound = self.frame.sound if self.frame is not None else None
        if self._client is None or self.state != "done" or sound is None:
            self.app.notify(_("Only a run that broke down can be taken back; this one did not."))
            return
        self._client.rewind(sound)
        self._announced = False
        self.state = "paused"
        self.query_one(Claims).begin(self.demo.claims_of(self.preset))
        self._write_line()

    def action_knob(self, by: int) -> None:
        self.query_one(KnobBar).move(by)

    def action_scroll_stage(self, by: int) -> None:
        self.query_one(Stage).scroll_relative(y=by * (self.query_one(Stage).size.height - 2), animate=False)

    def action_turn(self, by: int) -> None:
        self.query_one(KnobBar).turn(by)

    def action_seed(self) -> None:
        if self.state != "asking":
            self.seed += 1
            self._begin()

    def action_source(self) -> None:
        self.toggle_class("-source")
        if self.frame is not None:
            self.call_after_refresh(self.query_one(SourceView).light, self.frame.line)

    def action_preset(self) -> None:
        from tui.screens.choose import ChooseScreen

        choices = [
            (
                preset.name,
                preset.name + (" " + _("(large)") if preset.large else ""),
                ("! " if preset.breaks else "") + _(preset.about),
            )
            for preset in self.demo.presets
        ]

        def chosen(name: str | None) -> None:
            if name is not None:
                self.preset = name
                self.params = self.demo.values(name)
                self._turns = ()
                self._begin()

        if self.state != "asking":
            self.app.push_screen(ChooseScreen(_("Presets"), choices, self.preset), chosen)

    def action_about(self) -> None:
        from tui.screens.about import AboutScreen

        self.app.push_screen(AboutScreen(self.demo, self.preset))

    def action_copy(self) -> None:
        line = self.command()
        self.app.copy_to_clipboard(line)
        self.app.notify(line, title=_("Copied"), markup=False)

    def command(self) -> str:
        """The one line that repeats the run on the screen: what it began with, and each turn of a knob since."""
        begun = self._ran.params if self._ran else self.params
        turns = self.frame.turns if self.frame is not None else ()
        return command(self.demo, self.preset, begun, turns, self.seed)
