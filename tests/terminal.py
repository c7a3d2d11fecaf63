"""A program in a terminal of its own: a pty whose screen a terminal emulator reads."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from pathlib import Path

import pyte


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

    def wait_for(self, text: str, seconds: float = 60, every: float = 0.1) -> None:
        """Read until a text is on the screen; a liveness limit."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"never seen: {text}\n{self.text}"
            self._read(every)

    def children(self) -> list[int]:
        """The processes that the program has started."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                if int(fields[1]) == self.pid:
                    found.append(int(entry.name))
        return found

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

    def ended(self, seconds: float = 20, every: float = 0.05) -> int:
        """The exit code, once it has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(every)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self._fd)
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it does not end\n{self.text}")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)
