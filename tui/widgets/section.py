"""A titled part of a page, drawn anew for each width."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from tui.figures import Section
from tui.pictures import Row, wrapped


def content(rows: list[Row]) -> Content:
    """A picture as Textual shows it."""
    return Content("\n").join([Content.assemble(*row) for row in rows])


class Picture(Static):
    """A section's picture; where there is nothing to draw, how to fill it."""

    def __init__(self, section: Section) -> None:
        super().__init__(markup=False)
        self._section = section
        self._width = 0

    def on_resize(self, event: Resize) -> None:
        width = event.size.width
        if width != self._width:
            self._width = width
            hint = self._section.hint
            self.update(content(wrapped(hint, width) if hint else self._section.draw(width)))


class SectionView(Vertical):
    """A section: its title, what else is given, its picture."""

    DEFAULT_CSS = """
    SectionView { height: auto; margin-bottom: 1; }
    SectionView .title { text-style: bold; }
    SectionView Static { height: auto; }
    """

    def __init__(self, section: Section, above: Widget | None = None) -> None:
        super().__init__(id=section.name)
        self._section = section
        self._above = above

    def compose(self) -> ComposeResult:
        if self._section.title:
            yield Static(self._section.title, classes="title", markup=False)
        if self._above is not None and not self._section.hint:
            yield self._above
        yield Picture(self._section)
