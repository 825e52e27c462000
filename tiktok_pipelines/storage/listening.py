"""A session that holds a lock and hears notifications; both end with its process."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from tiktok_pipelines.storage.database import Database, driver_connection, lock_key


@dataclass(frozen=True, slots=True)
class Listener:
    """Waits for notifications on one channel."""

    driver: psycopg.Connection[Any]
    database: Database

    def wait(self, timeout_s: float) -> bool:
        """Wait for a notification; False if none came in time.

        Raises:
            DatabaseUnavailable: the session was lost, and the lock with it.
        """
        with self.database.telling():
            heard = list(self.driver.notifies(timeout=timeout_s, stop_after=1))
        return bool(heard)


@contextmanager
def listening(
    database: Database, *, channel: str, lock: str
) -> Generator[Listener | None]:
    """Hold a lock and listen for as long as the block takes.

    Gives None, at once, if somebody else holds the lock.

    Raises:
        DatabaseUnavailable: there is no server.
    """
    with database.telling():
        connection = database.engine.connect()
    try:
        with database.telling():
            connection.execution_options(isolation_level="AUTOCOMMIT")
            driver = driver_connection(connection)
            taken = driver.execute(
                "SELECT pg_try_advisory_lock(%s)", (lock_key(lock),)
            ).fetchone()
            if taken and taken[0]:
                driver.execute(sql.SQL("LISTEN {}").format(_name(channel)))
        yield Listener(driver, database) if taken and taken[0] else None
    finally:
        connection.invalidate()  # the lock and the listening go with the session
        connection.close()


def _name(channel: str) -> sql.Identifier:
    return sql.Identifier(channel)
