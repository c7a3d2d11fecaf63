"""The settings, one a row, with their values; one of them in hand."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from tui.config import Config
from tui.i18n import WEEKDAYS, _
from tui.setting import Days, Setting


class SettingsList(Widget, can_focus=True):
    """The rows. Which one is in hand, and which day in a row of days, it knows; the values it is shown."""

    DEFAULT_CSS = """
    SettingsList { height: auto; }
    """

    class Moved(Message):
        """Another row is in hand."""

    class Pressed(Message):
        """The row in hand was clicked."""

    def __init__(self, settings: Sequence[Setting], config: Config, row: int = 0) -> None:
        super().__init__()
        self._settings = tuple(settings)
        self._config = config
        self.row = row
        self.day = 0
        """The day in hand, Monday 0."""

    @property
    def setting(self) -> Setting:
        """The one in hand."""
        return self._settings[self.row]

    def move(self, by: int) -> None:
        self._go(min(len(self._settings) - 1, max(0, self.row + by)))

    def move_day(self, by: int) -> None:
        self.day = (self.day + by) % len(WEEKDAYS)
        self.refresh()

    def show(self, config: Config) -> None:
        self._config = config
        self.refresh(layout=True)

    def _go(self, row: int) -> None:
        self.row = row
        self.refresh()
        self.post_message(self.Moved())

    def on_click(self, event: Click) -> None:
        if event.y == self.row:
            self.post_message(self.Pressed())
        elif event.y < len(self._settings):
            self._go(event.y)

    def render(self) -> Content:
        width = max(len(_(setting.label)) for setting in self._settings) + 3
        return Content("\n").join([self._line(i, setting, width) for i, setting in enumerate(self._settings)])

    def _line(self, i: int, setting: Setting, width: int) -> Content:
        here = i == self.row
        value = getattr(self._config, setting.key)
        mark = ("▸ ", "bold $accent") if here else "  "
        label = (_(setting.label).ljust(width), "bold" if here else "$muted")
        if isinstance(setting.kind, Days):
            return Content.assemble(mark, label, self._days(value, setting.kind, here))
        arrows = ("‹ ", " ›") if here else ("  ", "  ")
        said = (setting.kind.said(value), "bold" if here else "")
        return Content.assemble(mark, label, (arrows[0], "$accent"), said, (arrows[1], "$accent"))

    def _days(self, value: Sequence[str], kind: Days, here: bool) -> Content:
        parts = []
        for i, (code, name) in enumerate(zip(kind.names, WEEKDAYS, strict=True)):
            arrows = ("‹", "›") if here and i == self.day else (" ", " ")
            chosen = code in value
            text = ("✓ " if chosen else "· ") + _(name)
            style = "bold" if chosen else "$muted"
            parts.append(Content.assemble((arrows[0], "$accent"), (text, style), (arrows[1], "$accent")))
        return Content("").join([Content(" "), *parts])
