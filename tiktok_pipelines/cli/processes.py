"""Processes that we start, watch and end together: ``up`` and ``demo`` use it.

One crashed child ends all; so does Ctrl-C, SIGTERM, and (through ``guard.py``) even a
``kill -9`` of ourselves. Output goes to a log file each, and prefixed to the terminal.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

from tiktok_pipelines.cli.group import say
from tiktok_pipelines.errors import PipelineError

GRACE_S = 15.0
_LAST_LINES = 15
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildEnded(PipelineError):  # noqa: N818 - a state, told as one
    """A process ended that should have gone on; the message has its last lines."""


class Interrupted(KeyboardInterrupt):
    """Someone asked us to stop; not an error.

    At a KeyboardInterrupt psycopg cancels the statement it waits for; at another
    exception it would leave the connection in the middle of it.
    """


@contextmanager
def interruptible() -> Generator[None]:
    """Turn the first signal to stop into ``Interrupted``; ignore the next ones.

    Cleaning up takes seconds, and an impatient second Ctrl-C must not cut it short.
    """
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    asked: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        asked.append(number)
        for other in _SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        raise Interrupted

    for number, handler in before.items():
        is_nohup = number == signal.SIGHUP and handler == signal.SIG_IGN
        signal.signal(number, signal.SIG_IGN if is_nohup else interrupt)
    try:
        yield
    except Interrupted:
        return
    except Exception:
        if not asked:  # else it is what was cut short that failed
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True)
class Child:
    """One process with its log."""

    name: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    log: IO[bytes]
    is_quiet: bool = False
    unsaid: Sequence[str] = ()
    rest: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))

    def read(self) -> bool:
        """Take what it printed; False at its end."""
        chunk = os.read(self.output.fileno(), 65536)
        self.log.write(chunk)
        self.log.flush()
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace").rstrip()
            self.last_lines.append(text)
            if not self.is_quiet and not any(words in text for words in self.unsaid):
                say(f"{self.name:<9} | {text}")
        return bool(chunk)

    def signal_group(self, number: int) -> bool:
        """Signal it and all that it started; False when nobody is left."""
        self.process.poll()
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS: only zombies are left
            return False
        return True

    def close(self) -> None:
        """Let go of its files."""
        self.process.wait()
        self.output.close()
        self.log.close()


class Supervisor:
    """Starts processes and ends all of them when its block ends.

    Args:
        environment: of every child, whole.
        logs: folder of the log files, one per child.
        owned_home: home of the embedded server that we started and will stop; the
            guard stops it if we are killed. None: it is not ours.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        logs: Path,
        *,
        owned_home: Path | None = None,
    ) -> None:
        self._environment = dict(environment)
        self._logs = logs
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._guard = _start_guard(owned_home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        is_quiet: bool = False,
        unsaid: Sequence[str] = (),
    ) -> None:
        """Start a process in a group of its own, which is ended as a whole.

        A quiet one only writes its log, and so do lines that hold any of ``unsaid``;
        its last lines are told if it fails.
        """
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = _fresh_log(self._logs / f"{name}.log")
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=self._environment,
        )
        self._tell_guard(f"group {process.pid}")
        if process.stdout is None:
            raise RuntimeError("the pipe asked for is missing")
        child = Child(name, process, process.stdout, log, is_quiet, unsaid)
        self._children.append(child)
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def wait(
        self, until: Callable[[], bool] = lambda: False, *, timeout_s: float = 0
    ) -> bool:
        """Pass output on until ``until()``; False when time is up first.

        Args:
            until: asked about twice a second.
            timeout_s: 0 waits for ever.

        Raises:
            ChildEnded: one of the processes ended.
        """
        end = time.monotonic() + timeout_s
        while not until():
            if timeout_s and time.monotonic() > end:
                return False
            self._pump(0.5)
            self._check()
        return True

    def run(
        self, name: str, command: Sequence[str], *, meanwhile: Callable[[], None]
    ) -> None:
        """Start a quiet process and wait for its end, calling ``meanwhile`` often.

        Raises:
            ChildEnded: it failed, or another process ended.
        """
        self.start(name, command, is_quiet=True)
        child = self._children.pop()
        try:
            while child.process.poll() is None:
                self._pump(0.2)
                self._check()
                meanwhile()
        finally:
            if child.process.poll() != 0:
                self._children.append(child)
        if child.process.returncode:
            self._check()
        if child.output in self._selector.get_map():
            self._selector.unregister(child.output)
        child.close()

    def stop(self) -> None:
        """End every process and what it started, in seconds; once is enough."""
        if self._guard.returncode is not None:
            return
        waiting = [child for child in self._children if child.signal_group(15)]
        if waiting:
            say(f"Stopping, in {GRACE_S:.0f} seconds at most")
        end = time.monotonic() + GRACE_S
        while waiting and time.monotonic() < end:
            self._pump(0.1)
            waiting = [child for child in waiting if child.signal_group(0)]
        for child in waiting:
            child.signal_group(signal.SIGKILL)
        for child in self._children:
            child.close()
        self._children.clear()
        self._selector.close()
        self._dismiss_guard()

    def _pump(self, timeout_s: float) -> bool:
        """Read what is there; wait at most so long for the first, False if none."""
        if not self._selector.get_map():
            time.sleep(timeout_s)
            return False
        ready = self._selector.select(timeout_s)
        for key, _ in ready:
            if not key.data.read():
                self._selector.unregister(key.fileobj)
        return bool(ready)

    def _check(self) -> None:
        for child in self._children:
            status = child.process.poll()
            if status is None:
                continue
            end = time.monotonic() + 2
            while self._pump(0.2) and time.monotonic() < end:
                pass
            last = "\n  ".join(child.last_lines)
            raise ChildEnded(
                f"{child.name} ended with status {status}. Its last lines:\n  {last}\n"
                f"Everything was stopped. See {child.log.name}, remove the cause and "
                "start again; tiktok-pipelines doctor checks the preconditions."
            )

    def _tell_guard(self, line: str) -> None:
        if self._guard.stdin is not None:
            self._guard.stdin.write(f"{line}\n".encode())
            self._guard.stdin.flush()

    def _dismiss_guard(self) -> None:
        self._tell_guard("done")
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard.wait()


def _fresh_log(file: Path) -> IO[bytes]:
    """A new log; that of the time before stays beside it."""
    if file.exists():
        file.replace(file.with_suffix(".log.1"))
    return file.open("wb")


def program(name: str) -> str:
    """A program of the environment that we run in."""
    return str(Path(sys.executable).parent / name)


def _start_guard(owned_home: Path | None) -> subprocess.Popen[bytes]:
    """The guard outlives us: it has a session of its own."""
    home = [str(owned_home)] if owned_home else []
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "tiktok_pipelines.cli.guard", *home],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
