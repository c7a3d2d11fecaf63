"""The settings screen: a change holds at once, is kept in config.toml, and is said when it cannot be."""

from pathlib import Path

import pytest
from helpers import NOON, SIZES, eventually, seen, viva
from textual.pilot import Pilot
from textual.widgets import Input

from qa_bank.memory import Grade
from qa_bank.reviews import ReviewLog
from tui import i18n
from tui.app import VivaApp
from tui.config import SETTINGS, Config, load
from tui.queues import scheduler
from tui.screens.home import HomeScreen
from tui.screens.settings import SettingsScreen
from tui.widgets.settings_list import SettingsList

ROWS = {setting.key: row for row, setting in enumerate(SETTINGS)}


async def go_to(pilot: Pilot[None], key: str) -> None:
    """From Home to a row of the settings."""
    await pilot.pause()
    await pilot.press("g", *["down"] * ROWS[key])
    await pilot.pause()
    assert pilot.app.screen.query_one(SettingsList).setting.key == key


def kept(folder: Path) -> Config:
    return load(folder / "config.toml")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_setting_is_seen_with_its_value_and_what_it_does(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language)
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("g")
        await pilot.pause()
        for setting in SETTINGS:
            text = seen(app)
            line = next(line for line in text.splitlines() if "▸" in line)
            assert i18n._(setting.label) in line and i18n._(setting.help)[:30] in text
            assert all(i18n._(other.label) in text for other in SETTINGS)
            await pilot.press("down")
            await pilot.pause()


@pytest.mark.parametrize(
    ("key", "presses", "value"),
    [
        ("language", ["right"], "en"),
        ("theme", ["right"], "viva-light"),
        ("animations", ["space"], False),
        ("plain", ["enter"], True),
        ("keys", ["left"], "anki"),
        ("device", ["right"], "auto"),
        ("retention", ["right", "]"], 0.92),
        ("retention", ["left"] * 25, 0.7),
        ("new_a_day", ["left", "[", "left", "left", "left"], 0),
        ("reviews_a_day", ["right"], 205),
        ("easy_days", ["left", "space", "left", "enter"], ("sat", "sun")),
        ("leech_lapses", ["left"] * 7, 0),
        ("leech_lapses", [*["left"] * 7, "right"], 2),
    ],
)
async def test_a_key_changes_the_value_at_once_and_keeps_it(
    tmp_path: Path, key: str, presses: list[str], value: object
) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await go_to(pilot, key)
        await pilot.press(*presses)
        await pilot.pause()
        assert getattr(app.config, key) == value
        assert getattr(kept(tmp_path), key) == value


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("retention", "93%", 0.93),
        ("retention", "0.8", 0.8),
        ("new_a_day", "7", 7),
        ("learning_minutes", "1, 10 60", (1, 10, 60)),
        ("learning_minutes", "", ()),
        ("device", "cuda:1", "cuda:1"),
    ],
)
async def test_a_value_is_typed_where_that_is_apter(tmp_path: Path, key: str, typed: str, value: object) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await go_to(pilot, key)
        await pilot.press("enter")
        app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        await pilot.pause()
        assert getattr(app.config, key) == value == getattr(kept(tmp_path), key)
        assert app.focused is app.screen.query_one(SettingsList)


