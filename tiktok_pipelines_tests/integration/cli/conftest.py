"""The real program, and its commands called in this process."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tiktok_pipelines.cli.main import main
from tiktok_pipelines.settings.variables import VARIABLES
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import LIMITLESS

PROGRAM = Path(sys.executable).parent / "tiktok-pipelines"


@dataclass(frozen=True)
class CommandLine:
    """The real program in a folder of its own, with nothing set but the home."""

    folder: Path
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=self.variables(**more),
            cwd=self.folder,
            capture_output=True,
            check=False,
            text=True,
            timeout=240,
        )

    def variables(self, **more: str) -> dict[str, str]:
        path = f"{PROGRAM.parent}:{os.environ['PATH']}"
        base = {"PATH": path, "TIKTOK_HOME": str(self.home)}
        return {**base, **self.environment, **more}


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home")
    yield home
    EmbeddedServer(home).stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[CommandLine]:
    """Nothing made yet."""
    home = tmp_path / "home"
    yield CommandLine(tmp_path, home)
    EmbeddedServer(home).stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def started(tmp_path: Path, module_home: Path) -> CommandLine:
    """With a running server, shared by the tests of a module."""
    EmbeddedServer(module_home).start()
    return CommandLine(tmp_path, module_home)


@dataclass(frozen=True)
class Commands:
    """The commands, called in this process; much faster than the program itself."""

    environment: Mapping[str, str]

    def run(self, *arguments: str, typed: str | None = None, **more: str) -> Result:
        runner = CliRunner(env={**self.environment, **more})
        return runner.invoke(main, arguments, input=typed)


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """In real time, as commands have no other clock."""
    return SimulatorConfig(shops=3, orders=12, days=3, rate_per_second=LIMITLESS)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands for which nothing is set."""
    monkeypatch.chdir(tmp_path)
    for name in (*VARIABLES, "DAGSTER_HOME", "DAGSTER_PG_URL"):
        monkeypatch.delenv(name, raising=False)
    return Commands({"TIKTOK_HOME": str(tmp_path / "home")})


@pytest.fixture
def commands(bare: Commands, environment: dict[str, str]) -> Commands:
    """Commands between simulated shops and a migrated database."""
    return Commands({**bare.environment, **environment})


@pytest.fixture
def connected(commands: Commands, simulator: Simulator) -> Commands:
    """With every seller connected, as a person does it."""
    for seller in simulator.sellers:
        code = simulator.authorize(seller.id)
        assert commands.run("shops", "connect", "--code", code).exit_code == 0
    return commands
