"""The card format: what is read, and what is said of a file with a mistake."""

from pathlib import Path

import pytest

from qa_bank.bank import Bank, UnknownCardError
from qa_bank.card import CardError, read_card

GOOD = """+++
concepts = ["S1"]
level = "junior"
sources = ["interview-qa"]
follow_ups = ["other"]
demo = { name = "rnn_memory", preset = "lag-80" }
predict = { outcome = "first", options = ["x", "y"] }
+++
# What is it?

The answer,
over two lines.

## Key points
- One **term**
  goes on here.
- Two

## Explanation
```python
# not a question
## not a section
```

## Pitfalls
Many.

## Predict
Which?
- This
- That
"""


def write(folder: Path, text: str, name: str = "card.md") -> Path:
    path = folder / "sequences" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_card_is_read_whole(tmp_path: Path) -> None:
    card = read_card(write(tmp_path, GOOD))
    assert (card.id, card.topic, card.facts.level, card.language) == ("card", "sequences", "junior", "en")
    assert card.text.question == "What is it?"
    assert card.text.answer == "The answer,\nover two lines."
    assert card.text.points == ("One **term** goes on here.", "Two")
    assert "## not a section" in card.text.explanation
    assert (card.text.predict, card.text.options) == ("Which?", ("This", "That"))
    assert card.facts.predict is not None and card.facts.predict.options == ("x", "y")


def test_a_translation_holds_prose_alone_and_takes_the_code_of_the_english_file(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "\n## Code\n```python\nprint(1)\n```\n")
    write(tmp_path, "# Что это?\n\nОтвет.\n\n## Ключевые мысли\n- Раз\n", "card.ru.md")
    card = read_card(path, "ru")
    assert (card.language, card.text.question) == ("ru", "Что это?")
    assert "print(1)" in card.text.code
    assert read_card(path, "kk").language == "en", "English stands in for a translation that is not there"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('level = "junior"', 'level = "boss"', 3, "boss"),
        ('concepts = ["S1"]', "concepts = S1", 2, "not TOML"),
        ('sources = ["interview-qa"]', 'sorces = ["interview-qa"]', 4, "sorces"),
        ("## Pitfalls", "## Pitfals", 25, "unknown section 'Pitfals'"),
        ("## Pitfalls", "## Explanation", 25, "stands twice"),
        ("# What is it?", "What is it?", 9, "text before the question"),
        ("## Pitfalls", "# Another?", 25, "second question"),
        ("+++\nconcepts", "concepts", 1, "begins with its facts"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CardError) as error:
        read_card(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert message in str(error.value)


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_bytes(GOOD.encode().replace(b"Two", b"\xff\xfe"))
    with pytest.raises(CardError, match=r"card\.md:17: not UTF-8"):
        read_card(path)


def test_one_bad_file_leaves_the_rest_of_the_bank_working(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "rubbish", "bad.md")
    bank = Bank.load(root=tmp_path)
    assert list(bank.cards) == ["card"]
    assert len(bank.problems) == 1 and "bad.md:1" in str(bank.problems[0])


def test_an_unknown_card_offers_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "rnn-memory.md")
    bank = Bank.load(root=tmp_path)
    with pytest.raises(UnknownCardError, match="rnn-memory"):
        bank["rnn-memry"]
    with pytest.raises(UnknownCardError, match="Topics: sequences"):
        bank.select(topic="sequence")


def test_code_of_the_rest_is_not_read_when_it_is_in_a_fence(tmp_path: Path) -> None:
    card = read_card(write(tmp_path, GOOD))
    assert card.text.pitfalls == "Many."
