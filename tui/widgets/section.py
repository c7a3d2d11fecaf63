"""A titled part of a page, drawn anew for each width."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from tui.figures import Section
from tui.pictures import Row, wrapped


def content(rows: list[Row]) -> Content:
    """A picture as Textual shows it."""
    return Content("\n").join([Content.assemble(*row) for row in rows])


class Picture(Widget):
    """A section's picture, as high as it is at the width given; where there is nothing to draw, how to fill it."""

    DEFAULT_CSS = """
    Picture { width: 1fr; height: auto; }
    """

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section = section
        self._drawn: tuple[int, list[Row]] = (0, [])

    def rows(self, width: int) -> list[Row]:
        if self._drawn[0] != width:
            hint = self._section.hint
            self._drawn = (width, wrapped(hint, width) if hint else self._section.draw(width))
        return self._drawn[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width))

    def render(self) -> Content:
        return content(self.rows(self.size.width))


class SectionView(Vertical):
    """A section: its title, what else is given, its picture."""

    DEFAULT_CSS = """
    SectionView { height: auto; margin-bottom: 1; }
    SectionView .title { text-style: bold; }
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
