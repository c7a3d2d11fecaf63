"""What all views share: a title, and how much room they want."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from demos.frame import Say, Text
from tui.i18n import _
from tui.widgets.canvas import CellCanvas, Ink


def spoken(text: Text) -> str:
    """A view's text in the language of the interface."""
    if isinstance(text, Say):
        values = {name: _(value) if isinstance(value, str) else value for name, value in text.values.items()}
        return _(text.text).format(**values)
    return _(text)


def number(value: float | None, digits: int = 3) -> str:
    """A number as short as it can be read: 0.164, 1.2e-7, 1797."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:.{digits}g}"
    mantissa, _e, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


class ViewCanvas(CellCanvas):
    """Shows one view at a time; a newer view of the same kind takes its place."""

    wide: ClassVar[bool] = False
    """Takes the full width, under or over the others."""
    grows: ClassVar[bool] = True
    """Takes what height is left; else exactly what `lines` says."""

    least: ClassVar[int] = 7
    """Lines that it can do with when it grows."""
    hunger: ClassVar[int] = 1
    """How many parts it takes of what is left over, where others take one."""

    def __init__(self, view: Any) -> None:
        super().__init__(classes="view")
        self.view = view

    def show(self, view: Any) -> None:
        if view != self.view:
            self.view = view
            self.redraw()

    def lines(self, width: int) -> int:
        """The height wanted at a width, title included."""
        return 7

    def width_wanted(self, width: int) -> int:
        """The width wanted of so many cells."""
        return 34

    def width_least(self, width: int) -> int:
        """The width it can do with."""
        return min(30, self.width_wanted(width))

    def title(self, ink: Ink, width: int) -> None:
        """Write the view's title on the first line."""
        self.text(0, 0, spoken(self.view.title)[:width], ink.muted, bold=True)
