"""Pictures of characters: columns, bars, a map of days, tables. They read without colour, on a screen and in a file alike.

A picture is rows of pieces, each a text and its style in Textual's words; plain lines leave the styles out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from rich.cells import cell_len, set_cell_size

from tui.i18n import MONTHS, WEEKDAYS, _

Row = list[tuple[str, str]]

MUTED, FAINT, ACCENT, BOLD = "$muted", "$faint", "$accent", "bold"
SHADES = "·░▒▓█"
"""Of a day: none, and four parts of a full one."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_AXIS = 1
"""Cells between an axis and what it is of."""


def plain(rows: Iterable[Row]) -> str:
    """A picture without its styles, a line a row."""
    return "\n".join("".join(text for text, _style in row).rstrip() for row in rows)


def padded(text: str, width: int, right: bool = False) -> str:
    """A text in so many cells; what is too long is cut."""
    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…" if width > 0 else ""
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def wrapped(text: str, width: int, style: str = MUTED) -> list[Row]:
    """A text in as many rows as it takes, broken between words."""
    rows: list[str] = []
    for word in text.split():
        if rows and cell_len(rows[-1]) + 1 + cell_len(word) <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return [[(row, style)] for row in rows]


def bar(share: float, width: int, filled: str = "━", left: str = "─") -> Row:
    """A share, 0 to 1; a share above nothing is seen."""
    cells = 0 if share <= 0 else max(1, round(share * width))
    return [(filled * cells, ACCENT), (left * (width - cells), FAINT)]


def table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int, bars: Sequence[float] = ()) -> list[Row]:
    """Names to the left, numbers to the right; with bars, a share for each row, each has a bar in the room between."""
    count = len(header)
    cells = [max(cell_len(row[i]) for row in (header, *rows)) for i in range(count)]
    room = width - sum(cells) - 2 * (count - 1) - 2
    bar_width = max(4, min(24, room)) if bars else 0
    cells[0] = max(4, cells[0] + min(0, room - bar_width if bars else room + 2))
    lines: list[Row] = []
    for i, row in enumerate((header, *rows)):
        style = MUTED if i == 0 else ""
        line: Row = [(padded(row[0], cells[0]), style)]
        if bars:
            line += [("  ", ""), *(bar(bars[i - 1], bar_width) if i else [(" " * bar_width, "")])]
        line += [("  " + padded(cell, cells[j], right=True), style) for j, cell in enumerate(row[1:], 1)]
        lines.append(line)
    return lines


def figures(pairs: Sequence[tuple[str, str]], width: int) -> list[Row]:
    """What numbers are called, and the numbers below: as many beside one another as there is room for."""
    lines: list[Row] = []
    while pairs:
        cells, taken = [], 0
        for name, value in pairs:
            cells.append(max(cell_len(name), cell_len(value)))
            if cells[1:] and sum(cells) + 3 * (len(cells) - 1) > width:
                cells.pop()
                break
            taken += 1
        for place, style in ((0, MUTED), (1, BOLD)):
            shown = [padded(pair[place], n) for pair, n in zip(pairs, cells, strict=False)]
            lines.append([("   ".join(shown), style)])
        pairs = pairs[taken:]
    return lines


def columns(
    values: Sequence[float], width: int, height: int, high: float, top: str, below: Mapping[int, str], widest: int = 4
) -> list[Row]:
    """Upright bars over a line of labels. high: the value that a full one stands for, called `top`; below: by place, the
    foremost first."""
    left = cell_len(top) + _AXIS
    slot = max(1, min(widest, (width - left) // max(1, len(values))))
    thick = max(1, slot - 1)
    eighths = [0 if value <= 0 else max(1, round(8 * height * min(1.0, value / (high or 1)))) for value in values]
    lines: list[Row] = []
    for level in range(height - 1, -1, -1):
        line: Row = [
            (padded(top if level == height - 1 else "0" if level == 0 else "", left - _AXIS, right=True), MUTED)
        ]
        line.append((" " * _AXIS, ""))
        for full in eighths:
            char = _EIGHTHS[max(0, min(8, full - 8 * level))]
            empty = level == 0 and full == 0
            line += [(("·" if empty else char) * thick, FAINT if empty else ACCENT), (" " * (slot - thick), "")]
        lines.append(line)
    return [*lines, [(" " * left + _labels(below, slot, len(values) * slot), MUTED)]]


def _labels(below: Mapping[int, str], slot: int, width: int) -> str:
    """Labels under their places; the first named have the right of way."""
    row = [" "] * width
    for place, label in below.items():
        start = max(0, min(place * slot, width - cell_len(label)))
        if not "".join(row[max(0, start - 1) : start + cell_len(label) + 1]).strip():
            row[start : start + cell_len(label)] = label.ljust(cell_len(label))
    return "".join(row)[:width]


def stacked(parts: Sequence[int], width: int, chars: Sequence[str]) -> Row:
    """A whole and its parts, each of a character of its own."""
    whole = sum(parts) or 1
    ends = [round(width * sum(parts[: i + 1]) / whole) for i in range(len(parts))]
    starts = [0, *ends[:-1]]
    return [(char * (end - start), ACCENT) for char, start, end in zip(chars, starts, ends, strict=True)]


def full_day(counts: Iterable[int]) -> int:
    """What counts as a full day: more than that nine in ten did not bring."""
    studied = sorted(count for count in counts if count)
    return max(4, studied[round(0.9 * (len(studied) - 1))]) if studied else 4


def heat_map(start: date, counts: Sequence[int], width: int) -> list[Row]:
    """A column a week, a row a weekday, Monday first; as many of the latest weeks as there is room for."""
    full = full_day(counts)
    names = max(cell_len(_(day)) for day in WEEKDAYS) + _AXIS
    weeks = math.ceil(len(counts) / 7)
    skipped = max(0, weeks - (width - names))
    first = start + timedelta(weeks=skipped)
    shown = counts[7 * skipped :]
    months = ""
    for week in range(weeks - skipped):
        month = (first + timedelta(weeks=week, days=6)).replace(day=1)
        label = _(MONTHS[month.month - 1])
        begins = first + timedelta(weeks=week) <= month
        if begins and (not months or cell_len(months) < week) and week + cell_len(label) <= weeks - skipped:
            months = padded(months, week) + label
    lines: list[Row] = [[(" " * names + months, MUTED)]]
    for weekday, name in enumerate(WEEKDAYS):
        line: Row = [(padded(_(name) if weekday % 2 == 0 else "", names), MUTED)]
        for count in shown[weekday::7]:
            shade = min(4, math.ceil(4 * count / full))
            style = ACCENT if shade else FAINT
            if line[-1][1] == style:
                line[-1] = (line[-1][0] + SHADES[shade], style)
            else:
                line.append((SHADES[shade], style))
        lines.append(line)
    return [*lines, _legend(full, names)]


def _legend(full: int, indent: int) -> Row:
    """What each shade stands for, in counts."""
    row: Row = [(" " * indent, "")]
    for shade in range(5):
        low, high = full * (shade - 1) // 4 + 1, full * shade // 4
        counts = "0" if shade == 0 else f"{low}+" if shade == 4 else str(low) if low == high else f"{low}–{high}"
        row += [(SHADES[shade], ACCENT if shade else FAINT), (f" {counts}   ", MUTED)]
    return row
