r"""Plain decks: Markdown with questions and answers, and with sentences that have gaps to fill.

    Q: What does the forget gate of an LSTM do?
    A: It scales the cell state, between 0 and 1 for each unit.
    Demo: rnn_memory lag-80

    C: A softmax turns [logits] into [probabilities].

The format of hashcards and repeater. A tag stands at the very beginning of a line; its text goes on to the next tag, over
blank lines, lists and code. A line of dashes ends a card: what follows up to the next tag is a note to oneself. Each
[part] of a C: text is a card of its own; `\[` and `\]` are mere brackets, and so are those of images and formulas.
Headings are for the reader of the file. Tags within a code fence are code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from qa_bank.card import DemoLink, Problem

MOST_CARDS = 5_000
"""In a deck."""
MOST_LETTERS = 20_000
"""In a card's text."""
MOST_GAPS = 50
"""In one C: text: each is a card with all of the text."""
MOST_POINTS = 50
"""A longer list is shown as an answer, not as points to tick."""
GAP = "[…]"
"""What stands for the part that is asked for."""

FENCE_TEXT = "this code fence is never closed"
NO_GAP_TEXT = "a C: text without a [part] to hide"
BRACKETS_TEXT = r"a bracket without its partner; a bracket that hides nothing is written \[ or \]"
EMPTY_TEXT = "an empty pair of brackets hides nothing"
GAPS_TEXT = "{n} parts to hide; a C: text has {most} at the most"
LETTERS_TEXT = "a card of {n} characters; {most} at the most"
CARDS_TEXT = "a deck has {most} cards at the most; what follows is left out"


class PlainCard(Struct, frozen=True):
    """A question of a plain deck. Its answer's list, if it has one, are the points, and `answer` is what stands around it."""

    question: str
    answer: str
    points: tuple[str, ...]
    line: int
    demo: DemoLink | None = None
    demo_line: int = 0


class _Block(Struct):
    """A tag's text. tag: Q, A or C, or nothing for a note."""

    tag: str
    line: int
    lines: list[str]
    demo: DemoLink | None = None
    demo_line: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


_TAG = re.compile(r"([QAC\u0410\u0421]):(.*)")
_LATIN = {"\u0410": "A", "\u0421": "C"}
"""The Cyrillic letters that look like tags, and are what is typed on that layout."""
_DEMO = re.compile(r"(?:Demo|Демо):\s*(\w+)(?:\s+([\w-]+))?\s*")
_SEPARATOR = re.compile(r"\s*-{3,}\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_FENCE = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,})")
_NAME = re.compile(r"""name\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|(.*\S))""")


def parse(text: str, path: str, most: int = MOST_CARDS) -> tuple[list[PlainCard], list[Problem]]:
    """The cards of a plain deck, `most` at the most, and what is wrong with it. Nothing in a text makes it fail."""
    problems: list[Problem] = []
    lines = text.split("\n")
    blocks = _blocks(lines, _front(lines), path, problems)
    cards: list[PlainCard] = []
    for card in _cards(blocks, path, problems):
        if len(cards) == most:
            problems.append(Problem(path, card.line, CARDS_TEXT, {"most": MOST_CARDS}))
            break
        letters = len(card.question) + len(card.answer) + sum(map(len, card.points))
        if letters > MOST_LETTERS:
            problems.append(Problem(path, card.line, LETTERS_TEXT, {"n": letters, "most": MOST_LETTERS}))
        else:
            cards.append(card)
    return cards, problems


def name_in(text: str) -> str | None:
    """The name that a deck gives itself: `name = "…"` between two lines of --- at its beginning."""
    lines = text.split("\n")
    for line in lines[: _front(lines)]:
        if match := _NAME.match(line):
            return match[1] or match[2] or match[3]
    return None


def _front(lines: Sequence[str]) -> int:
    """How many lines the front matter has; 0 when the first line is no --- or only parts cards."""
    if lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return number + 1
        if _TAG.match(line):
            return 0
    return 0


def _blocks(lines: Sequence[str], start: int, path: str, problems: list[Problem]) -> Iterator[_Block]:
    block = _Block("", start + 1, [])
    closing = -1
    open_ended: dict[str, int] = {}  # by the fence's sign the shortest that nothing closes: no longer one is looked for
    for number in range(start, len(lines)):
        line = lines[number]
        if number <= closing:
            block.lines.append(line)
            continue
        if tag := _TAG.match(line):
            yield block
            line = tag[2].strip()
            block = _Block(_LATIN.get(tag[1], tag[1]), number + 1, [])
        if fence := _FENCE.match(line):
            sign, length = fence[1][0], len(fence[1])
            if length < open_ended.get(sign, length + 1):
                closing = _closing(lines, number, fence[1])
            if closing < number:
                open_ended[sign] = min(length, open_ended.get(sign, length))
                problems.append(Problem(path, number + 1, FENCE_TEXT))
        elif tag:
            pass
        elif _SEPARATOR.fullmatch(line):
            yield block
            block = _Block("", number + 1, [])
            continue
        elif block.tag in ("A", "C") and (demo := _DEMO.fullmatch(line)):
            block.demo, block.demo_line = DemoLink(demo[1], demo[2]), number + 1
            line = ""
        elif _HEADING.match(line):
            line = ""
        block.lines.append(line)
    yield block


