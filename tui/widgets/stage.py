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
    def fixed_height(self) -> int:
        """The height of what does not grow."""
        return max((column.height for column in self.columns if not column.grows), default=0)

    @property
    def least(self) -> int:
        """The height that the shelf can do with."""
        return max(sum(view.least if view.grows else view.lines(c.width) for view in c.views) for c in self.columns)

    @property
    def hunger(self) -> int:
        """Its share of what is left over."""
        return max(view.hunger for column in self.columns for view in column.views)

    @property
    def grows(self) -> bool:
        return any(column.grows for column in self.columns)


def shelve(views: list[ViewCanvas], width: int, room: int) -> list[Shelf]:
    """Put views on shelves, in order: roomily, or where that is higher than the room there is, as close as they go."""
    roomy = _shelve(views, width)
    if sum(shelf.height for shelf in roomy) <= room:
        return roomy
    close = _shelve(views, width, room)
    return min(roomy, close, key=lambda shelves: sum(shelf.height for shelf in shelves))


def _shelve(views: list[ViewCanvas], width: int, room: int | None = None) -> list[Shelf]:
    """Beside each other while they fit across; under each other where a higher one leaves room, or `room` says so."""
    shelves: list[Shelf] = []
    for view in views:
        wanted = view.width_wanted(width) if room is None else view.width_least(width)
        need = width - GAP if view.wide else min(width, wanted)
        height = view.lines(need)
        column = None
        for shelf in reversed(shelves if room is not None else shelves[-1:]):
            if not view.wide and not shelf.columns[0].views[0].wide:
                column = _place(shelf, view, need, height, width, room)
            if column is not None:
                break
        else:
            shelves.append(Shelf([column := Column()]))
        column.add(view, need, height)
    return shelves


def _place(shelf: Shelf, view: ViewCanvas, need: int, height: int, width: int, room: int | None) -> Column | None:
    """The column of a shelf that has room for a view, or a new one; None where there is none."""
    last = shelf.columns[-1]
    if len(shelf.columns) > 1 and last.height + height <= (room or shelf.fixed_height):
        return last
    beside = room is not None or shelf.grows or not view.grows or shelf.height >= TALL
    if shelf.width + need <= width and beside:
        shelf.columns.append(Column())
        return shelf.columns[-1]
    return None


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
        shelves = shelve(self._widgets, *size)
        layout = [size, *((len(c.views), c.width, c.height) for s in shelves for c in s.columns)]
        if layout == self._layout:
            return
        self._layout = layout
        self._widgets = [widget_for(view) for view in self._views]
        shelves = shelve(self._widgets, *size)
        rows = [_row(shelf, height) for shelf, height in zip(shelves, _heights(shelves, size[1]), strict=True)]
        async with self.batch():
            await self.remove_children()
            await self.mount(*rows)


def _heights(shelves: list[Shelf], room: int) -> list[int]:
    """What each shelf gets of the room: those that grow share what is left over, or give what is lacking."""
    heights = [shelf.height for shelf in shelves]
    growing = [i for i, shelf in enumerate(shelves) if shelf.grows]
    while growing and (spare := room - sum(heights)):
        step = 1 if spare > 0 else -1
        able = [i for i in growing if step > 0 or heights[i] > shelves[i].least]
        if not able:
            break
        chosen = min(able, key=lambda i: step * heights[i] / shelves[i].hunger)
        heights[chosen] += step
    return heights


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
