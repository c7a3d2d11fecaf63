"""Drills: questions whose numbers are drawn anew each time, and whose answer is computed.

A drill is a card that names a generator, a function of `qa_bank/drills`. The generator draws the numbers and computes the
answer; the card's texts hold `{names}` where they go. Answers are read the way people write numbers and shapes.
"""

from __future__ import annotations

import ast
import functools
import importlib
import operator
import pkgutil
import random
import re
from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from qa_bank import drills
from qa_bank.card import Card, CardText

Value = int | float | str
"""What stands in a text: a whole number, a number in four significant digits, or a string taken as it is."""


class Number(Struct, frozen=True):
    """One number. tolerance: how far an answer may be off, as it is; 0 wants the number itself."""

    value: float
    tolerance: float = 0.0

    def accepts(self, typed: str) -> bool | None:
        """Whether that is the answer; None when it cannot be read as one."""
        readings = [reading for text in _spellings(typed) if (reading := evaluate(text)) is not None]
        if not readings:
            return None
        return any(_near(reading, self.value, self.tolerance) for reading in readings)

    def shown(self, language: str) -> str:
        return written(self.value, language)


class Numbers(Struct, frozen=True):
    """Several numbers in order: a shape, a vector, the rows of a grid one after the other."""

    values: tuple[float, ...]
    tolerance: float = 0.0
    sign: str = "; "
    """What stands between them when they are shown."""

    def accepts(self, typed: str) -> bool | None:
        """Whether those are the numbers; None when they cannot be read as numbers."""
        read = [tuple(map(evaluate, parts)) for parts in _parts(typed)]
        readable = [numbers for numbers in read if None not in numbers]
        if not readable:
            return None
        return any(
            len(numbers) == len(self.values)
            and all(_near(float(n or 0), value, self.tolerance) for n, value in zip(numbers, self.values, strict=True))
            for numbers in readable
        )

    def shown(self, language: str) -> str:
        return self.sign.join(written(value, language) for value in self.values)


class Names(Struct, frozen=True):
    """A set of letters, such as the boxes that are left."""

    names: tuple[str, ...]

    def accepts(self, typed: str) -> bool | None:
        """Whether those are the letters, in any order, Latin or the Cyrillic ones that look or lie like them."""
        letters = re.findall(r"\w", typed.upper().translate(_LATIN))
        known = {letter for letter in letters if letter.isalpha()}
        return known == set(self.names) if known else None

    def shown(self, language: str) -> str:
        return ", ".join(self.names)


Answer = Number | Numbers | Names
_LATIN = str.maketrans("АВСЕНКМОРТХБГДФИ", "ABCEHKMOPTXBGDFI")


class Drawn(Struct, frozen=True):
    """One draw of a drill: what its texts' names stand for, and the answer."""

    values: dict[str, Value]
    answer: Answer


Generator = Callable[[random.Random], Drawn]


class UnknownDrillError(KeyError):
    """No generator goes by that name."""


@functools.cache
def generators() -> dict[str, Generator]:
    """Every drill's generator by its name: the public functions of the modules of `qa_bank.drills`."""
    found: dict[str, Generator] = {}
    for module in pkgutil.iter_modules(drills.__path__):
        names = vars(importlib.import_module(f"{drills.__name__}.{module.name}"))
        own = {n: f for n, f in names.items() if callable(f) and getattr(f, "__module__", "").endswith(module.name)}
        found |= {name: generator for name, generator in own.items() if not name.startswith("_")}
    return found


def draw(name: str, seed: int) -> Drawn:
    """The numbers that a seed draws. Raises UnknownDrillError."""
    if name not in generators():
        raise UnknownDrillError(name)
    return generators()[name](random.Random(seed))


def pose(card: Card, seed: int = 0) -> tuple[Card, Answer | None]:
    """A drill with the numbers that a seed draws, and its answer; any other card as it is, and None."""
    if card.facts.drill is None or card.facts.drill not in generators():
        return card, None
    drawn = draw(card.facts.drill, seed)
    return msgspec.structs.replace(card, text=fill(card.text, drawn, card.language)), drawn.answer


