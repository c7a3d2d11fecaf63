"""A short list to choose from, over the screen one came from."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.keys import bindings


class ChooseScreen(ModalScreen[str | None]):
    """Returns the id of what was chosen, or None."""

    CSS_PATH = "over.tcss"
    BINDINGS = [("escape,q,й", "give_up"), *bindings("moves")]  # noqa: RUF012

    def __init__(self, title: str, choices: Sequence[tuple[str, str, str]], chosen: str | None = None) -> None:
        """choices: (id, name, a sentence)."""
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="over"):
            yield Static(Content.styled(self._title, "bold"))
            yield OptionList(
                *(
                    Option(Content.assemble((name, "bold"), "  ", (about, "$muted")), id=ident)
                    for ident, name, about in self._choices
                )
            )

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.highlighted = next((i for i, (ident, *_rest) in enumerate(self._choices) if ident == self._chosen), 0)
        options.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_give_up(self) -> None:
        self.dismiss(None)