def _closing(lines: Sequence[str], opening: int, fence: str) -> int:
    """The line that closes a code fence; -1 when none does."""
    for number in range(opening + 1, len(lines)):
        line = lines[number].strip()
        if line.startswith(fence) and not line.strip(fence[0]):
            return number
    return -1


def _cards(blocks: Iterator[_Block], path: str, problems: list[Problem]) -> Iterator[PlainCard]:
    asked: _Block | None = None
    for block in blocks:
        if block.tag == "A" and asked is not None:
            yield from _answered(asked, block, path, problems)
            asked = None
            continue
        if asked is not None:
            problems.append(Problem(path, asked.line, "a question without an answer"))
        asked = block if block.tag == "Q" else None
        if block.tag == "A":
            problems.append(Problem(path, block.line, "an answer without a question"))
        elif block.tag == "C":
            yield from _gaps(block, path, problems)
    if asked is not None:
        problems.append(Problem(path, asked.line, "a question without an answer"))


def _answered(asked: _Block, said: _Block, path: str, problems: list[Problem]) -> Iterator[PlainCard]:
    question, answer = asked.text, said.text
    if not question:
        problems.append(Problem(path, asked.line, "a question without words"))
    elif not answer:
        problems.append(Problem(path, said.line, "an answer without words"))
    else:
        points, rest = _points(answer)
        yield PlainCard(question, rest, points, asked.line, said.demo, said.demo_line)


_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+(?=\S)")


def _points(answer: str) -> tuple[tuple[str, ...], str]:
    """The items of an answer's list, and what stands around it; an answer with a block of code or a formula stays whole."""
    if "```" in answer or "~~~" in answer or "$$" in answer:
        return (), answer
    points: list[str] = []
    rest: list[str] = []
    within = parted = False
    for line in answer.split("\n"):
        if item := _ITEM.match(line):
            points.append(line[item.end() :].strip())
            within, parted = True, False
        elif not line.strip():
            parted = True
            rest.append("")
        elif within and (line[0] == " " or not parted):
            points[-1] += " " + line.strip()
        else:
            within = False
            rest.append(line)
    if not 2 <= len(points) <= MOST_POINTS:
        return (), answer
    return tuple(points), re.sub(r"\n{3,}", "\n\n", "\n".join(rest)).strip()


_BRACKETS = re.compile(
    r"\\(?P<plain>[\[\]])"
    r"|(?P<kept>!\[[^\[\]\n]*\]|\$\$.+?\$\$|\$(?!\s)[^$\n]+(?<!\s)\$(?!\d))"
    r"|(?P<opening>\[)|(?P<closing>\])",
    re.DOTALL,
)
_PLAIN_BRACKET = re.compile(r"(?<!\\)\\([\[\]])")


def _gaps(block: _Block, path: str, problems: list[Problem]) -> Iterator[PlainCard]:
    """A card for each part in brackets: the question is the text with a gap, the point is what fills it."""
    source = "\n".join(block.lines).rstrip()
    text, at = "", 0
    opened: int | None = None
    gaps: list[tuple[int, int]] = []

    def wrong(position: int, said: str, **values: str | int) -> None:
        problems.append(Problem(path, block.line + source.count("\n", 0, position), said, values))

    if len(source) > MOST_LETTERS:
        return wrong(0, LETTERS_TEXT, n=len(source), most=MOST_LETTERS)

    for match in _BRACKETS.finditer(source):
        text += source[at : match.start()]
        at = match.end()
        if match["plain"]:
            text += match["plain"]
        elif match["kept"]:
            text += _PLAIN_BRACKET.sub(r"\1", match["kept"])
        elif match["opening"] and opened is None:
            opened = len(text)
        elif match["closing"] and opened is not None:
            if not text[opened:].strip():
                return wrong(match.start(), EMPTY_TEXT)
            gaps.append((opened, len(text)))
            opened = None
        else:
            return wrong(match.start(), BRACKETS_TEXT)
    text += source[at:]
    if opened is not None:
        wrong(0, BRACKETS_TEXT)
    elif not gaps:
        wrong(0, NO_GAP_TEXT)
    elif len(gaps) > MOST_GAPS:
        wrong(0, GAPS_TEXT, n=len(gaps), most=MOST_GAPS)
    else:
        for start, end in gaps:
            question, filled = (text[:start] + GAP + text[end:]).strip(), text[start:end].strip()
            yield PlainCard(question, text.strip(), (filled,), block.line, block.demo, block.demo_line)