def fill(text: CardText, drawn: Drawn, language: str) -> CardText:
    """A drill's text with the numbers drawn; `{answer}` is the answer."""
    values = {name: written(value, language) for name, value in drawn.values.items()}
    values["answer"] = drawn.answer.shown(language)

    def filled(template: str) -> str:
        return _NAME.sub(lambda match: values.get(match[1], match[0]), template)

    return msgspec.structs.replace(
        text,
        question=filled(text.question),
        answer=filled(text.answer),
        points=tuple(map(filled, text.points)),
        explanation=filled(text.explanation),
        pitfalls=filled(text.pitfalls),
    )


_NAME = re.compile(r"\{(\w+)\}")


def names_in(text: CardText) -> set[str]:
    """The names that a drill's text wants filled."""
    return set(_NAME.findall("\n".join((text.question, text.answer, *text.points, text.explanation, text.pitfalls))))


def written(value: Value, language: str) -> str:
    """A value as a language writes it: 12,345.6 in English, 12 345,6 in Russian and Kazakh."""
    if isinstance(value, str):
        return value if language == "en" else re.sub(r"(?<=\d)\.(?=\d)", ",", value)
    if float(value).is_integer() and abs(value) < 1e15:
        plain = f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    else:
        plain = f"{value:.4g}"
    plain = plain.replace("-", "−")
    return plain if language == "en" else plain.replace(",", "\u00a0").replace(".", ",")


def _near(reading: float, value: float, tolerance: float) -> bool:
    return abs(reading - value) <= tolerance + 1e-9 * max(1.0, abs(value))


_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SCALES = {
    "%": 0.01,
    "k": 1e3,
    "к": 1e3,
    "тыс": 1e3,
    "мың": 1e3,
    "m": 1e6,
    "м": 1e6,
    "млн": 1e6,
    "b": 1e9,
    "млрд": 1e9,
    "g": 1e9,
}


def _plain(typed: str) -> str:
    """Signs as a calculator has them."""
    text = typed.strip().lower().strip("=≈~ ")
    text = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda match: "**" + match[1].translate(_POWERS), text)
    for sign, plain in (
        ("−", "-"),
        ("–", "-"),
        ("·", "*"),
        ("⋅", "*"),
        ("×", "*"),
        ("^", "**"),
        (":", "/"),
        ("÷", "/"),
    ):
        text = text.replace(sign, plain)
    return text


def _spellings(typed: str) -> Iterator[str]:
    """A number as it may be meant: a comma, or a blank, may part thousands, and a comma may be a decimal one."""
    text = re.sub(r"(?<=\d)[ \u00a0\u202f'_](?=\d{3}(?!\d))", "", _plain(typed))
    text = re.sub(r"(?<=\d)\s*[xх]\s*(?=\d)", "*", text)
    yield re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    yield text.replace(",", ".")


def _parts(typed: str) -> Iterator[list[str]]:
    """Several numbers as they may be meant: parted by blanks, semicolons, x, or commas."""
    text = re.sub(r"[\[\](){}]", " ", typed.lower().strip()).replace("×", " ").replace("−", "-").replace("–", "-")
    text = re.sub(r"(?<=\d)\s*[xх*]\s*(?=\d)", " ", text)
    yield [part.replace(",", ".") for part in re.split(r"[;\s]+|,\s+", text) if part.strip(",")]
    yield [part for part in re.split(r"[;,\s]+", text) if part]


_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def evaluate(text: str) -> float | None:
    """The value of a number or of sums and products of numbers: 1.2e3, 75%, 3/4, 3*3*64+64, 1.2m, 12 px; None for others."""
    match = re.fullmatch(r"(.*?[\d.)])\s*([^\W\d]+\.?|%)?", text.strip())
    if match is None or len(text) > 80:
        return None
    scale = _SCALES.get((match[2] or "").strip("."), 1.0)
    try:
        return scale * _value(ast.parse(match[1].lstrip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, power = _value(left), _value(right)
            if abs(power) > 64:
                raise ValueError
            return float(base**power)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand))
        case _:
            raise ValueError
