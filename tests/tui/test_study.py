"""Study: question, answer, grade, next; with the experiment beside the card."""

import json
import sqlite3
from pathlib import Path

import pytest
from helpers import NOON, SIZES, eventually, seen, viva
from textual.pilot import Pilot
from textual.widgets import Input

from qa_bank.bank import Bank
from qa_bank.drill import Number
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from tui import i18n, plain
from tui.app import VivaApp
from tui.config import Config
from tui.queues import Wanted
from tui.screens.home import HomeScreen
from tui.screens.study import StudyScreen
from tui.study import Study
from tui.widgets.card_view import CardView
from tui.widgets.demo_pane import DemoPane
from tui.widgets.grade_bar import GradeBar


@pytest.mark.parametrize("size", SIZES)
async def test_a_card_from_question_to_grade(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        first = screen.study.card
        assert first is not None
        assert first.text.question[:30] in seen(app)
        assert not app.screen.query_one(GradeBar).display
        await pilot.press("space")
        await pilot.pause()
        text = seen(app)
        assert "Key points" in text and "Again" in text and "1 min" in text
        await pilot.press("x", "x")
        assert screen.query_one(CardView).ticked == [0, 1]
        await pilot.press("3")
        await pilot.pause()
        assert app.log_book.history(first.id) == [(Grade.GOOD, NOON)]
        assert screen.study.card is not None and screen.study.card.id != first.id
        assert not screen.query_one(GradeBar).display


async def test_a_grade_before_the_answer_is_shown_is_not_taken(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert app.log_book.memories() == {}


async def test_the_kazakh_number_row_grades_too(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.press("space", "ә")
        await pilot.pause()
        (memory,) = app.log_book.memories().values()
        assert app.log_book.history(memory.card) == [(Grade.HARD, NOON)]


async def test_undo_takes_the_grade_back_and_shows_the_card_again(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, StudyScreen) and screen.study.card is not None
        first = screen.study.card.id
        await pilot.press("space", "4", "u")
        await pilot.pause()
        assert app.log_book.memories() == {}
        assert screen.study.card is not None and screen.study.card.id == first


async def test_undo_works_across_a_restart(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.press("space", "4")
        await pilot.pause()
        (card,) = app.log_book.memories()
    again = viva(tmp_path, "study")
    async with again.run_test() as pilot:
        await pilot.press("u")
        await pilot.pause()
        assert again.log_book.memories() == {}
        assert isinstance(again.screen, StudyScreen) and again.screen.study.card is not None
        assert again.screen.study.card.id == card


async def test_a_grade_that_could_not_be_saved_is_not_claimed_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa_bank.log_file.PATIENCE", 0.05)
    app = viva(tmp_path, "study")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, StudyScreen) and screen.study.card is not None
        first = screen.study.card.id
        with sqlite3.connect(tmp_path / "reviews.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            await pilot.press("space", "3")
            await pilot.pause()
            other.execute("ROLLBACK")
        assert screen.study.card.id == first
        assert any("locked" in note.message and note.title == "Not saved" for note in app._notifications)
        await pilot.press("3")
        await pilot.pause()
        assert set(app.log_book.memories()) == {first}


async def test_the_session_ends_with_a_summary(tmp_path: Path) -> None:
    app = viva(tmp_path, "study", config=Config(device="cpu", new_a_day=6))
    async with app.run_test(size=(100, 30)) as pilot:
        for _ in range(6):
            await pilot.press("space", "4")
            await pilot.pause()
        text = seen(app)
        assert "The session is done." in text and "6 cards graded" in text and "100% remembered" in text
        await pilot.press("u")
        await pilot.pause()
        assert isinstance(app.screen, StudyScreen) and app.screen.study.card is not None
        await pilot.press("space", "4", "space")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_the_explanation_opens_with_code_and_pitfalls(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("space", "e")
        await eventually(pilot, lambda: "Pitfalls" in seen(app) or "Explanation" in seen(app))


async def test_the_language_changes_in_the_middle_of_a_card(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("space", "l")
        await pilot.pause()
        assert "Ключевые мысли" in seen(app)
        await pilot.press("3")
        await pilot.pause()
        assert len(app.log_book.memories()) == 1


async def to_card(pilot: object, app: object, card: str) -> None:
    """Grade until a card is on the table."""
    while app.screen.study.card.id != card:  # type: ignore[attr-defined]
        await pilot.press("space", "4")  # type: ignore[attr-defined]
        await pilot.pause()  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_the_demo_asks_for_a_prediction_runs_and_judges_it(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await to_card(pilot, app, "softmax-temperature")
        screen = app.screen
        assert isinstance(screen, StudyScreen) and screen.study.card is not None
        assert screen.study.card.facts.predict is not None
        await pilot.press("space", "d")
        await pilot.pause()
        assert "Predict first" in seen(app)
        pane = screen.query_one(DemoPane)
        assert pane.state == "asking"
        assert screen.query_one(CardView).display == (size[0] >= 120)
        await pilot.press("1")
        await eventually(pilot, lambda: pane.state == "done")
        await pilot.pause()
        predicted = screen._detail
        assert predicted["predicted"] == screen.study.card.facts.predict.options[0]
        assert predicted["measured"] in screen.study.card.facts.predict.options
        await pilot.press("escape")
        await pilot.pause()
        assert screen.query_one(CardView).display
        assert "You said" in seen(app)
        await pilot.press("3")
        await pilot.pause()
        assert not screen.query(DemoPane)
    with sqlite3.connect(tmp_path / "reviews.db") as db:
        (detail,) = db.execute("SELECT detail FROM log ORDER BY id DESC LIMIT 1").fetchone()
    assert '"predicted"' in detail and '"measured"' in detail


async def test_a_worker_that_dies_leaves_the_card_and_says_so(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        await to_card(pilot, app, "softmax-temperature")
        await pilot.press("space", "d", "1")
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        assert pane._client is not None
        pane._client._process.kill()
        await eventually(pilot, lambda: pane.state == "failed")
        await pilot.pause(0.2)
        assert "process died" in seen(app)
        await pilot.press("r")
        await eventually(pilot, lambda: pane.state == "done")
        await pilot.press("3")
        await pilot.pause()
        assert "softmax-temperature" in app.log_book.memories()


async def test_the_terminal_is_resized_while_a_demo_runs(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        await to_card(pilot, app, "softmax-temperature")
        await pilot.press("d", "1")
        pane = app.screen.query_one(DemoPane)
        await eventually(pilot, lambda: pane.state == "done")
        for size in ((80, 24), (60, 15), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.2)
        assert app.screen.query_one(CardView).display and pane.display


async def test_nothing_due_is_said_with_what_to_do_next(tmp_path: Path) -> None:
    app = viva(tmp_path)
    for card in app.bank:
        app.log_book.grade(card.id, Grade.EASY, NOON)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("s")
        await pilot.pause()
        assert "Nothing is due now." in seen(app) and "Press Space to go back" in seen(app)


async def test_a_topic_alone_can_be_studied(tmp_path: Path) -> None:
    i18n.use("en")
    app = viva(tmp_path, "study", wanted=Wanted(topic="sequences"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, StudyScreen) and app.screen.study.card is not None
        assert app.screen.study.card.topic == "sequences"


DRILL = "compute-conv-output-size"


async def asked(app: VivaApp, pilot: Pilot[None]) -> Study:
    """The study of an app whose only card is a drill, once it is asked."""
    await pilot.pause()
    assert isinstance(app.screen, StudyScreen)
    return app.screen.study


def drilling(folder: Path) -> VivaApp:
    app = viva(folder, "study")
    app.bank = Bank([app.bank[DRILL]])
    return app


@pytest.mark.parametrize("size", SIZES)
async def test_a_drill_is_answered_by_typing_and_the_answer_is_judged(tmp_path: Path, size: tuple[int, int]) -> None:
    app = drilling(tmp_path)
    async with app.run_test(size=size) as pilot:
        study = await asked(app, pilot)
        assert "{" not in seen(app) and isinstance(study.answer, Number)
        await pilot.press(*"much", "enter")
        await pilot.pause()
        assert not app.screen.query_one(CardView).revealed
        app.screen.query_one(Input).value = str(study.answer.value)
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert "✓ Right." in seen(app) and "The rule" in seen(app)
        assert app.screen.query_one("#grade-3").has_class("-suggested")
        seed, value = study.seed, study.answer.value
        await pilot.press("3")
        await pilot.pause()
    with sqlite3.connect(tmp_path / "reviews.db") as db:
        (detail,) = db.execute("SELECT detail FROM log ORDER BY id DESC LIMIT 1").fetchone()
    assert json.loads(detail) | {"ticked": []} == {"seed": seed, "typed": str(value), "right": True, "ticked": []}


async def test_a_wrong_answer_is_shown_the_steps_and_a_lower_grade(tmp_path: Path) -> None:
    app = drilling(tmp_path)
    async with app.run_test(size=(100, 60)) as pilot:
        study = await asked(app, pilot)
        assert isinstance(study.answer, Number)
        app.screen.query_one(Input).value = str(study.answer.value + 1)
        await pilot.press("enter")
        await eventually(pilot, lambda: "Explanation" in seen(app))
        assert "Not yet" in seen(app) and app.screen.query_one("#grade-1").has_class("-suggested")
        assert Number(study.answer.value).shown("en") in seen(app)


async def test_enter_alone_gives_the_answer_away(tmp_path: Path) -> None:
    app = drilling(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        await asked(app, pilot)
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert app.screen.query_one(CardView).revealed and "Not yet" in seen(app)


def test_a_drill_in_plain_lines(tmp_path: Path) -> None:
    bank = Bank([Bank.load()[DRILL]])
    study = Study(bank, ReviewLog.open(tmp_path / "reviews.db"), Limits(), now=lambda: NOON)
    assert isinstance(study.answer, Number)
    typed, said = iter(["much", str(study.answer.value), "3", "q"]), []
    assert plain.study(study, Config(device="cpu"), ask=lambda _prompt: next(typed), say=said.append) == 0
    assert any("cannot be read" in line for line in said) and "✓ Right." in said
