"""Home: the day at a glance, and a way to every part."""

from datetime import timedelta
from pathlib import Path

import pytest
from helpers import NOON, SIZES, seen, viva

from qa_bank.memory import Grade
from tui import i18n
from tui.screens.browse import BrowseScreen
from tui.screens.demos import DemosScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.stats import StatsScreen
from tui.screens.study import StudyScreen


@pytest.mark.parametrize("size", SIZES)
async def test_a_newcomer_is_told_what_viva_does_and_offered_the_core_cards(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = seen(app)
        assert "Viva asks what interviewers ask" in text
        assert "6 core cards" in text
        assert "Due 0" in text and "New" in text


async def test_what_is_due_and_the_streak_are_shown(tmp_path: Path) -> None:
    app = viva(tmp_path)
    for back in (3, 2, 1):
        app.log_book.grade("rnn-memory", Grade.EASY if back == 3 else Grade.GOOD, NOON - timedelta(days=back * 9))
    app.log_book.grade("gan-images", Grade.GOOD, NOON - timedelta(days=1))
    app.log_book.grade("gan-images", Grade.GOOD, NOON - timedelta(days=1) + timedelta(minutes=10))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        text = seen(app)
        assert "Viva asks" not in text
        assert "Due 0" in text or "Due 1" in text
        assert "Streak 1 day" in text
        assert "Retention 100% (aim 90%)" in text


@pytest.mark.parametrize(
    ("key", "screen"),
    [("s", StudyScreen), ("d", DemosScreen), ("b", BrowseScreen), ("a", StatsScreen), ("question_mark", HelpScreen)],
)
async def test_every_part_is_a_key_away_on_a_latin_layout(tmp_path: Path, key: str, screen: type) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, screen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize(
    ("key", "screen"), [("ы", StudyScreen), ("в", DemosScreen), ("и", BrowseScreen), ("ф", StatsScreen)]
)
async def test_every_part_is_the_same_key_away_on_a_cyrillic_layout(tmp_path: Path, key: str, screen: type) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, screen)


async def test_the_menu_is_clicked_as_well(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.click("#menu", offset=(10, 3))
        await pilot.pause()
        assert isinstance(app.screen, DemosScreen)


async def test_the_language_changes_while_it_runs_and_is_remembered(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("l")
        await pilot.pause()
        assert i18n.language() == "ru" and "Русский" in seen(app)
        await pilot.press("l")
        await pilot.pause()
        assert i18n.language() == "kk" and "Қазақша" in seen(app)
    assert 'language = "kk"' in (tmp_path / "config.toml").read_text()


async def test_the_theme_changes_and_is_remembered(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press("t")
        assert app.theme == "viva-light"
    assert 'theme = "viva-light"' in (tmp_path / "config.toml").read_text()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["s", "c", "i", "d", "b", "a", "g", "question_mark"])
async def test_no_screen_is_wider_than_the_terminal_in_any_language(
    tmp_path: Path, language: str, size: tuple[int, int], key: str
) -> None:
    i18n.use(language)
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert all(len(line) <= size[0] for line in seen(app).splitlines())
        assert not app.screen.horizontal_scrollbar.display or not app.screen.show_horizontal_scrollbar


async def test_quitting_is_one_key(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0
