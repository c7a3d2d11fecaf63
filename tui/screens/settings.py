"""Settings: each with its value and what it does; a change holds at once and is kept for the next start."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Input, Static

from tui.config import SETTINGS, ChoiceError, Config, typed
from tui.i18n import _
from tui.keys import bindings
from tui.remap import BindError
from tui.screens import VivaScreen
from tui.setting import Days, Kind
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.settings_list import SettingsList

ENDS = ("settings.reset", "everywhere.help", "settings.leave")
FEW = ("settings.row(1)", "settings.change(1)", "settings.switch", *ENDS)
MANY = ("settings.row(1)", "settings.change(1)", "settings.edit", *ENDS)
TYPING = ("settings.leave",)


class Page(VerticalScroll, inherit_bindings=False):
    """Scrolls to the row in hand; its own keys would come before those of the rows."""


class SettingsScreen(VivaScreen):
    """Shows what the app's configuration says, and asks the app for another."""

    CSS_PATH = "settings.tcss"
    BINDINGS = bindings("settings")

    def __init__(self) -> None:
        super().__init__()
        self._row = 0

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Settings"), str(self.viva.config_path or ""))
        with Page(id="page", can_focus=False):
            yield SettingsList(SETTINGS, self.viva.config, self._row)
            yield Static(id="about", markup=False)
            yield Input(id="typed", compact=True)
            yield Static(id="wrong", markup=False)
        yield KeyBar(*FEW)

    async def fill(self) -> None:
        self._rows.focus()
        await self._say()

    @property
    def _rows(self) -> SettingsList:
        return self.query_one(SettingsList)

    @property
    def _kind(self) -> Kind:
        return self._rows.setting.kind.among(self.viva.pool.devices)

    @property
    def _value(self) -> Any:
        return getattr(self.viva.config, self._rows.setting.key)

    @property
    def _typing(self) -> bool:
        return self.query_one(Input).has_class("-open")

    async def _say(self, wrong: str = "") -> None:
        """What the setting in hand does, what is wrong with a value, and the keys."""
        rows, setting = self._rows, self._rows.setting
        self._row = rows.row
        rows.show(self.viva.config)
        default = setting.kind.said(getattr(Config(), setting.key))
        place = _("In config.toml: {key}. Default: {default}.").format(key=setting.key, default=default)
        self.query_one("#about", Static).update(Content.assemble(_(setting.help), "\n", (place, "$muted")))
        self.query_one("#wrong", Static).update(wrong)
        await self.query_one(KeyBar).show(*(TYPING if self._typing else FEW if self._kind.few else MANY))

    async def on_settings_list_moved(self) -> None:
        self._close()
        self.query_one("#page").scroll_to_region(Region(0, self._row_y(), 1, 1), animate=False)
        await self._say()

    def _row_y(self) -> int:
        return self._rows.virtual_region.y + self._rows.row

    async def on_settings_list_pressed(self) -> None:
        await self.action_edit()

    def action_row(self, by: int) -> None:
        self._rows.move(by)

    async def action_change(self, by: int) -> None:
        if isinstance(self._kind, Days):
            self._rows.move_day(by)
        else:
            await self._choose(self._kind.turned(self._value, by))

    async def action_switch(self) -> None:
        kind = self._kind
        if isinstance(kind, Days):
            await self._choose(kind.toggled(self._value, self._rows.day))
        else:
            await self.action_change(1)

    async def action_edit(self) -> None:
        """Type the value; where there are a few to go through, go on to the next."""
        if self._kind.few:
            await self.action_switch()
            return
        line = self.query_one(Input)
        line.add_class("-open")
        line.value = self._kind.written(self._value)
        line.focus()
        await self._say()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = typed(self._rows.setting, event.value.strip())
        except ChoiceError as error:
            await self._say(str(error))
            return
        self._close()
        await self._choose(value)

    async def action_reset(self) -> None:
        await self._apply(self.viva.reset(self._rows.setting.key))

    async def action_leave(self) -> None:
        if self._typing:
            self._close()
            await self._say()
        else:
            await self.viva.action_back()

    async def _choose(self, value: Any) -> None:
        if value != self._value:
            await self._apply(self.viva.choose(**{self._rows.setting.key: value}))

    async def _apply(self, change: Any) -> None:
        try:
            await change
        except BindError as error:
            await self._say(str(error))
        else:
            await self._say()

    def _close(self) -> None:
        """Type no more."""
        self.query_one(Input).remove_class("-open")
        self._rows.focus()
