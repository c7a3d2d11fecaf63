"""Frames: one state of a run in plain numbers, and the few general views it is made of. Imports no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from demos.demo import KnobValue, Verdict


class Say(Struct, frozen=True):
    """A sentence with values in it: the template is what gets translated."""

    text: str
    values: dict[str, str | int | float | None] = {}


Text = str | Say
Number = float | None
"""A number on the wire; None where it is not finite."""

if TYPE_CHECKING:  # a tensor, an array or a sequence goes in, plain tuples come out
    Numbers = Any
    Matrix = Any
    Pixels = Any
else:
    Numbers = tuple[Number, ...]
    Matrix = tuple[Numbers, ...]
    Pixels = tuple[tuple[int | tuple[int, ...], ...], ...]


def say(text: str, **values: str | int | float | None) -> Say:
    return Say(text, values)


def plain(numbers: Any) -> Any:
    """Plain (nested) tuples of what may be a tensor, an array or a sequence; a number stays itself."""
    if hasattr(numbers, "tolist"):
        numbers = numbers.tolist()
    if not isinstance(numbers, list | tuple):
        return numbers
    nested = bool(numbers) and (isinstance(numbers[0], list | tuple) or hasattr(numbers[0], "tolist"))
    return tuple(map(plain, numbers)) if nested else tuple(numbers)


class _View(Struct, frozen=True, tag=True, omit_defaults=True):
    """Whatever numbers a view is made with, tensors too, it holds plain ones."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            msgspec.structs.force_setattr(self, name, plain(getattr(self, name)))


class Line(_View, frozen=True):
    """A polyline. xs, ys: (n,)."""

    name: Text
    xs: Numbers
    ys: Numbers


class Ref(_View, frozen=True):
    """A reference that is always drawn: a baseline, a limit, a theoretical value."""

    name: Text
    y: float


class Curves(_View, frozen=True):
    """Lines over a common x axis, with horizontal references."""

    title: Text
    lines: tuple[Line, ...]
    refs: tuple[Ref, ...] = ()
    x: Text = ""
    """What the x axis counts."""
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    log_y: bool = False


class Cloud(_View, frozen=True):
    """Points of one kind. xs, ys: (n,)."""

    name: Text
    xs: Numbers
    ys: Numbers


class Points(_View, frozen=True):
    """Clouds of points on one plane, over an optional field given on a regular grid.

    field: (rows, columns), its first row at the top (the largest y), spanning the ranges; 0 to 1.
    """

    title: Text
    clouds: tuple[Cloud, ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    field: Matrix = ()
    field_name: Text = ""


class Bars(_View, frozen=True):
    """A value for each label. `refs`, when given, has a reference for each bar (an expected count, a target)."""

    title: Text
    labels: tuple[Text, ...]
    values: Numbers
    refs: Numbers = ()
    ref_name: Text = ""
    high: float | None = None
    """The value of a full bar; the largest value or reference when not given."""
    log: bool = False
    """Bars grow with the logarithm, from `low` to `high`; for values over many orders of magnitude."""
    low: float = 0.0


class Grid(_View, frozen=True):
    """A heat map with labels. values: (rows, columns)."""

    title: Text
    values: Matrix
    rows: tuple[Text, ...] = ()
    cols: tuple[Text, ...] = ()
    low: float = 0.0
    high: float = 1.0
    digits: int | None = None
    """Write each number with so many decimals; None draws colour alone."""


class Box(_View, frozen=True):
    """A labelled rectangle on a picture, in pixels from the top left corner; x1 and y1 are exclusive."""

    x0: float
    y0: float
    x1: float
    y1: float
    label: Text = ""
    score: float | None = None


class Tile(_View, frozen=True):
    """One picture. pixels: (height, width) grey 0 to 255, or (height, width, 3) RGB 0 to 255."""

    pixels: Pixels
    caption: Text = ""
    boxes: tuple[Box, ...] = ()


class Picture(_View, frozen=True):
    """Pictures side by side, wrapped into as many rows as they need."""

    title: Text
    tiles: tuple[Tile, ...]
    legend: tuple[tuple[Text, str], ...] = ()
    """What a colour stands for: (name, `#rrggbb`)."""


class Tokens(_View, frozen=True):
    """Text in pieces, each with a weight from 0 to 1 (an attention, a probability), or none."""

    title: Text
    tokens: tuple[str, ...]
    weights: Numbers = ()


class Table(_View, frozen=True):
    """Rows under a header; numbers stand right-aligned."""

    title: Text
    header: tuple[Text, ...]
    rows: tuple[tuple[Text | Number, ...], ...]


class Note(_View, frozen=True):
    """A sentence or two about what is happening now."""

    text: Text
    tone: Literal["plain", "good", "bad"] = "plain"


View = Curves | Points | Bars | Grid | Picture | Tokens | Table | Note


class Turn(Struct, frozen=True):
    """Knobs turned while a run was under way."""

    step: int
    """The step after which they were turned."""
    values: dict[str, KnobValue]
    done: bool = False
    """Turned when the run was done; it then goes on, or only shows the same in another way."""


class Frame(Struct, frozen=True, omit_defaults=True):
    """One state of a run, in plain numbers. What has a default from `params` on is the worker's."""

    step: int
    views: tuple[View, ...] = ()
    metrics: dict[str, Number] = {}
    outcomes: dict[str, str] = {}
    done: bool = False
    """The measurement is complete: the claims are judged; what follows only answers to the knobs."""
    hold: float = 0.0
    """Seconds for which a watched run stays on this frame before it goes on."""
    sound: int | None = None
    """Of a run whose numbers broke down: the last step at which they were sound, to which it can be rewound."""
    params: dict[str, KnobValue] = {}
    """The values this frame was computed with."""
    turns: tuple[Turn, ...] = ()
    """How the knobs were turned since the run began."""
    line: int = 0
    """The line of the demo's source at which the generator stands."""
    seconds: float = 0.0
    """Computing time since the run began."""
    verdicts: tuple[Verdict, ...] = ()


class Trace:
    """A curve recorded while training: every value goes in, at most `limit` come out, evenly thinned."""

    def __init__(self, name: Text, limit: int = 240) -> None:
        self.name = name
        self._limit = limit
        self._stride = 1
        self._seen = 0
        self._xs: list[float] = []
        self._ys: list[float] = []
        self._last: tuple[float, float] | None = None

    def add(self, x: float, y: float) -> None:
        """Record y at x; a tensor of one element is fetched, so on a GPU add at frame rate, not at every step."""
        self._last = (x, float(y))
        if self._seen % self._stride == 0:
            self._xs.append(x)
            self._ys.append(float(y))
            if len(self._xs) >= self._limit:
                self._xs, self._ys = self._xs[::2], self._ys[::2]
                self._stride *= 2
        self._seen += 1

    def line(self) -> Line:
        xs, ys = self._xs, self._ys
        if self._last and self._last[0] != xs[-1]:
            xs, ys = [*xs, self._last[0]], [*ys, self._last[1]]
        return Line(self.name, tuple(xs), tuple(ys))
