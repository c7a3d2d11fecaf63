"""`viva`: the language, then the app, or one of the commands.

What is wrong is said in one line. Exit codes: 0 is well, 1 a problem found, 2 a wrong call.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from tui import config as configuration
from tui import i18n, paths
from tui.config import Config, ConfigError
from tui.i18n import LANGUAGES
from tui.launch import face, fail

MENDING = ("config", "doctor")
"""The commands that work though config.toml is wrong: they help to mend it."""


def main(argv: Sequence[str] | None = None) -> None:
    """The console script. Options of the whole program are read first: help must speak the language they choose."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what the terminal cannot show is no reason to end
    i18n.use(_language(arguments, Config())[0])  # so that a mistake in config.toml is said in it
    try:
        config = configuration.load(paths.config_path())
    except ConfigError as error:
        if not {*MENDING, "--help", "-h"} & set(arguments):
            fail(str(error), code=1)
        sys.stderr.write(f"{error}\n")
        config = Config()
    language, rest = _language(arguments, config)
    i18n.use(language)
    if not rest:
        face(config)
    from tui.commands import build  # 60 ms: pays for typer, and the app alone does not need it

    build(config)(rest, prog_name="viva")


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
    return chosen or i18n.chosen(config.language), rest
