"""Learners' own decks: what is read as a card, what is said of the rest, and that nothing of a learner's is lost."""

import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bank import deck as deck_module
from qa_bank import plain_deck
from qa_bank.bank import CORE
from qa_bank.check import KnownDemo
from qa_bank.deck import Deck, read, slug
from qa_bank.decks import DeckError, add, check, decks, load, new, remove
from qa_bank.drill import generators
from qa_bank.harmless import harmless
from qa_bank.plain_deck import GAP, PlainCard, name_in, parse

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEMOS = {"rnn_memory": KnownDemo(("lag-80",), {"first": ("rnn", "lstm")})}
CARD = """+++
demo = { name = "rnn_memory", preset = "lag-80" }
+++
# What is it?

It is this.

## Key points
- One
"""


def cards(text: str) -> list[PlainCard]:
    """The cards of a text in which nothing is wrong."""
    found, problems = parse(text, "deck.md")
    assert problems == []
    return found


def wrong(text: str) -> list[str]:
    return [str(problem) for problem in parse(text, "deck.md")[1]]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def says(found: Deck) -> list[str]:
    return [f"{Path(p.path).name}:{p.line}: {p.text.format(**p.values)}" for p in found.problems]


def test_a_question_and_its_answer_may_go_over_many_lines_and_paragraphs() -> None:
    [first, second] = cards("Q: foo\nbar\nA:\nFOO\n\nBAR\n\nQ:\nbaz\nA: quux\n\n")
    assert (first.question, first.answer, first.line) == ("foo\nbar", "FOO\n\nBAR", 1)
    assert (second.question, second.answer, second.line) == ("baz", "quux", 8)


def test_a_line_of_dashes_ends_a_card_and_what_follows_is_a_note() -> None:
    found = cards("Notes first.\nQ: a\nA: b\n---\nA note.\n---\n---\nC: [d]\n---\nQ: e\nA: f --- g\n---")
    assert [(card.question, card.answer) for card in found] == [("a", "b"), (GAP, "d"), ("e", "f --- g")]


def test_a_tag_stands_at_the_very_beginning_of_a_line() -> None:
    [card] = cards("  Q: no\n  A: no\nQ: a\nA: b\n  C: [no]\nSay Q: aloud.")
    assert card.answer == "b\n  C: [no]\nSay Q: aloud."


def test_headings_are_for_the_reader_of_the_file() -> None:
    [card] = cards("# Chapter\nQ: a\n## Part\nA: b\n# End\n")
    assert (card.question, card.answer) == ("a", "b")
    assert cards("Q: a\nA: #1 of\n#include")[0].answer == "#1 of\n#include"


def test_tags_dashes_and_headings_within_a_code_fence_are_code() -> None:
    code = "```python\n# a comment\nQ: not a tag\n---\nx = [1]\n```"
    [card] = cards(f"Q: a\nA: See\n{code}\nso.")
    assert card.answer == f"See\n{code}\nso."
    assert cards("Q: a\nA: ```\nQ: b\n```")[0].answer == "```\nQ: b\n```"
    assert cards("In a note:\n~~~\nQ: a\nA: b\n~~~\n") == []
    assert cards("Q: a\nA: ```inline``` code\nQ: b\nA: c")[1].question == "b"


def test_a_code_fence_that_is_never_closed_swallows_nothing() -> None:
    found, problems = parse("Q: a\nA: b\n```\nQ: c\nA: d", "deck.md")
    assert [card.question for card in found] == ["a", "c"]
    assert list(map(str, problems)) == ["deck.md:3: this code fence is never closed"]
    assert len(wrong("```a\nQ: a\nA: b\n```b\nQ: c\nA: d\n~~~\n")) == 3
    found, problems = parse("````\nQ: a\nA: b\n```\nQ: c\n```", "deck.md")
    assert [card.answer for card in found] == ["b\n```\nQ: c\n```"] and len(problems) == 1


def test_each_part_in_brackets_is_a_card_of_its_own() -> None:
    found = cards("C: The [order] of a group is\n[the size\nof its set].")
    assert [card.question for card in found] == [
        "The […] of a group is\nthe size\nof its set.",
        "The order of a group is\n[…].",
    ]
    assert [card.points for card in found] == [("order",), ("the size\nof its set",)]
    assert {card.answer for card in found} == {"The order of a group is\nthe size\nof its set."}


