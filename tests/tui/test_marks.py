"""What one says of a card beside its grade: bury, suspend, flag, note, leech; what one chooses to study; undo of it all."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from helpers import NOON, SIZES, eventually, seen, viva
from textual.pilot import Pilot
from textual.widgets import TextArea

from qa_bank.bank import Bank
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from qa_bank.session import Limits
from tui import plain
from tui.app import VivaApp
from tui.config import Config
from tui.queues import Wanted
from tui.screens.choose import ChooseScreen
from tui.screens.custom import CustomScreen
from tui.screens.note import NoteScreen
from tui.screens.study import StudyScreen
from tui.study import Study


def at_hand(app: VivaApp) -> str:
    screen = app.screen
    assert isinstance(screen, StudyScreen) and screen.study.next is not None
    return screen.study.next.card


async def grade(pilot: Pilot[Any], *grades: int) -> None:
    for one in grades:
        await pilot.press("space", str(one))
        await pilot.pause()


@pytest.mark.parametrize(("key", "field"), [("b", "buried"), ("s", "suspended"), ("и", "buried"), ("ы", "suspended")])
async def test_a_card_set_aside_is_gone_until_it_is_taken_back(tmp_path: Path, key: str, field: str) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.pause()
        first = at_hand(app)
        await pilot.press(key)
        await pilot.pause()
        assert at_hand(app) != first and getattr(app.log_book.marks_of(first), field)
        await pilot.press("u")
        await pilot.pause()
        assert at_hand(app) == first and app.log_book.marks() == {}


async def test_a_buried_card_comes_tomorrow_and_a_suspended_one_does_not(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.pause()
        buried = at_hand(app)
        await pilot.press("b")
        await pilot.pause()
        suspended = at_hand(app)
        await pilot.press("s")
        await pilot.pause()

    def asked(now: datetime) -> set[str]:
        study = Study(app.bank, ReviewLog.open(tmp_path / "reviews.db"), Limits(1000, 1000), now=lambda: now)
        return {card for card in (buried, suspended) if card in study.queue._new}  # type: ignore[attr-defined]

    assert asked(NOON) == set()
    assert asked(NOON + timedelta(days=1)) == {buried}


async def test_undo_goes_back_through_everything_one_press_at_a_time_and_across_restarts(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.pause()
        cards = []
        for keys in (("space", "3"), ("b",), ("space", "1"), ("s",)):
            cards.append(at_hand(app))
            await pilot.press(*keys)
            await pilot.pause()
    again = viva(tmp_path, "study")
    async with again.run_test() as pilot:
        await pilot.pause()
        acts = again.log_book.query("SELECT count(*) FROM log")[0][0]
        for undone in (1, 2, 3, 4):
            await pilot.press("u")
            await pilot.pause()
            assert again.log_book.query("SELECT count(*) FROM log")[0][0] == acts + undone
        assert at_hand(again) == cards[0]
        assert again.log_book.memories() == {} and again.log_book.marks() == {}


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_shown_with_the_answer(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        card = at_hand(app)
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(app.screen, NoteScreen)
        app.screen.query_one(TextArea).text = "gates are [bold]valves[/bold] \x1b[31mred"
        await pilot.press("escape")
        await pilot.pause()
        assert app.log_book.marks_of(card).note.startswith("gates are")
        assert "valves" not in seen(app), "not before the answer"
        await pilot.press("space")
        await pilot.press("end")
        await pilot.pause()
        text = seen(app)
        assert "Your note" in text and "gates are [bold]valves[/bold]" in text and "\x1b" not in text
    again = viva(tmp_path, "study")
    async with again.run_test(size=size) as pilot:
        await pilot.pause()
        assert at_hand(again) == card
        await pilot.press("space")
        await pilot.press("end")
        await pilot.pause()
        assert "gates are" in seen(again)


async def test_a_flag_is_set_and_taken_away_and_flagged_cards_can_be_studied_alone(tmp_path: Path) -> None:
    app = viva(tmp_path, "study")
    async with app.run_test() as pilot:
        await pilot.pause()
        card = at_hand(app)
        await pilot.press("f")
        await pilot.pause()
        assert "⚑" in seen(app) and app.log_book.marks_of(card).flagged
    log = ReviewLog.open(tmp_path / "reviews.db")
    study = Study(app.bank, log, Limits(), Wanted(flagged=True), now=lambda: NOON)
    assert study.next is not None and study.next.card == card and study.counts.total == 1
    assert not study.flag() and not log.marks_of(card).flagged


def leech(log: ReviewLog, card: str, lapses: int) -> datetime:
    """Forget a card so often; when it is due then."""
    now = NOON - timedelta(days=900)
    log.grade(card, Grade.EASY, now)
    for _ in range(lapses):
        now += timedelta(days=20)
        log.grade(card, Grade.AGAIN, now)
        log.grade(card, Grade.EASY, now + timedelta(minutes=20))
    return now


@pytest.mark.parametrize("choice", ["note", "suspend", "keep"])
async def test_a_card_forgotten_for_the_eighth_time_is_offered_a_note_or_rest(tmp_path: Path, choice: str) -> None:
    app = viva(tmp_path, "study", config=Config(device="cpu", new_a_day=0))
    leech(app.log_book, "rnn-memory", 7)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert at_hand(app) == "rnn-memory"
        await pilot.press("space", "1")
        await eventually(pilot, lambda: isinstance(app.screen, ChooseScreen))
        assert "Forgotten 8 times" in seen(app)
        await pilot.press(*["down"] * ["note", "suspend", "keep"].index(choice), "enter")
        await pilot.pause()
        if choice == "note":
            await eventually(pilot, lambda: isinstance(app.screen, NoteScreen))
            await pilot.press(*"valves", "escape")
            await eventually(pilot, lambda: app.log_book.marks_of("rnn-memory").note == "valves")
        elif choice == "suspend":
            await eventually(pilot, lambda: app.log_book.marks_of("rnn-memory").suspended)
            assert app.screen.study.next is None  # type: ignore[attr-defined]
        else:
            assert app.log_book.marks() == {} and at_hand(app) == "rnn-memory"


async def test_the_seventh_lapse_is_no_leech_and_none_is_where_it_is_turned_off(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    now = leech(log, "a", 6) + timedelta(days=30)
    seventh = log.grade("a", Grade.AGAIN, now)
    assert not seventh.makes_leech(8) and seventh.makes_leech(7)
    log.grade("a", Grade.EASY, now + timedelta(minutes=20))
    eighth = log.grade("a", Grade.AGAIN, now + timedelta(days=30))
    assert eighth.makes_leech(8) and not eighth.makes_leech(0)


async def test_cramming_leaves_the_schedule_as_it_is(tmp_path: Path) -> None:
    app = viva(tmp_path, "study", wanted=Wanted(topic="attention", cram=True))
    app.log_book.grade("softmax-temperature", Grade.GOOD, NOON - timedelta(days=1))
    before = app.log_book.memories()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "cram" in seen(app)
        card = at_hand(app)
        await grade(pilot, 3, 1, 3)
        assert app.log_book.memories() == before and at_hand(app) != card
        await pilot.press("u", "u", "u")
        await pilot.pause()
        assert at_hand(app) == card


def test_the_weakest_come_first_when_asked_for(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    bank = Bank.load()
    for card, days in (("rnn-memory", 10), ("gan-images", 200), ("training-loop", 60)):
        log.grade(card, Grade.EASY, NOON - timedelta(days=days))
    cram = Study(bank, log, Limits(), Wanted(weakest=True, cram=True), now=lambda: NOON)
    cards = [card for card in cram.queue._cards if card in log.memories()]  # type: ignore[attr-defined]
    assert cards == ["gan-images", "training-loop", "rnn-memory"]


@pytest.mark.parametrize("size", SIZES)
async def test_what_to_study_is_chosen_and_counted_at_once(tmp_path: Path, size: tuple[int, int]) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("c")
        await pilot.pause()
        assert isinstance(app.screen, CustomScreen) and "20 cards" in seen(app)
        await pilot.press("right", "down", "down", "down", "right")
        await pilot.pause()
        assert "No card" in seen(app), "nothing is flagged"
        await pilot.press("left", "down", "down", "right")
        await pilot.pause()
        topic = app.bank.topics[0]
        assert f"{len(app.bank.select(topic))} cards" in seen(app), "cram: all of the topic"
        await pilot.press("enter")
        await pilot.pause()
        assert app.bank[at_hand(app)].topic == topic


def test_bury_suspend_flag_note_and_undo_in_plain_lines(tmp_path: Path) -> None:
    study = Study(Bank.load(), ReviewLog.open(tmp_path / "reviews.db"), Limits(), now=lambda: NOON)
    assert study.next is not None
    first = study.next.card
    lines = iter(["", "8", "", "9", "", "f", "n", "мои слова", "5", "", "5", "0"])
    said: list[str] = []
    assert plain.study(study, Config(device="cpu"), ask=lambda _prompt: next(lines), say=said.append) == 0
    assert study.next.card == first
    marks = study.log.marks()
    (third,) = marks
    assert third != first and marks[third].flagged and marks[third].note == "мои слова"
    assert sum("asked as before" in line for line in said) == 2


def test_on_an_easy_day_what_is_most_at_risk_is_asked(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    bank = Bank.load()
    for card, days in (("rnn-memory", 12), ("gan-images", 200), ("training-loop", 60), ("softmax-temperature", 30)):
        log.grade(card, Grade.EASY, NOON - timedelta(days=days))
    easy = Limits(easy_days=frozenset({NOON.weekday()}))
    study = Study(bank, log, easy, now=lambda: NOON)
    assert study.counts.total == 2
    assert study.queue._due == ["gan-images", "training-loop"]  # type: ignore[attr-defined]
