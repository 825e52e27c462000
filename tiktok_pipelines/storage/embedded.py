"""PostgreSQL without installing one: the server that comes in a wheel.

``start`` and ``stop`` belong to ``db start``, ``up`` and ``demo``; everyone else asks
for the ``dsn`` and never stops what others use. The server listens on a socket only;
the folder's permissions are the protection.
"""

import fcntl
import hashlib
import re
import shutil
import stat
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tiktok_pipelines.errors import ConfigurationError, DatabaseNotStarted
from tiktok_pipelines.storage import bundled
from tiktok_pipelines.storage.postmaster import (
    SOCKET_NAME,
    Postmaster,
    command_line,
    wait_until_left,
)

DATABASES = ("tiktok", "dagster")
# 104 bytes on macOS and 108 on Linux, the ending zero and a lock's suffix included.
_SOCKET_PATH_LIMIT = 98
_SHORT = Path("/tmp")  # noqa: S108 - _make_private keeps others out
_START_LIMIT_S = 120.0
_BECOMING_S = 2.0
_STOP_LIMIT_S = 60.0
_LOG_LIMIT_BYTES = 10_000_000
# For a small machine. No parallel workers: containers have little shared memory.
# The log quotes no statement and no row: they may hold buyer data.
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--username=postgres",
)
# The shell leaves the server to init, so that no command has it as its child, and
# tells its number.
_DETACH = 'exec "$@" >&2 & echo $!'


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """Whether the server runs, and where."""

    is_running: bool
    pid: int | None
    data: Path
    log: Path


