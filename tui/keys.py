"""Every key in one table, and the same keys on Cyrillic layouts.

A terminal sends the letter that was typed, not the key: on a Russian or Kazakh layout the key of `q` sends `й`. So each
key of the table is bound together with what the same place of the keyboard sends on those layouts.

KEYS is what Textual binds. Presets and the learner make other tables of the same actions (`tui.remap`); the one in effect is
what the key bar and the help read, and what `keymap` has Textual rebind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from textual.binding import Binding, BindingType

from tui.i18n import n_

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбю"
_KAZAKH_DIGITS = {"1": '"', "2": "ә", "3": "і", "4": "ң", "5": "ғ", "8": "ү", "9": "ұ", "0": "қ", "-": "ө", "=": "һ"}
_LETTERS = dict(zip(_LATIN, _RUSSIAN, strict=True))
_CAPITALS = {latin.upper(): russian.upper() for latin, russian in _LETTERS.items() if latin.isalpha()}
CYRILLIC = _LETTERS | _CAPITALS | _KAZAKH_DIGITS
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
    name: str = ""
    """How config.toml names the action, where it is not called what it is."""


Table = Mapping[str, tuple[Key, ...]]

KEYS: dict[str, tuple[Key, ...]] = {
    "everywhere": (
        Key("help", ("?", "f1"), n_("help"), n_("Show this help.")),
        Key("language", ("l",), n_("language"), n_("Switch the language: English, Russian, Kazakh.")),
        Key("theme", ("t",), n_("theme"), n_("Switch between the dark and the light theme.")),
        Key("palette", ("ctrl+p",), n_("commands"), n_("Find a command by typing a part of its name.")),
        Key("back", ("escape", "q"), n_("back"), n_("Go back.")),
    ),
    "moves": (
        Key("app.simulate_key('down')", (), "", n_("Down, as the arrow key."), name="down"),
        Key("app.simulate_key('up')", (), "", n_("Up, as the arrow key."), name="up"),
        Key("app.simulate_key('left')", (), "", n_("Left, as the arrow key."), name="left"),
        Key("app.simulate_key('right')", (), "", n_("Right, as the arrow key."), name="right"),
        Key("app.simulate_key('pagedown')", (), "", n_("A page down."), name="pagedown"),
        Key("app.simulate_key('pageup')", (), "", n_("A page up."), name="pageup"),
        Key("app.simulate_key('home')", (), "", n_("To the top."), name="home"),
        Key("app.simulate_key('end')", (), "", n_("To the end."), name="end"),
    ),
    "home": (
        Key("study", ("s",), n_("study"), n_("Study what is due, then new cards.")),
        Key("custom", ("c",), n_("choose"), n_("Choose what to study: a topic, a level, flagged cards; or cram.")),
        Key("interview", ("i",), n_("interview"), n_("Sit an interview, and see what you missed.")),
        Key("demos", ("d",), n_("demos"), n_("Choose an experiment and run it.")),
        Key("cards", ("b",), n_("cards"), n_("Browse the cards.")),
        Key("stats", ("a",), n_("statistics"), n_("See what you have learned.")),
        Key("settings", ("g",), n_("settings"), n_("Change the settings.")),
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
        Key("tick", ("x", "space", "enter"), n_("tick"), n_("Tick a key point that you named, once the answer is shown.")),
        Key("explanation", ("e",), n_("explanation"), n_("Show or hide the explanation, the pitfalls and the code.")),
        Key("demo", ("d",), n_("demo"), n_("Run the card's experiment; first you predict what it will show.")),
        Key("undo", ("u",), n_("undo"), n_("Take back the last grade, bury or suspension; again for the one before it.")),
        Key("bury", ("b",), n_("bury"), n_("Leave the card for tomorrow.")),
        Key("suspend", ("s",), n_("suspend"), n_("Ask the card no more, until you take it up again among the cards.")),
        Key("flag", ("f",), n_("flag"), n_("Flag the card, or take its flag away.")),
        Key("note", ("n",), n_("note"), n_("Write a note of your own on the card; it is shown with the answer.")),
        Key("leave", ("escape", "q"), n_("back"), n_("Leave the experiment for the card, or the card for the first screen.")),
    ),
    "choices": (
        Key("row(1)", ("down", "j"), n_("choose"), n_("Move among the choices."), "↑↓"),
        Key("row(-1)", ("up", "k"), "", ""),
        Key("change(1)", ("right", "]"), n_("change"), n_("Change the choice one stands at."), "←→"),
        Key("change(-1)", ("left", "["), "", ""),
        Key("start", ("enter", "space"), n_("start"), n_("Start with these choices.")),
    ),
    "settings": (
        Key("row(1)", ("down", "j"), n_("choose"), n_("Move among the settings."), "↑↓"),
        Key("row(-1)", ("up", "k"), "", ""),
        Key("change(1)", ("right", "]"), n_("change"), n_("Change the setting one stands at; it holds at once."), "←→"),
        Key("change(-1)", ("left", "["), "", ""),
        Key("edit", ("enter",), n_("type"), n_("Type the value: Enter keeps it, Esc leaves it as it was.")),
        Key("switch", ("space",), n_("switch"), n_("Switch the day one stands at, or go on to the next value.")),
        Key("reset", ("backspace",), n_("default"), n_("Go back to the default.")),
        Key("leave", ("escape", "q"), n_("back"), n_("Leave what is typed, or the settings.")),
    ),
    "interview": (
        Key("next", ("enter",), n_("done, next"), n_("End your answer; once the key points are shown, go on.")),
        Key("tick", ("space", "x"), n_("tick"), n_("Tick the key point you named, or take its tick away.")),
        Key("point(1)", ("down", "j"), n_("points"), n_("Move among the key points."), "↑↓"),
        Key("point(-1)", ("up", "k"), "", ""),
        Key("write", ("w",), n_("write"), n_("Type the answer instead of saying it; Esc ends it.")),
        Key("hint", ("h",), n_("hint"), n_("Ask for a hint, and again for a plainer one.")),
        Key("give_up", ("p",), n_("pass"), n_("Pass: nothing was named.")),
        Key("explanation", ("e",), n_("explanation"), n_("Show or hide the explanation, the pitfalls and the code.")),
        Key("demo", ("d",), n_("demo"), n_("Go between the card and its experiment.")),
        Key("undo", ("u",), n_("undo"), n_("Take back the last answer and ask again.")),
        Key("leave", ("escape", "q"), n_("stop"), n_("Stop, and see the report; you can go on later.")),
    ),
    "stats": (
        Key("section(1)", ("right", "]"), n_("section"), n_("Go to the next section, or back."), "←→"),
        Key("section(-1)", ("left", "["), "", ""),
    ),
    "sit": (Key("reports", ("v",), n_("reports"), n_("See the reports of the interviews before.")),),
    "report": (
        Key("queue", ("m",), n_("queue the missed"), n_("Ask the cards you missed before all else when you study.")),
        Key("write", ("w",), n_("write Markdown"), n_("Write the report to a Markdown file.")),
        Key("open", ("enter",), n_("open"), n_("Open the card one stands at.")),
        Key("turn(-1)", ("left", "["), n_("earlier"), n_("Page to the report before or after this one."), "←→"),
        Key("turn(1)", ("right", "]"), "", ""),
    ),
    "browse": (
        Key("search", ("/", "."), n_("search"), n_("Search: the list follows as you type; #tag finds a tag."), "/"),
        Key("filter", ("c",), n_("filter"), n_("Choose which cards to show, and in what order.")),
        Key("topic(1)", ("right", "]"), n_("topic"), n_("Show one topic after another, then all again."), "←→"),
        Key("topic(-1)", ("left", "["), "", ""),
        Key("order", ("o",), n_("order"), n_("Order: as introduced, by topic, weakest first, next due.")),
        Key("clear", ("x",), n_("show all"), n_("Clear the search and the filters.")),
        Key("row(1)", ("down", "j"), n_("choose"), n_("Move among the cards."), "↑↓"),
        Key("row(-1)", ("up", "k"), "", ""),
        Key("page(1)", ("pagedown",), "", n_("A page further down the list, or up.")),
        Key("page(-1)", ("pageup",), "", ""),
        Key("edge(-1)", ("home",), "", n_("To the first card, or to the last.")),
        Key("edge(1)", ("end",), "", ""),
        Key("open", ("enter",), n_("open"), n_("Open the card, with the cards around it.")),
        Key("leave", ("escape", "q"), n_("back"), n_("Clear the search, leave it, or leave the cards.")),
    ),
    "card": (
        Key("explanation", ("e",), n_("explanation"), n_("Show or hide the explanation, the pitfalls and the code.")),
        Key("demo", ("d",), n_("demo"), n_("Run the card's experiment.")),
        Key("flag", ("f",), n_("flag"), n_("Flag the card, or take its flag away.")),
        Key("suspend", ("s",), n_("suspend"), n_("Ask the card no more; on a suspended card: ask it again.")),
        Key("bury", ("b",), n_("bury"), n_("Leave the card for tomorrow; on a buried card: ask it today.")),
        Key("note", ("n",), n_("note"), n_("Write a note of your own on the card; it is shown with the answer.")),
        Key("undo", ("u",), n_("undo"), n_("Take back the last bury or suspension; again for the one before it.")),
    ),
    "walk": (
        Key("around", ("m", "tab"), n_("graph"), n_("Go between the card and those that it follows or leads to.")),
        Key("row(1)", ("down", "j"), n_("choose"), n_("Move among the cards around, or scroll the card."), "↑↓"),
        Key("row(-1)", ("up", "k"), "", ""),
        Key("page(1)", ("pagedown",), "", n_("Scroll by a page.")),
        Key("page(-1)", ("pageup",), "", ""),
        Key("walk", ("enter",), n_("go there"), n_("Go to the card one stands at.")),
        Key("back_along", ("backspace",), n_("way back"), n_("Go back the way you came.")),
        Key("leave", ("escape", "q"), n_("back"), n_("Leave the cards around for the card, or the card.")),
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


APP = ("everywhere", "moves")
"""The groups of the app itself: they hold on every screen, but a screen's own keys come before them."""
NO_KEY = "no-key"
"""What stands in Textual's bindings for an action that has none: a name that no terminal sends."""
SHORT = {"escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→"}

