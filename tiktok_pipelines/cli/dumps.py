"""PostgreSQL's own tools on our database: psql, backup, restore.

The password travels in the environment: a command line can be read by everyone.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg

from tiktok_pipelines.errors import ConfigurationError, DatabaseUnavailable
from tiktok_pipelines.settings import DatabaseUrl, Settings
from tiktok_pipelines.settings.source import child_environment
from tiktok_pipelines.storage import bundled

SCHEMAS = ("tiktok", "tiktok_raw", "tiktok_mart", "tiktok_ops")
_TABLES = """
    SELECT n.nspname || '.' || c.relname, greatest(c.reltuples, 0)::bigint
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY(%s)
    ORDER BY 1
"""


def open_psql(url: DatabaseUrl, arguments: Sequence[str]) -> None:
    """Become psql: an installed one (it has line editing), else the bundled one."""
    program = shutil.which("psql") or str(bundled.tools() / "psql")
    command = [program, "-d", url.without_password(), *arguments]
    os.execve(program, command, _environment(url))  # noqa: S606 - no shell wanted


def backup(url: DatabaseUrl, file: Path) -> None:
    """Write the dump beside, then rename: a cut dump never has the name.

    Raises:
        ConfigurationError: pg_dump failed; its last line says why.
    """
    draft = file.with_name(f"{file.name}.part")
    schemas = [f"--schema={name}" for name in SCHEMAS]
    dump = [_tool("pg_dump"), "--format=custom", f"--file={draft}", *schemas]
    try:
        _run([*dump, "-d", url.without_password()], url)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def check(file: Path) -> None:
    """Refuse what is no dump before anything is asked or dropped.

    Raises:
        ConfigurationError: the file is no dump of PostgreSQL.
    """
    _run([_tool("pg_restore"), "--list", str(file)], None)


def restore(url: DatabaseUrl, file: Path) -> None:
    """Replace our schemas by those of the dump, in one transaction.

    Raises:
        ConfigurationError: a tool failed, and nothing was changed.
    """
    script = _run(
        [_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)],
        None,
    )
    drops = f"DROP SCHEMA IF EXISTS {', '.join(SCHEMAS)} CASCADE;\n"
    psql = [_tool("psql"), "--no-psqlrc", "--quiet", "--single-transaction"]
    options = ["--set=ON_ERROR_STOP=1", "--output=/dev/null", "-d"]
    _run([*psql, *options, url.without_password()], url, drops.encode() + script)


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
            "the database does not answer: start it (embedded: tiktok-pipelines db "
            "start)"
        ) from None
    return [(str(name), int(rows)) for name, rows in found]


def told_keys(settings: Settings) -> str:
    """Where the keys are that read the tokens of a backup."""
    if settings.set_encryption_keys or not settings.is_embedded:
        return "TIKTOK_ENCRYPTION_KEYS"
    return str(settings.encryption_key_file)


def _tool(name: str) -> str:
    """The bundled tool; it is as new as any server, an installed one may not be."""
    return str(bundled.tools() / name)


def _run(command: Sequence[str], url: DatabaseUrl | None, stdin: bytes = b"") -> bytes:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's tools
        command, input=stdin, capture_output=True, check=False, env=_environment(url)
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        told = next((line for line in lines if "rror" in line), "it says nothing")
        raise ConfigurationError(
            f"{Path(command[0]).name} failed and changed nothing ({told}): check the "
            "file and the database"
        )
    return done.stdout


def _environment(url: DatabaseUrl | None) -> dict[str, str]:
    password = url.password if url else None
    extra = {"PGPASSWORD": password.get_secret_value()} if password else {}
    return child_environment({**extra, "PGOPTIONS": ""})