class EmbeddedServer:
    """The server of one home folder.

    Every process may hold one; it is a name, not a connection.
    """

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.data = self.home / "postgres"
        self.log = self.home / "logs" / "postgres.log"

    def __repr__(self) -> str:
        return f"EmbeddedServer({str(self.home)!r})"

    def start(self) -> bool:
        """Make what is missing and start the server; it outlives this process.

        Returns:
            False when it was running already. Many may call this at once.

        Raises:
            ConfigurationError: it cannot start here; the message says why.
        """
        with self._lock():
            if self._running():
                return False
            self._prepare()
            with ExitStack() as undo:
                undo.callback(self._halt)
                self._launch()
                undo.pop_all()
            return True

    def stop(self) -> bool:
        """Stop the server, whoever started it; False when it did not run.

        Raises:
            ConfigurationError: it runs as another user.
        """
        if not self.data.exists():
            return False
        with self._lock():
            return self._halt()

    @contextmanager
    def running(self) -> Generator["EmbeddedServer"]:
        """Own the server for a while: stopped at the end unless it ran before."""
        is_ours = self.start()
        try:
            yield self
        finally:
            if is_ours:
                self.stop()

    def status(self) -> ServerStatus:
        """As it is now; starts nothing."""
        running = self._running()
        return ServerStatus(
            running is not None, running.pid if running else None, self.data, self.log
        )

    def dsn(self, database: str = DATABASES[0]) -> str:
        """A libpq URL of a database of the running server.

        Raises:
            DatabaseNotStarted: it does not run.
        """
        running = self._running()
        if running is None:
            raise DatabaseNotStarted(
                f"the embedded PostgreSQL of {self.home} does not run: "
                "tiktok-pipelines db start"
            )
        return _url(running.socket_folder, database)

    def url(self, database: str = DATABASES[0]) -> str:
        """The same URL whether the server runs or not."""
        told = Postmaster.of(self.data)
        return _url(told.socket_folder if told else self._socket_folder(), database)

    def socket_folders(self) -> tuple[str, ...]:
        """Every folder in which this server's socket may lie."""
        told = Postmaster.of(self.data)
        present = told.socket_folder if told else self.data
        folders: set[Path] = {present, self.data, self._socket_folder()}
        return tuple(map(str, folders))

    def _running(self) -> Postmaster | None:
        """The server, once it takes connections; waits while it starts."""
        end = time.monotonic() + _START_LIMIT_S
        while (found := Postmaster.of(self.data)) and time.monotonic() < end:
            if found.is_ready and found.answers():
                return found
            if not found.is_alive():
                return None
            time.sleep(0.05)
        return None

    @contextmanager
    def _lock(self) -> Generator[None]:
        """One command at a time; the lock dies with its process."""
        try:
            self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = (self.home / "postgres.lock").open("w")
        except OSError as error:
            raise ConfigurationError(
                f"TIKTOK_HOME {self.home} cannot be written ({error.strerror}): "
                "expected a folder of yours; set TIKTOK_HOME to one"
            ) from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _prepare(self) -> None:
        bundled.open_way(self.data)
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initialise()
        elif (found := version.read_text().strip()) != bundled.major_version():
            raise ConfigurationError(
                f"{self.data} was made by PostgreSQL {found}, this one is "
                f"{bundled.major_version()}: back it up with the older version of this "
                "package, move the folder away, and restore"
            )
        if self._socket_folder() != self.data:
            _make_private(self._socket_folder())
        wait_until_left(self.data, _STOP_LIMIT_S)
        self._forget_foreign_pid()

    def _initialise(self) -> None:
        """Make the whole folder beside, then rename: it appears complete."""
        if self.data.exists() and any(self.data.iterdir()):
            raise ConfigurationError(
                f"{self.data} is not a PostgreSQL data folder: move it away"
            )
        draft = self.home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        bundled.give(draft)
        bundled.run("initdb", [*_INITDB, "-D", str(draft)])
        statements = "".join(f"CREATE DATABASE {name}\n" for name in DATABASES)
        bundled.run(
            "postgres", ["--single", "-D", str(draft), "postgres"], stdin=statements
        )
        draft.rename(self.data)

    def _forget_foreign_pid(self) -> None:
        """Remove lock files whose process number now belongs to someone else.

        PostgreSQL would take that process for a running server and not start.
        """
        told = Postmaster.of(self.data)
        if told and told.is_someone_else():
            (self.data / "postmaster.pid").unlink()
            (told.socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _launch(self) -> None:
        """Start the server and wait until it takes connections."""
        self._rotate_log()
        options = _OPTIONS | {"unix_socket_directories": str(self._socket_folder())}
        arguments = [f"--{name}={value}" for name, value in options.items()]
        program = [str(bundled.tools() / "postgres"), "-D", str(self.data), *arguments]
        with self.log.open("ab") as log:
            start = log.tell()
            shell = ["/bin/sh", "-c", _DETACH, "sh", *program]
            done = bundled.call(shell, stderr=log, user=bundled.owner())
        self._wait_ready(int(done.stdout), start)

    def _wait_ready(self, pid: int, log_start: int) -> None:
        """Until it takes connections; crash recovery may take a while.

        While the shell becomes the server, the process has no command line.
        """
        now = seen = time.monotonic()
        end = now + _START_LIMIT_S
        while now - seen < _BECOMING_S and now < end:
            now = time.monotonic()
            seen = now if command_line(pid) else seen
            found = Postmaster.of(self.data)
            if found and found.pid == pid and found.is_ready and found.answers():
                return
            time.sleep(0.02)
        lines = self._log_from(log_start).decode(errors="replace").splitlines()
        told = next((line for line in lines if "FATAL" in line), "it says nothing")
        raise ConfigurationError(
            f"the embedded PostgreSQL did not start ({told}): see its log {self.log}"
        )

    def _halt(self) -> bool:
        running = Postmaster.of(self.data)
        if running is None or not running.is_alive():
            return False
        try:
            running.stop(_STOP_LIMIT_S)
        except PermissionError:
            raise ConfigurationError(
                f"the server of {self.data} (pid {running.pid}) belongs to another "
                "user: stop it as that user"
            ) from None
        if running.socket_folder != self.data:
            with suppress(OSError):  # gone, or someone else's
                running.socket_folder.rmdir()
        return True

    def _log_from(self, start: int) -> bytes:
        with self.log.open("rb") as log:
            log.seek(start)
            return log.read()

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _socket_folder(self) -> Path:
        """The data folder, or a short one where the path is too long or odd."""
        if _is_fit(self.data):
            return self.data
        mark = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return _SHORT / f"tiktok-pipelines-{mark}"


def _is_fit(folder: Path) -> bool:
    """Short enough for a socket, and in no need of quoting anywhere."""
    path = str(folder / SOCKET_NAME)
    is_plain = re.fullmatch(r"[A-Za-z0-9_/.-]+", path) is not None
    return is_plain and len(path) <= _SOCKET_PATH_LIMIT


def _make_private(folder: Path) -> None:
    """A folder in a public place that only the server's user can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in bundled.own_uids():
        raise ConfigurationError(
            f"{folder} belongs to someone else: remove it, or set a shorter TIKTOK_HOME"
        )
    folder.chmod(0o700)
    bundled.give(folder)


def _url(socket_folder: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={socket_folder}"
