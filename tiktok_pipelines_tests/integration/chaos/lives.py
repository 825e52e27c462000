"""Processes that are started, watched and killed."""

import multiprocessing
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess

from tiktok_pipelines_tests.integration.chaos.worker import FAILED, Errand, run_errand

_PATIENCE_S = 240


@dataclass(frozen=True, slots=True)
class Life:
    """One process on its errand."""

    errand: Errand
    process: ForkServerProcess

    @property
    def is_over(self) -> bool:
        return not self.process.is_alive()

    @property
    def told(self) -> str:
        """What it said in the end; empty while it is at work, or if it was killed."""
        diary = self.errand.diary
        return diary.read_text() if diary.exists() else ""

    @property
    def crashed(self) -> bool:
        """Whether it ended otherwise than done, failed or killed."""
        return self.process.exitcode not in (None, 0, FAILED, -signal.SIGKILL)

    def kill(self) -> bool:
        """SIGKILL to the process and its group; whether that hit it at work."""
        with suppress(ProcessLookupError):  # it has ended, or has no group yet
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        return self.process.exitcode == -signal.SIGKILL and not self.told

    def wait(self) -> str:
        """Let it come to its end; what it said."""
        self.process.join(_PATIENCE_S)
        assert self.is_over, f"{self.errand.run_id} hangs"
        return self.told


@dataclass(slots=True)
class Lives:
    """Starts processes that share nothing but what they import.

    They are forked from a server that has imported everything and opened nothing.
    """

    context: ForkServerContext
    all: list[Life] = field(default_factory=list[Life])

    def start(self, errand: Errand) -> Life:
        process = self.context.Process(target=run_errand, args=(errand,))
        process.start()
        life = Life(errand, process)
        self.all.append(life)
        return life


@contextmanager
def open_lives() -> Generator[Lives]:
    """No process outlives the block."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([run_errand.__module__, "pytest"])
    lives = Lives(context)
    try:
        yield lives
    finally:
        for life in lives.all:
            life.kill()
            life.process.close()
