"""What a learner says of a card beside its grades: set aside, flagged, a note, to be asked sooner."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct


class Marks(Struct, frozen=True, omit_defaults=True):
    """A card's marks; a change is written to the log as the fields that changed."""

    suspended: bool = False
    """Not asked until it is taken up again."""
    buried: datetime | None = None
    """Not asked until then."""
    flagged: bool = False
    note: str = ""
    """The learner's own words, shown with the answer."""
    sooner: datetime | None = None
    """Since then it waits to be asked before its turn, because it was missed in an interview."""

    def aside(self, now: datetime) -> bool:
        """Whether the card is not to be asked at `now`."""
        return self.suspended or (self.buried is not None and self.buried > now)


FIELDS = frozenset(Marks.__struct_fields__)
ASIDE = frozenset({"suspended", "buried"})
"""Changes of these take a card off the table; an undo takes them back as it does a grade."""


def changed(marks: Marks, change: bytes | str) -> Marks:
    """The marks after a change, JSON as the log has it."""
    return msgspec.convert(msgspec.to_builtins(marks) | msgspec.json.decode(change), Marks)
