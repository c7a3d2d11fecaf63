"""Making text harmless that is not ours: no escape sequences, nothing that cannot be seen, nothing that turns the writing.

A terminal obeys control characters; a reader is misled by letters that are hidden or stand in another order than they
are shown. Both are taken out when a file is read, so that whatever shows the text later need not think of it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

import msgspec

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"
    "\ud800-\udfff"
    "]"
)
"""Control (Cc) and format (Cf) characters, the separators of lines and paragraphs, variation selectors, halves of pairs.
Written out: to ask unicodedata of each character takes 20 times as long."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?)")
"""Escape sequences whole: without their first character their parameters would be left in the text."""

Value = TypeVar("Value", bound=msgspec.Struct)


def harmless(text: str) -> str:
    """NFC, lines parted by line feeds, tabs as blanks, and without what is hidden."""
    if text.isascii() and text.isprintable():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))


def harmless_value(value: Value) -> Value:
    """The value with every string of it made harmless."""
    return msgspec.convert(_harmless_builtins(msgspec.to_builtins(value)), type(value))


def _harmless_builtins(value: object) -> object:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {key: _harmless_builtins(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless_builtins(inner) for inner in value]
    return value
