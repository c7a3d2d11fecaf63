"""One table of keys: presets and the learner's own keys, on every layout, in the bar and in the help."""

from itertools import combinations
from pathlib import Path

import pytest
from helpers import seen, viva
from textual.widgets import Input, OptionList

from tui.app import VivaApp
from tui.config import Config
from tui.keys import APP, KEYS, ident, names
from tui.remap import PRESETS, BindError, table
from tui.screens.custom import CustomScreen
from tui.screens.demos import DemosScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.settings import SettingsScreen
from tui.screens.study import StudyScreen
from tui.widgets.bars import KeyHint
from tui.widgets.card_view import CardView

ACTIONS = {ident(group, key) for group, keys in KEYS.items() for key in keys}
ONE_AT_A_TIME = {("study.reveal", "study.tick"), ("study.reveal", "study.grade(3)")}
"""Actions of one group that may have the same key, for only one of them can be done at a time."""


def keys_of(preset: str, **bind: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {ident(group, key): key.keys for group, keys in table(preset, bind).items() for key in keys}


def test_by_default_the_keys_are_those_of_the_table() -> None:
    assert table() == KEYS


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_changes_the_keys_it_names_and_no_others(preset: str) -> None:
    changes = PRESETS[preset]
    assert changes.keys() <= ACTIONS
    mine, default = keys_of(preset), keys_of("default")
    assert {action for action in mine if mine[action] != default[action]} == changes.keys()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("group", KEYS)
def test_no_key_does_two_things_at_a_time(preset: str, group: str) -> None:
    keys = table(preset)[group] if group not in APP else [key for app in APP for key in table(preset)[app]]
    for one, other in combinations(keys, 2):
        shared = set(names(one.keys)) & set(names(other.keys)) if one.keys and other.keys else set()
        assert not shared or (ident(group, one), ident(group, other)) in ONE_AT_A_TIME, (one, other)


@pytest.mark.parametrize(
    ("bind", "says"),
    [
        ({"study.bry": ("z",)}, "no action 'study.bry'; did you mean 'study.bury'?"),
        ({"study.bury": ("spcae",)}, "'study.bury': no key 'spcae'; did you mean 'space'?"),
        ({"study.bury": ("hyper+x",)}, "'study.bury': no key 'hyper+x'"),
        ({"study.bury": ("",)}, "'study.bury': no key ''"),
        ({"study.bury": ("x",)}, "'study.tick' and 'study.bury' are both on the key 'x'"),
        ({"study.bury": ("l",)}, "'study.bury' and 'everywhere.language' are both on the key 'l'"),
        ({"study.bury": ("z",), "study.flag": ("z",)}, "'study.bury' and 'study.flag' are both on the key 'z'"),
        ({"study.bury": ("ч",)}, "'study.tick' and 'study.bury' are both on the key 'ч'"),
        ({"everywhere.theme": ("s",)}, "'home.study' and 'everywhere.theme' are both on the key 's'"),
        ({"moves.down": ("up",), "moves.up": ("down",)}, "'moves.down': the key 'up' moves already"),
    ],
)
def test_a_key_that_cannot_be_bound_is_said_in_one_line(bind: dict[str, tuple[str, ...]], says: str) -> None:
    with pytest.raises(BindError) as caught:
        table("default", bind)
    assert says in str(caught.value) and caught.value.action in bind


def test_two_actions_may_change_keys_and_one_may_have_none() -> None:
    mine = keys_of("default", **{"study.bury": ("s",), "study.suspend": ("b",), "study.flag": ()})
    assert (mine["study.bury"], mine["study.suspend"], mine["study.flag"]) == (("s",), ("b",), ())


def test_what_stands_for_go_back_may_stay_on_its_key() -> None:
    mine = keys_of("default", **{"study.leave": ("f10",), "everywhere.back": ("f10",)})
    assert mine["study.leave"] == mine["everywhere.back"] == ("f10",)


def test_a_shifted_letter_is_the_capital_that_the_terminal_sends() -> None:
    assert keys_of("default", **{"study.bury": ("shift+z",)})["study.bury"] == ("Z",)


def app_with(folder: Path, keys: str = "default", part: str = "home", **bind: tuple[str, ...]) -> VivaApp:
    return viva(folder, part, config=Config(device="cpu", keys=keys, bind=bind))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["z", "я"])
