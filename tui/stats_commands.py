"""`viva stats`: the numbers of the statistics screen, in plain lines or as JSON."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime

import msgspec

from qa_bank.reviews import ReviewLog
from tui import i18n
from tui.config import Config
from tui.figures import Learner, key_figures, read, sections
from tui.i18n import _
from tui.library import load_bank
from tui.listings import show_json
from tui.pictures import figures, plain, wrapped

WIDEST = 100


def stats(log: ReviewLog, config: Config, as_json: bool) -> None:
    """Raises ReviewLogError."""
    learner = read(load_bank(i18n.language()), log, config, datetime.now().astimezone())
    if as_json:
        show_json(msgspec.to_builtins(learner.today) | msgspec.to_builtins(learner.whole))
    else:
        sys.stdout.write(lines(learner, min(WIDEST, shutil.get_terminal_size().columns)) + "\n")


def lines(learner: Learner, width: int) -> str:
    """All of it in plain lines of a width."""
    today = [(_("New"), str(learner.today.new)), (_("Done today"), str(learner.today.reviews_today))]
    parts = [plain(figures([*key_figures(learner), *today], width))]
    for section in sections(learner)[1:]:
        rows = wrapped(section.hint, width) if section.hint else section.draw(width)
        parts.append(f"{section.title}\n{plain(rows)}")
    return "\n\n".join(parts)
