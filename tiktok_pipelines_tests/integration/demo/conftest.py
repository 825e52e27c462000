"""The demo as a newcomer runs it, in a place where everything is set against it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.busy_ports import busy_port

PROGRAM = Path(sys.executable).parent / "tiktok-pipelines"
LIMIT_S = 600
UI_PORT, SIMULATOR_PORT = 3000, 8900


@dataclass(frozen=True)
class Place:
    """A folder without workspace.yaml, and an environment full of traps."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def home(self) -> Path:
        """Where the demo lives."""
        return self.folder / ".tiktok_pipelines_demo"

    @property
    def traps(self) -> list[Path]:
        """Folders that the demo has no business in."""
        return [self.folder / name for name in ("other home", "other dagster", "user")]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._ended([PROGRAM, "demo", *arguments])

    def in_a_shell(self, script: str) -> subprocess.CompletedProcess[str]:
        """A person's commands in another terminal, with the same traps."""
        return self._ended(["sh", "-c", script])

    def _ended(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            check=False,
            text=True,
            timeout=LIMIT_S,
        )

    @contextmanager
    def running(self, *arguments: str) -> Generator["Running"]:
        """The demo in the background, ended by Ctrl-C if it still runs."""
        told = self.folder / "told.txt"
        with (
            told.open("wb") as file,
            subprocess.Popen(
                [PROGRAM, "demo", *arguments],
                env=self.environment,
                cwd=self.folder,
                stdout=file,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            try:
                yield Running(process, told)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(240)

    def processes(self) -> list[str]:
        """Whatever has the demo's home in its command line or its environment."""
        done = subprocess.run(
            ["ps", "axeww", "-o", "pid=,args="],
            capture_output=True,
            check=True,
            text=True,
        )
        return [line for line in done.stdout.splitlines() if str(self.home) in line]

    def wait_for_process(self, name: str) -> list[str]:
        """All processes, once one of that name is among them."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            found = self.processes()
            if any(name in line for line in found):
                return found
            time.sleep(0.1)
        raise AssertionError(f"no {name} was started")


@dataclass(frozen=True)
class Running:
    """A demo in the background, and the file with what it said."""

    process: subprocess.Popen[bytes]
    told: Path

    def wait_for(self, pattern: str) -> str:
        """What the pattern's group holds, once the demo says it."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(pattern, self.told.read_text())
            if found:
                return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no {pattern} in:\n{self.told.read_text()}")

    def interrupt(self) -> int:
        """Ctrl-C; return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(240)


def make_place(folder: Path) -> Place:
    """Settings that would lead elsewhere, in the environment and in a ``.env``."""
    traps = {
        "TIKTOK_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        "TIKTOK_APP_KEY": "another_app",
        "TIKTOK_API_BASE_URL": "http://127.0.0.1:1",
        "TIKTOK_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DAGSTER_HOME": str(folder / "other dagster"),
        "DAGSTER_PG_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        "HOME": str(folder / "user"),
    }
    place = Place(folder, {"PATH": os.environ["PATH"], **traps})
    for trap in place.traps:
        trap.mkdir()
    (folder / ".env").write_text(
        f"TIKTOK_HOME={folder / 'other home'}\n"
        f"TIKTOK_ENCRYPTION_KEYS={Fernet.generate_key().decode()}\n"
        f"DAGSTER_HOME={folder / 'other dagster'}\n"
        "TIKTOK_APP_SECRET=another secret\nTIKTOK_START_DATE=2030-01-01\n"
    )
    return place


@pytest.fixture(scope="session", autouse=True)
def held_ports() -> Iterator[set[int]]:
    """The demo's usual ports are busy: those that we hold, the others by themselves."""
    held: set[int] = set()
    with ExitStack() as stack:
        for port in (UI_PORT, SIMULATOR_PORT):
            listener = stack.enter_context(socket.socket())
            with suppress(OSError):
                listener.bind(("127.0.0.1", port))
                listener.listen()
                held.add(port)
        yield held


@pytest.fixture(scope="session", name="busy_port")
def busy_port_of_the_session() -> Iterator[int]:
    """A port that someone else listens on."""
    with busy_port() as port:
        yield port


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    found = make_place(tmp_path_factory.mktemp("demo"))
    yield found
    EmbeddedServer(found.home).stop()


@pytest.fixture(scope="session")
def first_run(place: Place) -> subprocess.CompletedProcess[str]:
    """``demo --exit``, on a machine that never saw it."""
    return place.run("--exit")


@pytest.fixture(scope="session")
def second_run(
    place: Place, first_run: subprocess.CompletedProcess[str], busy_port: int
) -> Iterator[Running]:
    """``demo`` again, left running with its UI."""
    assert first_run.returncode == 0
    with place.running("--port", str(busy_port)) as running:
        running.wait_for(r"(Dagster UI: \S+)")
        yield running
