"""The stage: lays a frame's views out in the room there is, and keeps their widgets from frame to frame."""

from __future__ import annotations

import math

from textual.containers import Horizontal, Vertical

from demos.frame import View
from tui.widgets.views import ViewCanvas, widget_for

Structure = tuple[tuple[type, ...], int]


class Stage(Vertical):
    """Views side by side where there is room for it. Only a new kind of frame, or a new size, is laid out anew."""

    DEFAULT_CSS = """
    Stage { height: 1fr; }
    Stage Horizontal { height: 1fr; }
    Stage .view { width: 1fr; height: 1fr; margin: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views: tuple[View, ...] = ()
        self._widgets: list[ViewCanvas] = []
        self._structure: Structure | None = None

    async def show(self, views: tuple[View, ...]) -> None:
        """Show a frame's views."""
        self._views = views
        structure = (tuple(type(view) for view in views), self._columns())
        if structure != self._structure:
            await self._lay_out(structure)
        else:
            for widget, view in zip(self._widgets, views, strict=True):
                widget.show(view)
        self._set_heights()

    async def on_resize(self) -> None:
        if self._views:
            await self.show(self._views)

    async def _lay_out(self, structure: Structure) -> None:
        self._structure = structure
        self._widgets = [widget_for(view) for view in self._views]
        rows: list[Horizontal] = []
        row: list[ViewCanvas] = []
        for widget in self._widgets:
            if widget.wide:
                if row:
                    rows.append(Horizontal(*row))
                    row = []
                rows.append(Horizontal(widget))
                continue
            row.append(widget)
            if len(row) == structure[1]:
                rows.append(Horizontal(*row))
                row = []
        if row:
            rows.append(Horizontal(*row))
        async with self.batch():
            await self.remove_children()
            await self.mount(*rows)

    def _set_heights(self) -> None:
        """Rows that grow share what the others leave; when all are short, the last one takes the rest."""
        rows = [row for row in self.children if isinstance(row, Horizontal)]
        for row in rows:
            widgets = [w for w in row.children if isinstance(w, ViewCanvas)]
            wanted = max((w.lines(max(1, self._width_of(len(widgets)))) for w in widgets), default=1)
            height = "1fr" if any(w.grows for w in widgets) else str(min(wanted, max(1, self.size.height)))
            if str(row.styles.height) != height:
                row.styles.height = height

    def _width_of(self, columns: int) -> int:
        return self.size.width // max(1, columns) - 2

    def _columns(self) -> int:
        """How many views to a row, so that each has a good shape and at least 30 cells."""
        narrow = sum(not widget_for(view).wide for view in self._views)
        width, height = max(1, self.size.width), max(1, self.size.height)

        def misfit(columns: int) -> float:
            cell_width, cell_height = width / columns, height / math.ceil(narrow / columns)
            shape = abs(math.log(cell_width / (2 * cell_height) / 1.6))
            return shape + (3 if cell_width < 30 else 0) + (3 if cell_height < 6 else 0)

        return min(range(1, max(1, narrow) + 1), key=misfit, default=1)
