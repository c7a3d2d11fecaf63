"""One key of config.toml: what may stand there, how it is typed, said, and turned to the next value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from tui.i18n import WEEKDAYS, _

DAY_MINUTES = 24 * 60
ON = ("on", "true", "yes")
OFF = ("off", "false", "no")


class Kind(Struct, frozen=True):
    """What may stand under a key. `read` and `typed` raise ValueError, with a sentence where `expects` says too little."""

    few: ClassVar[bool] = False
    """Whether one goes through the values rather than types one."""

    def read(self, value: Any) -> Any:
        """What TOML has, as Config has it."""
        raise NotImplementedError

    def expects(self) -> str:
        """What is to stand there, in words."""
        raise NotImplementedError

    def typed(self, text: str) -> Any:
        """What a person typed, as TOML would have it."""
        return text

    def said(self, value: Any) -> str:
        """A value of Config in words."""
        return str(value)

    def written(self, value: Any) -> str:
        """A value of Config as a person types it."""
        return str(value)

    def turned(self, value: Any, by: int) -> Any:
        """The next value, or the one before; the same where there is none."""
        return value

    def among(self, devices: Sequence[str]) -> Kind:
        """The same on a machine that has these devices."""
        return self


class OneOf(Kind, frozen=True):
    """A word out of a few."""

    few: ClassVar[bool] = True

    options: tuple[str, ...]
    names: Mapping[str, str] = {}
    """How the words are said, where that is not as they are."""
    none: str = ""
    """The word that Config has as None."""

    def read(self, value: Any) -> str | None:
        if value not in self.options:
            raise ValueError
        return None if value == self.none else str(value)

    def expects(self) -> str:
        return _("one of: {words}").format(words=", ".join(self.options))

    def said(self, value: Any) -> str:
        word = self.written(value)
        return _(self.names.get(word, word))

    def written(self, value: Any) -> str:
        return self.none if value is None else str(value)

    def turned(self, value: Any, by: int) -> Any:
        at = self.options.index(self.written(value)) if self.written(value) in self.options else 0
        return self.read(self.options[(at + by) % len(self.options)])


class Device(Kind, frozen=True):
    """Where experiments run. Whether the machine has the device only a worker knows, and it says so."""

    known: tuple[str, ...] = ("auto", "cpu")
    """Those to go through; others may be typed."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"auto|cpu|mps|(cuda|xpu)(:\d+)?", value):
            raise ValueError
        return value

    def expects(self) -> str:
        return _("one of: {words}").format(words="auto, cpu, cuda, cuda:0, cuda:1…, mps, xpu")

    def turned(self, value: Any, by: int) -> str:
        words: list[str] = list(dict.fromkeys((*self.known, value)))
        return words[(words.index(value) + by) % len(words)]

    def among(self, devices: Sequence[str]) -> Device:
        return Device(tuple(dict.fromkeys((*self.known, *devices))))


class Number(Kind, frozen=True):
    """A number in a range; where `off` is set, 0 too, which turns the thing off."""

    low: float
    high: float
    step: float = 1
    whole: bool = True
    off: bool = False

    def read(self, value: Any) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not self._fits(value) or (self.whole and value != int(value)):
            raise ValueError
        return int(value) if self.whole else float(value)

    def _fits(self, value: float) -> bool:
        return self.low <= value <= self.high or (self.off and value == 0)

    def expects(self) -> str:
        text = _("a whole number from {low} to {high}") if self.whole else _("a number from {low} to {high}")
        text = text.format(low=f"{self.low:g}", high=f"{self.high:g}")
        return _("{range}, or 0 for never").format(range=text) if self.off else text

    def typed(self, text: str) -> float:
        return _number(text)

    def said(self, value: Any) -> str:
        return _("never") if self.off and value == 0 else f"{value:g}"

    def written(self, value: Any) -> str:
        return f"{value:g}"

    def turned(self, value: Any, by: int) -> float:
        if self.off and value == 0:
            return self.read(self.low) if by > 0 else 0
        if self.off and value <= self.low and by < 0:
            return 0
        return self.read(min(self.high, max(self.low, round(value + by * self.step, 6))))