@pytest.mark.parametrize(
    ("text", "question", "point"),
    [
        (r"C: Key: [`\[`]", "Key: […]", "`[`"),
        (r"C: \[markdown\] [`\[x\]`]", "[markdown] […]", "`[x]`"),
        ("C: Foo ![alt](image.jpg) [bar].", "Foo ![alt](image.jpg) […].", "bar"),
        ("C: The interval $[0, 1]$ is [closed].", "The interval $[0, 1]$ is […].", "closed"),
        (r"C: On $\[0, 1\]$ it [$n!$].", "On $[0, 1]$ it […].", "$n!$"),
        ("C: $$\nx[0]\n$$ is the [first].", "$$\nx[0]\n$$ is the […].", "first"),
        ("C: It costs $5 [per unit] and $6.", "It costs $5 […] and $6.", "per unit"),
        (r"C: `\alpha` is [$\alpha$].", r"`\alpha` is […].", r"$\alpha$"),
    ],
)
def test_brackets_of_code_images_and_formulas_are_mere_brackets(text: str, question: str, point: str) -> None:
    [card] = cards(text)
    assert (card.question, card.points) == (question, (point,))


def test_a_list_in_an_answer_is_its_points_and_the_rest_its_answer() -> None:
    [card] = cards("Q: a\nA: Three:\n\n- one\n  goes on\n- two\nand on\n* three\n\nThat is all.")
    assert card.points == ("one goes on", "two and on", "three")
    assert card.answer == "Three:\n\nThat is all."
    assert cards("Q: a\nA:\n1. first\n2. second")[0] == PlainCard("a", "", ("first", "second"), 1)


@pytest.mark.parametrize(
    "answer", ["- 5 degrees", "```\n- a\n- b\n```", "$$\n- a\n- b\n$$", "\n".join(f"- {i}" for i in range(60))]
)
def test_what_only_looks_like_a_list_stays_an_answer(answer: str) -> None:
    [card] = cards(f"Q: a\nA: {answer}")
    assert (card.points, card.answer) == ((), answer)


def test_a_card_may_name_a_demo_and_a_preset() -> None:
    [first, second, third] = cards(
        "Q: a\nA: b\nDemo: rnn_memory lag-80\nQ: c\nA: d\nДемо: gan\nQ: e\nA: f\nDemo: as we saw it today"
    )
    assert first.demo is not None and (first.demo.name, first.demo.preset) == ("rnn_memory", "lag-80")
    assert (first.answer, first.demo_line) == ("b", 3)
    assert second.demo is not None and (second.demo.name, second.demo.preset) == ("gan", None)
    assert third.demo is None and "as we saw it today" in third.answer


def test_tags_may_be_typed_in_the_cyrillic_letters_that_look_like_them() -> None:
    assert [card.question for card in cards("Q: а\nА: б\nС: [в]")] == ["а", GAP]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('---\nname = "Cell Biology"\n---\nQ: a\nA: b', "Cell Biology"),
        ("---\ntags: x\nname: Notes\n---\nQ: a\nA: b", "Notes"),
        ("---\nother = 1\n---\nQ: a\nA: b", None),
        ("---\n---\nQ: a\nA: b", None),
        ('name = "no"\nQ: a\nA: b', None),
    ],
)
def test_the_front_matter_may_name_the_deck(text: str, name: str | None) -> None:
    assert name_in(text) == name
    assert [card.question for card in cards(text)] == ["a"]


