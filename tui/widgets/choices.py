"""A few choices, one a row: up and down move, left and right change. What it comes to is said in a line below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from tui.i18n import _


class Choice(Struct, frozen=True):
    """One row: what is chosen, and among what."""

    name: str
    """How the choice is called by the one who asks for it."""
    label: str
    options: tuple[tuple[Any, str], ...]
    """Values, and how each is said."""


class Choices(Widget, can_focus=True):
    """The rows. `values` is what is chosen."""

    DEFAULT_CSS = """
    Choices { height: auto; padding: 0; }
    """

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, rows: Sequence[Choice], chosen: dict[str, Any] | None = None) -> None:
        """chosen: the values to begin with; the first option of a row that has none."""
        super().__init__()
        self._rows = tuple(rows)
        self._here = 0
        wanted = chosen or {}
        self._at = [
            next((i for i, (value, _text) in enumerate(row.options) if value == wanted.get(row.name)), 0)
            for row in self._rows
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What is chosen, by the names of the rows."""
        return {row.name: row.options[at][0] for row, at in zip(self._rows, self._at, strict=True)}

    def move(self, by: int) -> None:
        self._here = min(len(self._rows) - 1, max(0, self._here + by))
        self.refresh()

    def change(self, by: int) -> None:
        """Choose the next value of the row one stands at; after the last the first follows."""
        self._at[self._here] = (self._at[self._here] + by) % len(self._rows[self._here].options)
        self.refresh(layout=True)
        self.post_message(self.Changed())

    def on_click(self, event: Click) -> None:
        self._here = min(len(self._rows) - 1, event.y)
        self.change(1)

    def render(self) -> Content:
        width = max(len(row.label) for row in self._rows) + 3
        lines = []
        for i, (row, at) in enumerate(zip(self._rows, self._at, strict=True)):
            here = i == self._here
            mark = ("▸ ", "bold $accent") if here else "  "
            arrows = ("‹ ", " ›") if here and len(row.options) > 1 else ("  ", "  ")
            lines.append(
                Content.assemble(
                    mark,
                    (row.label.ljust(width), "$muted"),
                    (arrows[0], "$accent"),
                    (row.options[at][1], "bold" if here else ""),
                    (arrows[1], "$accent"),
                )
            )
        return Content("\n").join(lines)


def any_of(values: Sequence[tuple[Any, str]]) -> tuple[tuple[Any, str], ...]:
    """Those values, and before them none in particular."""
    return ((None, _("any")), *values)
