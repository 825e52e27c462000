"""Which of two answers about one thing is newer."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Version(NamedTuple):
    """Orders answers: by TikTok's update time, then by when they were asked for.

    Both in microseconds since 1970; an object without an update time is the oldest.
    """

    updated_us: int
    fetched_us: int

    @classmethod
    def of(cls, updated_at: datetime | None, fetched_at: datetime | None) -> "Version":
        """From aware datetimes."""
        return cls(_microseconds(updated_at), _microseconds(fetched_at))

    @property
    def fetched_at(self) -> datetime:
        """The fetch time as an aware UTC datetime."""
        return _EPOCH + self.fetched_us * _MICROSECOND

    @property
    def updated_at(self) -> datetime | None:
        """The update time, None when the object had none."""
        return _EPOCH + self.updated_us * _MICROSECOND if self.updated_us else None


def _microseconds(moment: datetime | None) -> int:
    return 0 if moment is None else (moment - _EPOCH) // _MICROSECOND
