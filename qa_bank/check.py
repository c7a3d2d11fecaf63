"""All that is wrong with a bank, as file:line: message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from qa_bank.bank import CARDS, concepts, english_files, sources
from qa_bank.card import HEADINGS, LANGUAGES, LEVELS, Card, CardError, CardText, Problem, read_card, read_translation
from qa_bank.drill import draw, generators, names_in

WAYS = 8
"""How many cards one has to come to from any card, by one follow-up after another."""


class Form(Struct, frozen=True):
    """What a card has to have."""

    points: tuple[int, int]
    """How many key points, at least and at most."""
    words: dict[str, tuple[int, int]]
    """How long the answer is, by language."""
    lengths: dict[str, int]
    """The most words of a section."""
    sections: tuple[str, ...]


LENGTHS = {"question": 60, "explanation": 400, "pitfalls": 220, "demo": 90, "predict": 60}
COLUMNS = 110
"""The longest line of a formula or of code."""
SPOKEN = Form((3, 6), {"en": (60, 150), "ru": (50, 150), "kk": (45, 150)}, LENGTHS, ("explanation", "pitfalls"))
"""Said aloud in half a minute to a minute; Russian and Kazakh put more into a word."""
DRILL = Form((1, 4), {"en": (8, 80), "ru": (6, 80), "kk": (5, 80)}, LENGTHS, ("explanation",))

PRESET_TEXT = "demo '{demo}' has no preset '{name}'. Presets: {names}"
OUTCOME_TEXT = "demo '{demo}' measures no '{name}'. Outcomes: {names}"
VALUE_TEXT = "'{name}' is no value of {outcome}. Values: {names}"
CIRCLE_TEXT = "its follow-ups run in a circle: from here they lead to {n} cards, with this one"
COLUMNS_TEXT = "a line of a formula or of code has {n} columns; {most} at the most"
LEVEL_TEXT = "says no level. Levels: {names}"


class KnownDemo(Struct, frozen=True):
    """What the checks need to know of a demo; the bank itself does not know the demos."""

    presets: tuple[str, ...]
    outcomes: Mapping[str, tuple[str, ...]]


def check(demos: Mapping[str, KnownDemo], root: Path = CARDS) -> list[Problem]:
    """Every problem of the cards under root, in the order of files and lines."""
    problems: list[Problem] = []
    cards: dict[str, Card] = {}
    files = english_files(root)
    for path in files:
        try:
            card = read_card(path)
        except CardError as error:
            problems.append(error.problem)
            continue
        if card.id in cards:
            problems.append(Problem(card.path, 1, "another card has this id: {path}", {"path": cards[card.id].path}))
        cards[card.id] = card
    known = {path.stem for path in files}
    for card in cards.values():
        problems += _facts(card, known, demos)
        problems += _text(card, card.text, card.path, "en")
        for language in LANGUAGES[1:]:
            problems += _translation(card, language)
    problems += _loops(cards)
    problems += _twins(cards)
    problems += _strays(root, known)
    return sorted(problems, key=lambda problem: (problem.path, problem.line))


def _facts(card: Card, known: set[str], demos: Mapping[str, KnownDemo]) -> Iterator[Problem]:
    facts = card.facts
    all_concepts = {concept for topic in concepts().values() for concept in topic}
    for concept in facts.concepts:
        if concept not in all_concepts:
            yield _at(card, "concepts", "unknown concept '{name}'", name=concept)
    for source in facts.sources:
        if source not in sources():
            yield _at(
                card, "sources", "unknown source '{name}'. Sources: {names}", name=source, names=", ".join(sources())
            )
    if not facts.concepts:
        yield _at(card, "concepts", "teaches no concept")
    if not facts.sources:
        yield _at(card, "sources", "names no source")
    if not any(line.partition("=")[0].strip() == "level" for line in _head(Path(card.path))):
        yield _at(card, "level", LEVEL_TEXT, names=", ".join(LEVELS))
    if not facts.follow_ups:
        yield _at(card, "follow_ups", "has no follow-up")
    for follow_up in facts.follow_ups:
        if follow_up not in known or follow_up == card.id:
            yield _at(card, "follow_ups", "no other card '{name}' to follow up with", name=follow_up)
    yield from ties(card)
    yield from demo_problems(card, demos)


def ties(card: Card) -> Iterator[Problem]:
    """What does not hold together in a card: a drill that nothing draws, a prediction that nothing judges."""
    facts = card.facts
    if facts.drill is not None and facts.drill not in generators():
        names = ", ".join(sorted(generators()))
        yield _at(card, "drill", "no drill '{name}'. Drills: {names}", name=facts.drill, names=names)
    if facts.predict is not None and facts.demo is None:
        yield _at(card, "predict", "a prediction needs a demo to judge it")
    if facts.predict is not None and len(card.text.options) != len(facts.predict.options):
        yield _at(
            card,
            "predict",
            "{n} options here, {m} under Predict",
            n=len(facts.predict.options),
            m=len(card.text.options),
        )


def demo_problems(card: Card, demos: Mapping[str, KnownDemo]) -> Iterator[Problem]:
    """What a card names of its demo that the demo does not have."""
    link, predict = card.facts.demo, card.facts.predict
    if link is None:
        return
    demo = demos.get(link.name)
    if demo is None:
        yield _at(card, "demo", "no demo '{name}'. Demos: {names}", name=link.name, names=", ".join(demos))
        return
    if link.preset is not None and link.preset not in demo.presets:
        yield _at(card, "demo", PRESET_TEXT, demo=link.name, name=link.preset, names=", ".join(demo.presets))
    if predict is None:
        return
    values = demo.outcomes.get(predict.outcome)
    if values is None:
        yield _at(card, "predict", OUTCOME_TEXT, demo=link.name, name=predict.outcome, names=", ".join(demo.outcomes))
        return
    for option in predict.options:
        if option not in values:
            yield _at(card, "predict", VALUE_TEXT, name=option, outcome=predict.outcome, names=", ".join(values))


def _translation(card: Card, language: str) -> Iterator[Problem]:
    path = Path(card.path).with_suffix(f".{language}.md")
    if not path.exists():
        yield Problem(card.path, 1, "no translation: {path}", {"path": path.name})
        return
    try:
        text = read_translation(path, language, card.text)
    except CardError as error:
        yield error.problem
        return
    for section, title in HEADINGS[language].items():
        if section in ("points", "code", "asked"):
            continue
        if bool(getattr(card.text, section)) != bool(getattr(text, section)):
            yield Problem(str(path), 1, "section '{title}' stands in one language alone", {"title": title})
    if (n := len(text.points)) != (m := len(card.text.points)):
        yield Problem(str(path), 1, "{n} key points, {m} in English", {"n": n, "m": m})
    if (n := len(text.options)) != (m := len(card.text.options)):
        yield Problem(str(path), 1, "{n} options to predict, {m} in English", {"n": n, "m": m})
    if _fences(text.explanation) != _fences(card.text.explanation):
        yield Problem(str(path), _line(path, "```"), "a formula differs from the English one")
    for section in ("answer", "points", "explanation", "pitfalls", "demo", "predict", "options"):
        theirs, ours = numbers(getattr(card.text, section), "en"), numbers(getattr(text, section), language)
        if theirs != ours:
            differing = ", ".join(sorted(theirs ^ ours))
            values: dict[str, str | int] = {"section": section, "numbers": differing}
            yield Problem(str(path), 1, "numbers differ from the English ones in {section}: {numbers}", values)
    yield from _text(card, text, str(path), language)


_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_GROUPS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")


def numbers(prose: str | tuple[str, ...], language: str) -> set[str]:
    """The numbers written in digits, as English writes them without separators; what stands in code is left out."""
    text = _CODE.sub(" ", prose if isinstance(prose, str) else "\n".join(prose))
    if language == "en":
        return {number.replace(",", "") for number in _NUMBER.findall(text)}
    return {number.replace(",", ".") for number in _NUMBER.findall(_GROUPS.sub("", text))}


def _text(card: Card, text: CardText, path: str, language: str) -> Iterator[Problem]:
    form = DRILL if card.facts.drill else SPOKEN
    if not form.points[0] <= len(text.points) <= form.points[1]:
        values: dict[str, str | int] = {"n": len(text.points), "low": form.points[0], "high": form.points[1]}
        yield Problem(path, _line(Path(path), "## "), "{n} key points; a card has {low} to {high}", values)
    if not any("**" in point for point in text.points):
        yield Problem(path, _line(Path(path), "## "), "no key point has a term in bold")
    low, high = form.words[language]
    if not low <= (n := len(text.answer.split())) <= high:
        values = {"n": n, "low": low, "high": high}
        yield Problem(
            path, _line(Path(path), "# ") + 2, "the answer has {n} words; said aloud, {low} to {high}", values
        )
    for section, most in form.lengths.items():
        if (n := len(getattr(text, section).split())) > most:
            values = {"section": section, "n": n, "most": most}
            yield Problem(path, 1, "{section} has {n} words; {most} at the most", values)
    written = text.explanation + (f"\n{text.code}" if language == "en" else "")
    for line in "\n".join(_fences(written)).splitlines():
        if len(line) > COLUMNS:
            yield Problem(path, _line(Path(path), line[:30]), COLUMNS_TEXT, {"n": len(line), "most": COLUMNS})
    for section in form.sections:
        if not getattr(text, section):
            yield Problem(path, 1, "no section '{title}'", {"title": HEADINGS[language][section]})
    if card.facts.drill in generators():
        known = draw(card.facts.drill, 0).values.keys() | {"answer"}
        for name in sorted(names_in(text) - known):
            names = ", ".join(sorted(known))
            yield Problem(path, 1, "the drill draws no '{name}'. It draws: {names}", {"name": name, "names": names})
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if any(unicodedata.category(char) in ("Cc", "Cf") for char in line):
            yield Problem(path, number, "a control character")
        if unicodedata.normalize("NFC", line) != line:
            yield Problem(path, number, "letters that are not in their composed form (NFC)")


def _loops(cards: Mapping[str, Card]) -> Iterator[Problem]:
    """Cards from which an interviewer's next questions soon run in a circle."""
    wanted = min(WAYS, len(cards))
    for card in cards.values():
        seen, ahead = {card.id}, [card.id]
        while ahead and len(seen) < wanted:
            for follow_up in cards[ahead.pop()].facts.follow_ups:
                if follow_up in cards and follow_up not in seen:
                    seen.add(follow_up)
                    ahead.append(follow_up)
        if card.facts.follow_ups and len(seen) < wanted:
            yield _at(card, "follow_ups", CIRCLE_TEXT, n=len(seen))


