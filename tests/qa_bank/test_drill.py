"""Answers are read the way people write them; every drill is held against torch, and poses its question in full."""

import re
from pathlib import Path

import pytest

from qa_bank.bank import Bank
from qa_bank.card import LANGUAGES
from qa_bank.drill import Names, Number, Numbers, draw, fill, generators, names_in, written

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1234", 1234), ("1,234", 1234), ("1 234 567", 1_234_567), ("37\u00a0632", 37_632), ("1_000", 1000),
        ("0,75", 0.75), (".75", 0.75), ("3/4", 0.75), ("75%", 0.75), ("75 %", 0.75), ("≈ 0.75", 0.75),
        ("−0.5", -0.5), ("1e-3", 1e-3), ("10⁻³", 1e-3), ("10^-3", 1e-3), ("3·10^4", 3e4), ("3*3*64+64", 640),
        ("3x3x64", 576), ("1.2M", 1.2e6), ("1,2 млн", 1.2e6), ("4k", 4000), ("12 px", 12), ("12 пикселей.", 12),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed: str, value: float) -> None:
    assert Number(value).accepts(typed)
    assert Number(value * 3 + 7).accepts(typed) is False


@pytest.mark.parametrize("typed", ["", "many", "2**999", "9**9**9", "1/0", "__import__('os')", "(1", "--", "1 2 3 4"])
def test_what_is_no_number_is_no_wrong_answer(typed: str) -> None:
    assert Number(1).accepts(typed) is None


def test_a_rounded_number_is_right_within_the_tolerance_alone() -> None:
    assert Number(2 / 3, 0.006).accepts("0.67") and Number(2 / 3, 0.006).accepts("0,667")
    assert Number(2 / 3, 0.006).accepts("0.6") is False


@pytest.mark.parametrize(
    "typed", ["3x32x32", "(3, 32, 32)", "3 × 32 × 32", "[3,32,32]", "3 32 32", "3; 32; 32", "3х32х32"]
)
def test_a_shape_is_read_as_people_write_it(typed: str) -> None:
    assert Numbers((3, 32, 32)).accepts(typed)
    assert Numbers((3, 32, 31)).accepts(typed) is False
    assert Numbers((3, 32)).accepts(typed) is False


@pytest.mark.parametrize(
    "typed", ["0.5, 0.25, 0.25", "0,5; 0,25; 0,25", "0,5 0,25 0,25", "1/2 1/4 25%", "[.5, .25, .25]"]
)
def test_a_vector_is_read_as_people_write_it(typed: str) -> None:
    assert Numbers((0.5, 0.25, 0.25), 0.005).accepts(typed)


@pytest.mark.parametrize("typed", ["AC", "c, a", "a c", "А, С"])
def test_letters_are_read_in_any_order_and_script(typed: str) -> None:
    assert Names(("A", "C")).accepts(typed)
    assert Names(("A", "B")).accepts(typed) is False
    assert Names(("A", "C")).accepts("?") is None


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [(12345, "en", "12,345"), (12345, "ru", "12\u00a0345"), (1234, "kk", "1234"), (0.5, "en", "0.5"), (0.5, "kk", "0,5"),
     (-2, "en", "−2"), (2.0, "ru", "2"), (0.123456, "en", "0.1235"), ("1.5; 2", "ru", "1,5; 2"), ("1.5; 2", "en", "1.5; 2")],
)  # fmt: skip
def test_values_are_written_as_the_language_writes_them(value: int | float | str, language: str, text: str) -> None:
    assert written(value, language) == text


DRILLS = [card for card in Bank.load() if card.facts.drill]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drill_poses_its_question_in_full(language: str) -> None:
    bank = Bank.load(language)
    for card in (bank[drill.id] for drill in DRILLS):
        assert card.facts.drill is not None
        for seed in range(20):
            drawn = draw(card.facts.drill, seed)
            text = fill(card.text, drawn, language)
            assert names_in(text) == set(), card.id
            assert drawn.answer.accepts(drawn.answer.shown(language)), (card.id, drawn.answer)
            assert drawn == draw(card.facts.drill, seed)


def test_every_drill_is_on_a_card_and_held_against_torch() -> None:
    tested = {
        name
        for path in (HERE / "drills").glob("*.py")
        for name in re.findall(r"^def (\w+)_by_torch", path.read_text(), re.M)
    }
    assert set(generators()) == tested == {card.facts.drill for card in DRILLS}


def test_a_drill_draws_fresh_numbers() -> None:
    for name in generators():
        assert len({str(draw(name, seed).values) for seed in range(20)}) > 10, name
