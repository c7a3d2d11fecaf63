"""`viva`: the language, then the app, or one of the commands.

What is wrong is said in one line. Exit codes: 0 is well, 1 a problem found, 2 a wrong call.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui import config as configuration
from tui import i18n, paths
from tui.config import Config, ConfigError
from tui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from qa_bank.reviews import ReviewLog


def main(argv: Sequence[str] | None = None) -> None:
    """The console script. Options of the whole program are read first: help must speak the language they choose."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        config = configuration.load(paths.config_path())
    except ConfigError as error:
        fail(str(error), code=1)
    language, rest = _language(arguments, config)
    i18n.use(language)
    if not rest:
        face(config)
    from tui.commands import build  # 60 ms: pays for typer, and the app alone does not need it

    build(config)(rest, prog_name="viva")


def fail(message: str, code: int = 2) -> Any:
    """Say what is wrong on stderr, and end."""
    sys.stderr.write(message + "\n")
    raise SystemExit(code)


def _language(arguments: Sequence[str], config: Config) -> tuple[str, list[str]]:
    """--lang, VIVA_LANG, the configuration, the locale, English; and what is left of the arguments."""
    rest = list(arguments)
    chosen = os.environ.get("VIVA_LANG", "")
    source = "VIVA_LANG"
    for i, argument in enumerate(arguments):
        name, sign, value = argument.partition("=")
        if name == "--lang":
            source, chosen = name, value if sign else "".join(arguments[i + 1 : i + 2])
            rest[i : i + 1 if sign else i + 2] = []
            break
    if chosen and chosen not in LANGUAGES:
        fail(f"{source}: no language '{chosen}'. Languages: {', '.join(LANGUAGES)}.")
    return chosen or config.language or i18n.from_locale() or "en", rest


@contextmanager
def plainly() -> Iterator[None]:
    """What can go wrong becomes one line and an exit code."""
    from demos.demo import DemoError
    from qa_bank.bank import UnknownCardError
    from qa_bank.reviews import ReviewLogError
    from tui.trouble import error_text, trouble_text

    try:
        yield
    except (DemoError, UnknownCardError) as error:
        fail(error_text(error))
    except ReviewLogError as error:
        fail(trouble_text(error), code=1)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - so that closing it says nothing more
        raise SystemExit(1) from None


def open_log(config: Config) -> ReviewLog:
    from qa_bank.memory import Scheduler, Settings
    from qa_bank.reviews import ReviewLog

    return ReviewLog.open(paths.log_path(), Scheduler(Settings(retention=config.retention)))


def terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


def face(config: Config, part: str = "home", **choices: Any) -> None:
    """Open the app at one of its parts, and end with its exit code."""
    if not terminal():
        fail(
            _("This is not a terminal. In a pipe use: viva study --plain, viva demo run NAME --plain, viva cards list.")
        )
    from tui.app import VivaApp

    with plainly():
        app = VivaApp(open_log(config), config, paths.config_path(), part=part, **choices)
        app.run()
    raise SystemExit(app.return_code or 0)