def _twins(cards: Mapping[str, Card]) -> Iterator[Problem]:
    """Cards that ask the same: with the same words but for endings, small words and their order."""
    from qa_bank.search import asked_words  # 40 ms: pays for the stemmers, and what checks a deck needs none

    asked: dict[frozenset[str], str] = {}
    for card in cards.values():
        words = frozenset(asked_words(card.text.question, "en"))
        if words in asked:
            yield Problem(card.path, _line(Path(card.path), "# "), "asks what '{name}' asks", {"name": asked[words]})
        asked.setdefault(words, card.id)


def _strays(root: Path, known: set[str]) -> Iterator[Problem]:
    for path in sorted(root.glob("*/*.md")):
        card, _dot, language = path.stem.partition(".")
        if language and (card not in known or language not in LANGUAGES):
            yield Problem(str(path), 1, "belongs to no card")


def _at(card: Card, key: str, text: str, **values: str | int) -> Problem:
    return Problem(card.path, _line(Path(card.path), key), text, values)


def _line(path: Path, start: str) -> int:
    """The first line that begins so."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(start):
            return number
    return 1


def _head(path: Path) -> list[str]:
    """The lines of a card's facts."""
    return path.read_text(encoding="utf-8").partition("\n+++\n")[0].splitlines()


def _fences(text: str) -> list[str]:
    return re.findall(r"```.*?```", text, re.DOTALL)
