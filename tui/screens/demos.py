"""Demos: every experiment, with what it shows."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

import demos
from demos.wire import Start
from tui.i18n import _
from tui.screens import VivaScreen
from tui.widgets.bars import KeyBar, TitleBar


class DemosScreen(VivaScreen):
    """A list to choose an experiment from."""

    def compose(self) -> ComposeResult:
        yield TitleBar(_("Demos"))
        with Vertical(classes="page"):
            yield Static(
                _("Each one runs for real, with PyTorch, here and now. Choose one and press Enter."), classes="lead"
            )
            yield OptionList(*self._options(), id="demos")
        yield KeyBar("everywhere.help", "everywhere.language", "everywhere.theme", "everywhere.back")

    async def fill(self) -> None:
        self.query_one(OptionList).focus()

    def _options(self) -> list[Option]:
        options = []
        for name in demos.names():
            demo = demos.describe(name)
            presets = " · ".join(preset.name for preset in demo.presets)
            prompt = Content("\n").join(
                [
                    Content.styled(_(demo.title), "bold"),
                    Content(_(demo.about)),
                    Content.styled(presets, "$muted"),
                    Content(""),
                ]
            )
            options.append(Option(prompt, id=name))
        return options

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.viva.open_demo(Start(str(event.option_id), device=self.viva.config.device))
