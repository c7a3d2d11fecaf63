"""Curves: lines over a common x axis, named at their ends, with their references."""

from __future__ import annotations

import math
from collections.abc import Iterable

from demos.frame import Curves
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.base import ViewCanvas, number, spoken


class CurvesView(ViewCanvas):
    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Curves = self.view
        self.title(ink, width)
        points = [
            [(x, y) for x, y in zip(line.xs, line.ys, strict=False) if _drawable(x, y, view.log_y)]
            for line in view.lines
        ]
        y_low, y_high = self._y_range(view, [y for line in points for _x, y in line])
        xs = [x for line in points for x, _y in line]
        x_low, x_high = view.x_range or (min(xs, default=0), max(xs, default=1))
        if x_high <= x_low:
            x_high = x_low + 1

        names = [spoken(line.name) for line in view.lines]
        left = max(len(number(y_high, 2)), len(number(y_low, 2))) + 1
        right = min(max(map(width_of, names), default=0), max(width // 3, 15)) + 1
        room, rows = width - left - right, height - 2
        if room < 4 or rows < 1:
            return
        bend = math.log10 if view.log_y else float
        low, high = bend(y_low), bend(y_high)

        def across(x: float) -> int:
            return 2 * left + round((x - x_low) / (x_high - x_low) * (2 * room - 1))

        def down(y: float) -> int:
            share = (bend(y) - low) / ((high - low) or 1)
            return 4 + round((1 - min(1.0, max(0.0, share))) * (4 * rows - 1))

        for ref in view.refs:
            if not view.log_y or ref.y > 0:
                y = down(ref.y)
                for x in range(2 * left, 2 * (left + room), 3):
                    self.dot(x, y, ink.muted)
        for i, line in enumerate(points):
            colour = ink.series[i % len(ink.series)]
            previous = None
            for x, y in line:
                here = (across(x), down(y))
                if previous is None:
                    self.dot(*here, colour)
                else:
                    self.line(*previous, *here, colour)
                previous = here
        self._axis(ink, view, left, room, rows, (x_low, x_high), (y_low, y_high))
        ends = [(down(line[-1][1]) // 4, i) for i, line in enumerate(points) if line]
        for row, i in _spread(ends, rows):
            self.text(left + room + 1, row, names[i][: right - 1], ink.series[i % len(ink.series)])
        taken: set[int] = set()
        for ref in view.refs:
            if view.log_y and ref.y <= 0:
                continue
            row = down(ref.y) // 4
            label = f" {spoken(ref.name)} "
            if row not in taken and width_of(label) < room:
                taken.add(row)
                self.clear(left + room - width_of(label), row, width_of(label))
                self.right(left + room, row, label, ink.muted)

    def _axis(
        self,
        ink: Ink,
        view: Curves,
        left: int,
        room: int,
        rows: int,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
    ) -> None:
        self.right(left - 1, 1, number(y_range[1], 2), ink.muted)
        if rows > 1:
            self.right(left - 1, rows, number(y_range[0], 2), ink.muted)
        bottom = rows + 1
        high = number(x_range[1])
        self.text(left, bottom, number(x_range[0]), ink.muted)
        self.right(left + room, bottom, high, ink.muted)
        name = spoken(view.x)
        if width_of(name) + len(high) + 8 <= room:
            self.text(left + (room - width_of(name)) // 2, bottom, name, ink.muted)

    @staticmethod
    def _y_range(view: Curves, ys: list[float]) -> tuple[float, float]:
        if view.y_range:
            return view.y_range
        known = [*ys, *(ref.y for ref in view.refs if not view.log_y or ref.y > 0)]
        if not known:
            return (0.1, 1.0) if view.log_y else (0.0, 1.0)
        low, high = min(known), max(known)
        if high > low:
            return low, high
        return (low / 2, high * 2) if view.log_y else (low - 0.5, high + 0.5)


def _drawable(x: float | None, y: float | None, log: bool) -> bool:
    return x is not None and y is not None and math.isfinite(x) and math.isfinite(y) and (y > 0 or not log)


def _spread(ends: Iterable[tuple[int, int]], rows: int) -> list[tuple[int, int]]:
    """Rows for labels near the rows they want, no two on one: (row, index)."""
    placed: list[tuple[int, int]] = []
    for row, index in sorted(ends):
        floor = placed[-1][0] + 1 if placed else 1
        placed.append((max(row, floor), index))
    overflow = (placed[-1][0] - rows) if placed else 0
    ceiling = rows
    for k in range(len(placed) - 1, -1, -1) if overflow > 0 else ():
        row, index = placed[k]
        placed[k] = (min(row, ceiling), index)
        ceiling = placed[k][0] - 1
    return placed
