"""The learner's log as one JSON document: everything that was ever written to it, in order, and nothing else.

What is read into a log that has it already changes nothing; two logs read into each other become the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from qa_bank.error import SaidError
from qa_bank.interviews import LINE, PLAN
from qa_bank.marks import FIELDS, Marks, changed
from qa_bank.reviews import Kind, ReviewLog

FORMAT = 1
LATEST = 221_845_392_000_000_000
"""The beginning of the year 9000 in microseconds since 1970: intervals have room before the calendar ends."""
UNDOABLE: tuple[Kind, ...] = ("grade", "cram", "aside", "answer")


class ExchangeError(SaidError):
    """A file cannot be read as an export."""

    TEXTS = {  # noqa: RUF012
        "form": "{path}: not an export of Viva: {reason}",
        "format": "{path}: an export of a newer Viva (format {format}, this one knows {known})",
        "undone": "{path}: row {uid} takes back a row that is not there, or not to be taken back: {undoes}",
        "unreadable": "{path}: cannot be read: {reason}",
    }

    def __init__(self, kind: str, **values: str | int) -> None:
        super().__init__(self.TEXTS[kind], **values)


class Row(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of the log."""

    uid: str
    at: int
    """Microseconds since 1970."""
    kind: Kind
    card: str = ""
    grade: int | None = None
    was: str | None = None
    seconds: float | None = None
    undoes: str | None = None
    """The uid of the row that it takes back."""
    detail: Raw = Raw(b"{}")


class Export(Struct, frozen=True, forbid_unknown_fields=True):
    """The document."""

    viva: int
    """The format's number."""
    rows: tuple[Row, ...]


def export(log: ReviewLog) -> bytes:
    """The log as JSON, a row on a line. Raises ReviewLogError."""
    rows = [
        Row(uid, at, kind, card, grade, was, seconds, undoes, Raw(detail.encode()))
        for uid, at, kind, card, grade, was, seconds, undoes, detail in log.query(
            "SELECT uid, at, kind, card, grade, was, seconds, (SELECT uid FROM log AS u WHERE u.id = l.undoes), detail "
            "FROM log AS l ORDER BY id"
        )
    ]
    lines = b",\n".join(msgspec.json.encode(row) for row in rows)
    return b'{"viva": %d, "rows": [\n%s\n]}\n' % (FORMAT, lines)


def read(path: Path) -> Export:
    """An export's file. Raises ExchangeError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExchangeError("unreadable", path=str(path), reason=error.strerror or str(error)) from None
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.viva > FORMAT:
            raise ExchangeError("format", path=str(path), format=head.viva, known=FORMAT)
        document = msgspec.json.decode(data, type=Export)
        for row in document.rows:
            _check(row)
    except (msgspec.DecodeError, ValueError) as error:
        raise ExchangeError("form", path=str(path), reason=str(error)) from None
    return document


def take_in(log: ReviewLog, document: Export, path: Path) -> int:
    """Put the rows of an export into the log that it does not have yet; how many. path: where they come from.

    Raises ExchangeError, and ReviewLogError; then nothing has changed.
    """
    known = {uid: (card, kind) for uid, card, kind in log.query("SELECT uid, card, kind FROM log")}
    undone = {uid for (uid,) in log.query("SELECT u.uid FROM log AS l JOIN log AS u ON u.id = l.undoes")}
    rows: list[tuple[Any, ...]] = []
    for row in document.rows:
        if row.uid in known or row.undoes in undone:
            continue
        if row.undoes is not None:
            if known.get(row.undoes, ("", "undo")) not in [(row.card, kind) for kind in UNDOABLE]:
                raise ExchangeError("undone", path=str(path), uid=row.uid, undoes=row.undoes)
            undone.add(row.undoes)
        known[row.uid] = (row.card, row.kind)
        detail = bytes(row.detail).decode()
        rows.append((row.uid, row.at, row.card, row.kind, row.grade, row.was, row.seconds, row.undoes, detail))
    log.put_in(rows, {row[2] for row in rows})
    return len(rows)


class _Head(Struct, frozen=True):
    viva: int


def _check(row: Row) -> None:
    """Raise ValueError for what the types do not say."""
    graded = row.kind in ("grade", "cram")
    if graded != (row.grade is not None) or (row.grade is not None and not 1 <= row.grade <= 4):
        raise ValueError(f"row {row.uid}: a grade goes from 1 to 4, and only a grade has one")
    if (row.kind == "grade") != (row.was is not None):
        raise ValueError(f"row {row.uid}: a grade says what the card was before, and only a grade does")
    if (row.kind == "undo") != (row.undoes is not None):
        raise ValueError(f"row {row.uid}: an undo says what it takes back, and only an undo does")
    if row.seconds is not None and not 0 <= row.seconds < 1e7:
        raise ValueError(f"row {row.uid}: seconds below 0 or beyond a hundred days")
    if not 0 <= row.at < LATEST:
        raise ValueError(f"row {row.uid}: a time before 1970 or after the year 9000")
    if row.kind in ("aside", "mark"):
        if not msgspec.json.decode(row.detail, type=dict[str, Any]).keys() <= FIELDS:
            raise ValueError(f"row {row.uid}: a mark that Viva does not know")
        changed(Marks(), bytes(row.detail))
    elif row.kind == "interview":
        PLAN.decode(row.detail)
    elif row.kind == "answer":
        LINE.decode(row.detail)
