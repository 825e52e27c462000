"""What a process costs: its time, its CPU and its memory, and PostgreSQL's CPU.

Linux only: the figures are those of ``/proc``.
"""

import os
import platform
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_MB = 1024 * 1024
_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY_S = 0.05
_UTIME = 11  # the first field of CPU, counted from the state


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took; ``told`` is what it printed.

    ``cpu_s`` and ``peak_mb`` are of its process and those below it, ``server_cpu_s``
    of all of PostgreSQL's and ``api_cpu_s`` of the page server's.
    """

    wall_s: float
    cpu_s: float
    server_cpu_s: float
    api_cpu_s: float
    peak_mb: float
    told: str

    @property
    def all_cpu_s(self) -> float:
        """Of the client and the server."""
        return self.cpu_s + self.server_cpu_s


def machine() -> str:
    """Where the figures come from, and whether others were busy there."""
    model = re.search(r"model name\s*: (.*)", (_PROC / "cpuinfo").read_text())
    kind = f" of {model[1]}" if model else ""
    system = f"{platform.system()} {platform.release()}"
    python, load = platform.python_version(), os.getloadavg()[0]
    return f"{os.cpu_count()} cores{kind}, {system}, Python {python}, load {load:.1f}"


def cpu_of(pid: int, *, ended_children: bool = True) -> float:
    """CPU seconds of a process, and of the children it has waited for."""
    count = 4 if ended_children else 2
    ticks = _stat_of(pid)[_UTIME : _UTIME + count]
    return sum(map(int, ticks)) / _TICKS


def cpu_of_server(postmaster: int) -> float:
    """CPU seconds of PostgreSQL since it started: those that ended count as well."""
    total = cpu_of(postmaster)
    for child in _children_of(postmaster):
        with suppress(OSError):  # ended meanwhile: counted by the postmaster next time
            total += cpu_of(child)
    return total


def measure(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    postmaster: int,
    api: int | None = None,
) -> Cost:
    """Run a command in a fresh process to its end.

    Raises:
        CalledProcessError: it failed.
    """
    server, pages = cpu_of_server(postmaster), cpu_of(api) if api else 0.0
    started = time.monotonic()
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as process:
        watch = MemoryWatch(process.pid)
        assert process.stdout is not None
        told = process.stdout.read()
        peak_mb = watch.stop()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.monotonic() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, told)
    return Cost(
        wall_s,
        used.ru_utime + used.ru_stime,
        cpu_of_server(postmaster) - server,
        cpu_of(api) - pages if api else 0.0,
        peak_mb,
        told,
    )


class MemoryWatch:
    """Looks again and again at how much memory a process and those below it hold."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The most that was held at once, in MB."""
        self._ended.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_S):
            with suppress(OSError, ValueError):  # ended
                held = sum(map(_resident_mb, _family_of(self._pid)))
                self._peak = max(self._peak, held, _high_water_mb(self._pid))


def _family_of(pid: int) -> Iterator[int]:
    yield pid
    for child in _children_of(pid):
        yield from _family_of(child)


def _children_of(pid: int) -> list[int]:
    found: list[int] = []
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def _stat_of(pid: int) -> list[str]:
    """The fields from the state on; the name before it may hold anything."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()


def _resident_mb(pid: int) -> float:
    try:
        pages = (_PROC / str(pid) / "statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * _PAGE / _MB


def _high_water_mb(pid: int) -> float:
    words = (_PROC / str(pid) / "status").read_text().split()
    return int(words[words.index("VmHWM:") + 1]) / 1024
