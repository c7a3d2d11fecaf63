"""What a demo declares, and the frames it yields. Imports no torch.

A demo is a module in `demos/gallery` that holds
    a docstring    `Title: what it shows, in a sentence.`, then its dimension key
    LOOK, TRY      what is to be seen, and what to try (a sentence; several sentences)
    Params         its knobs: a frozen dataclass that derives from DemoParams
    PRESETS        named parameter sets; the first is the main one, and one at least breaks it
    CLAIMS         what a finished run has to show, each with its bound and why the bound is that
    OUTCOMES       what a run can find out, as {outcome: (possible values)}; cards ask for predictions of these
    run(p, lab)    a generator that yields frames and receives its parameters
"""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, Self

import msgspec
from msgspec import Struct

KnobValue = bool | int | float | str


class DemoError(Exception):
    """What was asked of a demo cannot be had. `text` is a template with `values`, so that a face can translate it."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values


class UnknownNameError(DemoError):
    """No demo, preset or knob goes by a name. The message offers the nearest one and lists them all."""

    TEXTS: ClassVar = {
        "demo": ("No demo named '{name}'. Demos: {names}.",
                 "No demo named '{name}'. Did you mean '{nearest}'? Demos: {names}."),
        "preset": ("No preset named '{name}'. Presets: {names}.",
                   "No preset named '{name}'. Did you mean '{nearest}'? Presets: {names}."),
        "knob": ("No knob named '{name}'. Knobs: {names}.",
                 "No knob named '{name}'. Did you mean '{nearest}'? Knobs: {names}."),
    }  # fmt: skip

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        names = list(names)
        nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        super().__init__(self.TEXTS[kind][bool(nearest)], name=name, nearest="".join(nearest), names=", ".join(names))


class Knob(Struct, frozen=True):
    """One parameter that the learner can turn."""

    name: str
    default: KnobValue
    low: float | None = None
    high: float | None = None
    scale: Literal["linear", "log"] = "linear"
    choices: tuple[str, ...] = ()
    restart: bool = False
    """A change starts the run again; otherwise the running tensors take it."""
    doc: str = ""

    def check(self, value: object) -> KnobValue:
        """`value` as this knob's type. Raises DemoError when it is of another kind or out of bounds."""
        if isinstance(self.default, bool):
            if isinstance(value, bool):
                return value
            raise DemoError("{knob} is on or off, not '{value}'.", knob=self.name, value=value)
        if isinstance(self.default, str):
            if value in self.choices:
                return str(value)
            raise DemoError(
                "{knob} cannot be '{value}'. Choices: {choices}.",
                knob=self.name, value=value, choices=", ".join(self.choices),
            )  # fmt: skip
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise DemoError("{knob} is a number, not '{value}'.", knob=self.name, value=value)
        if isinstance(self.default, int) and value != int(value):
            raise DemoError("{knob} is a whole number, not {value}.", knob=self.name, value=value)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if not low <= value <= high:
            raise DemoError(
                "{knob} goes from {low} to {high}; {value} is outside.",
                knob=self.name, low=f"{low:g}", high=f"{high:g}", value=f"{value:g}",
            )  # fmt: skip
        return int(value) if isinstance(self.default, int) else float(value)

    def parse(self, text: str) -> KnobValue:
        """A value as it is typed: `0.5`, `1e-3`, `on`, or one of the choices. Raises DemoError."""
        if isinstance(self.default, bool):
            switch = {"on": True, "true": True, "yes": True, "1": True}
            switch |= {"off": False, "false": False, "no": False, "0": False}
            return self.check(switch.get(text.lower(), text))
        if isinstance(self.default, str):
            return self.check(text)
        try:
            return self.check(float(text))
        except ValueError:
            raise DemoError("{knob} is a number, not '{value}'.", knob=self.name, value=text) from None

    def fraction(self, value: KnobValue) -> float:
        """Where `value` stands between low and high, 0 to 1, on the knob's scale."""
        if isinstance(self.default, bool):
            return float(bool(value))
        if isinstance(self.default, str):
            return self.choices.index(str(value)) / max(1, len(self.choices) - 1)
        low, high = self._span()
        bend = math.log if self.scale == "log" else float
        return (bend(float(value)) - bend(low)) / (bend(high) - bend(low))

    def at(self, fraction: float) -> KnobValue:
        """The value that stands at a fraction of the way, rounded to what a person would write."""
        fraction = min(1.0, max(0.0, fraction))
        if isinstance(self.default, bool):
            return fraction >= 0.5
        if isinstance(self.default, str):
            return self.choices[round(fraction * (len(self.choices) - 1))]
        low, high = self._span()
        if self.scale == "log":
            value = math.exp(math.log(low) + fraction * (math.log(high) - math.log(low)))
        else:
            value = low + fraction * (high - low)
        if isinstance(self.default, int):
            return round(value)
        return min(high, max(low, float(f"{value:.2g}")))

    def nudge(self, value: KnobValue, by: int) -> KnobValue:
        """The value `by` notches up (or down when negative): always another value, except at an end."""
        if isinstance(self.default, bool):
            return by > 0
        if isinstance(self.default, str):
            index = self.choices.index(str(value)) + by
            return self.choices[min(len(self.choices) - 1, max(0, index))]
        low, high = self._span()
        if isinstance(self.default, int) and self.scale == "linear" and high - low <= 40:
            return round(min(high, max(low, float(value) + by)))
        here = self.fraction(value)
        for notch in range(1, 200):
            there = self.at(here + math.copysign(notch * max(1, abs(by)), by) / 24)
            if there != value:
                return there
        return value

    def _span(self) -> tuple[float, float]:
        assert self.low is not None and self.high is not None, f"{self.name} has no bounds"
        return self.low, self.high


