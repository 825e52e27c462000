"""Waiting for a database that went away: the one place that repeats an act on it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import DatabaseUnavailable, WriteConflict

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, *(15.0,) * 7)
"""Between the tries of one act: two minutes in all."""
CONFLICT_PAUSES_S = (0.05, 0.2, 0.8)
"""Between the tries of an act that another transaction was in the way of."""
_LIMIT = timedelta(minutes=2)
_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


class Patience:
    """Repeats acts while a database is away; the threads of a process share one.

    Only a database that was there before is waited for: one that is missing from the
    start, or since two minutes, is told at once.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._was_there = False
        self._away_since: datetime | None = None

    def note_answer(self) -> None:
        """The database is there."""
        self._was_there = True
        self._away_since = None

    def outlast(self, act: Callable[[], _Result]) -> _Result:
        """Do an act, again and again while the database is away.

        The answer to a commit can be lost with the connection, so the act may have
        been done already: twice must be as good as once.

        Raises:
            DatabaseUnavailable: it did not come back in time.
        """
        for pause_s in PAUSES_S:
            try:
                return self._unless_in_conflict(act)
            except DatabaseUnavailable as error:
                if not self._may_come_back(error):
                    raise
            self._clock.sleep(pause_s)
        return act()

    def _unless_in_conflict(self, act: Callable[[], _Result]) -> _Result:
        """Do an act again when another transaction was in the way."""
        for pause_s in CONFLICT_PAUSES_S:
            try:
                return act()
            except WriteConflict:
                self._clock.sleep(pause_s)
        return act()

    def _may_come_back(self, error: DatabaseUnavailable) -> bool:
        now = self._clock.now()
        if self._away_since is None:
            self._away_since = now
            if self._was_there:
                _log.warning("waiting up to two minutes, as %s", error)
        return self._was_there and now - self._away_since < _LIMIT
