"""Grid: a heat map with labels on its rows and columns."""

from __future__ import annotations

from demos.frame import Grid
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.base import ViewCanvas, spoken

_SHADES = " ░▒▓█"


class GridView(ViewCanvas):
    grows = False

    def lines(self, width: int) -> int:
        return 1 + bool(self.view.cols) + len(self.view.values)

    def width_wanted(self, width: int) -> int:
        columns = max(map(len, self.view.values), default=0)
        labels = max((width_of(spoken(label)) + 1 for label in self.view.rows), default=0)
        return max(width_of(spoken(self.view.title)), labels + columns * self._wanted())

    def width_least(self, width: int) -> int:
        return self.width_wanted(width)

    def _wanted(self) -> int:
        """Cells a number."""
        return 2 if self.view.digits is None else int(self.view.digits) + 4

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Grid = self.view
        self.title(ink, width)
        labels = [spoken(label) for label in view.rows]
        left = max(map(width_of, labels), default=0) + bool(labels)
        columns = max(map(len, view.values), default=0)
        if not columns:
            return
        cell = max(1, min(self._wanted(), (width - left) // columns))
        top = 1
        if view.cols:
            for j, label in enumerate(view.cols):
                self.text(left + j * cell, top, spoken(label)[:cell], ink.muted)
            top += 1
        span = (view.high - view.low) or 1.0
        for i, row in enumerate(view.values):
            if i < len(labels):
                self.right(left - 1, top + i, labels[i], ink.muted)
            for j, value in enumerate(row):
                if value is None:
                    self.text(left + j * cell, top + i, "·", ink.faint)
                    continue
                share = min(1.0, max(0.0, (value - view.low) / span))
                paper = ink.shade(share)
                if view.digits is None or cell < view.digits + 2:
                    mark = _SHADES[round(share * (len(_SHADES) - 1))] if cell == 1 else " "
                    self.text(left + j * cell, top + i, mark * cell, ink.accent, paper)
                else:
                    figure = f"{value:.{view.digits}f}"[:cell].rjust(cell)
                    self.text(left + j * cell, top + i, figure, ink.paper if share > 0.5 else ink.text, paper)
