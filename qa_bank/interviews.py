"""The interviews in the review log: each begins with its plan, and each answer is committed when it is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from qa_bank.interview import Answered, Choices, Plan
from qa_bank.reviews import ReviewLog, moment


class Sat(Struct, frozen=True):
    """An interview as the log has it."""

    uid: str
    at: datetime
    plan: Plan
    answers: tuple[Answered, ...]


class Line(Struct, frozen=True):
    """An answer's row: to which interview it belongs."""

    interview: str
    answered: Answered


def begin(log: ReviewLog, plan: Plan, now: datetime) -> Sat:
    """Write that an interview begins. Raises ReviewLogError."""
    row = log.note("interview", now, plan)
    ((uid,),) = log.query("SELECT uid FROM log WHERE id = ?", row)
    return Sat(uid, now, plan, ())


def keep(log: ReviewLog, uid: str, answered: Answered, now: datetime) -> int:
    """Commit an answer. Returns its row, by which it can be undone. Raises ReviewLogError."""
    return log.note("answer", now, Line(uid, answered), answered.seconds, answered.ask.card)


def sat(log: ReviewLog) -> list[Sat]:
    """Every interview, oldest first, with the answers that stand. Raises ReviewLogError."""
    lines: dict[str, list[Answered]] = {}
    for (detail,) in log.query(
        "SELECT detail FROM log AS l WHERE kind = 'answer' "
        "AND NOT EXISTS (SELECT 1 FROM log AS u WHERE u.undoes = l.id) ORDER BY at, id"
    ):
        line = LINE.decode(detail)
        lines.setdefault(line.interview, []).append(line.answered)
    begun = log.query("SELECT uid, at, detail FROM log WHERE kind = 'interview' ORDER BY at, id")
    return [Sat(uid, moment(at), PLAN.decode(detail), tuple(lines.get(uid, ()))) for uid, at, detail in begun]


def again(interviews: Sequence[Sat], choices: Choices) -> Plan | None:
    """The plan that these choices, seed and all, led to before; so the same seed asks the same questions."""
    return next((one.plan for one in interviews if one.plan.choices == choices), None)


LINE = msgspec.json.Decoder(Line)
PLAN = msgspec.json.Decoder(Plan)
