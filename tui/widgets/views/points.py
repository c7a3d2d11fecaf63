"""Points: clouds on a plane, each with a mark of its own, over a field."""

from __future__ import annotations

from demos.frame import Points
from tui.widgets.canvas import Ink, mix, width_of
from tui.widgets.views.base import ViewCanvas, spoken

MARKS = "·•+x*o"
"""A mark for each cloud, so that colour is not needed to tell them apart."""


class PointsView(ViewCanvas):
    hunger = 2

    def lines(self, width: int) -> int:
        return 12

    def width_wanted(self, width: int) -> int:
        return min(60, max(34, width // 2))

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Points = self.view
        self.title(ink, width)
        x = width
        for i, cloud in reversed(list(enumerate(view.clouds))):
            label = f"{MARKS[i % len(MARKS)]} {spoken(cloud.name)}"
            if x - width_of(label) > width_of(spoken(view.title)) + 1:
                self.right(x, 0, label, ink.series[i % len(ink.series)])
                x -= width_of(label) + 2
        rows = min(height - 1, width // 2)  # a cell is twice as high as it is wide
        room = 2 * rows
        if room < 4 or rows < 2:
            return
        left = (width - room) // 2
        papers = self._field(ink, left, room, rows)
        (x0, x1), (y0, y1) = view.x_range, view.y_range
        for i, cloud in enumerate(view.clouds):
            colour = ink.series[i % len(ink.series)]
            for px, py in zip(cloud.xs, cloud.ys, strict=False):
                if px is None or py is None:
                    continue
                column = left + int((px - x0) / (x1 - x0) * room)
                row = 1 + int((y1 - py) / (y1 - y0) * rows)
                if left <= column < left + room and 1 <= row <= rows:
                    self.put(column, row, MARKS[i % len(MARKS)], colour, papers.get((column, row), ""), bold=i > 0)

    def _field(self, ink: Ink, left: int, room: int, rows: int) -> dict[tuple[int, int], str]:
        """Paint the field behind the points; the papers by cell."""
        field = self.view.field
        papers: dict[tuple[int, int], str] = {}
        if not field:
            return papers
        for row in range(rows):
            values = field[min(len(field) - 1, row * len(field) // rows)]
            for column in range(room):
                value = values[min(len(values) - 1, column * len(values) // room)]
                paper = mix(ink.paper, ink.muted, 0.6 * (value or 0.0))
                papers[left + column, 1 + row] = paper
                self.put(left + column, 1 + row, " ", "", paper)
        return papers