class Share(Number, frozen=True):
    """A share of 1, said in percent."""

    def typed(self, text: str) -> float:
        return _number(text[:-1]) / 100 if text.endswith("%") else _number(text)

    def said(self, value: Any) -> str:
        return f"{value:.0%}"


class Minutes(Kind, frozen=True):
    """Steps in minutes; there may be none."""

    def read(self, value: Any) -> tuple[float, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError
        step = Number(0, DAY_MINUTES, whole=False)
        if any(step.read(minutes) == 0 for minutes in value):
            raise ValueError
        return tuple(value)

    def expects(self) -> str:
        return _("a list of minutes, each more than 0 and at most {most}; [] for none").format(most=DAY_MINUTES)

    def typed(self, text: str) -> list[float]:
        return [_number(word) for word in _words(text)]

    def said(self, value: Any) -> str:
        return _("{steps} min").format(steps=self.written(value)) if value else _("none")

    def written(self, value: Any) -> str:
        return ", ".join(f"{minutes:g}" for minutes in value)


class Days(Kind, frozen=True):
    """Days of the week."""

    few: ClassVar[bool] = True

    names: tuple[str, ...]

    def read(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or any(day not in self.names for day in value):
            raise ValueError
        return tuple(day for day in self.names if day in value)

    def expects(self) -> str:
        return _("a list of days: {days}").format(days=", ".join(self.names))

    def typed(self, text: str) -> list[str]:
        return _words(text.lower())

    def said(self, value: Any) -> str:
        return ", ".join(_(WEEKDAYS[self.names.index(day)]) for day in value) or _("none")

    def written(self, value: Any) -> str:
        return ", ".join(value)

    def toggled(self, value: tuple[str, ...], day: int) -> tuple[str, ...]:
        """With that day, counted from Monday 0, or without it if it was there."""
        return self.read(tuple(set(value) ^ {self.names[day]}))


class Switch(Kind, frozen=True):
    """On or off."""

    few: ClassVar[bool] = True

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def expects(self) -> str:
        return _("true or false")

    def typed(self, text: str) -> bool:
        if text.lower() not in (*ON, *OFF):
            raise ValueError
        return text.lower() in ON

    def said(self, value: Any) -> str:
        return _("on") if value else _("off")

    def written(self, value: Any) -> str:
        return ON[0] if value else OFF[0]

    def turned(self, value: Any, by: int) -> bool:
        return not value


class Weights(Kind, frozen=True):
    """The weights of FSRS, or None for those that the library comes with."""

    def read(self, value: Any) -> tuple[float, ...]:
        from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS as LOW  # 30 ms, and few have weights of their own
        from fsrs.scheduler import UPPER_BOUNDS_PARAMETERS as HIGH

        if not isinstance(value, list | tuple) or len(value) != len(LOW):
            raise ValueError
        for i, (weight, low, high) in enumerate(zip(value, LOW, HIGH, strict=True), 1):
            try:
                Number(low, high, whole=False).read(weight)
            except ValueError:
                text = _("weight {number} is {given}; it goes from {low} to {high}")
                raise ValueError(text.format(number=i, given=given(weight), low=f"{low:g}", high=f"{high:g}")) from None
        return tuple(float(weight) for weight in value)

    def expects(self) -> str:
        return _("the 21 weights of FSRS, as `viva optimize` writes them")

    def typed(self, text: str) -> list[float]:
        return [_number(word) for word in _words(text)]

    def said(self, value: Any) -> str:
        return _("FSRS's own") if value is None else _("fitted to your reviews")

    def written(self, value: Any) -> str:
        return ", ".join(f"{weight:g}" for weight in value or ())


class Setting(Struct, frozen=True):
    """A key, with a name for people and a sentence on what it does."""

    key: str
    label: str
    help: str
    kind: Kind


def given(value: Any) -> str:
    """A value as an error quotes it: as TOML writes it, and not too long."""
    try:
        text = repr(value) if isinstance(value, float) else written(value)  # JSON has no nan
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def written(value: Any) -> str:
    """A value as TOML writes it: what we have is written alike in JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,\[\]\"']+", text) if word]


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError from None  # its own sentence is about Python
    return int(value) if value.is_integer() and "." not in text else value
