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

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Grid = self.view
        self.title(ink, width)
        labels = [spoken(label) for label in view.rows]
        left = max(map(width_of, labels), default=0) + bool(labels)
        columns = max(map(len, view.values), default=0)
        if not columns:
            return
        wanted = 2 if view.digits is None else view.digits + 4
        cell = max(1, min(wanted, (width - left) // columns))
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
                share = 0.0 if value is None else min(1.0, max(0.0, (value - view.low) / span))
                paper = ink.shade(share)
                if view.digits is None or value is None or cell < view.digits + 2:
                    mark = _SHADES[round(share * (len(_SHADES) - 1))] if cell == 1 else " "
                    self.text(left + j * cell, top + i, mark * cell, ink.accent, paper)
                else:
                    figure = f"{value:.{view.digits}f}"[:cell].rjust(cell)
                    self.text(left + j * cell, top + i, figure, ink.paper if share > 0.5 else ink.text, paper)
