"""An interview from its choices to its report, by the keyboard alone, on the screen and in plain lines."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from helpers import NOON, SIZES, eventually, seen, viva
from textual.pilot import Pilot
from textual.widgets import Input

from qa_bank import interviews
from qa_bank.bank import Bank
from qa_bank.drill import Names, Number, Numbers
from qa_bank.interview import Choices
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from tui import i18n
from tui.app import VivaApp
from tui.interview import Sitting, any_seed, begin
from tui.plain_interview import interview
from tui.report import earlier, markdown
from tui.screens.interview import InterviewScreen
from tui.screens.report import ReportScreen
from tui.screens.sit import SitScreen
from tui.widgets.card_view import CardView


def told(app: VivaApp) -> str:
    """The latest notification."""
    return list(app._notifications)[-1].message


def typed_answer(result: Any) -> str:
    match result:
        case Number():
            return str(result.value)
        case Numbers():
            return " ".join(str(value) for value in result.values)
        case Names():
            return " ".join(result.names)
    raise AssertionError(result)


async def answer(pilot: Pilot[Any], screen: InterviewScreen, *points: int) -> None:
    """Answer what is asked, tick some points, and go on."""
    ask = screen.sitting.ask
    assert ask is not None
    if ask.kind == "prediction":
        await pilot.press("1")
        await eventually(pilot, lambda: screen._right is not None)
    elif ask.kind == "drill":
        screen.query_one(Input).value = typed_answer(screen.sitting.posed[1])
        await pilot.press("enter")
    else:
        await pilot.press("enter")
        await pilot.pause()
        for point in range(max(points, default=-1) + 1):
            await pilot.press("space" if point in points else "down")
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def started(pilot: Pilot[Any], *presses: str) -> InterviewScreen:
    await pilot.pause()
    await pilot.press("i")
    await pilot.pause()
    assert isinstance(pilot.app.screen, SitScreen)
    await pilot.press(*presses, "enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, InterviewScreen)
    return pilot.app.screen


EVERY = [
    pytest.param(language, size, marks=pytest.mark.slow if (language, size) != ("en", SIZES[0]) else ())
    for language in i18n.LANGUAGES
    for size in SIZES
]


@pytest.mark.parametrize(("language", "size"), EVERY)
async def test_ten_questions_from_start_to_report(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    i18n.use(language)
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        screen = await started(pilot, "down", "down", "down", "down", "right")
        kinds: Counter[str] = Counter()
        while isinstance(app.screen, InterviewScreen):
            ask = screen.sitting.ask
            assert ask is not None
            kinds[ask.kind] += 1
            await answer(pilot, screen, 1)
        assert kinds == {"question": 10, "probe": 10, "follow_up": 10}
        assert isinstance(app.screen, ReportScreen)
        found = app.screen._found
        assert found.questions == 10 and found.missed
        text = seen(app)
        assert f"{found.named}" in text and "%" in text
        (sat,) = interviews.sat(app.log_book)
        report = markdown(app.bank, sat, found, earlier(app.bank, [sat]), NOON.tzinfo)
        missed = app.bank[found.missed[0].card]
        assert missed.text.question in report.replace("\u00a0", " ") or missed.id in report
        assert report.count(f"| {i18n._('follow-up')} |") == 10


async def test_a_drill_and_a_prediction_stand_in_between(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(160, 50)) as pilot:
        screen = await started(pilot, "down", "right")
        kinds: Counter[str] = Counter()
        while isinstance(app.screen, InterviewScreen):
            assert screen.sitting.ask is not None
            kinds[screen.sitting.ask.kind] += 1
            await answer(pilot, screen, 0, 1)
        assert kinds["question"] == 5 and kinds["drill"] == 1 and kinds["prediction"] == 1
        judged = [a for a in app.screen._found.answers if a.ask.kind in ("drill", "prediction")]  # type: ignore[attr-defined]
        assert [a.of for a in judged] == [1, 1]
        assert next(a for a in judged if a.ask.kind == "drill").named == (0,)


async def test_what_is_typed_is_listened_to_and_can_be_overruled(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await started(pilot, "down", "right", "right", "down", "down", "down", "right")
        assert screen.sitting.ask is not None
        card = app.bank[screen.sitting.ask.card]
        await pilot.press("w")
        await pilot.pause()
        screen._card.query_one("Essay").text = card.text.points[0].replace("**", "")  # type: ignore[attr-defined]
        await pilot.press("escape")
        await pilot.pause()
        view = screen.query_one(CardView)
        assert view.revealed and 0 in view.ticked
        assert "Heard in your answer" in seen(app)
        await pilot.press("home", "up", "up", "up", "up", "up", "up", "space")
        assert 0 not in view.ticked
        await pilot.press("enter")
        await pilot.pause()
        (sat,) = interviews.sat(app.log_book)
        assert 0 not in sat.answers[0].named and sat.answers[0].typed.startswith(card.text.points[0][:2].strip("*"))


async def test_hints_go_from_vague_to_telling_and_are_counted(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await started(pilot, "down", "right", "right")
        await pilot.press("h")
        await pilot.pause()
        assert "looked for" in seen(app)
        for _ in range(5):
            await pilot.press("h")
        await pilot.pause()
        kinds = [hint.kind for hint in screen.sitting.hints]
        assert kinds[0] == "count" and len(kinds) == 6 and "point" in kinds
        await answer(pilot, screen)
        assert interviews.sat(app.log_book)[0].answers[0].hints == 6


async def test_stopping_half_way_loses_nothing_and_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await started(pilot, "down", "right")
        for _ in range(4):
            await answer(pilot, screen, 0)
        then = screen.sitting.ask
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ReportScreen) and "Broken off" in seen(app)
    again = viva(tmp_path)
    async with again.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("i")
        await pilot.pause()
        assert "broken off, after 2 of 5 questions" in seen(again)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(again.screen, InterviewScreen) and again.screen.sitting.ask == then


async def test_an_answer_is_taken_back_and_asked_again(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await started(pilot)
        first = screen.sitting.ask
        await answer(pilot, screen, 0)
        await pilot.press("u")
        await pilot.pause()
        assert screen.sitting.ask == first and interviews.sat(app.log_book)[0].answers == ()
        await pilot.press("u")
        await pilot.pause()
        assert "nothing to take back" in told(app)


async def test_misses_join_the_queue_if_wished_and_come_first(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await started(pilot, "down", "right", "right")
        missed = screen.sitting.ask
        assert missed is not None
        await answer(pilot, screen)
        await pilot.press("escape")
        await pilot.pause()
        assert app.log_book.marks() == {}, "only if wished"
        await pilot.press("m")
        await pilot.pause()
        assert told(app) == "1 card will be asked first."
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("s")
        await pilot.pause()
        study = app.screen.study  # type: ignore[attr-defined]
        assert study.next.card == missed.card and study.next.why == "missed"
        assert "missed in an interview" in seen(app)


async def test_a_report_is_written_as_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = viva(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await started(pilot, "down", "right", "right")
        await answer(pilot, screen)
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("w")
        await pilot.pause()
        (file,) = tmp_path.glob("viva-interview-*.md")
        text = file.read_text()
        assert text.startswith("# Interview") and "## Missed" in text and "viva study --topic" in text


async def test_the_language_switches_in_the_middle(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await started(pilot)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("space", "l")
        await pilot.pause(0.3)
        assert screen._card.revealed and screen._card.ticked == [0]
        assert screen._card.card.language == "ru"
        await pilot.press("enter")
        await pilot.pause()
        assert interviews.sat(app.log_book)[0].answers[0].named == (0,)


def sitting(folder: Path, choices: Choices, language: str = "en") -> Sitting:
    bank = Bank.load(language)
    log = ReviewLog.open(folder / "reviews.db")
    sat = begin(bank, log, choices, NOON)
    assert sat is not None
    return Sitting(bank, log, sat, now=lambda: NOON)


@pytest.mark.parametrize("language", list(i18n.LANGUAGES))
def test_ten_questions_in_plain_lines(tmp_path: Path, language: str) -> None:
    i18n.use(language)
    said: list[str] = []
    mine = sitting(tmp_path, Choices(seed=4, style="theory"), language)

    def ask(prompt: str) -> str:
        return "1" if prompt == i18n._("The numbers of those you named; Enter for none: ") else ""

    assert interview(mine, "cpu", ask, said.append) == 0
    assert mine.ask is None
    report = said[-2]
    assert report.count(f"| {i18n._('follow-up')} |") >= 10
    found = mine.report()
    for missed in found.missed:
        assert missed.card in report
    assert {card for card, mark in mine.log.marks().items() if mark.sooner} == {missed.card for missed in found.missed}


def test_the_same_seed_asks_the_same_questions_though_much_was_learned_since(tmp_path: Path) -> None:
    first = sitting(tmp_path, Choices(seed=4))
    for card in first.bank:
        first.log.grade(card.id, Grade.EASY if len(card.id) % 2 else Grade.AGAIN, NOON + timedelta(days=1))
    second = sitting(tmp_path, Choices(seed=4))
    assert first.plan == second.plan and first.uid != second.uid


def test_typing_hints_taking_back_and_stopping_in_plain_lines(tmp_path: Path) -> None:
    said: list[str] = []
    mine = sitting(tmp_path, Choices(seed=4, style="theory"))
    assert mine.ask is not None
    points = mine.bank[mine.ask.card].text.points
    lines = iter(["?", points[0], "", "<", "-", "1 2", "0", "0"])
    assert interview(mine, "cpu", lambda _prompt: next(lines), said.append) == 0
    assert any("looked for" in line for line in said)
    assert any(line.startswith("  ✓ 1") for line in said), "what was typed is heard"
    (only,) = mine.interview.answers
    assert only.named == (0, 1) and only.typed == ""
    assert any("--resume" in line for line in said)
    assert mine.log.marks() == {}


def test_a_drill_and_a_prediction_in_plain_lines(tmp_path: Path) -> None:
    said: list[str] = []
    mine = sitting(tmp_path, Choices(questions=2, seed=37, style="practice"))

    def ask(prompt: str) -> str:
        ask_now = mine.ask
        if ask_now is not None and ask_now.kind == "drill":
            return typed_answer(mine.posed[1])
        return "1" if prompt.startswith("Your prediction") else ""

    assert interview(mine, "cpu", ask, said.append) == 0
    kinds = Counter(answer.ask.kind for answer in mine.interview.answers)
    assert kinds["drill"] == 1 and kinds["prediction"] == 1
    assert all(a.named == (0,) for a in mine.interview.answers if a.ask.kind == "drill")
    assert all(a.of == 1 for a in mine.interview.answers if a.ask.kind == "prediction")


def test_any_seed_is_short_and_differs_by_the_moment() -> None:
    seeds = {any_seed(NOON + timedelta(seconds=i)) for i in range(50)}
    assert len(seeds) > 40 and max(seeds) < 10_000


def test_the_list_and_one_report_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tui.interview_commands import show

    mine = sitting(tmp_path, Choices(questions=1, seed=4, style="theory"))
    interview(mine, "cpu", lambda _prompt: "", lambda _line: None)
    assert show(mine.log, 0, None, as_json=True) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert line["number"] == 1 and line["seed"] == 4 and line["score"] == 0.0
    assert show(mine.log, 1, None, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["report"]["questions"] == 1
    with pytest.raises(SystemExit):
        show(mine.log, 2, None, as_json=False)
    assert "there are 1" in capsys.readouterr().err