def test_dashes_at_the_beginning_may_only_part_cards() -> None:
    assert [card.question for card in cards("---\nQ: a\nA: b\n---\nQ: c\nA: d\n")] == ["a", "c"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A: b", "deck.md:1: an answer without a question"),
        ("Q: a", "deck.md:1: a question without an answer"),
        ("Q: a\nQ: b\nA: c", "deck.md:1: a question without an answer"),
        ("Q: a\nC: [b]", "deck.md:1: a question without an answer"),
        ("Q: a\n---\nA: c", "deck.md:3: an answer without a question"),
        ("Q: a\nA: b\nA: c", "deck.md:3: an answer without a question"),
        ("Q:\n\nA: b", "deck.md:1: a question without words"),
        ("Q: a\nA:\n\n", "deck.md:2: an answer without words"),
        ("C: no part", "deck.md:1: a C: text without a [part] to hide"),
        ("C: Bad\n[ ]", "deck.md:2: an empty pair of brackets hides nothing"),
        ("C: Half\n\n[good", "deck.md:1: a bracket without its partner"),
        ("C: a\nb] c", "deck.md:2: a bracket without its partner"),
        ("C: a [b [c] d]", "deck.md:1: a bracket without its partner"),
    ],
)
def test_each_mistake_is_named_with_its_line_and_the_other_cards_are_read(text: str, line: str) -> None:
    found, problems = parse(f"{text}\n---\nQ: last\nA: card", "deck.md")
    assert any(str(problem).startswith(line) for problem in problems), problems
    assert found[-1].question == "last"


def test_a_card_has_its_limits() -> None:
    assert wrong("C: " + "[a]" * 51) == ["deck.md:1: 51 parts to hide; a C: text has 50 at the most"]
    long = "b" * 20_000
    assert wrong(f"Q: a\nA: {long}") == ["deck.md:1: a card of 20001 characters; 20000 at the most"]
    assert wrong(f"C: [a]{long}") == ["deck.md:1: a card of 20003 characters; 20000 at the most"]


def test_every_mistake_is_told_at_once() -> None:
    assert len(wrong("A: a\nQ: b\nC: c\nC: [d\nQ: e")) == 5


def test_an_id_outlives_an_edited_answer_and_a_moved_card(tmp_path: Path) -> None:
    before = read(write(tmp_path / "my.md", "Q: What is  it?\nA: This.\n\nC: [One] and [two]."))
    after = read(write(tmp_path / "my.md", "C: [1] and [two].\n\nQ: What\nis it?\nA: That, rather.\nDemo: gan"))
    ids = [card.id for card in before.cards]
    assert all(name.startswith("my/") for name in ids) and len(set(ids)) == 3
    assert {card.id for card in after.cards} & set(ids) == {ids[0], ids[1]}
    other = read(write(tmp_path / "my.md", "Q: What was it?\nA: This."))
    assert other.cards[0].id not in ids


def test_a_question_asked_twice_is_asked_once(tmp_path: Path) -> None:
    found = read(write(tmp_path / "my.md", "Q: a\nA: b\nQ: a\nA: c"))
    assert [card.text.answer for card in found.cards] == ["b"]
    assert says(found) == ["my.md:3: asks what line 1 of my.md asks; left out"]


def test_a_folder_may_hold_cards_in_vivas_format_and_plain_decks(tmp_path: Path) -> None:
    folder = tmp_path / "Course Notes"
    write(folder / "deep" / "What.md", CARD.replace("+++\n#", 'follow_ups = ["rnn-memory", "other", "none"]\n+++\n#'))
    write(folder / "deep" / "What.ru.md", "# Что это?\n\nЭто.\n\n## Ключевые мысли\n- Раз\n")
    write(folder / "other.md", CARD.replace("What is it?", "And that?"))
    write(folder / "plain.md", "Q: a\nA: b")
    write(folder / "README.md", "# What this is\n\nNo cards.\n")
    write(folder / "picture.png", "no Markdown")
    found = read(folder, language="ru")
    assert found.name == "course-notes" and {card.topic for card in found.cards} == {"course-notes"}
    by_id = {card.id: card for card in found.cards}
    assert by_id.keys() > {"course-notes/what", "course-notes/other"} and len(by_id) == 3
    what = by_id["course-notes/what"]
    assert (what.text.question, what.language, what.facts.level) == ("Что это?", "ru", "middle")
    assert what.facts.follow_ups == ("rnn-memory", "course-notes/other")
    assert by_id["course-notes/other"].language == "en"
    assert says(found) == ["What.md:1: no card 'none' to follow up with; left out"]


