"""The statistics on the screen and in plain lines: every picture says its number, or how to fill it."""

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from helpers import NOON, SIZES, seen, viva
from rich.cells import cell_len

from qa_bank import interviews
from qa_bank.bank import Bank
from qa_bank.interview import Answered, Ask, Choices, draw
from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from tui import i18n
from tui.app import VivaApp
from tui.config import Config
from tui.figures import duration, read, sections
from tui.pictures import SHADES, Row, columns, figures, heat_map, plain, stacked, table, wrapped
from tui.screens.stats import LEFT
from tui.stats_commands import lines, stats
from tui.widgets.retention_curve import RetentionCurve
from tui.widgets.section import Picture, SectionView

LANGUAGES = ["en", "ru", "kk"]


def studied(log: ReviewLog, days: int = 70) -> None:
    """Some weeks of study, and two interviews."""
    log._db.execute("PRAGMA synchronous = OFF")
    chance = random.Random(1)
    bank = Bank.load()
    names = list(bank.cards)[:25]
    for back in range(days, -1, -1):
        for card in chance.sample(names, 3) if back % 5 else ():
            grade = chance.choice((Grade.AGAIN, Grade.HARD, Grade.GOOD, Grade.GOOD, Grade.EASY))
            log.grade(card, grade, NOON - timedelta(days=back), chance.uniform(5, 90))
    for back, share in ((20, 0.5), (3, 1.0)):
        plan = draw(bank, Choices(questions=2), lambda _card: 0.5)
        sat = interviews.begin(log, plan, NOON - timedelta(days=back))
        for i, card in enumerate(plan.questions):
            points = len(bank[card].text.points)
            answered = Answered(Ask("question", card, i), tuple(range(round(share * points))), points)
            interviews.keep(log, sat.uid, answered, NOON - timedelta(days=back))


def app_of(folder: Path, full: bool) -> VivaApp:
    app = viva(folder, "stats")
    if full:
        studied(app.log_book)
    return app


def whole_page(app: VivaApp) -> str:
    """All that the page says, in sight or not."""
    texts = [str(part.render()) for part in app.screen.query(Picture)]
    curves = [strip.text for curve in app.screen.query(RetentionCurve) for strip in map(curve.render_line, range(9))]
    return "\n".join([*texts, *curves])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("full", [False, True])
async def test_every_section_stands_in_its_width_in_every_language(
    tmp_path: Path, language: str, size: tuple[int, int], full: bool
) -> None:
    i18n.use(language)
    app = app_of(tmp_path, full)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        views = list(app.screen.query(SectionView))
        assert len(views) == 10
        for view in views:
            assert view.region.height > 1, view.id
            picture = view.query_one(Picture)
            drawn = str(picture.render()).splitlines()
            assert len(drawn) == picture.size.height, view.id
            assert max(map(cell_len, drawn)) <= picture.size.width, (view.id, drawn)
        end = max(view.region.bottom for view in views)
        assert app.screen.query_one("#desk").region.bottom == end + 1, "the page ends with its last section"
        assert not app.screen.query_one("#page").show_horizontal_scrollbar


