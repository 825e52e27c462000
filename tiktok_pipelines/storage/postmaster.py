"""What a data folder's ``postmaster.pid`` says, and whether it is still true."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"
# PostgreSQL answers it with one byte and logs nothing.
_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server process of a data folder.

    Attributes:
        is_ready: it said that it takes connections.
    """

    pid: int
    data: Path
    socket_folder: Path
    is_ready: bool

    @classmethod
    def of(cls, data: Path) -> "Postmaster | None":
        """As the pid file tells; None when there is none, or it is not whole yet."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        if len(lines) < 5 or not lines[0].strip().isdigit():
            return None
        status = lines[7].strip() if len(lines) > 7 else ""
        folder = Path(lines[4].strip() or data)
        return cls(int(lines[0]), data, folder, status == "ready")

    def is_alive(self) -> bool:
        """Whether the process is there and is this folder's server.

        After a crash the number may belong to any other process.
        """
        told = command_line(self.pid)
        return "postgres" in told and str(self.data) in told

    def is_someone_else(self) -> bool:
        """Whether the number now belongs to a process that is no server of ours."""
        if self.is_alive():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def answers(self) -> bool:
        """Whether the server at the socket serves; a dying one only listens."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.socket_folder / SOCKET_NAME))
                client.sendall(_SSL_REQUEST)
                return bool(client.recv(1))
            except OSError:
                return False

    def stop(self, timeout_s: float) -> None:
        """Fast shutdown; immediate (safe, recovers at the next start) when late."""
        for order in (signal.SIGINT, signal.SIGQUIT):
            if not self.is_alive():
                return
            os.kill(self.pid, order)
            self._wait_gone(timeout_s)

    def _wait_gone(self, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while self.is_alive() and time.monotonic() < end:
            time.sleep(0.02)


def wait_until_left(data: Path, timeout_s: float) -> None:
    """Wait for what a killed server left behind; it goes by itself in a moment."""
    end = time.monotonic() + timeout_s
    while _is_inside(data) and time.monotonic() < end:
        time.sleep(0.05)


def _is_inside(data: Path) -> bool:
    """Whether a process works in the folder (Linux; elsewhere nobody can tell)."""
    for link in _PROC.glob("[0-9]*/cwd"):
        try:
            if link.readlink() == data:
                return True
        except OSError:  # not ours to see, or gone meanwhile
            continue
    return False


def command_line(pid: int) -> str:
    """The command line of a process; empty for none and for a dead one."""
    if (_PROC / "self").exists():
        try:
            raw = (_PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return ""
        return raw.replace(b"\0", b" ").decode(errors="surrogateescape")
    done = subprocess.run(  # noqa: S603 - a number of our own
        ["/bin/ps", "-p", str(pid), "-o", "args="],
        capture_output=True,
        check=False,
        text=True,
    )
    return done.stdout
