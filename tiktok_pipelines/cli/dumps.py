"""Our tables to a file and back, with PostgreSQL's own tools."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tiktok_pipelines.cli import pg_tools
from tiktok_pipelines.errors import ConfigurationError, DatabaseUnavailable
from tiktok_pipelines.settings import DatabaseUrl, Settings
from tiktok_pipelines.storage.analysts import grant_reading, known_analysts
from tiktok_pipelines.storage.database import Database, driver_connection

SCHEMAS = ("tiktok", "tiktok_raw", "tiktok_mart", "tiktok_ops")
_TABLES = """
    SELECT n.nspname || '.' || c.relname, greatest(c.reltuples, 0)::bigint
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY(%s)
    ORDER BY 1
"""


def backup(url: DatabaseUrl, file: Path) -> None:
    """Write the dump beside, then rename: a cut dump never has the name.

    Raises:
        ConfigurationError: the folder is missing or cannot be written.
        StorageError: pg_dump failed; the message says why.
    """
    draft = file.with_name(f"{file.name}.part")
    schemas = [f"--schema={name}" for name in SCHEMAS]
    options = ["--format=custom", f"--file={draft}", *schemas]
    with _told_if_not_writable(file):
        draft.touch(mode=0o600)  # it holds buyer data
    try:
        pg_tools.run("pg_dump", [*options, "-d", url.without_password()], url)
        with _told_if_not_writable(file):
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _told_if_not_writable(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be written ({error.strerror}): name a file in a folder "
            "that exists and can be written"
        ) from None


def check(file: Path) -> None:
    """Refuse what is no dump before anything is asked or dropped.

    Raises:
        StorageError: the file is no dump of PostgreSQL.
    """
    pg_tools.run("pg_restore", ["--list", str(file)])


def restore(url: DatabaseUrl, file: Path) -> None:
    """Replace our schemas by those of the dump, in one transaction.

    Then analysts may read what they read before: their grants went with the schemas.

    Raises:
        StorageError: a tool failed, and nothing was changed.
    """
    unpack = ["--no-owner", "--no-privileges", "--file=-", str(file)]
    drop = f"DROP SCHEMA IF EXISTS {', '.join(SCHEMAS)} CASCADE"
    with closing(Database(url.libpq, pool_size=1)) as database:
        with database.begin() as connection:
            analysts = known_analysts(driver_connection(connection))
        pg_tools.load_script(unpack, url, first=drop)
        with database.begin() as connection:
            for analyst in analysts:
                grant_reading(driver_connection(connection), analyst)


def tables_with_rows(url: DatabaseUrl) -> list[tuple[str, int]]:
    """Our tables and about how many rows each holds.

    Raises:
        DatabaseUnavailable: the server does not answer.
    """
    try:
        with psycopg.connect(url.libpq, connect_timeout=10) as connection:
            found = connection.execute(_TABLES, (list(SCHEMAS),)).fetchall()
    except psycopg.OperationalError:
        raise DatabaseUnavailable(
            f"the database {url.name} does not answer: start its server (embedded: "
            "tiktok-pipelines db start), and see that the database is there"
        ) from None
    return [(str(name), int(rows)) for name, rows in found]


def told_keys(settings: Settings) -> str:
    """Where the keys are that read the tokens of a backup."""
    if settings.set_encryption_keys or not settings.is_embedded:
        return "TIKTOK_ENCRYPTION_KEYS"
    return str(settings.encryption_key_file)
