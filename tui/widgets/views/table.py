"""Table: rows under a header, numbers right-aligned."""

from __future__ import annotations

from demos.frame import Say, Table
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.base import ViewCanvas, number, spoken


class TableView(ViewCanvas):
    grows = False

    def lines(self, width: int) -> int:
        return 2 + len(self.view.rows)

    def width_wanted(self, width: int) -> int:
        return max(width_of(spoken(self.view.title)), sum(self._widths()) + 2 * (len(self.view.header) - 1))

    def width_least(self, width: int) -> int:
        return self.width_wanted(width)

    def _text_rows(self) -> list[list[str]]:
        view: Table = self.view
        return [[spoken(c) if isinstance(c, str | Say) else number(c, 4) for c in row] for row in view.rows]

    def _widths(self) -> list[int]:
        rows = [[spoken(name) for name in self.view.header], *self._text_rows()]
        return [max(width_of(row[j]) for row in rows if j < len(row)) for j in range(len(rows[0]))]

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Table = self.view
        self.title(ink, width)
        header = [spoken(name) for name in view.header]
        rows = self._text_rows()
        figures = [
            all(not isinstance(row[j], str | Say) for row in view.rows if j < len(row)) for j in range(len(header))
        ]
        widths = self._widths()
        spare = width - sum(widths) - 2 * (len(widths) - 1)
        if spare < 0 and widths:
            widest = widths.index(max(widths))
            widths[widest] = max(4, widths[widest] + spare)
        for y, (row, colour) in enumerate([(header, ink.muted), *((row, ink.text) for row in rows)], 1):
            x = 0
            for j, cell in enumerate(row):
                cut = cell[: widths[j]]
                if figures[j]:
                    self.right(x + widths[j], y, cut, colour)
                else:
                    self.text(x, y, cut, colour)
                x += widths[j] + 2
