"""Processes that are started, watched and ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiktok_pipelines.cli.ports import free_port
from tiktok_pipelines.cli.processes import ChildEnded, Supervisor

# A child with a child of its own, as Dagster's have; both numbers go to a file.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
with open(sys.argv[1] + ".part", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".part", sys.argv[1])
print("ready", flush=True)
time.sleep(300)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(300)
"""
# Whoever started the tests by nohup has told SIGHUP to be ignored.
SUPERVISED = """
import os, pathlib, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from tiktok_pipelines.cli.processes import Supervisor, interruptible
folder = pathlib.Path(sys.argv[1])
with interruptible(), Supervisor(os.environ, folder / "logs") as supervisor:
    command = [sys.executable, "-c", sys.argv[2], str(folder / "pids")]
    supervisor.start("family", command)
    supervisor.wait()
print("clean end", flush=True)
"""


def family(folder: Path) -> list[str]:
    return [sys.executable, "-c", FAMILY, str(folder / "pids")]


def pids(folder: Path) -> list[int]:
    end = time.monotonic() + 120
    while not (folder / "pids").exists() and time.monotonic() < end:
        time.sleep(0.05)
    return [int(word) for word in (folder / "pids").read_text().split()]


def is_running(pid: int) -> bool:
    """A zombie, which waits for its parent only, does not run."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)],
        capture_output=True,
        check=False,
        text=True,
    )
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def gone(running: list[int], within_s: float) -> bool:
    end = time.monotonic() + within_s
    while any(is_running(pid) for pid in running) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(is_running(pid) for pid in running)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(os.environ, tmp_path / "logs") as found:
        yield found


def test_output_goes_to_the_log_and_prefixed_to_the_terminal(
    tmp_path: Path, supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "logs" / "family.log"
    supervisor.start("family", family(tmp_path))

    supervisor.wait(lambda: "\n" in log.read_text(), timeout_s=120)

    assert log.read_text() == "ready\n"
    assert capsys.readouterr().err == "family    | ready\n"


def test_what_is_to_be_left_unsaid_stands_in_the_log_alone(
    tmp_path: Path, supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "logs" / "child.log"
    says = "import time; print('noise\\nnews', flush=True); time.sleep(300)"
    supervisor.start("child", [sys.executable, "-c", says], unsaid=["noise"])

    supervisor.wait(lambda: log.read_text().endswith("news\n"), timeout_s=120)

    assert log.read_text() == "noise\nnews\n"
    assert capsys.readouterr().err == "child     | news\n"


def test_a_crashed_child_is_told_with_its_last_lines(supervisor: Supervisor) -> None:
    crash = "print('out of luck'); raise SystemExit(3)"
    supervisor.start("crash", [sys.executable, "-c", crash])

    with pytest.raises(
        ChildEnded, match=r"crash ended with status 3(.|\n)*out of luck"
    ):
        supervisor.wait(timeout_s=120)


def test_a_crashed_child_ends_the_others(tmp_path: Path) -> None:
    def run_both() -> None:
        with Supervisor(os.environ, tmp_path / "logs") as supervisor:
            supervisor.start("family", family(tmp_path))
            pids(tmp_path)
            supervisor.start("crash", [sys.executable, "-c", "raise SystemExit(3)"])
            supervisor.wait()

    with pytest.raises(ChildEnded):
        run_both()

    assert gone(pids(tmp_path), within_s=60)


def test_the_end_reaches_what_the_children_started(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    supervisor.start("family", family(tmp_path))
    running = pids(tmp_path)
    assert all(is_running(pid) for pid in running)

    supervisor.stop()

    assert gone(running, within_s=60)


def test_a_child_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiktok_pipelines.cli.processes.GRACE_S", 0.5)
    with Supervisor(os.environ, tmp_path) as supervisor:
        supervisor.start("stubborn", [sys.executable, "-c", STUBBORN])
        log = tmp_path / "stubborn.log"
        supervisor.wait(lambda: "\n" in log.read_text(), timeout_s=120)
        started = time.monotonic()

    assert time.monotonic() - started < 100


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(tmp_path), FAMILY],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        running = pids(tmp_path)

        process.send_signal(number)
        told, _ = process.communicate(timeout=120)

    assert (process.returncode, told) == (0, "clean end\n")
    assert gone(running, within_s=60)


def test_even_kill_9_leaves_no_orphans(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(tmp_path), FAMILY],
        stderr=subprocess.DEVNULL,
    ) as process:
        running = pids(tmp_path)

        process.kill()

    assert gone(running, within_s=60)


def test_a_busy_port_is_replaced_by_the_next_free_one_aloud(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]

        free = free_port(taken)

    assert taken < free <= taken + 100
    assert f"Port {taken} is busy: using {free}." in capsys.readouterr().err
