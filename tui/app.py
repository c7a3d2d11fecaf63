"""VivaApp: what every screen shares. The bank, the log, the language, the theme, the clock and a warm worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App

import demos
from demos.demo import DemoError
from qa_bank.bank import Bank
from qa_bank.day import Day
from qa_bank.log_file import ReviewLogError
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from tui import config as configuration
from tui import i18n
from tui.config import Config
from tui.i18n import _
from tui.keys import bindings
from tui.themes import THEMES
from tui.trouble import error_text, trouble_text
from tui.workers import WorkerPool

if TYPE_CHECKING:
    from demos.wire import Start
    from tui.widgets.demo_pane import DemoPane


class VivaApp(App[None]):
    """The app. It owns what outlives a screen, and opens the parts; what a part shows is that screen's to know."""

    TITLE = "Viva"
    CSS_PATH = "app.tcss"
    BINDINGS = bindings("everywhere")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012

    def __init__(
        self,
        log: ReviewLog,
        config: Config = Config(),  # noqa: B008
        config_path: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        part: str = "home",
        **choices: Any,
    ) -> None:
        """part: which one to open first, with its choices: `study` takes topic and level, `demo` what DemoScreen takes."""
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.log_book = log
        self.config = config
        self.config_path = config_path
        self.now = now
        self.bank = Bank.load(i18n.language())
        self.pool = WorkerPool()
        self.theme = config.theme
        self._first = (part, choices)
        self._exit_code = 0

    @property
    def limits(self) -> Limits:
        return Limits(self.config.new_a_day, self.config.reviews_a_day)

    def on_mount(self) -> None:
        from tui.screens.home import HomeScreen

        part, choices = self._first
        if part != "demo":
            self.push_screen(HomeScreen())
        if part != "home":
            getattr(self, f"open_{part}")(**choices)

        self.call_after_refresh(self._back_up)

    @work(thread=True, group="backup")
    def _back_up(self) -> None:
        """The day's first start copies the log, beside what the learner does."""
        try:
            log = ReviewLog.open(self.log_book.path, self.log_book.scheduler)
            try:
                log.backup_of_day(Day.of(self.now()))
            finally:
                log.close()
        except ReviewLogError as error:
            self.call_from_thread(self.say_trouble, error)

    async def on_unmount(self) -> None:
        await self.pool.close()

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End; a running experiment is not asked but ended."""
        self.pool.shut()
        super().exit(*arguments, **options)

    def open_study(self, topic: str | None = None, level: str | None = None) -> None:
        from tui.screens.study import StudyScreen

        self.push_screen(StudyScreen(topic, level))

    def open_demos(self) -> None:
        from tui.screens.demos import DemosScreen

        self.push_screen(DemosScreen())

    def open_demo(self, start: Start, seconds: float | None = None) -> None:
        from tui.screens.demo import DemoScreen

        try:
            demos.describe(start.demo).values(start.preset, start.params)
        except DemoError as error:
            self.notify(error_text(error), severity="warning", markup=False)
            return
        self.push_screen(DemoScreen(start, seconds))

    def open_cards(self) -> None:
        from tui.screens.cards import CardsScreen

        self.push_screen(CardsScreen())

    def open_stats(self) -> None:
        from tui.screens.stats import StatsScreen

        self.push_screen(StatsScreen())

    def on_demo_pane_run_done(self, event: DemoPane.RunDone) -> None:
        """The exit code tells whether the claims of the last finished run held."""
        self._exit_code = 0 if all(verdict.holds for verdict in event.verdicts) else 1

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    async def action_back(self) -> None:
        """Leave the screen; the last one left is the end."""
        if len(self.screen_stack) > 2:
            await self.pop_screen()
        else:
            self.exit(return_code=self._exit_code if self._first[0] == "demo" else 0)

    def action_palette(self) -> None:
        self.action_command_palette()

    def action_theme(self) -> None:
        self.theme = "viva-light" if self.theme == "viva-dark" else "viva-dark"
        self._keep(theme=self.theme)

    async def action_language(self) -> None:
        """The next language; every screen is composed anew in it."""
        languages = list(i18n.LANGUAGES)
        await self.speak(languages[(languages.index(i18n.language()) + 1) % len(languages)])

    async def speak(self, language: str) -> None:
        i18n.use(language)
        self.bank = Bank.load(language)
        self._keep(language=language)
        for screen in self.screen_stack[1:]:
            await screen.language_changed()  # type: ignore[attr-defined]

    def say_trouble(self, error: ReviewLogError) -> None:
        """The log cannot be read or written: say so, and how to get a backup back."""
        self.notify(trouble_text(error), title=_("Not saved"), severity="error", timeout=30, markup=False)

    def _keep(self, **choices: str) -> None:
        """Remember a choice for the next start, when there is a place to."""
        if self.config_path is None:
            return
        try:
            configuration.save(self.config_path, **choices)
        except OSError as error:
            self.notify(str(error), severity="warning", markup=False)