_table: Table = KEYS


def use(table: Table) -> None:
    """Have these keys from now on. Textual has to be told by `keymap`."""
    global _table
    _table = table


def in_effect() -> Table:
    return _table


def key_of(name: str) -> Key:
    """The key in effect of an action, as `study.reveal`."""
    group = name.partition(".")[0]
    return next(key for key in _table[group] if ident(group, key) == name)


def keymap() -> dict[str, str]:
    """What Textual is to rebind: all of a group in which anything differs, for keys change hands within it."""
    return {
        ident(group, key): ",".join(names(key.keys))
        for group, keys in _table.items()
        if keys != KEYS[group]
        for key in keys
    }


def bindings(*groups: str) -> list[BindingType]:
    """Textual's bindings for groups of the table, on every layout."""
    return [
        Binding(",".join(names(key.keys)), key.action, key.help, show=False, id=ident(group, key))
        for group in groups
        for key in KEYS[group]
    ]


def ident(group: str, key: Key) -> str:
    """An action's name, as `study.reveal`."""
    return f"{group}.{key.name or key.action}"


def layouts(key: str) -> tuple[str, ...]:
    """A key, and what its place on the keyboard sends on other layouts."""
    return (key, CYRILLIC[key]) if key in CYRILLIC else (key,)


def called(key: str) -> str:
    """A key's name for people, short."""
    return SHORT.get(key, key.replace("ctrl+", "^"))


def names(keys: Iterable[str]) -> list[str]:
    """Keys as Textual lists them, on every layout."""
    found = dict.fromkeys(name for key in keys for name in layouts(key))
    return ["comma" if name == "," else name for name in found] or [NO_KEY]
