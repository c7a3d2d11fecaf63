"""What went wrong, in the learner's language: one line that names the thing, the place and what can be done."""

from __future__ import annotations

import shlex

from demos.demo import DemoError
from qa_bank.card import Problem
from qa_bank.error import SaidError
from qa_bank.log_file import ReviewLogError
from tui.i18n import _, n_

_TROUBLES = {
    "locked": n_("The review log is locked by another program: {path}."),
    "corrupt": n_("The review log is damaged: {path} ({reason})."),
    "read-only": n_("The review log cannot be written: {path} ({reason})."),
    "full": n_("The disk is full; the review log cannot be written: {path}."),
    "newer": n_("The review log was written by a newer Viva: {path} ({reason})."),
    "foreign": n_("This is no backup of the review log, or a damaged one: {path} ({reason}). Nothing was changed."),
    "failed": n_("The review log cannot be used: {path} ({reason})."),
}


def trouble_text(error: ReviewLogError) -> str:
    """What is wrong with the log, and how to get the newest backup back."""
    text = _(_TROUBLES[error.trouble]).format(path=error.path, reason=error.reason)
    if error.trouble in ("locked", "full", "foreign"):
        return text
    if error.backup is None:
        return text + " " + _("There is no backup yet.")
    command = f"viva data restore {shlex.quote(str(error.backup))}"
    return text + " " + _("To go back to the newest backup: {command}").format(command=command)


def error_text(error: DemoError | SaidError | Problem) -> str:
    """An error that carries a template and its values, in the language of the interface."""
    return _(error.text).format(**error.values)