async def test_sections_stand_one_below_another_where_it_is_narrow_and_in_two_columns_where_it_is_wide(
    tmp_path: Path,
) -> None:
    app = app_of(tmp_path, full=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        left = {view.id: view.region.x for view in app.screen.query(SectionView)}
        assert len(set(left.values())) == 1
        await pilot.resize_terminal(160, 50)
        await pilot.pause()
        left = {view.id: view.region.x for view in app.screen.query(SectionView)}
        assert {left[name] for name in LEFT} == {left["figures"]}
        assert all(left[name] > 80 for name in ("topics", "states", "grades", "hours", "interviews"))


async def test_a_newcomer_is_told_how_each_picture_is_filled(tmp_path: Path) -> None:
    app = app_of(tmp_path, full=False)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        text = seen(app)
        assert "begin with the core cards" in text
        for hint in ("Nothing to measure yet", "study new cards", "grade one card", "measured while you study",
                     "study a card of one", "again, hard, good and easy", "after some weeks", "sit one"):  # fmt: skip
            assert hint in text, hint
        assert not app.screen.query(RetentionCurve), "an empty curve says nothing"
        assert "300" in text, "the cards are there from the first day"


async def test_a_learner_sees_the_numbers_that_were_computed(tmp_path: Path) -> None:
    app = app_of(tmp_path, full=True)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        text = whole_page(app)
        learner = read(app.bank, app.log_book, app.config, NOON)
        whole = learner.whole
        recent = whole.periods[1].all
        assert recent.share is not None
        assert f"{round(100 * recent.share)}% ({recent.asked})" in text
        assert f"longest {whole.heat.longest}" in text and f"{whole.heat.studied} days studied" in text
        assert f"today {whole.forecast.days[0].cards}" in text
        assert duration(whole.time.seconds) in text
        assert f"{sum(topic.review for topic in whole.by_topic)} / {len(app.bank)}" in text
        assert "100%  2 questions" in text
        assert "Nothing" not in text and "yet" not in text


async def test_the_curve_has_its_months_and_the_aim_on_its_axis(tmp_path: Path) -> None:
    app = app_of(tmp_path, full=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        curve = app.screen.query_one(RetentionCurve)
        rows = [curve.render_line(y).text for y in range(curve.size.height)]
        assert "aim" in rows[0]
        assert rows[1].lstrip().startswith("100") and any(row.lstrip().startswith("90") for row in rows[2:-1])
        assert "Oct" in rows[-1] and "Nov" in rows[-1]
        assert any("\u2800" < char <= "\u28ff" for row in rows for char in row)


async def test_left_and_right_go_from_section_to_section(tmp_path: Path) -> None:
    app = app_of(tmp_path, full=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        top = app.screen.query_one("#page").content_region.y
        for name in ("retention", "forecast", "days"):
            await pilot.press("right")
            await pilot.pause()
            assert app.screen.query_one(f"#{name}").region.y == top
        await pilot.press("left")
        await pilot.pause()
        assert app.screen.query_one("#forecast").region.y == top
        for _ in range(12):
            await pilot.press("right")
        await pilot.pause()
        assert "Interviews" in seen(app), "the last one is reached"
        for _ in range(12):
            await pilot.press("left")
        await pilot.pause()
        assert app.screen.query_one("#page").scroll_offset.y == 0


async def test_the_page_follows_the_language_and_the_theme(tmp_path: Path) -> None:
    app = app_of(tmp_path, full=True)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        assert "Foundations" in seen(app)
        await pilot.press("l")
        await pilot.pause()
        assert "Основы" in seen(app) and "Foundations" not in seen(app)
        assert len(app.screen.query(SectionView)) == 10
        await pilot.press("t")
        await pilot.pause()
        assert "Основы" in seen(app)


async def test_without_colours_the_pictures_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(tmp_path, full=True)
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        coloured = seen(app)
    monkeypatch.setenv("NO_COLOR", "1")
    app = viva(tmp_path, "stats")
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        assert seen(app) == coloured
        shades = str(app.screen.query_one("#days Picture", Picture).render())
        assert sum(shade in shades for shade in SHADES) >= 3
        assert all(char in seen(app) for char in "░▒▓█━─")


def bodies(rows: Sequence[Row], of: slice) -> list[str]:
    return plain(rows).splitlines()[of]


def test_the_map_has_a_day_where_it_was_and_monday_first() -> None:
    monday = date(2026, 11, 16)
    start = monday - timedelta(weeks=52)
    counts = [0] * (52 * 7 + 6)
    counts[-1], counts[-6], counts[7] = 40, 1, 20
    rows = bodies(heat_map(start, counts, 80), slice(1, 8))
    body = [row[4:] for row in rows]
    assert rows[0].startswith("Mon") and rows[6].startswith("Sun")
    assert body[5][52] == "█", "Saturday of this week"
    assert body[0][52] == "░" and body[0][1] in "▒▓█", "Mondays"
    assert len(body[6]) == 52, "Sunday has not come yet"
    assert sum(char != "·" for row in body for char in row) == 3


def test_the_legend_says_which_counts_a_shade_stands_for() -> None:
    monday = date(2026, 11, 16)
    for most in (1, 4, 5, 7, 30, 101):
        counts = list(range(most + 1))
        *rows, legend = plain(heat_map(monday, counts, 80)).splitlines()
        drawn = {day: rows[1 + day % 7][4 + day // 7] for day in counts}
        found = legend.split()
        for shade, said in zip(found[::2], found[1::2], strict=True):
            low, _dash, high = said.rstrip("+").partition("–")
            last = most if said.endswith("+") else int(high or low)
            assert all(drawn[n] == shade for n in range(int(low), min(last, most) + 1)), (most, legend)


def test_a_narrow_map_shows_the_latest_weeks() -> None:
    monday = date(2026, 11, 16)
    counts = [1] + [0] * (52 * 7) + [9]
    rows = plain(heat_map(monday - timedelta(weeks=52), counts, 30)).splitlines()
    assert all(len(row) <= 40 for row in rows)
    assert rows[2].endswith("█") and "░" not in "".join(rows[1:8])


def test_the_months_stand_over_their_first_weeks() -> None:
    months = bodies(heat_map(date(2026, 8, 31), [1] * 80, 80), slice(0, 1))[0][4:]
    assert months.index("Sep") == 0 and months.index("Oct") == 4 and months.index("Nov") == 8


def test_the_highest_bar_is_full_a_small_one_is_seen_and_nothing_is_a_dot() -> None:
    rows = plain(columns([8, 4, 0, 0.01], 40, 4, 8, "8", {0: "today"}, widest=2)).splitlines()
    bars = [[row[2 + 2 * i : 3 + 2 * i] for row in rows[:4]] for i in range(4)]
    assert bars[0] == ["█"] * 4
    assert "".join(bars[1]).strip() == "██"
    assert bars[2][3] == "·" and bars[3][3] == "▁"
    assert rows[0].startswith("8") and rows[3].startswith("0") and "today" in rows[4]


def test_where_labels_meet_the_first_named_stays() -> None:
    below = {29: "today", 28: "yesterday", 0: "long ago"}
    labels = plain(columns([1.0] * 30, 40, 2, 1, "1", below)).splitlines()[-1]
    assert "today" in labels and "long ago" in labels and "yesterday" not in labels


def test_numbers_end_in_one_column_and_a_long_name_gives_way() -> None:
    rows = plain(table(("", "n"), [("a" * 90, "1"), ("b", "1234")], 40)).splitlines()
    assert {cell_len(row) for row in rows} == {40}
    assert "…" in rows[1] and rows[2].endswith("1234")


def test_figures_go_on_in_the_next_row_where_there_is_no_room() -> None:
    pairs = [(f"name {i}", str(i)) for i in range(6)]
    for width in (10, 25, 80):
        text = plain(figures(pairs, width))
        assert all(f"name {i}" in text for i in range(6))
        assert all(len(row) <= max(width, 6) for row in text.splitlines())


def test_the_parts_of_a_bar_fill_it() -> None:
    assert plain([stacked((1, 1, 2, 0), 8, "abcd")]) == "aabbcccc"
    assert len(plain([stacked((1, 1, 1, 0), 30, "abcd")])) == 30
    assert plain([stacked((0, 0), 8, "ab")]) == ""


def test_no_word_is_lost_where_a_text_is_broken() -> None:
    text = "one two three four five six"
    for width in range(5, 30):
        assert plain(wrapped(text, width)).split() == text.split()


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 min"), (90, "2 min"), (3599, "1 h 0 min"), (12000, "3 h 20 min")])
def test_times_are_told_in_hours_and_minutes(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_an_interview_stands_on_the_day_it_was_for_the_learner(tmp_path: Path) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    studied(log, days=1)
    late = NOON.astimezone(timezone(timedelta(hours=13)))
    learner = read(Bank.load(), log, Config(), late)
    drawn = {section.name: section.draw for section in sections(learner)}
    assert "Thu 19 Nov" in plain(drawn["interviews"](80))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("full", [False, True])
def test_plain_lines_have_every_section_and_no_escapes(tmp_path: Path, language: str, full: bool) -> None:
    i18n.use(language)
    log = ReviewLog.open(tmp_path / "reviews.db")
    if full:
        studied(log)
    learner = read(Bank.load(language), log, Config(), NOON)
    for width in (60, 80, 100):
        text = lines(learner, width)
        assert all(section.title in text for section in sections(learner))
        assert all(cell_len(line) <= width for line in text.splitlines())
        assert "\x1b" not in text and "$" not in text


def test_json_has_the_days_numbers_and_all_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = ReviewLog.open(tmp_path / "reviews.db")
    log.grade("rnn-memory", Grade.GOOD, datetime.now().astimezone(), 12)
    stats(log, Config(), as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["reviews_today"] == found["grades"] == found["heat"]["grades"][-1] == 1
    assert found["given"]["new"] == [0, 0, 1, 0] and found["aim"] == 0.9
    assert found.keys() >= {
        "due", "new", "streak", "retention", "topics", "periods", "weeks", "forecast", "heat", "states", "by_topic",
        "by_level", "time", "hours", "interviews",
    }  # fmt: skip