def knob(
    default: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    scale: Literal["linear", "log"] = "linear",
    choices: Sequence[str] = (),
    restart: bool = False,
) -> Any:
    """A field of Params that the learner can turn; its doc is the string that stands under it.

    A number needs `low` and `high`, a string its `choices`. `restart` marks a knob whose change starts the run again.
    """
    if isinstance(default, str) and default not in choices:
        raise ValueError(f"{default!r} is not among the choices {choices!r}")
    if isinstance(default, int | float) and not isinstance(default, bool) and (low is None or high is None):
        raise ValueError("a number needs low and high")
    face = Knob("", default, low, high, scale, tuple(choices), restart)
    return field(default=default, metadata={"knob": face})


@dataclass(frozen=True, slots=True)
class DemoParams:
    """The base of each demo's Params."""

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """The knobs, in the order of the fields; without their docs, which only the source holds."""
        return tuple(
            msgspec.structs.replace(f.metadata["knob"], name=f.name) for f in fields(cls) if "knob" in f.metadata
        )

    def values(self) -> dict[str, KnobValue]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def with_values(self, values: Mapping[str, object]) -> Self:
        """These parameters with some of them changed. Raises DemoError for an unknown knob or a bad value."""
        knobs = {k.name: k for k in self.knobs()}
        for name in values:
            if name not in knobs:
                raise UnknownNameError("knob", name, knobs)
        return dataclasses.replace(self, **{name: knobs[name].check(value) for name, value in values.items()})


class Preset(Struct, frozen=True):
    """A named set of parameters."""

    name: str
    about: str
    """One sentence: what this setting is for."""
    values: dict[str, KnobValue]
    breaks: bool = False
    """Shows a failure; the failure is claimed and checked like any success."""
    large: bool = False
    """For an accelerator: a laptop takes a minute or more over it. Checked when asked for."""


def preset(name: str, about: str, *, breaks: bool = False, large: bool = False, **values: KnobValue) -> Preset:
    return Preset(name, about, values, breaks, large)


OPERATORS = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "==": lambda value, bound: value == bound,
}


class Verdict(Struct, frozen=True):
    """What a finished run says of a claim. `value` is None when it was not measured or is not finite."""

    name: str
    value: float | None
    op: str
    bound: float
    holds: bool


class Claim(Struct, frozen=True):
    """A metric, a bound, and why the bound is that: a closed form, a theorem or a named baseline."""

    name: str
    says: str
    """The claim in words, as a sentence without the numbers."""
    metric: str
    op: Literal["<", "<=", ">", ">=", "=="]
    bound: float
    why: str
    presets: tuple[str, ...]
    """The presets under which it is claimed."""

    def judge(self, metrics: Mapping[str, float | None]) -> Verdict:
        value = metrics.get(self.metric)
        finite = value is not None and math.isfinite(value)
        holds = finite and bool(OPERATORS[self.op](value, self.bound))
        return Verdict(self.name, value if finite else None, self.op, self.bound, holds)


class Demo(Struct, frozen=True):
    """Everything a demo declares, read from its source without running it."""

    name: str
    title: str
    about: str
    look: str
    tries: tuple[str, ...]
    knobs: tuple[Knob, ...]
    presets: tuple[Preset, ...]
    claims: tuple[Claim, ...]
    outcomes: dict[str, tuple[str, ...]]
    path: str

    def knob(self, name: str) -> Knob:
        for k in self.knobs:
            if k.name == name:
                return k
        raise UnknownNameError("knob", name, [k.name for k in self.knobs])

    def preset(self, name: str | None = None) -> Preset:
        """The preset of that name, or the main one. Raises UnknownNameError."""
        if name is None:
            return self.presets[0]
        for p in self.presets:
            if p.name == name:
                return p
        raise UnknownNameError("preset", name, [p.name for p in self.presets])

    def values(self, preset: str | None = None, changes: Mapping[str, object] | None = None) -> dict[str, KnobValue]:
        """Every knob's value under a preset with some changed. Raises DemoError."""
        values: dict[str, KnobValue] = {k.name: k.default for k in self.knobs} | self.preset(preset).values
        for name, value in (changes or {}).items():
            values[name] = self.knob(name).check(value)
        return values

    def check_turn(self, values: Mapping[str, object]) -> dict[str, KnobValue]:
        """Values to turn knobs to while a run is under way. Raises DemoError."""
        for name in values:
            if self.knob(name).restart:
                raise DemoError("{knob} starts the run again; it cannot be turned on the way.", knob=name)
        return {name: self.knob(name).check(value) for name, value in values.items()}

    def claims_of(self, preset: str) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if preset in claim.presets)
