"""A card and its parts, and how one is read from its Markdown files.

`<id>.md` holds the facts, in TOML between `+++` lines, and the English text; `<id>.ru.md` and `<id>.kk.md` hold that text
in Russian and Kazakh. The text is `# question`, the spoken answer, then sections under `##` headings (HEADINGS). The code
is the same in every language and stands in the English file alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
import tomli
from msgspec import Struct

LANGUAGES = ("en", "ru", "kk")
Level = Literal["junior", "middle", "senior"]
LEVELS: tuple[Level, ...] = get_args(Level)
Kind = Literal["explain", "tricky", "choose", "drill"]
"""Explain a thing; a question at which a weak candidate errs; which would you use, and why; compute a number."""
KINDS: tuple[Kind, ...] = get_args(Kind)

HEADINGS = {
    "en": {
        "points": "Key points",
        "explanation": "Explanation",
        "pitfalls": "Pitfalls",
        "code": "Code",
        "demo": "Demo",
        "predict": "Predict",
        "asked": "Also asked",
    },
    "ru": {
        "points": "Ключевые мысли",
        "explanation": "Объяснение",
        "pitfalls": "Типичные ошибки",
        "demo": "Демо",
        "predict": "Прогноз",
        "asked": "Спрашивают и так",
    },
    "kk": {
        "points": "Негізгі ойлар",
        "explanation": "Түсіндірме",
        "pitfalls": "Жиі кететін қателер",
        "demo": "Демо",
        "predict": "Болжам",
        "asked": "Былай да сұралады",
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

    concepts: tuple[str, ...] = ()
    level: Level = "middle"
    sources: tuple[str, ...] = ()
    kind: Kind = "explain"
    drill: str | None = None
    """The generator that draws this card's numbers and computes its answer; see drill.py."""
    tags: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    demo: DemoLink | None = None
    predict: Prediction | None = None

    def __post_init__(self) -> None:
        if self.drill is not None:
            msgspec.structs.force_setattr(self, "kind", "drill")


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
    asked: tuple[str, ...] = ()
    """Other words in which people ask the same; the search reads them."""


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
        facts = msgspec.convert(tomli.loads(head), Facts)
    except tomli.TOMLDecodeError as error:
        raise CardError(Problem(str(path), error.lineno + 1, "not TOML: {reason}", {"reason": error.msg})) from None
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
    """The text of a source whose first line has that number in its file."""
    headings = {title: key for key, title in HEADINGS[language].items()}
    sections: dict[str, str] = {}

    def problem(at: int, text: str, **values: str | int) -> CardError:
        return CardError(Problem(str(path), first_line + source.count("\n", 0, at), text, values))

    current, start = "", 0
    for at, end, depth, title in [*_headings(source), (len(source), len(source), 0, "")]:
        body = source[start:at].strip()
        if current:
            sections[current] = body
        elif body:
            raise problem(start, "text before the question; a card's text begins with '# '")
        start = end
        if depth == 1:
            if "question" in sections:
                raise problem(at, "a second question; a card asks one")
            sections["question"] = title
            current = "answer"
        elif depth == 2:
            if title not in headings:
                raise problem(
                    at, "unknown section '{title}'. Sections: {titles}", title=title, titles=", ".join(headings)
                )
            if headings[title] in sections:
                raise problem(at, "section '{title}' stands twice", title=title)
            current = headings[title]
            sections[current] = ""
    if "question" not in sections:
        raise problem(0, "no question: a line that begins with '# '")
    if not sections["answer"]:
        raise problem(0, "no answer: text under the question")
    if not sections.get("points"):
        raise problem(0, "no section '{title}'", title=HEADINGS[language]["points"])
    prose: dict[str, Any] = dict(sections)
    _, prose["points"] = _bullets(sections["points"])
    if "asked" in sections:
        _, prose["asked"] = _bullets(sections["asked"])
    if "predict" in sections:
        prose["predict"], prose["options"] = _bullets(sections["predict"])
    return CardText(**prose)


_MARKS = re.compile(r"\n(?:```|##? ).*")
"""Fences and headings. Beginning with the line break is 15 times as fast as `^` with re.MULTILINE."""


def _headings(source: str) -> Iterator[tuple[int, int, int, str]]:
    """(start, end, depth, title) of each heading; what stands within a fence is none."""
    fenced = False
    for match in _MARKS.finditer("\n" + source):
        line = match[0][1:]
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            depth = line.index(" ")
            yield match.start(), match.end() - 1, depth, line[depth:].strip()


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