@pytest.mark.parametrize(
    ("facts", "says_so"),
    [
        ('drill = "no_such_drill"', "no drill 'no_such_drill'"),
        ('predict = { outcome = "first", options = ["rnn"] }', "1 options here, 0 under Predict"),
        ('level = "boss"', "boss"),
        ("level", "not TOML"),
        (f"tags = {'[' * 1000}", "a.md:2: not TOML"),
        (f"tags = [{'1' * 5000}]", "a.md:2: not TOML"),
    ],
    ids=["drill", "predict", "level", "TOML", "nested", "number"],
)
def test_a_card_that_does_not_hold_together_is_left_out(tmp_path: Path, facts: str, says_so: str) -> None:
    folder = tmp_path / "my"
    write(folder / "a.md", CARD.replace("+++\n#", f"{facts}\n+++\n#"))
    write(folder / "b.md", CARD)
    found = read(folder)
    assert [card.id for card in found.cards] == ["my/b"]
    assert len(found.problems) == 1 and says_so in says(found)[0]


def test_a_drill_of_a_deck_uses_a_generator_there_is(tmp_path: Path) -> None:
    drill = next(iter(generators()))
    found = read(write(tmp_path / "a.md", CARD.replace("+++\n#", f'drill = "{drill}"\n+++\n#')))
    assert [card.facts.kind for card in found.cards] == ["drill"] and found.problems == ()


@pytest.mark.parametrize(
    ("link", "says_so"),
    [
        ("Demo: gna", "my.md:5: no demo 'gna'. Demos: rnn_memory"),
        ("Demo: rnn_memory lag-8", "my.md:5: demo 'rnn_memory' has no preset 'lag-8'. Presets: lag-80"),
    ],
)
def test_a_demo_that_there_is_not_is_told_with_its_line(tmp_path: Path, link: str, says_so: str) -> None:
    deck = write(tmp_path / "my.md", f"demo or not\n\nQ: a\nA: b\n{link}\n")
    assert [f"{Path(p.path).name}:{p.line}: {p.text.format(**p.values)}" for p in check(deck, DEMOS)] == [says_so]
    card = write(tmp_path / "a.md", CARD.replace("lag-80", "lag-8"))
    assert [(p.line, p.values["name"]) for p in check(card, DEMOS)] == [(2, "lag-8")]


def test_the_core_cards_are_vivas_to_choose(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.md", CARD.replace("+++\n#", f'tags = ["{CORE}", "mine"]\n+++\n#')))
    assert found.cards[0].facts.tags == ("mine",)


@pytest.mark.parametrize(
    "name", ["Cell Biology", "../../etc", "Ұлы дала_2", "a\x1b[31mb", "गणित", "a" * 60, "-x-", ".hidden"]
)
def test_a_name_is_one_safe_part_of_a_path(name: str) -> None:
    safe = slug(name)
    assert safe and safe == slug(safe)
    assert all(char.isalnum() or char in "-_" or unicodedata.category(char)[0] == "M" for char in safe)
    assert not safe.startswith("-")


@pytest.mark.parametrize("name", ["...", "//", "a" * 61, "Attention"])
def test_a_name_that_cannot_be_a_decks_is_refused(tmp_path: Path, name: str) -> None:
    source = write(tmp_path / "fine.md", f'---\nname = "{name}"\n---\nQ: a\nA: b\n')
    with pytest.raises(DeckError) as error:
        add(tmp_path / "library", source, NOON)
    assert error.value.problems
    assert not (tmp_path / "library").exists()
    with pytest.raises(DeckError):
        new(tmp_path, name)


def test_no_hidden_character_reaches_a_card_or_a_problem(tmp_path: Path) -> None:
    nasty = "\x1b[31mred\x1b[0m \u202eturned\u202c zero\u200bwidth \x07\x9b \x1b]0;title\x07end\ttab\r"
    write(tmp_path / "my" / "plain.md", f"\ufeffQ: a{nasty}\nA: b{nasty}\r\nC: [c{nasty}]\r\n")
    write(
        tmp_path / "my" / "b.md", CARD.replace("It is this.", nasty).replace("+++\n#", 'tags = ["\\u001b[1m"]\n+++\n#')
    )
    write(tmp_path / "my" / "c.md", CARD + f"## {nasty}\n")
    write(tmp_path / "my" / "d.md", CARD.replace("+++\n#", '"\\u001b[1m" = 1\n+++\n#'))
    found = read(tmp_path / "my")
    assert len(found.cards) == 3 and len(found.problems) == 2
    shown = f"{found!r} {''.join(says(found))}"
    for text in [shown, *(value for card in found.cards for value in (card.text.question, card.text.answer))]:
        assert harmless(text) == text
        assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in text.replace("\n", ""))
    assert found.cards[1].text.question == "ared turned zerowidth  end  tab"


