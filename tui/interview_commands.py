"""`viva interview --plain` and `viva interviews`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from qa_bank import interviews
from qa_bank.bank import UnknownCardError
from qa_bank.card import LEVELS
from qa_bank.interview import STYLES, Choices, report
from qa_bank.reviews import ReviewLog
from tui import i18n
from tui.i18n import _
from tui.interview import Sitting, any_seed, begin, unfinished
from tui.launch import fail
from tui.library import load_bank
from tui.listings import show_json, show_table
from tui.report import bar, earlier, markdown, percent, when_text

DEFAULT = 10
"""How many questions when nothing is said."""


def choices(
    questions: int | None, minutes: float | None, topics: Sequence[str], level: str | None, style: str, seed: int | None
) -> Choices:
    """What the command line asks for. Raises UnknownCardError."""
    if questions is not None and minutes is not None:
        fail(_("--questions or --minutes: one of them."))
    bank = load_bank(i18n.language())
    for topic in topics:
        bank.select(topic)
    chosen_level = next((name for name in LEVELS if name == level), None)
    if level is not None and chosen_level is None:
        raise UnknownCardError("level", level, LEVELS)
    chosen_style = next((name for name in STYLES if name == style), None)
    if chosen_style is None:
        raise UnknownCardError("style", style, STYLES)
    count = (questions or DEFAULT) if minutes is None else None
    drawn = any_seed(datetime.now().astimezone()) if seed is None else seed
    return Choices(count, minutes, tuple(topics), chosen_level, chosen_style, drawn)


def sit_plainly(log: ReviewLog, chosen: Choices | None, device: str) -> int:
    """An interview in plain lines; without choices, the one that was broken off."""
    from tui.plain_interview import interview

    bank = load_bank(i18n.language())
    now = datetime.now().astimezone()
    sat = unfinished(bank, log) if chosen is None else begin(bank, log, chosen, now)
    if sat is None:
        return int(fail(_("No interview was broken off.") if chosen is None else _("No card fits all of this.")))
    return interview(Sitting(bank, log, sat), device)


def show(log: ReviewLog, number: int, export: Path | None, *, as_json: bool) -> int:
    """The list of all, or the report of one."""
    bank = load_bank(i18n.language())
    past = [sat for sat in interviews.sat(log) if sat.answers]
    zone = datetime.now().astimezone().tzinfo
    if not past:
        if as_json:
            show_json([])
        else:
            sys.stdout.write(_("No interview yet: `viva interview` begins one.") + "\n")
        return 0
    if not number and export is None:
        _list(bank, past, zone, as_json)
        return 0
    if as_json and export is not None:
        fail(_("--export or --json: one of them."))
    number = number or 1
    if number > len(past):
        fail(_("No interview {number}; there are {count}, 1 is the latest.").format(number=number, count=len(past)))
    sat = past[-number]
    found = report(bank, sat.plan, sat.answers)
    if as_json:
        show_json({"at": sat.at, "plan": sat.plan, "report": found})
        return 0
    text = markdown(bank, sat, found, earlier(bank, past), zone)
    if export is None:
        sys.stdout.write(text)
        return 0
    if export.exists():
        fail(_("{path} is there already.").format(path=export))
    try:
        export.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{export}: {error.strerror}", code=1)
    sys.stdout.write(_("Written: {path}").format(path=export) + "\n")
    return 0


def _list(bank: Any, past: Sequence[interviews.Sat], zone: Any, as_json: bool) -> None:
    """Latest first, as they are numbered."""
    found = [(sat, report(bank, sat.plan, sat.answers)) for sat in reversed(past)]
    if as_json:
        show_json(
            [
                {"number": i, "at": sat.at, "score": one.score, "questions": one.questions, "planned": one.planned,
                 "named": one.named, "of": one.of, "seed": sat.plan.choices.seed}
                for i, (sat, one) in enumerate(found, 1)
            ]
        )  # fmt: skip
        return
    rows = [
        (
            str(i),
            when_text(sat.at, zone),
            bar(one.score or 0.0) + f" {percent(one.score):>4}",
            f"{one.questions}/{one.planned}",
            str(sat.plan.choices.seed),
        )
        for i, (sat, one) in enumerate(found, 1)
    ]
    show_table(("", _("when"), _("score"), _("questions"), _("seed")), rows)
