"""A canvas of terminal cells: text, blocks and braille dots, drawn once per frame and rendered line by line."""

from __future__ import annotations

import functools
import unicodedata

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a braille cell: [row of 4][column of 2]."""

Cell = tuple[str, str, str, bool]
"""A character, its ink and its paper (`#rrggbb`, or nothing for the widget's own), and whether it is bold."""
_BLANK: Cell = (" ", "", "", False)


class Ink:
    """The colours of the theme that is on, by what they are for."""

    def __init__(self, variables: dict[str, str], dark: bool) -> None:
        self.text = variables["foreground"]
        self.muted = variables["muted"]
        self.faint = variables["faint"]
        self.accent = variables["accent"]
        self.good = variables["success"]
        self.bad = variables["error"]
        self.paper = variables["background"]
        self.dark = dark
        self.series = tuple(variables[f"series-{i}"] for i in range(1, 7))

    def shade(self, fraction: float) -> str:
        """The heat map's colour for 0 (the paper) to 1 (the accent at its strongest)."""
        return mix(self.paper, self.accent, fraction)


@functools.lru_cache(4096)
def _mixed(low: str, high: str, step: int) -> str:
    return "#" + "".join(
        f"{round(int(low[i : i + 2], 16) + (int(high[i : i + 2], 16) - int(low[i : i + 2], 16)) * step / 64):02x}"
        for i in (1, 3, 5)
    )


def mix(low: str, high: str, fraction: float) -> str:
    """A colour between two, in 64 steps, so that few styles are needed."""
    return _mixed(low, high, round(64 * min(1.0, max(0.0, fraction))))


@functools.lru_cache(16384)
def _style(ink: str, paper: str, bold: bool) -> Style:
    return Style(
        color=Color.parse(ink) if ink else None, bgcolor=Color.parse(paper) if paper else None, bold=bold or None
    )


def width_of(text: str) -> int:
    """Cells that a text takes; one per character for what we draw: no wide characters, no emoji."""
    return len(unicodedata.normalize("NFC", text))


class CellCanvas(Widget):
    """A widget that is drawn cell by cell: `draw` is called when there is something new, or a new size."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._cells: list[list[Cell]] = []
        self._dots: dict[tuple[int, int], tuple[int, str]] = {}
        self._theme = ""

    def draw(self, ink: Ink, width: int, height: int) -> None:
        """Draw everything, with `put`, `text`, `dot` and `line`."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw anew and show it."""
        width, height = self.size
        self._cells = [[_BLANK] * width for _ in range(height)]
        self._dots = {}
        if width and height:
            self._theme = self.app.theme
            self.draw(Ink(self.app.theme_variables, self.app.current_theme.dark), width, height)
            for (x, y), (bits, colour) in self._dots.items():
                if self._cells[y][x][0] == " ":
                    self._cells[y][x] = (chr(0x2800 + bits), colour, self._cells[y][x][2], False)
        self.refresh()

    def on_resize(self) -> None:
        self.redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted and self.size and self.app.theme != self._theme:
            self.redraw()

    def put(self, x: int, y: int, char: str, ink: str = "", paper: str = "", bold: bool = False) -> None:
        """One cell; outside it is ignored."""
        if 0 <= y < len(self._cells) and 0 <= x < len(self._cells[y]):
            self._cells[y][x] = (char, ink, paper, bold)

    def text(self, x: int, y: int, text: str, ink: str = "", paper: str = "", bold: bool = False) -> None:
        """A text from a cell to the right; what does not fit is cut."""
        for i, char in enumerate(unicodedata.normalize("NFC", text)):
            self.put(x + i, y, char if char.isprintable() else "�", ink, paper, bold)

    def clear(self, x: int, y: int, count: int) -> None:
        """Take away the dots of some cells, so that a text can be read over them."""
        for column in range(x, x + count):
            self._dots.pop((column, y), None)

    def right(self, x: int, y: int, text: str, ink: str = "", paper: str = "", bold: bool = False) -> None:
        """A text that ends before cell x."""
        self.text(x - width_of(text), y, text, ink, paper, bold)

    def dot(self, x: int, y: int, ink: str) -> None:
        """A braille dot, at 2 dots a cell across and 4 down. Dots of one cell share it; the last one's ink is taken."""
        cell = (x >> 1, y >> 2)
        if 0 <= cell[1] < len(self._cells) and 0 <= cell[0] < len(self._cells[cell[1]]):
            bits, _ink = self._dots.get(cell, (0, ""))
            self._dots[cell] = (bits | _BRAILLE[y & 3][x & 1], ink)

    def line(self, x0: int, y0: int, x1: int, y1: int, ink: str) -> None:
        """A straight line of braille dots (Bresenham 1965)."""
        dx, dy = abs(x1 - x0), -abs(y1 - y0)
        sx, sy = (1 if x0 < x1 else -1), (1 if y0 < y1 else -1)
        error = dx + dy
        while True:
            self.dot(x0, y0, ink)
            if (x0, y0) == (x1, y1):
                return
            doubled = 2 * error
            if doubled >= dy:
                error += dy
                x0 += sx
            if doubled <= dx:
                error += dx
                y0 += sy

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        if y >= len(self._cells):
            return Strip.blank(self.size.width, base)
        segments: list[Segment] = []
        run: list[str] = []
        look = ("", "", False)
        for char, ink, paper, bold in self._cells[y]:
            if (ink, paper, bold) != look and run:
                segments.append(Segment("".join(run), base + _style(*look)))
                run = []
            look = (ink, paper, bold)
            run.append(char)
        if run:
            segments.append(Segment("".join(run), base + _style(*look)))
        return Strip(segments, len(self._cells[y]))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width
