"""What `viva optimize` does: FSRS's weights fitted to the learner's own reviews, judged, and kept if they are better."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress

from qa_bank.memory import Scheduler
from qa_bank.optimize import Fit, TooFewReviewsError, fit
from qa_bank.reviews import ReviewLog
from tui import config as configuration
from tui.config import ConfigError
from tui.i18n import _
from tui.launch import fail
from tui.listings import show_json, show_table
from tui.trouble import error_text


def optimize(log: ReviewLog, config_path: Path, as_json: bool) -> int:
    """Fit, keep what is better, and say how well it does. Ends with 1 when there is nothing to fit to, or to fit with."""
    try:
        found = _watched(log)
    except TooFewReviewsError as error:
        fail(error_text(error), code=1)
    except ImportError:
        command = shlex.join(("pip", "install", "viva[optimizer]"))
        fail(_("A library is missing that fits the schedule. To install it: {command}").format(command=command), code=1)
    if found.better:
        try:
            configuration.save(config_path, weights=found.weights)
        except (ConfigError, OSError) as error:
            fail(str(error), code=1)
        log.use(Scheduler(replace(log.scheduler.settings, weights=found.weights)))
    if as_json:
        show_json(found)
    else:
        _show(found, config_path)
    return 0


def _watched(log: ReviewLog) -> Fit:
    """The fit, with a bar on stderr where a person can see it: it takes from seconds to minutes."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Fitting the schedule"), total=1)
        return fit(log.histories(), log.scheduler.settings, lambda share: bar.update(task, completed=share))


def _show(found: Fit, config_path: Path) -> None:
    counts = (
        (_("Reviews that count"), found.reviews),
        (_("Days from the first to the last"), found.days),
        (_("Fitted to the earlier ones"), found.trained),
        (_("Judged by the later ones"), found.held_out),
    )
    losses = [f"{score.log_loss:>6.4f}" for score in (found.before, found.after)]
    gaps = [f"{score.off:>6.1%}" for score in (found.before, found.after)]
    show_table(("", ""), [(name, f"{count:>6}") for name, count in counts])
    sys.stdout.write("\n")
    show_table(
        (_("on the later ones"), _("in use"), _("fitted")),
        [
            (_("Log loss of the predictions; lower is better"), *losses),
            (_("Predicted recall is off by"), *gaps),
        ],
    )
    if found.better:
        kept = _(
            "The fitted weights predict your recall better. They are kept, and every card's date follows them now."
        )
        again = _("To go back to FSRS's own weights: {command}").format(command="viva config set weights default")
        lines = [kept, str(config_path), again]
    else:
        lines = [_("The fitted weights predict your recall no better than those in use. Nothing was changed.")]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
