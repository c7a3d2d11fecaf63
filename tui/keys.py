"""Every key in one table, and the same keys on Cyrillic layouts.

A terminal sends the letter that was typed, not the key: on a Russian or Kazakh layout the key of `q` sends `й`. So each
key of the table is bound together with what the same place of the keyboard sends on those layouts.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from textual.binding import Binding, BindingType

from tui.i18n import n_

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю"
_KAZAKH_DIGITS = {"1": '"', "2": "ә", "3": "і", "4": "ң", "5": "ғ", "8": "ү", "9": "ұ", "0": "қ", "-": "ө", "=": "һ"}
CYRILLIC = dict(zip(_LATIN, _RUSSIAN, strict=True)) | _KAZAKH_DIGITS
"""What the key of a Latin letter (or a digit) sends on the Russian and Kazakh layouts."""


class Key(Struct, frozen=True):
    """What keys do: an action and its name for people."""

    action: str
    keys: tuple[str, ...]
    label: str
    """A word for the key bar."""
    help: str
    """A sentence for the help screen."""
    shown: str = ""
    """How the key bar names the key; the first of `keys` when not given."""


KEYS: dict[str, tuple[Key, ...]] = {
    "everywhere": (
        Key("help", ("?", "f1"), n_("help"), n_("Show this help.")),
        Key("language", ("l",), n_("language"), n_("Switch the language: English, Russian, Kazakh.")),
        Key("theme", ("t",), n_("theme"), n_("Switch between the dark and the light theme.")),
        Key("palette", ("ctrl+p",), n_("commands"), n_("Find a command by typing a part of its name.")),
        Key("back", ("escape", "q"), n_("back"), n_("Go back.")),
    ),
    "home": (
        Key("study", ("s",), n_("study"), n_("Study what is due, then new cards.")),
        Key("demos", ("d",), n_("demos"), n_("Choose an experiment and run it.")),
        Key("cards", ("b",), n_("cards"), n_("Browse the cards.")),
        Key("stats", ("i",), n_("statistics"), n_("See what you have learned.")),
        Key("app.back", ("escape", "q"), n_("quit"), n_("Quit; everything is saved already.")),
    ),
    "study": (
        Key("reveal", ("space", "enter"), n_("reveal"), n_("Show the answer, once you have said yours aloud.")),
        Key("grade(1)", ("1",), n_("again"), n_("Grade your answer: 1 again, 2 hard, 3 good, 4 easy."), "1-4"),
        Key("grade(2)", ("2",), "", ""),
        Key("grade(3)", ("3",), "", ""),
        Key("grade(4)", ("4",), "", ""),
        Key("point(1)", ("down", "j"), n_("points"), n_("Move among the key points."), "↑↓"),
        Key("point(-1)", ("up", "k"), "", ""),
        Key("tick", ("x",), n_("tick"), n_("Tick a key point that you named; Enter does it too once the answer is shown.")),
        Key("explanation", ("e",), n_("explanation"), n_("Show or hide the explanation, the pitfalls and the code.")),
        Key("demo", ("d",), n_("demo"), n_("Run the card's experiment; first you predict what it will show.")),
        Key("undo", ("u",), n_("undo"), n_("Take back the last grade.")),
        Key("leave", ("escape", "q"), n_("back"), n_("Leave the experiment for the card, or the card for the first screen.")),
    ),
    "card": (
        Key("explanation", ("e",), n_("explanation"), n_("Show or hide the explanation, the pitfalls and the code.")),
        Key("demo", ("d",), n_("demo"), n_("Run the card's experiment.")),
    ),
    "demo": (
        Key("run", ("space",), n_("run, pause"), n_("Run the experiment, or pause it.")),
        Key("step", (".",), n_("step"), n_("Go on by one frame.")),
        Key("restart", ("r",), n_("restart"), n_("Start the run again from the beginning.")),
        Key("rewind", ("b",), n_("rewind"), n_("Take a run that broke down back to before it did, and pause there.")),
        Key("knob(1)", ("tab", "down"), n_("knob"), n_("Choose the next knob."), "tab"),
        Key("knob(-1)", ("shift+tab", "up"), "", ""),
        Key("turn(-1)", ("[", "left", "-"), n_("turn"), n_("Turn the knob down or up."), "[ ]"),
        Key("turn(1)", ("]", "right", "=", "+"), "", ""),
        Key("preset", ("p",), n_("preset"), n_("Choose another preset; one of them breaks the experiment.")),
        Key("seed", ("o",), n_("seed"), n_("Run with the next random seed.")),
        Key("source", ("c",), n_("code"), n_("Show the source, with the running line lit.")),
        Key("copy", ("y",), n_("copy"), n_("Copy the command that reproduces this state.")),
        Key("scroll_stage(1)", ("pagedown",), "", n_("Scroll the pictures when they are taller than the screen.")),
        Key("scroll_stage(-1)", ("pageup",), "", ""),
        Key("about", ("h",), n_("about"), n_("Say what is to be seen, what to try and what is claimed.")),
    ),
}  # fmt: skip


def bindings(*groups: str) -> list[BindingType]:
    """Textual's bindings for groups of the table, on every layout."""
    return [
        Binding(",".join(_names(key.keys)), key.action, key.help, show=False, id=f"{group}.{key.action}")
        for group in groups
        for key in KEYS[group]
    ]


def layouts(key: str) -> tuple[str, ...]:
    """A key, and what its place on the keyboard sends on other layouts."""
    return (key, CYRILLIC[key]) if key in CYRILLIC else (key,)


def _names(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for key in keys for name in layouts(key)))
