"""What anyone on the machine can see of processes while they run."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tiktok_pipelines.storage.embedded import EmbeddedServer

_PERIOD_S = 0.05
_ACTIVITY = "SELECT DISTINCT query, application_name FROM pg_stat_activity"


@dataclass(slots=True)
class Watch:
    """Command lines of the processes of a run, and the statements that they run.

    A process is one of the run's if it works below one of its folders, as the
    database server does too.
    """

    folders: tuple[Path, ...]
    command_lines: set[bytes] = field(default_factory=set[bytes])
    statements: set[str] = field(default_factory=set[str])
    looks: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def during(self, server: EmbeddedServer) -> Generator["Watch"]:
        """Look again and again, as long as the block takes."""
        thread = threading.Thread(target=self._look_on, args=(server.dsn("postgres"),))
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def _look_on(self, dsn: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while not self._over.wait(_PERIOD_S):
                self.looks += 1
                self._look_at_processes()
                rows = connection.execute(_ACTIVITY.encode()).fetchall()
                self.statements.update(str(text) for row in rows for text in row)

    def _look_at_processes(self) -> None:
        for place in Path("/proc").glob("[0-9]*"):
            try:
                folder = (place / "cwd").readlink()
                if any(folder.is_relative_to(ours) for ours in self.folders):
                    self.command_lines.add((place / "cmdline").read_bytes())
            except OSError:
                continue  # it has ended, or is not ours to see
