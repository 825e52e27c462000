"""``up``, ``simulator`` and ``dagster dev``: what stays in the foreground."""

import re
import signal
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.busy_ports import busy_port
from tiktok_pipelines_tests.integration.cli.conftest import PROGRAM, CommandLine

APP = {"TIKTOK_APP_KEY": "key", "TIKTOK_APP_SECRET": "hush"}
ROOT = Path(__file__).parents[3]
DEVELOPING = ("/bin/sh", "-ec", 'eval "$(tiktok-pipelines env)"; exec dagster dev')


@contextmanager
def running(
    command: CommandLine, *arguments: str
) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
    """Our program in the background."""
    with started(command, [str(PROGRAM), *arguments], command.folder) as found:
        yield found


@contextmanager
def started(
    command: CommandLine, arguments: Sequence[str], folder: Path
) -> Generator[tuple[subprocess.Popen[bytes], Path]]:
    """A program in the background, in that folder; its output goes to a file."""
    told = command.folder / "told.txt"
    with (
        told.open("wb") as file,
        subprocess.Popen(
            arguments,
            env=command.variables(**APP),
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield process, told
        finally:
            process.terminate()
            process.wait(240)


def found(told: Path, pattern: str, within_s: float) -> str:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        match = re.search(pattern, told.read_text())
        if match:
            return match[1]
        time.sleep(0.2)
    raise AssertionError(f"no {pattern} in:\n{told.read_text()}")


def warnings_in(told: Path) -> list[str]:
    """The lines that warn of something."""
    lines = told.read_text().splitlines()
    return [line for line in lines if re.search(r"warn", line, re.IGNORECASE)]


def processes_of(home: Path) -> list[str]:
    done = subprocess.run(
        ["ps", "axww", "-o", "args="], capture_output=True, check=True, text=True
    )
    return [line for line in done.stdout.splitlines() if str(home) in line]


def test_up_runs_everything_and_ends_all_it_started(fresh: CommandLine) -> None:
    with busy_port() as busy:
        port = str(busy)
        with running(fresh, "up", "--port", port) as (process, told):
            url = found(told, r"Dagster UI: (\S+)", within_s=600)
            info = httpx.get(f"{url}/server_info", timeout=240).json()
            dsn = EmbeddedServer(fresh.home).dsn()
            with psycopg.connect(dsn) as connection:
                connection.execute("SELECT 1 FROM tiktok.orders")
            second = fresh.run("up", **APP)
            log = fresh.home / "logs" / "daemon.log"
            found(log, r"(Sensor shops_sensor skipped)", within_s=240)

            process.send_signal(signal.SIGINT)
            process.wait(240)

    assert f"Port {port} is busy" in told.read_text()
    assert warnings_in(told) == []
    assert "sensor" not in told.read_text()  # what ticks for nothing
    assert "dagster_webserver_version" in info
    assert (second.returncode, "already" in second.stderr) == (2, True)
    assert process.returncode == 0
    assert not EmbeddedServer(fresh.home).status().is_running
    assert processes_of(fresh.home) == []


def test_dagster_dev_warns_of_nothing_that_is_ours(fresh: CommandLine) -> None:
    fresh.run("db", "start")
    fresh.run("db", "upgrade")

    with started(fresh, DEVELOPING, ROOT) as (process, told):
        found(told, r"(Serving dagster-webserver)", within_s=240)
        found(told, r"(Sensor shops_sensor skipped)", within_s=240)
        process.send_signal(signal.SIGINT)
        process.wait(240)

    # of a first start, and of the project's file beside a DAGSTER_HOME elsewhere
    dagsters_own = ("No cursor for event type", "dagster.yaml", "Port 3000 is in use")
    found_warnings = warnings_in(told)
    assert [w for w in found_warnings if not any(x in w for x in dagsters_own)] == []


def test_up_leaves_a_server_alone_that_ran_before(fresh: CommandLine) -> None:
    fresh.run("db", "start")

    with running(fresh, "up") as (process, told):
        found(told, r"(PostgreSQL runs)", within_s=240)
        process.send_signal(signal.SIGTERM)
        process.wait(240)

    assert process.returncode == 0
    assert EmbeddedServer(fresh.home).status().is_running


def test_up_without_the_app_starts_nothing(fresh: CommandLine) -> None:
    done = fresh.run("up")

    assert done.returncode == 2
    assert done.stderr.startswith("Error: TIKTOK_APP_KEY is not set")
    assert not fresh.home.exists()


def test_the_simulator_serves_and_tells_how_to_reach_it(fresh: CommandLine) -> None:
    options = ("--port", "18900", "--shops", "2", "--orders", "3", "--days", "5")
    with running(fresh, "simulator", *options) as (process, told):
        url = found(told, r"TIKTOK_API_BASE_URL=(\S+)", within_s=240)
        found(told, r"(Ctrl-C)", within_s=240)
        state = _state(url)

        process.send_signal(signal.SIGTERM)
        process.wait(240)

    assert len(state["shops"]) == 2
    assert process.returncode == 0
    assert "TIKTOK_CONSENT_URL_ROW=" in told.read_text()


def _state(url: str) -> dict[str, list[object]]:
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport, timeout=240) as client:
        return client.get(f"{url}/_sim/state").json()
