"""Where the benches play: a PostgreSQL, fresh databases in it, and a page server."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
from cryptography.fernet import Fernet

from bench.metering import machine
from bench.page_server import STATS
from tiktok_pipelines.storage.bundled import major_version
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade

MIGRATED, EMPTY = "migrated", "template1"
"""Databases to copy."""
COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path.home() / ".cache/tiktok-pipelines-bench/compiled"),
}
"""The environment in which a process finds its modules compiled, as users do."""
_LIMITLESS = "1000000"


@dataclass(frozen=True, slots=True)
class Pages:
    """A page server that runs."""

    url: str
    shop_ids: list[str]
    ciphers: list[str]
    pid: int

    def ask(self, path: str) -> dict[str, Any]:
        """Use one of its controls."""
        return httpx.get(self.url + path).raise_for_status().json()

    def stats(self) -> dict[str, Any]:
        """What was asked since the last time."""
        return self.ask(STATS)


@dataclass(frozen=True, slots=True)
class Stage:
    """A PostgreSQL of its own, as the embedded one is set up, fsync on."""

    server: EmbeddedServer
    folder: Path

    @property
    def postmaster(self) -> int:
        """The number of the server's process."""
        pid = self.server.status().pid
        assert pid is not None
        return pid

    @contextmanager
    def database(self, name: str, *, template: str = MIGRATED) -> Generator[str]:
        """A fresh database, gone after the block; nothing else is left to write."""
        self.administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        self.administer("CHECKPOINT")
        try:
            yield self.server.dsn(name)
        finally:
            self.administer(f"DROP DATABASE {name} WITH (FORCE)")

    def administer(self, statement: str) -> None:
        """Run a statement that belongs into no transaction."""
        dsn = self.server.dsn("postgres")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def open_stage() -> Generator[Stage]:
    """A server in a folder that is removed at the end; says what machine it is on."""
    print(f"{machine()}, PostgreSQL {major_version()}", flush=True)
    with (
        TemporaryDirectory(prefix="tiktok-bench-") as folder,
        EmbeddedServer(Path(folder)).running() as server,
    ):
        stage = Stage(server, Path(folder))
        _compile("bench.ours", "bench.limit")
        stage.administer(f"CREATE DATABASE {MIGRATED}")
        upgrade(server.dsn(MIGRATED))
        yield stage


def _compile(*modules: str) -> None:
    """Compile what modules import, where it was not."""
    imports = f"import {', '.join(modules)}"
    command = [sys.executable, "-c", imports]
    subprocess.run(command, env={**os.environ, **COMPILED}, check=True)


@contextmanager
def serve_pages(**options: float) -> Generator[Pages]:
    """A page server in a process of its own, ended after the block."""
    command = [sys.executable, "-m", "bench.page_server"]
    for name, value in options.items():
        command += ["--" + name.replace("_", "-"), str(value)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Pages(**json.loads(process.stdout.readline()), pid=process.pid)
        finally:
            process.terminate()


def settings_of(
    pages: Pages, database_url: str, home: Path, *, rate: str = _LIMITLESS
) -> dict[str, str]:
    """The environment in which our pipeline loads from the pages."""
    return {
        **COMPILED,
        "TIKTOK_APP_KEY": "bench",
        "TIKTOK_APP_SECRET": "bench-secret",
        "TIKTOK_SERVICE_ID": "bench",
        "TIKTOK_API_BASE_URL": pages.url,
        "TIKTOK_AUTH_BASE_URL": pages.url,
        "TIKTOK_DATABASE_URL": database_url,
        "TIKTOK_HOME": str(home),
        "TIKTOK_ENCRYPTION_KEYS": _KEY,
        "TIKTOK_RATE_LIMIT_PER_SECOND": rate,
    }


def ask_one(database_url: str, query: str) -> Any:  # noqa: ANN401 - a value
    """The one value that a query gives."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


_KEY = Fernet.generate_key().decode()
