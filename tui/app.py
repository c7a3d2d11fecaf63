"""VivaApp: what every screen shares. The bank, the log, the language, the theme, the clock and a warm worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual import constants, work
from textual.app import App

import demos
from demos.demo import DemoError
from qa_bank.bank import UnknownCardError
from qa_bank.day import Day
from qa_bank.log_file import ReviewLogError
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from tui import config as configuration
from tui import i18n, keys
from tui.config import Config, ConfigError
from tui.i18n import _
from tui.keys import KEYS, Table, bindings
from tui.library import load_bank
from tui.queues import Wanted, day_limits, scheduler
from tui.themes import THEMES
from tui.trouble import error_text, trouble_text
from tui.workers import WorkerPool

if TYPE_CHECKING:
    from demos.wire import Start
    from qa_bank.interview import Choices
    from qa_bank.memory import Scheduler
    from qa_bank.search import Index
    from tui.catalogue import Catalogue
    from tui.widgets.demo_pane import DemoPane

SETTLED = 0.4
"""Seconds without another change, after which the schedule is rebuilt."""


class VivaApp(App[None]):
    """The app. It owns what outlives a screen, and opens the parts; what a part shows is that screen's to know."""

    TITLE = "Viva"
    CSS_PATH = "app.tcss"
    BINDINGS = bindings(*keys.APP)
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
        """part: which one to open first, with its choices: `study` takes `wanted`, `demo` what DemoScreen takes."""
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.log_book = log
        asked = i18n.language() != i18n.chosen(config.language)
        self.config = replace(config, language=i18n.language()) if asked else config
        self.config_path = config_path
        self.now = now
        self.bank = load_bank(i18n.language())
        self.pool = WorkerPool()
        self.indexes: dict[str, Index] = {}
        keys.use(_keys(config))
        self.theme = config.theme
        self._first = (part, choices)
        self._exit_code = 0

    @property
    def limits(self) -> Limits:
        return day_limits(self.config)

    def on_mount(self) -> None:
        from tui.screens.home import HomeScreen

        self._wear()
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

    def open_study(self, wanted: Wanted = Wanted()) -> None:  # noqa: B008
        from tui.screens.study import StudyScreen

        self.push_screen(StudyScreen(wanted))

    def open_custom(self) -> None:
        from tui.screens.custom import CustomScreen

        self.push_screen(CustomScreen())

    def open_sit(self) -> None:
        from tui.screens.sit import SitScreen

        self.push_screen(SitScreen())

    def open_interview(self, choices: Choices | None = None) -> None:
        """Begin an interview; without choices, go on with the one that was broken off."""
        from tui.interview import begin, unfinished
        from tui.screens.interview import InterviewScreen

        try:
            if choices is None:
                sat = unfinished(self.bank, self.log_book)
            else:
                sat = begin(self.bank, self.log_book, choices, self.now())
        except UnknownCardError as error:
            self.notify(error_text(error), severity="warning", markup=False)
        except ReviewLogError as error:
            self.say_trouble(error)
        else:
            if sat is None:
                self.notify(_("No interview was broken off.") if choices is None else _("No card fits all of this."))
            else:
                self.push_screen(InterviewScreen(sat))

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
        from tui.screens.browse import BrowseScreen

        if (catalogue := self._catalogue()) is not None:
            self.push_screen(BrowseScreen(catalogue))

    def open_card(self, card: str) -> None:
        """One card, and the cards around it."""
        from tui.screens.card import CardScreen

        if card not in self.bank:
            self.notify(_("No card '{name}'.").format(name=card), severity="warning", markup=False)
        elif (catalogue := self._catalogue()) is not None:
            self.push_screen(CardScreen(card, catalogue))

    def _catalogue(self) -> Catalogue | None:
        """The cards as they stand now; None, said why, when the log cannot be read."""
        from tui.catalogue import Catalogue

        try:
            return Catalogue(self.bank, self.log_book, self.now(), self.config.leech_lapses)
        except ReviewLogError as error:
            self.say_trouble(error)
            return None

    def open_stats(self) -> None:
        from tui.screens.stats import StatsScreen

        self.push_screen(StatsScreen())

    def open_settings(self) -> None:
        from tui.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen())

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

    async def action_theme(self) -> None:
        await self.choose(theme="viva-light" if self.theme == "viva-dark" else "viva-dark")

    async def action_language(self) -> None:
        """The next language; every screen is composed anew in it."""
        languages = list(i18n.LANGUAGES)
        await self.choose(language=languages[(languages.index(i18n.language()) + 1) % len(languages)])

    async def choose(self, **choices: Any) -> None:
        """Take other choices from now on, and for the next start. Raises BindError where keys clash in another preset."""
        await self.apply(replace(self.config, **choices))
        self._keep(**choices)

    async def reset(self, key: str) -> None:
        """Take the default from now on. Raises BindError as `choose` does."""
        await self.apply(replace(self.config, **{key: getattr(Config(), key)}))
        self._keep(**{key: None})

    async def apply(self, config: Config) -> None:
        """Live by these choices from now on; screens are composed anew where they speak or are used otherwise."""
        keys.use(_keys(config))
        before, self.config = self.config, config
        self._wear()
        if scheduler(config).settings != scheduler(before).settings:
            self._reschedule()
        if config.language != before.language:
            i18n.use(i18n.chosen(config.language))
            self.bank = load_bank(i18n.language())
        if (config.language, config.keys, config.bind) != (before.language, before.keys, before.bind):
            for screen in self.screen_stack[1:]:
                await screen.language_changed()  # type: ignore[attr-defined]

    def _wear(self) -> None:
        """The theme, the animations and the keys, as configured."""
        self.theme = self.config.theme
        self.animation_level = constants.TEXTUAL_ANIMATIONS if self.config.animations else "none"
        self.set_keymap(keys.keymap())

    @work(exclusive=True, group="schedule")
    async def _reschedule(self) -> None:
        """Rebuild what is remembered once the settings stay: in a thread, for a large log takes seconds."""
        await asyncio.sleep(SETTLED)
        wanted = scheduler(self.config)
        try:
            await asyncio.to_thread(_rebuild, self.log_book.path, wanted)
            self.log_book.use(wanted)
        except ReviewLogError as error:
            self.say_trouble(error)

    def notify(self, message: str, **options: Any) -> None:
        """Say something in a corner; it takes the place of what was said before."""
        self.clear_notifications()
        super().notify(message, **options)

    def say_trouble(self, error: ReviewLogError) -> None:
        """The log cannot be read or written: say so, and how to get a backup back."""
        self.notify(trouble_text(error), title=_("Not saved"), severity="error", timeout=30, markup=False)

    def _keep(self, **choices: Any) -> None:
        """Remember a choice for the next start, when there is a place to."""
        if self.config_path is None:
            return
        try:
            configuration.save(self.config_path, **choices)
        except (OSError, ConfigError) as error:
            self.notify(str(error), title=_("Not saved"), severity="warning", markup=False)


def _rebuild(path: Path, wanted: Scheduler) -> None:
    ReviewLog.open(path, wanted).close()


def _keys(config: Config) -> Table:
    """The key table as configured."""
    if config.keys == "default" and not config.bind:
        return KEYS
    from tui.remap import table  # 2 ms, and most have the keys as they are

    return table(config.keys, config.bind)
