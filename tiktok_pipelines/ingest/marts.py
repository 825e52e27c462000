"""The views of ``tiktok_mart``, made as their files have them."""

from collections.abc import Iterable

from sqlalchemy import text

from tiktok_pipelines.storage.database import Database, driver_connection
from tiktok_pipelines.storage.marts.apply import apply_marts, grants_on_views
from tiktok_pipelines.storage.migrate import hold_schema


def renew_views(database: Database, names: Iterable[str]) -> frozenset[str]:
    """Make every view that differs from its file, and see that these ones answer.

    Twice changes nothing; a migration that runs is waited for.

    Returns:
        The names of what was made anew.

    Raises:
        ConfigurationError: a view of somebody else's reads one that must be replaced.
        StorageError: the tables are older than the files, or a view does not answer.
    """
    with database.begin() as connection:
        driver = driver_connection(connection)
        hold_schema(driver)
        made = apply_marts(driver, grants_on_views(driver))
        for name in names:
            connection.execute(text(f"SELECT * FROM {name} LIMIT 0"))
    return frozenset(made)
