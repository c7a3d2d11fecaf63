"""`viva deck`: a learner's own decks on the command line, and their cards among Viva's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import seen, viva

from qa_bank.deck import read
from tui import i18n, paths
from tui.deck_commands import deck_add, deck_check, deck_list, deck_new, deck_remove
from tui.library import load_bank, load_index
from tui.listings import cards_list, cards_show, where
from tui.queues import Wanted

GOOD = """Q: Why do flamingos stand on one leg?
A: It takes no effort.

C: A [softmax] sums to one.
Demo: rnn_memory lag-80
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        capture_output=True, text=True, timeout=120, env=os.environ, check=False,
    )  # fmt: skip


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    path = tmp_path / "Birds.md"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["deck", "deck add", "deck list", "deck remove", "deck check", "deck new"])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_command_has_help_in_every_language(command: str, language: str) -> None:
    done = run(*command.split(), "--help", "--lang", language)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Usage: viva {command}" in done.stdout


def test_a_deck_is_begun_checked_added_listed_and_removed(tmp_path: Path) -> None:
    done = run("deck", "new", "Own Words", "--at", str(tmp_path))
    assert done.returncode == 0 and f"viva deck add {tmp_path / 'own-words.md'}" in done.stdout
    done = run("deck", "check", str(tmp_path / "own-words.md"))
    assert (done.returncode, done.stdout) == (0, "6 cards, 0 problems\n")
    done = run("deck", "add", str(tmp_path / "own-words.md"))
    assert done.returncode == 0
    assert done.stdout == "own-words: 6 cards, 0 problems\nTo study it: viva study --topic own-words\n"
    [listed] = json.loads(run("deck", "list", "--json").stdout)
    assert listed == {
        "name": "own-words", "cards": 6, "problems": 0, "path": str(paths.decks_dir() / "own-words.md")
    }  # fmt: skip
    assert len(json.loads(run("cards", "list", "--topic", "own-words", "--json").stdout)) == 6
    done = run("deck", "remove", "own-words")
    assert done.returncode == 0 and "Set aside: " in done.stdout
    assert "No decks yet. To begin one: viva deck new NAME" in run("deck", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "/nowhere.md"), "No such file or folder: /nowhere.md"),
        (("check", "/nowhere.md"), "No such file or folder: /nowhere.md"),
        (("remove", "birds"), "No deck 'birds': there are no decks yet."),
        (("new", "attention"), "A deck cannot be called 'attention'"),
        (("new", "x", "--at", "/nowhere/x.md"), "/nowhere/x.md cannot be written: No such file or directory."),
        (("ad",), "ad"),
    ],
)
def test_a_wrong_call_is_one_clear_line_and_exit_code_2(arguments: tuple[str, ...], says: str) -> None:
    done = run("deck", *arguments)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr and "Traceback" not in done.stderr


def test_what_is_wrong_with_a_deck_is_told_and_the_rest_is_added(
    birds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    birds.write_text(GOOD + "C: nothing \x1b[31mhidden\nQ: a\nA: b\nDemo: gna\n", encoding="utf-8")
    assert deck_add(birds) == 1
    said = capsys.readouterr().out
    assert "birds: 3 cards, 2 problems\n" in said and "\x1b" not in said
    assert f"{birds}:6: a C: text without a [part] to hide\n" in said
    assert f"{birds}:9: no demo 'gna'. Demos: " in said
    assert deck_check(birds, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(problem["path"], problem["line"]) for problem in told] == [(str(birds), 6), (str(birds), 9)]
    assert all(problem.keys() == {"path", "line", "message"} for problem in told)
    deck_list(as_json=False)
    assert "birds" in capsys.readouterr().out


def test_a_deck_of_which_nothing_can_be_read_is_not_added(birds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    birds.write_text("Q: a\n", encoding="utf-8")
    assert deck_add(birds) == 2
    said = capsys.readouterr().err
    assert said == f"{birds} was not added.\n{birds}:1: a question without an answer\n"
    assert not paths.decks_dir().exists()


def test_the_cards_of_decks_are_among_the_others(birds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deck_add(birds) == 0
    bank = load_bank("en")
    first, second = bank.select(topic="birds")
    assert second.facts.demo is not None and second.facts.demo.preset == "lag-80"
    [hit, *_] = load_index("ru").find("flamingo")
    assert hit.card == first.id
    capsys.readouterr()
    cards_list("birds", None, as_json=False)
    assert "Why do flamingos stand on one leg?" in capsys.readouterr().out
    cards_show(first.id, as_json=False)
    assert capsys.readouterr().out == "# Why do flamingos stand on one leg?\n\nIt takes no effort.\n"
    cards_show(second.id, as_json=False)
    assert "## Key points\n\n- softmax\n" in capsys.readouterr().out
    where(as_json=True)
    assert json.loads(capsys.readouterr().out)["decks"] == str(paths.decks_dir())


def test_a_deck_that_is_removed_is_no_longer_asked(birds: Path) -> None:
    deck_add(birds)
    assert deck_remove("birds") == 0
    assert "birds" not in load_bank("en").topics
    assert deck_remove("birds") == 2


async def test_the_app_shows_the_cards_of_decks(birds: Path, tmp_path: Path) -> None:
    deck_add(birds)
    app = viva(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert len(app.bank.select(topic="birds")) == 2
        app.open_study(Wanted("birds"))
        await pilot.pause()
        assert "Why do flamingos stand on one leg?" in seen(app)
        await pilot.press("space")
        await pilot.pause()
        assert "It takes no effort." in seen(app) and "Key points" not in seen(app)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_new_deck_is_a_good_one_in_every_language(language: str, tmp_path: Path) -> None:
    i18n.use(language)
    assert deck_new("mine", tmp_path) == 0
    assert deck_check(tmp_path / "mine.md", as_json=False) == 0
    cards = read(tmp_path / "mine.md").cards
    assert sum(len(card.text.points) > 1 for card in cards) == 1
    assert sum(card.facts.demo is not None for card in cards) == 1
    assert sum("[…]" in card.text.question for card in cards) >= 2
