"""The little Markdown that a card's sentences use, and making text harmless that is not ours. Imports no Textual."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

Mark = Literal["", "bold", "code", "italic"]

_MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\*(?P<italic>[^*\s][^*]*)\*")
_TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"))


def clean(text: str) -> str:
    """NFC, without control characters (escape sequences need one), and without what turns the writing direction."""
    text = unicodedata.normalize("NFC", text).translate(_TURNS)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")


def pieces(text: str) -> Iterator[tuple[str, Mark]]:
    """The pieces of one paragraph with their marks: **bold**, *italic*, `code`. Line breaks become spaces."""
    text = " ".join(clean(text).split())
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
    lines = clean(text).replace("**", "").splitlines()
    return "\n".join(line for line in lines if not line.startswith("```"))
