"""Demo: one experiment on the whole screen."""

from __future__ import annotations

from textual.app import ComposeResult

from demos.wire import Start
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar
from tui.widgets.demo_pane import DemoPane

RUNNING = ("demo.run", "demo.about", "demo.turn(-1)", "demo.knob(1)", "demo.preset", "demo.source")
"""The keys that the bar has room for; `?` shows them all."""


class DemoScreen(VivaScreen):
    """An experiment, with its keys."""

    def __init__(
        self,
        start: Start,
        seconds: float | None = None,
    ) -> None:
        """seconds: leave after so many."""
        super().__init__()
        self._seconds = seconds
        self._start = start

    def compose(self) -> ComposeResult:
        yield DemoPane(self.viva.pool, self._start)
        yield KeyBar(*RUNNING, "everywhere.help", "everywhere.back")

    async def on_mount(self) -> None:
        await super().on_mount()
        if self._seconds is not None:
            self.set_timer(self._seconds, self.viva.action_back)

    async def language_changed(self) -> None:
        pane = self.query_one(DemoPane)
        self._start = Start(pane.demo.name, pane.preset, pane.params, pane.seed, self._start.device)
        await super().language_changed()
