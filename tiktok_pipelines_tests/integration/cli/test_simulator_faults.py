"""``simulator fault``, ``faults`` and ``calm``: trouble on request."""

import json
import re
import socket
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress

import httpx
import pytest

from tiktok_pipelines.simulator import KINDS, Fault, Simulator
from tiktok_pipelines.simulator.paths import TOKEN_REFRESH
from tiktok_pipelines_tests.integration.cli.conftest import (
    PROGRAM,
    CommandLine,
    Commands,
)
from tiktok_pipelines_tests.integration.conftest import Served

REMARK = re.compile("TikTok Shop simulator: |In another shell: |Port 89")


@pytest.fixture
def pointed(bare: Commands, served: Served) -> Commands:
    """Commands that know where the simulator is, and nothing else."""
    return Commands({**bare.environment, "TIKTOK_API_BASE_URL": served.url})


def test_a_fault_is_switched_on_listed_and_ended(
    pointed: Commands, simulator: Simulator
) -> None:
    shop = simulator.shops[1].id
    on = pointed.run(
        *("simulator", "fault", "nulls", "--shop", shop, "--path", "/order/*"),
        *("--rate", "0.5", "--count", "9", "--share", "0.2"),
    )
    listed = json.loads(pointed.run("simulator", "faults", "--json").stdout)
    active = simulator.faults.active()
    off = pointed.run("simulator", "calm")

    assert (on.exit_code, on.stdout) == (0, f"{active[0].id}\n")
    assert active[0].fault == Fault("nulls", shop, "/order/*", 0.5, 9, 0.2)
    assert [(one["kind"], one["hits"], one["left"]) for one in listed] == [
        ("nulls", 0, 9)
    ]
    assert (off.exit_code, off.stdout) == (0, "")
    assert "Faults ended: 1" in off.stderr
    assert simulator.faults.active() == []


def test_seconds_and_code_are_passed_on(
    pointed: Commands, simulator: Simulator
) -> None:
    pointed.run("simulator", "fault", "slow", "--seconds", "2.5")
    pointed.run("simulator", "fault", "error_code", "--code", "36009007")

    faults = [one.fault for one in simulator.faults.active()]
    assert faults == [Fault("slow", seconds=2.5), Fault("error_code", code=36009007)]


def test_faults_are_told_in_a_table(pointed: Commands, simulator: Simulator) -> None:
    simulator.faults.add(Fault("slow", seconds=3, count=2))

    told = pointed.run("simulator", "faults").stdout

    assert re.search(r"slow .* count=2 seconds=3 .* 0 .* 2", told)


def test_without_a_fault_the_output_is_empty(pointed: Commands) -> None:
    told = pointed.run("simulator", "faults")

    assert (told.exit_code, told.stdout) == (0, "")
    assert "No fault is on" in told.stderr
    assert json.loads(pointed.run("simulator", "faults", "--json").stdout) == []


def test_one_kind_is_ended(pointed: Commands, simulator: Simulator) -> None:
    simulator.faults.add(Fault("slow"))
    simulator.faults.add(Fault("nulls"))

    pointed.run("simulator", "calm", "slow")

    assert [one.fault.kind for one in simulator.faults.active()] == ["nulls"]


def test_url_says_which_simulator(bare: Commands, served: Served) -> None:
    done = bare.run("simulator", "fault", "slow", "--url", f"{served.url}/")

    assert done.exit_code == 0
    assert len(served.simulator.faults.active()) == 1


def test_every_kind_is_explained_without_a_simulator(bare: Commands) -> None:
    told = bare.run("simulator", "faults", "--kinds").stdout.splitlines()
    rows = json.loads(bare.run("simulator", "faults", "--kinds", "--json").stdout)

    assert [line.split()[0] for line in told] == list(KINDS)
    assert [row["kind"] for row in rows] == list(KINDS)
    assert all(row["about"] for row in rows)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of nobody: bound, so that nobody else takes it, and not listening."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("command", [("faults",), ("fault", "slow"), ("calm",)])
def test_nobody_listening_is_one_line_with_the_remedy(
    bare: Commands, silent: str, command: tuple[str, ...]
) -> None:
    done = bare.run("simulator", *command, "--url", silent)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Error: no simulator answers at {silent}: start it with tiktok-pipelines "
        "simulator, or pass --url\n"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("rain",), "'rain' is not one of 'throttle', 'throttle_bare'"),
        (("nulls", "--seconds", "3"), "nulls takes no seconds, but: count, path"),
        (("nulls", "--rate", "0"), "rate and share must be above 0 and at most 1"),
    ],
)
def test_a_wrong_fault_is_told_before_anybody_is_asked(
    bare: Commands, options: tuple[str, ...], told: str
) -> None:
    done = bare.run("simulator", "fault", *options)

    assert done.exit_code == 2
    assert told in done.stderr


def test_a_shop_that_the_simulator_does_not_know_is_told(pointed: Commands) -> None:
    done = pointed.run("simulator", "fault", "slow", "--shop", "1")

    assert done.exit_code == 1
    assert "the simulator refused: no shop '1': one of 749" in done.stderr


def test_without_a_command_it_serves_and_cut_connections_leave_no_trace(
    fresh: CommandLine,
) -> None:
    command = [PROGRAM, "simulator", "--port", "8940", "--shops", "1", "--orders", "1"]
    with subprocess.Popen(
        command,
        cwd=fresh.folder,
        env=fresh.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = exported(process.stdout)
        for kind in ("cut_before", "cut_midway", "server_error"):
            added = httpx.post(f"{url}/_sim/faults", json={"kind": kind, "count": 1})
            assert added.status_code == 200
            with suppress(httpx.RemoteProtocolError):
                httpx.get(f"{url}{TOKEN_REFRESH}")
        hits = httpx.get(f"{url}/_sim/faults").json()["hits"]
        process.terminate()
        _, remarks = process.communicate(timeout=120)

    assert hits == {"cut_before": 1, "cut_midway": 1, "server_error": 1}
    assert [line for line in remarks.splitlines() if not REMARK.match(line)] == []
    assert process.returncode == 0


def exported(lines: Iterable[str]) -> str:
    """Where the pipeline is to be pointed, as the program prints it."""
    found = (re.search(r"TIKTOK_API_BASE_URL='?(http[^'\s]+)", line) for line in lines)
    return next(match[1] for match in found if match)
