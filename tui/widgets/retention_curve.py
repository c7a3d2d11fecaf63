"""Retention week by week, with the aim as a dotted line across."""

from __future__ import annotations

from datetime import date, timedelta

from demos.frame import Curves, Line
from qa_bank.stats import Statistics
from tui.i18n import MONTHS, _
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.curves import CurvesView

FLOOR = 60.0
"""Per cent at the bottom, unless a week was worse."""


class RetentionCurve(CurvesView):
    """The share remembered in each week in which anything was asked, from the first such week on."""

    DEFAULT_CSS = """
    RetentionCurve { height: 9; }
    """

    def __init__(self, whole: Statistics) -> None:
        weeks = [(i, week.all.share) for i, week in enumerate(whole.weeks)]
        known = [(i, 100 * share) for i, share in weeks if share is not None]
        first = min([i for i, _share in known], default=0)
        self._first = whole.weeks[first].start
        self._last = whole.weeks[-1].start
        low = min([FLOOR, *(10 * (share // 10) for _i, share in known)])
        self._aim = 100 * whole.aim
        super().__init__(
            Curves(
                "",
                (Line("", tuple(i - first for i, _share in known), tuple(share for _i, share in known)),),
                x_range=(0, max(1, len(weeks) - 1 - first)),
                y_range=(low, 100.0),
            )
        )

    def title(self, ink: Ink, width: int) -> None:
        self.text(0, 0, _("week by week, in per cent; dotted: the aim")[:width], ink.muted)

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
        self.right(left - 1, 1, f"{y_range[1]:.0f}", ink.muted)
        self.right(left - 1, rows, f"{y_range[0]:.0f}", ink.muted)
        self._draw_aim(ink, left, room, rows, y_range)
        taken = 0
        for weeks in range((self._last - self._first).days // 7 + 1):
            monday = self._first + timedelta(weeks=weeks)
            month: date = (monday + timedelta(days=6)).replace(day=1)
            label = _(MONTHS[month.month - 1])
            x = round(weeks / (x_range[1] - x_range[0]) * (room - 1))
            if monday <= month and x >= taken and x + width_of(label) <= room:
                self.text(left + x, rows + 1, label, ink.muted)
                taken = x + width_of(label) + 1

    def _draw_aim(self, ink: Ink, left: int, room: int, rows: int, y_range: tuple[float, float]) -> None:
        """Behind the curve; its number stands on the axis, so that no label covers the latest week."""
        y = 4 + round((y_range[1] - self._aim) / (y_range[1] - y_range[0]) * (4 * rows - 1))
        for x in range(2 * left, 2 * (left + room), 4):
            if (x >> 1, y >> 2) not in self._dots:
                self.dot(x, y, ink.muted)
        if 1 < y >> 2 < rows:
            self.right(left - 1, y >> 2, f"{self._aim:.0f}", ink.muted)
