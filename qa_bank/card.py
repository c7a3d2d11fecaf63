"""A card and its parts, and how one is read from its Markdown files.

`<id>.md` holds the facts, in TOML between `+++` lines, and the English text; `<id>.ru.md` and `<id>.kk.md` hold that text
in Russian and Kazakh. The text is `# question`, the spoken answer, then sections under `##` headings (HEADINGS). The code
is the same in every language and stands in the English file alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

LANGUAGES = ("en", "ru", "kk")
Level = Literal["junior", "middle", "senior"]
LEVELS: tuple[Level, ...] = get_args(Level)

HEADINGS = {
    "en": {
        "points": "Key points",
        "explanation": "Explanation",
        "pitfalls": "Pitfalls",
        "code": "Code",
        "demo": "Demo",
        "predict": "Predict",
    },
    "ru": {
        "points": "Ключевые мысли",
        "explanation": "Объяснение",
        "pitfalls": "Типичные ошибки",
        "demo": "Демо",
        "predict": "Прогноз",
    },
    "kk": {
        "points": "Негізгі ойлар",
        "explanation": "Түсіндірме",
        "pitfalls": "Жиі кететін қателер",
        "demo": "Демо",
        "predict": "Болжам",
    },
}


class Problem(Struct, frozen=True):
    """What is wrong with a file, and where. `text` is a template with `values`, so that a face can translate it."""

    path: str
    line: int
    text: str
    values: dict[str, str | int] = {}

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text.format(**self.values)}"


class CardError(Exception):
    """A card's file cannot be read as a card."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class DemoLink(Struct, frozen=True, forbid_unknown_fields=True):
    """The demo that shows a card's point, and with which preset."""

    name: str
    preset: str | None = None


