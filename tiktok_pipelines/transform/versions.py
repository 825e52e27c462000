"""Which of two answers about one thing is newer."""

from datetime import datetime
from typing import NamedTuple

from tiktok_pipelines.moments import microseconds, moment_of


class Version(NamedTuple):
    """Orders answers: by TikTok's update time, then by when they were asked for.

    Both in microseconds since 1970; an object without an update time is the oldest.
    """

    updated_us: int
    fetched_us: int

    @classmethod
    def of(cls, updated_at: datetime | None, fetched_at: datetime | None) -> "Version":
        """From aware datetimes."""
        return cls(
            microseconds(updated_at) if updated_at else 0,
            microseconds(fetched_at) if fetched_at else 0,
        )

    @property
    def fetched_at(self) -> datetime:
        """The fetch time as an aware UTC datetime."""
        return moment_of(self.fetched_us)

    @property
    def updated_at(self) -> datetime | None:
        """The update time, None when the object had none."""
        return moment_of(self.updated_us) if self.updated_us else None
