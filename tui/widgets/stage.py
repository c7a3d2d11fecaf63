"""The stage: lays a frame's views out in the room there is, and keeps their widgets from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.containers import Horizontal, Vertical, VerticalScroll

from demos.frame import View
from tui.widgets.views import ViewCanvas, widget_for

GAP = 2
"""Cells between two views."""
TALL = 10
"""Lines from which on a shelf is high enough for a growing view to stand beside fixed ones."""


@dataclass(slots=True)
class Column:
    """Views one under another."""

    views: list[ViewCanvas] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def add(self, view: ViewCanvas, width: int, height: int) -> None:
        self.views.append(view)
        self.width = max(self.width, width)
        self.height += height

    @property
    def grows(self) -> bool:
        return any(view.grows for view in self.views)


@dataclass(slots=True)
class Shelf:
    """Columns side by side."""

    columns: list[Column] = field(default_factory=list)

    @property
    def width(self) -> int:
        return sum(column.width + GAP for column in self.columns)

    @property
    def height(self) -> int:
        return max((column.height for column in self.columns), default=0)

    @property
    def grows(self) -> bool:
        return any(column.grows for column in self.columns)


def shelve(views: list[ViewCanvas], width: int) -> list[Shelf]:
    """Put views on shelves, in order: beside each other while they fit, under each other where a taller one leaves room."""
    shelves: list[Shelf] = []
    for view in views:
        need = width if view.wide else min(width, view.width_wanted(width) + GAP) - GAP
        height = view.lines(need)
        shelf = shelves[-1] if shelves else None
        if shelf is None or view.wide or shelf.columns[-1].views[-1].wide:
            shelves.append(Shelf([Column()]))
        elif (
            len(shelf.columns) > 1 and shelf.columns[-1].height + height <= shelf.height and not shelf.columns[0].grows
        ):
            pass  # under the last one
        elif shelf.width + need <= width and (shelf.grows or not view.grows or shelf.height >= TALL):
            shelf.columns.append(Column())
        else:
            shelves.append(Shelf([Column()]))
        shelves[-1].columns[-1].add(view, need, height)
    return shelves


class Stage(VerticalScroll, can_focus=False):
    """Views in the room there is. Only other views, or another size, are laid out anew."""

    DEFAULT_CSS = """
    Stage { height: 1fr; scrollbar-size-vertical: 1; }
    Stage .shelf { height: auto; }
    Stage .column { height: 1fr; width: 1fr; margin-right: 2; }
    Stage .view { width: 1fr; height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views: tuple[View, ...] = ()
        self._widgets: list[ViewCanvas] = []
        self._layout: list[tuple[int, ...]] = []

    async def show(self, views: tuple[View, ...]) -> None:
        """Show a frame's views."""
        same = [type(view) for view in views] == [type(view) for view in self._views]
        self._views = views
        if same:
            for widget, view in zip(self._widgets, views, strict=True):
                widget.show(view)
        else:
            self._widgets = [widget_for(view) for view in views]
            self._layout = []
        await self._arrange()

    async def on_resize(self) -> None:
        if self._views:
            await self._arrange()

    async def _arrange(self) -> None:
        """Lay out anew when the shelves are not those that stand: other views, another size, a view that grew."""
        size = (max(1, self.size.width), self.size.height)
        shelves = shelve(self._widgets, size[0])
        layout = [size, *((len(c.views), c.width, c.height) for s in shelves for c in s.columns)]
        if layout == self._layout:
            return
        self._layout = layout
        self._widgets = [widget_for(view) for view in self._views]
        shelves = shelve(self._widgets, size[0])
        spare = max(0, size[1] - sum(shelf.height for shelf in shelves))
        growing = sum(shelf.grows for shelf in shelves)
        rows = [_row(shelf, shelf.height + (spare // growing if shelf.grows else 0)) for shelf in shelves]
        async with self.batch():
            await self.remove_children()
            await self.mount(*rows)


def _row(shelf: Shelf, height: int) -> Horizontal:
    """A shelf's widgets: what grows takes what the others leave, across and down."""
    boxes = []
    for column in shelf.columns:
        for view in column.views:
            view.styles.height = "1fr" if view.grows else view.lines(column.width)
        box = Vertical(*column.views, classes="column")
        box.styles.width = column.width if shelf.grows and not column.grows else f"{column.width}fr"
        boxes.append(box)
    row = Horizontal(*boxes, classes="shelf")
    row.styles.height = height
    return row
