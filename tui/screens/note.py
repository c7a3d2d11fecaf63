"""A note of the learner's own on a card. Whatever way one leaves, it is kept."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from tui.i18n import _


class NoteScreen(ModalScreen[str]):
    """Returns the note."""

    CSS_PATH = "over.tcss"
    BINDINGS = [("escape,ctrl+s", "keep")]  # noqa: RUF012

    def __init__(self, question: str, note: str) -> None:
        super().__init__()
        self._question = question
        self._note = note

    def compose(self) -> ComposeResult:
        with Vertical(classes="over"):
            yield Static(Content.styled(self._question, "bold"))
            yield TextArea(self._note, id="note", soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
            yield Static(
                Content.styled(_("In your own words: how you will remember it. Esc keeps the note."), "$muted")
            )

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_keep(self) -> None:
        self.dismiss(self.query_one(TextArea).text.strip())
