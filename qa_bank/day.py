"""The study day: it begins at four in the morning, so that a late session still counts for the evening it belongs to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

ROLLOVER = timedelta(hours=4)


class Day(Struct, frozen=True):
    """One study day. start and end are aware; end is the start of the next day."""

    date: date
    start: datetime
    end: datetime

    @classmethod
    def of(cls, now: datetime) -> Day:
        """The study day of an aware time, in that time's own zone."""
        day = (now - ROLLOVER).date()
        start = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + ROLLOVER
        return cls(day, start, start + timedelta(days=1))

    def before(self, days: int = 1) -> Day:
        """The day `days` earlier."""
        back = timedelta(days=days)
        return Day(self.date - back, self.start - back, self.end - back)