async def test_a_key_of_ones_own_works_on_both_layouts_and_the_old_one_no_more(tmp_path: Path, key: str) -> None:
    app = app_with(tmp_path, **{"home.demos": ("z",)})
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen) and "z  Demos" in seen(app)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, DemosScreen)


async def test_keys_that_changed_places_do_each_the_others(tmp_path: Path) -> None:
    app = app_with(tmp_path, **{"home.demos": ("c",), "home.custom": ("d",)})
    async with app.run_test() as pilot:
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, CustomScreen)
        await pilot.press("escape", "c")
        await pilot.pause()
        assert isinstance(app.screen, DemosScreen)


@pytest.mark.parametrize("sign", [",", "*", "@", "-"])
async def test_a_sign_can_be_a_key(tmp_path: Path, sign: str) -> None:
    app = app_with(tmp_path, **{"home.settings": (sign,)})
    async with app.run_test() as pilot:
        await pilot.press("comma" if sign == "," else sign)
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen)


async def test_an_action_without_a_key_is_in_neither_bar_nor_help(tmp_path: Path) -> None:
    app = app_with(tmp_path, **{"everywhere.theme": ()})
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert app.theme == "viva-dark"
        assert "theme" not in [hint.words[1] for hint in app.screen.query(KeyHint)]
        await pilot.press("question_mark")
        await pilot.pause()
        assert "the dark and the light theme" not in seen(app)


async def test_the_help_shows_the_keys_in_effect(tmp_path: Path) -> None:
    app = app_with(tmp_path, **{"home.demos": ("f5",)})
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert any("f5" in line and "Choose an experiment" in line for line in seen(app).splitlines())
        assert "Moving about" not in seen(app)


async def test_vim_keys_move_about_in_lists_and_keep_the_language_on_a_capital(tmp_path: Path) -> None:
    app = app_with(tmp_path, "vim")
    async with app.run_test(size=(100, 40)) as pilot:
        menu = app.screen.query_one(OptionList)
        last = menu.option_count - 1
        for key, at in (("j", 1), ("о", 2), ("k", 1), ("G", last), ("g", 0), ("ctrl+d", last), ("ctrl+u", 0)):
            await pilot.press(key)
            await pilot.pause()
            assert menu.highlighted == at, key
        await pilot.press("comma")
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen)
        await pilot.press("escape", "question_mark")
        await pilot.pause()
        assert "Moving about" in seen(app)
        await pilot.press("escape", "L")
        await pilot.pause()
        assert "Русский" in seen(app)


async def test_anki_keys_set_a_card_aside_and_take_that_back(tmp_path: Path) -> None:
    app = app_with(tmp_path, "anki", "study")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, StudyScreen) and screen.study.card is not None
        first = screen.study.card.id
        await pilot.press("minus")
        await pilot.pause()
        assert screen.study.card.id != first
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert screen.study.card.id == first
        await pilot.press("space")
        await pilot.pause()
        assert screen.query_one(CardView).revealed
        await pilot.press("3")
        await pilot.pause()
        assert screen.study.card.id != first


async def test_a_letter_typed_into_a_line_is_typed_whatever_it_is_bound_to(tmp_path: Path) -> None:
    app = app_with(tmp_path, "vim", **{"everywhere.palette": ("z",)})
    async with app.run_test() as pilot:
        app.open_settings()
        await pilot.pause()
        for _row in range(5):
            await pilot.press("j")
        await pilot.press("enter")
        line = app.screen.query_one(Input)
        line.value = ""
        await pilot.press(*"zjLg")
        assert line.value == "zjLg"


async def test_other_keys_hold_at_once(tmp_path: Path) -> None:
    app = app_with(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await app.choose(keys="vim")
        await pilot.press("j")
        await pilot.pause()
        assert app.screen.query_one(OptionList).highlighted == 1
        assert any(hint.words == ("L", "language") for hint in app.screen.query(KeyHint))
        await app.choose(keys="default")
        await pilot.press("l")
        await pilot.pause()
        assert "Русский" in seen(app)
