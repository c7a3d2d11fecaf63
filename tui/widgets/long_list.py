"""A list of any length: only what is in sight is drawn, whatever each row's height."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


class LongList(ScrollView, can_focus=True, inherit_bindings=False):
    """Scrolls by rows, not by lines: the scroll offset is the number of the row at the top.

    Who inherits says how many rows there are (`count`), and draws one (`draw`).
    """

    DEFAULT_CSS = """
    LongList { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; scrollbar-gutter: stable; overflow-x: hidden; }
    """

    highlighted: reactive[int] = reactive(0, init=False, repaint=False)
    """The row one stands at."""

    class Highlighted(Message):
        """One stands at another row."""

        def __init__(self, control: LongList) -> None:
            super().__init__()
            self.long_list = control

        @property
        def control(self) -> LongList:
            return self.long_list

    class Selected(Highlighted):
        """The row one stands at was clicked again."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sight: list[tuple[int, Strip]] = []
        self._drawn: dict[tuple[int, bool], list[Strip]] = {}

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def draw(self, row: int, width: int, here: bool) -> list[Content]:
        """The lines of a row; here: whether one stands at it."""
        raise NotImplementedError

    def reach(self, row: int) -> int:
        """The last row to have in sight, where there is room, while one stands at a row."""
        return row

    def show_row(self, row: int) -> None:
        """The rows are others now: draw them anew, and stand at one of them."""
        self.set_reactive(LongList.highlighted, self._valid(row))
        self.redraw()
        self._measure()
        self._follow()

    def redraw(self) -> None:
        """What the rows show may have changed."""
        self._drawn = {}
        self._look()

    def move(self, by: int) -> None:
        """Go that many rows on."""
        self.highlighted += by

    def page(self, by: int) -> None:
        """Go on by as many rows as are in sight."""
        self.highlighted += by * max(1, len({row for row, _strip in self._in_sight()}) - 1)

    def validate_highlighted(self, row: int) -> int:
        return self._valid(row)

    def watch_highlighted(self) -> None:
        self._follow()
        self._look()
        self.post_message(self.Highlighted(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look()

    def on_resize(self, event: Resize) -> None:
        self.redraw()
        self._measure()
        self._follow()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.redraw()

    def on_click(self, event: Click) -> None:
        sight = self._in_sight()
        if event.y < len(sight):
            row = sight[event.y][0]
            if row == self.highlighted and event.chain > 1:
                self.post_message(self.Selected(self))
            self.highlighted = row

    def render_line(self, y: int) -> Strip:
        sight = self._in_sight()
        return sight[y][1] if y < len(sight) else Strip.blank(self.size.width, self.rich_style)

    @property
    def _room(self) -> Size:
        """What the scroll bar leaves."""
        return self.scrollable_content_region.size

    def _valid(self, row: int) -> int:
        return max(0, min(row, self.count - 1))

    def _look(self) -> None:
        """Other rows may be in sight."""
        self._sight = []
        self.refresh()

    def _in_sight(self) -> list[tuple[int, Strip]]:
        """The lines on the screen, each with the row it belongs to."""
        if not self._sight:
            row = self.scroll_offset.y
            while row < self.count and len(self._sight) < self._room.height:
                self._sight += [(row, strip) for strip in self._strips(row)]
                row += 1
        return self._sight

    def _strips(self, row: int) -> list[Strip]:
        here = row == self.highlighted
        if (row, here) not in self._drawn:
            width = self._room.width
            lines = self.draw(row, width, here)
            style = self.visual_style
            self._drawn[row, here] = [Visual.to_strips(self, line, width, 1, style, pad=True)[0] for line in lines]
        return self._drawn[row, here]

    def _height(self, row: int) -> int:
        return len(self._strips(row))

    def _above(self, row: int) -> int:
        """The row at the top when another is the last that is whole in sight."""
        left = self._room.height
        while row >= 0 and (left := left - self._height(row)) >= 0:
            row -= 1
        return row + 1

    def _measure(self) -> None:
        """So far that the last row can be the last in sight."""
        if self._room.height:
            top = min(self._above(self.count - 1), max(0, self.count - 1)) if self.count else 0
            self.virtual_size = Size(self._room.width, top + self._room.height)

    def _follow(self) -> None:
        """Scroll until the row one stands at is in sight."""
        if not self.count or not self._room.height:
            return
        top = min(self.scroll_offset.y, self.highlighted)
        top = max(top, min(self._above(self.reach(self.highlighted)), self.highlighted))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
