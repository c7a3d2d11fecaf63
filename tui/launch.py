"""What the command line's commands share: opening the log, opening the app, and saying in one line what is wrong."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui import paths
from tui.config import Config
from tui.i18n import _

if TYPE_CHECKING:
    from qa_bank.reviews import ReviewLog


def fail(message: str, code: int = 2) -> Any:
    """Say what is wrong on stderr, and end."""
    sys.stderr.write(message + "\n")
    raise SystemExit(code)


@contextmanager
def plainly() -> Iterator[None]:
    """What can go wrong becomes one line and an exit code."""
    from demos.demo import DemoError
    from qa_bank.error import SaidError
    from qa_bank.log_file import ReviewLogError
    from tui.trouble import error_text, trouble_text

    try:
        yield
    except (DemoError, SaidError) as error:
        fail(error_text(error))
    except ReviewLogError as error:
        fail(trouble_text(error), code=1)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - so that closing it says nothing more
        raise SystemExit(1) from None


def open_log(config: Config) -> ReviewLog:
    from qa_bank.reviews import ReviewLog
    from tui.queues import scheduler

    return ReviewLog.open(paths.log_path(), scheduler(config))


def terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


def face(config: Config, part: str = "home", **choices: Any) -> None:
    """Open the app at one of its parts, and end with its exit code."""
    if not terminal() or dumb() or not sys.stderr.isatty():  # Textual draws on stderr
        fail(
            _("This is not a terminal. In a pipe use: viva study --plain, viva demo run NAME --plain, viva cards list.")
        )
    from tui.app import VivaApp

    with plainly():
        app = VivaApp(open_log(config), config, paths.config_path(), part=part, **choices)
        gc.freeze()  # the bank lives as long as the app: to go through it again and again costs 40 ms and more a screen
        app.run()
    raise SystemExit(app.return_code or 0)