class Prediction(Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner predicts: `outcome` is what the demo's run finds out, `options` are the values to choose from."""

    outcome: str
    options: tuple[str, ...]


class Facts(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands between the `+++` lines."""

    concepts: tuple[str, ...]
    level: Level
    sources: tuple[str, ...]
    tags: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    demo: DemoLink | None = None
    predict: Prediction | None = None


class CardText(Struct, frozen=True):
    """A card in one language. Everything but the question is Markdown."""

    question: str
    answer: str
    points: tuple[str, ...]
    explanation: str = ""
    pitfalls: str = ""
    code: str = ""
    demo: str = ""
    """What to watch in the demo."""
    predict: str = ""
    options: tuple[str, ...] = ()
    """The prediction's options in words, in the order of `Prediction.options`."""


class Card(Struct, frozen=True):
    """A question, everything there is to say to it, and its place in the bank."""

    id: str
    topic: str
    facts: Facts
    text: CardText
    language: str
    """The language of `text`: the one asked for, or English where there is no translation."""
    path: str


def read_card(path: Path, language: str = "en") -> Card:
    """Read the card whose English file is at `path`. Raises CardError, which names file, line and what is wrong."""
    facts, text = _read_english(path)
    spoken = "en"
    if language != "en" and (translation := path.with_suffix(f".{language}.md")).exists():
        text = read_translation(translation, language, text)
        spoken = language
    return Card(path.stem, path.parent.name, facts, text, spoken, str(path))


def read_translation(path: Path, language: str, english: CardText) -> CardText:
    """The text of `<id>.<language>.md`, with the code of the English file. Raises CardError."""
    return msgspec.structs.replace(_text(path, _read(path), 1, language), code=english.code)


def _read_english(path: Path) -> tuple[Facts, CardText]:
    source = _read(path)
    if not source.startswith("+++\n") or (end := source.find("\n+++\n", 3)) < 0:
        raise CardError(Problem(str(path), 1, "a card begins with its facts in TOML between two lines of +++"))
    head = source[4:end]
    try:
        facts = msgspec.convert(tomllib.loads(head), Facts)
    except tomllib.TOMLDecodeError as error:
        raise CardError(_toml_problem(path, error)) from None
    except msgspec.ValidationError as error:
        raise CardError(_fact_problem(path, head, error)) from None
    return facts, _text(path, source[end + 5 :], head.count("\n") + 4, "en")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CardError(Problem(str(path), line, "not UTF-8")) from None
    except OSError as error:
        raise CardError(Problem(str(path), 1, "cannot be read: {reason}", {"reason": str(error.strerror)})) from None


def _toml_problem(path: Path, error: tomllib.TOMLDecodeError) -> Problem:
    message, _, place = str(error).partition(" (at ")
    digits = "".join(c for c in place.partition(",")[0] if c.isdigit())
    return Problem(str(path), int(digits or 1) + 1, "not TOML: {reason}", {"reason": message})


def _fact_problem(path: Path, head: str, error: msgspec.ValidationError) -> Problem:
    """The line of the key that msgspec complains about; its message names it as `$.key` or as `key`."""
    message = str(error)
    names = [
        part for part in message.replace("`", " ").replace("$.", " ").replace("[", " ").split() if part.isidentifier()
    ]
    for number, line in enumerate(head.splitlines(), 2):
        if line.partition("=")[0].strip() in names:
            return Problem(str(path), number, "{reason}", {"reason": message})
    return Problem(str(path), 1, "{reason}", {"reason": message})


def _text(path: Path, source: str, first_line: int, language: str) -> CardText:
    headings = {title: key for key, title in HEADINGS[language].items()}
    sections: dict[str, list[str]] = {}
    current = ""
    for number, line, kind in _lines(source, first_line):
        if kind == "title":
            if "question" in sections:
                raise CardError(Problem(str(path), number, "a second question; a card asks one"))
            sections["question"] = [line[2:].strip()]
            current = "answer"
            sections[current] = []
        elif kind == "heading":
            title = line[3:].strip()
            if title not in headings:
                values: dict[str, str | int] = {"title": title, "titles": ", ".join(headings)}
                raise CardError(Problem(str(path), number, "unknown section '{title}'. Sections: {titles}", values))
            current = headings[title]
            if current in sections:
                raise CardError(Problem(str(path), number, "section '{title}' stands twice", {"title": title}))
            sections[current] = []
        elif current:
            sections[current].append(line)
        elif line.strip():
            raise CardError(Problem(str(path), number, "text before the question; a card's text begins with '# '"))
    if "question" not in sections:
        raise CardError(Problem(str(path), first_line, "no question: a line that begins with '# '"))
    prose: dict[str, Any] = {key: "\n".join(lines).strip() for key, lines in sections.items()}
    if not prose.get("answer"):
        raise CardError(Problem(str(path), first_line, "no answer: text under the question"))
    if not prose.get("points"):
        title = HEADINGS[language]["points"]
        raise CardError(Problem(str(path), first_line, "no section '{title}'", {"title": title}))
    _, prose["points"] = _bullets(prose["points"])
    if "predict" in prose:
        prose["predict"], prose["options"] = _bullets(prose["predict"])
    return CardText(**prose)


def _lines(source: str, first_line: int) -> Iterator[tuple[int, str, Literal["title", "heading", "line"]]]:
    """Numbered lines with their kind; what stands within a fence is never a heading."""
    fenced = False
    for number, line in enumerate(source.splitlines(), first_line):
        if line.startswith("```"):
            fenced = not fenced
        if not fenced and line.startswith("# "):
            yield number, line, "title"
        elif not fenced and line.startswith("## "):
            yield number, line, "heading"
        else:
            yield number, line, "line"


def _bullets(section: str) -> tuple[str, tuple[str, ...]]:
    """The text before a list, and the list's items; an item goes on over indented lines."""
    before: list[str] = []
    items: list[str] = []
    for line in section.splitlines():
        if line.startswith("- "):
            items.append(line[2:].strip())
        elif items and line.strip():
            items[-1] += " " + line.strip()
        elif not items:
            before.append(line)
    return "\n".join(before).strip(), tuple(items)
