"""Viva as a learner meets it: in a terminal of its own, started, used, quit and started again."""

import sys
import time
from pathlib import Path

import pytest
from terminal import Terminal


def viva(folder: Path, *arguments: str, **environment: str) -> Terminal:
    return Terminal(sys.executable, "-m", "tui", *arguments, VIVA_DATA_DIR=str(folder), **environment)


def gone(pid: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_study_run_grade_quit_and_come_back(tmp_path: Path, language: str) -> None:
    words = {
        "en": ("Due", "Key points", "Done today 1", "Predict first"),
        "ru": ("20 новых", "Ключевые мысли", "Сделано сегодня 1", "Сначала дайте прогноз"),
        "kk": ("жаңасы: 20", "Негізгі ойлар", "Бүгін өтілді 1", "Алдымен болжам"),
    }[language]
    terminal = viva(tmp_path, "--lang", language)
    terminal.wait_for(words[0])
    terminal.press("s")
    terminal.wait_for("0:0")
    terminal.press(" ")
    terminal.wait_for(words[1])
    terminal.press("d")
    terminal.wait_for(words[3])
    terminal.press("1")
    terminal.wait_for("cpu")
    workers = terminal.children()
    assert workers
    terminal.press("\x1b")
    terminal.wait_for(words[1])
    terminal.press("3")
    terminal.wait_for("2 ")
    terminal.press("\x1b")
    terminal.wait_for(words[2])
    terminal.press("q")
    assert terminal.ended() == 0
    assert all(gone(pid) for pid in workers), "a worker was left behind"

    again = viva(tmp_path, "--lang", language)
    again.wait_for(words[2])
    again.press("q")
    assert again.ended() == 0


def test_a_demo_from_the_command_line_opens_on_the_terminal(tmp_path: Path) -> None:
    terminal = viva(tmp_path, "demo", "run", "softmax_temperature", "--preset", "one")
    terminal.wait_for("done")
    terminal.press("q")
    assert terminal.ended() == 0


def test_no_colour_and_a_light_theme_work(tmp_path: Path) -> None:
    terminal = viva(tmp_path, NO_COLOR="1")
    terminal.wait_for("Due")
    terminal.press("t")
    terminal.press("q")
    assert terminal.ended() == 0


def test_killing_viva_leaves_no_worker_behind(tmp_path: Path) -> None:
    terminal = viva(tmp_path, "demo", "run", "softmax_temperature")
    terminal.wait_for("done")
    workers = terminal.children()
    assert workers
    terminal.kill()
    assert all(gone(pid) for pid in workers)