def test_what_is_hidden_is_what_unicode_says_of_it() -> None:
    seen = {chr(i) for i in range(sys.maxunicode + 1) if harmless(f"a{chr(i)}b") == "ab"}
    hidden = {
        chr(i) for i in range(sys.maxunicode + 1) if unicodedata.category(chr(i)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    selectors = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}
    unassigned = {char for char in seen if unicodedata.category(char) == "Cn"}
    assert seen - selectors - unassigned == hidden - {"\t", "\n", "\r"}
    assert harmless("a\r\nb\rc\td") == "a\nb\nc   d"


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "my.md"
    path.write_bytes(b"Q: a\nA: \xff\xfe")
    assert says(read(path)) == ["my.md:2: not UTF-8"]


def test_no_symbolic_link_is_followed_out_of_a_deck(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.md", "Q: a\nA: secret")
    write(tmp_path / "outside" / "more.md", "Q: b\nA: secret")
    write(tmp_path / "my" / "own.md", "Q: c\nA: d")
    write(tmp_path / "my" / "card.md", CARD)
    (tmp_path / "my" / "link.md").symlink_to(secret)
    (tmp_path / "my" / "card.ru.md").symlink_to(secret)
    (tmp_path / "my" / "folder").symlink_to(tmp_path / "outside")
    found = read(tmp_path / "my", language="ru")
    assert "secret" not in repr(found.cards) and len(found.cards) == 2
    assert sorted(says(found)) == [
        f"{name}:1: a symbolic link; what it points to is not read" for name in ("card.ru.md", "folder", "link.md")
    ]
    library = tmp_path / "library"
    add(library, tmp_path / "my", NOON)
    assert not [path for path in library.rglob("*") if path.is_symlink()]
    (library / "x.md").symlink_to(secret)
    cards, problems = load(library)
    assert len(cards) == 2 and [Path(problem.path).name for problem in problems] == ["x.md"]


def test_a_deck_has_its_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(4):
        write(tmp_path / "my" / f"{i}.md", f"Q: {i}\nA: b\nQ: {i}{i}\nA: b\n")
    monkeypatch.setattr(deck_module, "MOST_FILE", 27)
    write(tmp_path / "my" / "long.md", "Q: a\nA: " + "b" * 27)
    assert says(read(tmp_path / "my")) == ["long.md:1: 35 bytes; a file has 27 at the most"]
    monkeypatch.setattr(deck_module, "MOST_CARDS", 3)
    found = read(tmp_path / "my")
    assert len(found.cards) == 3
    assert "1.md:3: a deck has 5000 cards at the most; what follows is left out" in says(found)
    monkeypatch.setattr(deck_module, "MOST_DECK", 60)
    assert "3.md:1: a deck has 60 bytes at the most; this file is left out" in says(read(tmp_path / "my"))
    monkeypatch.setattr(deck_module, "MOST_FILES", 1)
    assert "1.md:1: a deck has 1 files at the most; the others are left out" in says(read(tmp_path / "my"))


def test_of_very_many_problems_the_first_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deck_module, "MOST_PROBLEMS", 2)
    found = says(read(write(tmp_path / "my.md", "A: b\n" * 5)))
    assert found == [
        "my.md:1: an answer without a question",
        "my.md:2: an answer without a question",
        "my.md:1: and 3 more problems",
    ]


def test_adding_copies_and_adding_again_replaces(tmp_path: Path) -> None:
    library = tmp_path / "library"
    source = write(tmp_path / "My Notes.md", "Q: a\nA: b\nQ: c\nA: d")
    assert add(library, source, NOON).name == "my-notes"
    [first] = decks(library)
    assert (first.name, len(first.cards), first.problems) == ("my-notes", 2, ())
    write(source, "Q: a\nA: better")
    add(library, source, NOON)
    [second] = decks(library)
    assert [card.text.answer for card in second.cards] == ["better"]
    assert second.cards[0].id == first.cards[0].id
    assert [path.read_text("utf-8") for path in (library / ".removed").iterdir()] == ["Q: a\nA: b\nQ: c\nA: d"]
    folder = tmp_path / "my-notes"
    write(folder / "x" / "y.md", "Q: z\nA: z")
    add(library, folder, NOON)
    assert [path.name for path in library.iterdir() if path.name != ".removed"] == ["my-notes"]
    assert [card.text.question for card in load(library)[0]] == ["z"]


def test_removing_sets_aside(tmp_path: Path) -> None:
    library = tmp_path / "library"
    source = write(tmp_path / "my.md", "Q: a\nA: b")
    places = []
    for _ in range(2):
        add(library, source, NOON)
        places.append(remove(library, "My", NOON))
    assert [place.name for place in places] == ["my-20261121T120000.md", "my-20261121T120000-2.md"]
    assert all(place.read_text("utf-8") == "Q: a\nA: b" for place in places)
    assert decks(library) == [] and source.exists()
    with pytest.raises(DeckError, match="there are no decks yet"):
        remove(library, "my", NOON)
    add(library, source, NOON)
    with pytest.raises(DeckError, match=r"No deck '\.\./x'\. Decks: my\."):
        remove(library, "../x", NOON)


def test_a_deck_is_added_if_anything_of_it_can_be_asked(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with pytest.raises(DeckError, match="was not added") as error:
        add(library, write(tmp_path / "bad.md", "Q: a\nC: b"), NOON)
    assert len(error.value.problems) == 2 and not library.exists()
    with pytest.raises(DeckError, match="was not added") as error:
        add(library, write(tmp_path / "empty.md", "Some notes."), NOON)
    assert "no cards" in str(error.value.problems[0])
    with pytest.raises(DeckError, match="No such file or folder"):
        add(library, tmp_path / "none.md", NOON)
    added = add(library, write(tmp_path / "half.md", "Q: a\nA: b\nC: c"), NOON)
    assert len(added.cards) == 1 and says(added) == ["half.md:3: a C: text without a [part] to hide"]


def test_a_library_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    blocked = write(tmp_path / "file", "")
    with pytest.raises(DeckError, match="cannot be written"):
        add(blocked / "library", write(tmp_path / "my.md", "Q: a\nA: b"), NOON)


def test_a_new_deck_is_a_good_one_and_overwrites_nothing(tmp_path: Path) -> None:
    path = new(tmp_path, "My First")
    assert (path.name, read(path).name) == ("my-first.md", "my-first")
    assert check(path, DEMOS) == []
    found = read(path).cards
    assert any(card.facts.demo for card in found) and any(GAP in card.text.question for card in found)
    assert any(card.text.points and not card.text.answer for card in found)
    with pytest.raises(DeckError, match="is there already"):
        new(tmp_path, "my first")
    assert new(tmp_path / "elsewhere.md", "x").name == "elsewhere.md"


PIECES = st.lists(
    st.sampled_from(
        ["Q:", "A:", "C:", "Demo: gan ring", "---", "```", "~~~", "# h", "[", "]", "\\[", "![", "$", "$$", "- x", "\n", " ",
         "word", "+++\n", "name = ", "\x1b[1m", "\u202e", "\r"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(text=st.one_of(st.text(), PIECES))
def test_any_text_is_read_as_cards_and_problems(text: str) -> None:
    found, problems = parse(harmless(text), "deck.md")
    for card in found:
        assert card.question.strip() and (card.answer.strip() or card.points)
        assert len(card.points) <= plain_deck.MOST_POINTS
    lines = harmless(text).count("\n") + 1
    assert all(1 <= thing.line <= lines for thing in (*found, *problems))
    assert all(str(problem) for problem in problems)


@given(data=st.one_of(st.binary(), st.one_of(st.text(), PIECES).map(lambda text: text.encode())))
def test_any_file_is_read_as_a_deck(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "any.md"
    path.write_bytes(data)
    found = read(path, demos=DEMOS)
    assert found.cards or found.problems
    assert len({card.id for card in found.cards}) == len(found.cards)
    assert all(str(problem) for problem in found.problems)
