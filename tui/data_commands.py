"""`viva data export`, `import` and `reset`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from qa_bank import exchange
from qa_bank.log_file import backups, set_aside, unused
from qa_bank.reviews import ReviewLog
from tui import paths
from tui.config import Config
from tui.i18n import _, ngettext
from tui.launch import fail, open_log

SURE = "reset"
"""The word to be typed before the log is set aside."""


def export(log: ReviewLog, file: Path) -> int:
    """Write the log as JSON; to the standard output for `-`."""
    document = exchange.export(log)
    if str(file) == "-":
        sys.stdout.buffer.write(document)
        return 0
    if file.exists():
        fail(_("{path} is there already.").format(path=file))
    unfinished = file.with_name(file.name + ".part")
    try:
        unfinished.write_bytes(document)
        unfinished.replace(file)
    except OSError as error:
        fail(f"{file}: {error.strerror}", code=1)
    rows = document.count(b"\n") - 2 if log.query("SELECT 1 FROM log LIMIT 1") else 0
    sys.stdout.write(ngettext("{count} row written: {path}", "{count} rows written: {path}", rows, path=file) + "\n")
    return 0


def take_in(log: ReviewLog, file: Path) -> int:
    """Read an export into the log, which is backed up first."""
    document = exchange.read(file)
    if log.query("SELECT 1 FROM log LIMIT 1"):
        log.backup(unused(backups(log.path) / f"reviews-before-import-{datetime.now():%Y%m%dT%H%M%S}.db"))
    rows = exchange.take_in(log, document, file)
    sys.stdout.write(ngettext("{count} new row read.", "{count} new rows read.", rows) + "\n")
    return 0


def reset(config: Config, *, sure: bool) -> int:
    """Begin anew: back the log up, set it aside. Asks, unless it is sure."""
    if not paths.log_path().exists():
        sys.stdout.write(_("There is nothing to reset.") + "\n")
        return 0
    if not sure:
        prompt = _("This begins anew; the log is backed up and set aside. Type '{word}' to go on: ").format(word=SURE)
        try:
            typed = input(prompt).strip()
        except (EOFError, KeyboardInterrupt):
            typed = ""
        if typed != SURE:
            sys.stdout.write(_("Nothing was changed.") + "\n")
            return 1
    now = datetime.now()
    log = open_log(config)
    kept = log.backup(unused(backups(log.path) / f"reviews-before-reset-{now:%Y%m%dT%H%M%S}.db"))
    log.close()
    aside = set_aside(paths.log_path(), now)
    sys.stdout.write(_("Backed up: {path}").format(path=kept) + "\n")
    sys.stdout.write(_("Set aside: {path}").format(path=aside) + "\n")
    return 0
