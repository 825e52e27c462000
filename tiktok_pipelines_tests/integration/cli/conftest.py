import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tiktok_pipelines.storage.embedded import EmbeddedServer

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
            timeout=120,
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