@pytest.mark.parametrize("size", SIZES)
async def test_what_cannot_be_is_said_in_one_line_and_can_be_typed_again_or_left(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=size) as pilot:
        await go_to(pilot, "retention")
        await pilot.press("enter")
        app.screen.query_one(Input).value = "lots"
        await pilot.press("enter")
        await pilot.pause()
        assert 'retention is "lots"; it takes a number from 0.7 to 0.97' in seen(app)
        assert isinstance(app.focused, Input) and app.config.retention == 0.9
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen) and "lots" not in seen(app)
        assert not (tmp_path / "config.toml").exists()
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_backspace_takes_a_choice_back_and_its_line_away(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\nretention = 0.8\n")
    app = viva(tmp_path, config=Config(retention=0.8))
    async with app.run_test() as pilot:
        await go_to(pilot, "retention")
        await pilot.press("backspace")
        await pilot.pause()
        assert app.config.retention == 0.9
    assert (tmp_path / "config.toml").read_text() == "# mine\n"


async def test_another_retention_rebuilds_what_is_remembered(tmp_path: Path) -> None:
    app = viva(tmp_path)
    for _review in range(2):
        app.log_book.grade("rnn-memory", Grade.EASY, NOON)
    before = app.log_book.memory("rnn-memory")
    async with app.run_test() as pilot:
        await go_to(pilot, "retention")
        await pilot.press("left", "left")
        wanted = scheduler(Config(retention=0.88)).settings
        await eventually(pilot, lambda: app.log_book.scheduler.settings == wanted)
    after = app.log_book.memory("rnn-memory")
    assert before is not None and after is not None and after.due > before.due
    assert ReviewLog.open(tmp_path / "reviews.db", scheduler(app.config)).memory("rnn-memory") == after


async def test_the_limits_of_the_day_hold_at_once(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "New 20" in seen(app)
        await go_to(pilot, "new_a_day")
        await pilot.press("left", "escape")
        await pilot.pause()
        assert "New 15" in seen(app)


async def test_without_animations_nothing_glides(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        level = app.animation_level
        await go_to(pilot, "animations")
        await pilot.press("right")
        assert app.animation_level == "none"
        await pilot.press("right")
        assert app.animation_level == level != "none"


async def test_another_language_keeps_the_row_in_hand(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await go_to(pilot, "retention")
        await pilot.press("l")
        await pilot.pause()
        assert i18n.language() == "ru" and app.screen.query_one(SettingsList).setting.key == "retention"
        await pilot.press("right")
        assert app.config.retention == 0.91


async def test_a_language_asked_for_at_the_start_is_shown_but_not_kept(tmp_path: Path) -> None:
    i18n.use("kk")
    app = viva(tmp_path)
    async with app.run_test() as pilot:
        await go_to(pilot, "theme")
        await pilot.press("right")
        await pilot.pause()
        assert i18n.language() == app.config.language == "kk"
    assert kept(tmp_path).language is None


async def test_keys_that_clash_in_another_preset_are_said_and_the_preset_stays(tmp_path: Path) -> None:
    app = viva(tmp_path, config=Config(bind={"study.note": ("@",)}))
    async with app.run_test() as pilot:
        await go_to(pilot, "keys")
        await pilot.press("left")
        await pilot.pause()
        assert "'study.suspend' and 'study.note' are both on the key '@'" in seen(app)
        assert app.config.keys == "default"


async def test_a_file_that_was_broken_meanwhile_is_left_alone_and_said(tmp_path: Path) -> None:
    app = viva(tmp_path)
    (tmp_path / "config.toml").write_text("retention = ")
    async with app.run_test(size=(120, 30)) as pilot:
        await go_to(pilot, "theme")
        await pilot.press("right")
        await eventually(pilot, lambda: any(note.title == "Not saved" for note in app._notifications))
        assert app.theme == "viva-light"
    assert (tmp_path / "config.toml").read_text() == "retention = "


async def test_a_click_takes_a_row_in_hand_and_another_changes_it(tmp_path: Path) -> None:
    app: VivaApp = viva(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press("g")
        await pilot.pause()
        await pilot.click(SettingsList, offset=(5, ROWS["theme"]))
        await pilot.pause()
        assert app.theme == "viva-dark" and app.screen.query_one(SettingsList).row == ROWS["theme"]
        await pilot.click(SettingsList, offset=(5, ROWS["theme"]))
        await pilot.pause()
        assert app.theme == "viva-light"


async def test_in_a_low_terminal_the_row_in_hand_is_on_the_screen(tmp_path: Path) -> None:
    app = viva(tmp_path)
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("g", *["down"] * len(SETTINGS))
        await pilot.pause()
        assert any("▸" in line and SETTINGS[-1].label in line for line in seen(app).splitlines())
