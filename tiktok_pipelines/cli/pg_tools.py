"""PostgreSQL's client programs, run on our database.

The password travels in the environment: a command line can be read by everyone.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from typing import IO

from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.settings import DatabaseUrl
from tiktok_pipelines.settings.source import child_environment
from tiktok_pipelines.storage import bundled

_CHUNK = 1 << 20
# Servers before 17 do not know it; it sets what is so anyway.
_UNKNOWN_TO_OLD = b"SET transaction_timeout = 0;\n"
_COMMIT = b"COMMIT;\n"


def open_psql(url: DatabaseUrl, arguments: Sequence[str]) -> None:
    """Become psql: an installed one (it has line editing), else the bundled one."""
    program = shutil.which("psql") or _tool("psql")
    command = [program, "-d", url.without_password(), *arguments]
    os.execve(program, command, _environment(url))  # noqa: S606 - no shell wanted


def run(name: str, arguments: Sequence[str], url: DatabaseUrl | None = None) -> None:
    """Run a bundled program; it is as new as any server, an installed one may not be.

    Raises:
        StorageError: it failed; the message has its complaint.
    """
    done = subprocess.run(  # noqa: S603 - PostgreSQL's tools
        [_tool(name), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        env=_environment(url),
    )
    if done.returncode:
        raise _failure(name, done.stderr)


def load_script(unpack: Sequence[str], url: DatabaseUrl, *, first: str) -> None:
    """Run pg_restore's script in psql, after ``first``, all in one transaction.

    Raises:
        StorageError: one of the two failed, and nothing was changed.
    """
    with tempfile.TemporaryFile() as complaints:
        source = _started([_tool("pg_restore"), *unpack], complaints, url)
        target = _started(loader(url, first=first), complaints, url)
        with source, target:
            is_done = _poured(source, target)
        if not is_done:
            complaints.seek(0)
            raise _failure("restore", complaints.read())


def loader(url: DatabaseUrl, *, first: str) -> list[str]:
    """The psql that runs ``first`` and what it reads, and undoes both at its end.

    Only a COMMIT that it reads keeps them: whoever writes the script may be killed,
    and psql cannot tell a cut script from a whole one.
    """
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    # DROP ... CASCADE names each table in a notice: a failure would be lost in them.
    statements = ["SET client_min_messages = warning", "BEGIN", first]
    # psql keeps the order of what it is told to run.
    steps = [*(f"--command={each}" for each in statements), "--file=-"]
    return [_tool("psql"), *options, *steps, "-d", url.without_password()]


def _poured(source: subprocess.Popen[bytes], target: subprocess.Popen[bytes]) -> bool:
    """Pass the script on, and COMMIT only when all of it was told."""
    if source.stdout is None or target.stdin is None:
        raise RuntimeError("the pipes asked for are missing")
    try:
        beginning = source.stdout.read(_CHUNK)
        target.stdin.write(beginning.replace(_UNKNOWN_TO_OLD, b""))
        shutil.copyfileobj(source.stdout, target.stdin, _CHUNK)
        if source.wait() == 0:
            target.stdin.write(_COMMIT)
        target.stdin.flush()
    except BrokenPipeError:  # psql gave up
        source.kill()
    target.communicate()
    return source.wait() == 0 and target.returncode == 0


def _started(
    command: Sequence[str], complaints: IO[bytes], url: DatabaseUrl
) -> subprocess.Popen[bytes]:
    is_source = command[0].endswith("pg_restore")
    return subprocess.Popen(  # noqa: S603 - PostgreSQL's tools
        command,
        stdin=subprocess.DEVNULL if is_source else subprocess.PIPE,
        stdout=subprocess.PIPE if is_source else subprocess.DEVNULL,
        stderr=complaints,
        env=_environment(url),
    )


def _failure(name: str, complaints: bytes) -> StorageError:
    """What the tool said, in one line; a row it quotes (CONTEXT) is left out."""
    lines = complaints.decode(errors="replace").strip().splitlines()
    told = next((line for line in lines if "error" in line.lower()), "it says nothing")
    return StorageError(
        f"{name} failed and changed nothing ({told}): check the file and the database"
    )


def _tool(name: str) -> str:
    return str(bundled.tools() / name)


def _environment(url: DatabaseUrl | None) -> dict[str, str]:
    password = url.password if url else None
    return child_environment(
        {"PGPASSWORD": password.get_secret_value()} if password else {}
    )
