"""Viva as a learner meets it: in a terminal of its own, started, used, quit and started again."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest


class Terminal:
    """A program in a pty, its screen read by a terminal emulator."""

    def __init__(self, *command: str, size: tuple[int, int] = (100, 30), **environment: str) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", **environment)
            os.execvp(command[0], command)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    def wait_for(self, text: str, seconds: float = 60) -> None:
        """Read until a text is on the screen; a liveness limit."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"never seen: {text}\n{self.text}"
            self._read(0.1)

    def _read(self, seconds: float) -> bool:
        if select.select([self._fd], [], [], seconds)[0]:
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                return False
            self._stream.feed(data)
            return bool(data)
        return True

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def ended(self, seconds: float = 20) -> int:
        """The exit code, once it has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self._fd)
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it does not end\n{self.text}")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)


def viva(folder: Path, *arguments: str, **environment: str) -> Terminal:
    return Terminal(sys.executable, "-m", "tui", *arguments, VIVA_DATA_DIR=str(folder), **environment)


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


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
        "en": ("Due", "Key points", "Done today 1"),
        "ru": ("6 новых", "Ключевые мысли", "Сегодня"),
        "kk": ("6 жаңа", "Негізгі ойлар", "Бүгін"),
    }[language]
    terminal = viva(tmp_path, "--lang", language)
    terminal.wait_for(words[0])
    terminal.press("s")
    terminal.wait_for("0:0")
    terminal.press(" ")
    terminal.wait_for(words[1])
    terminal.press("d")
    terminal.wait_for("1 ")
    terminal.press("1")
    terminal.wait_for("cpu")
    workers = children_of(terminal.pid)
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
    workers = children_of(terminal.pid)
    assert workers
    terminal.kill()
    assert all(gone(pid) for pid in workers)
