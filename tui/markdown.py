"""The little Markdown that a card's sentences use. Imports no Textual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from qa_bank.harmless import harmless

Mark = Literal["", "bold", "code", "italic"]

_MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\*(?P<italic>[^*\s][^*]*)\*")


def pieces(text: str) -> Iterator[tuple[str, Mark]]:
    """The pieces of one paragraph with their marks: **bold**, *italic*, `code`. Line breaks become spaces."""
    text = " ".join(harmless(text).split())
    end = 0
    for match in _MARKS.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], ""
        kind: Mark = "bold" if match["bold"] else "code" if match["code"] else "italic"
        yield match[kind], kind
        end = match.end()
    if end < len(text):
        yield text[end:], ""


def unmarked(text: str) -> str:
    """Plain text: paragraphs without their marks; fences and lists as they stand."""
    lines = harmless(text).replace("**", "").splitlines()
    return "\n".join(line for line in lines if not line.startswith("```"))
