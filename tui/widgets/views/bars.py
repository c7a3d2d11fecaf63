"""Bars: a value for each label, with its reference."""

from __future__ import annotations

import math

from demos.frame import Bars
from tui.widgets.canvas import Ink, width_of
from tui.widgets.views.base import ViewCanvas, number, spoken

_EIGHTHS = " ▏▎▍▌▋▊▉█"


class BarsView(ViewCanvas):
    grows = False

    def lines(self, width: int) -> int:
        return 1 + len(self.view.labels)

    def width_wanted(self, width: int) -> int:
        return 28

    def draw(self, ink: Ink, width: int, height: int) -> None:
        view: Bars = self.view
        self.title(ink, width)
        if view.refs and view.ref_name:
            legend = "┃ " + spoken(view.ref_name)
            if width_of(spoken(view.title)) + width_of(legend) + 2 <= width:
                self.right(width, 0, legend, ink.series[1])
        labels = [spoken(label) for label in view.labels]
        left = min(max(map(width_of, labels), default=0), width // 3) + 1
        figures = [number(value) for value in view.values]
        right = max(map(len, figures), default=0) + 1
        room = width - left - right
        if room < 3:
            return
        for i, (label, value, figure) in enumerate(zip(labels, view.values, figures, strict=False)):
            y = 1 + i
            self.text(0, y, label[: left - 1], ink.text)
            self.right(width, y, figure, ink.text)
            eighths = round(self._share(view, value) * room * 8)
            full, part = divmod(eighths, 8)
            self.text(left, y, "█" * full + (_EIGHTHS[part] if part else ""), ink.accent)
            if i < len(view.refs) and view.refs[i] is not None:
                x = left + min(room - 1, round(self._share(view, view.refs[i]) * room))
                covered = x < left + full
                self.put(x, y, "┃", ink.series[1], ink.accent if covered else "")

    @staticmethod
    def _share(view: Bars, value: float | None) -> float:
        if value is None:
            return 0.0
        known = [v for v in (*view.values, *view.refs) if v is not None]
        high = view.high if view.high is not None else max(known, default=1.0)
        if view.log:
            low = view.low or min((v for v in known if v > 0), default=1e-12)
            if value <= low or high <= low:
                return 0.0
            return min(1.0, math.log(value / low) / math.log(high / low))
        return min(1.0, max(0.0, (value - view.low) / ((high - view.low) or 1.0)))
