"""The code of a consent comes in unseen, and stays out of process lists."""

import os
import pty
import select
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import PROGRAM, Commands
from tiktok_pipelines_tests.integration.ingest.stored import count

CODE = "ROW_a-code-that-everybody-could-use"


@pytest.mark.parametrize("end", ["\n", "", "\r\n", "\nand more\n"])
def test_a_code_may_come_by_standard_input(
    commands: Commands, simulator: Simulator, database: Database, end: str
) -> None:
    code = simulator.authorize(simulator.sellers[0].id)

    done = commands.run("shops", "connect", "--code", "-", typed=f"{code}{end}")

    assert done.exit_code == 0
    assert count(database, "tiktok_ops.shops") == len(simulator.sellers[0].shops)
    assert code not in done.output


def test_standard_input_without_a_code_tells_where_to_get_one(
    commands: Commands,
) -> None:
    done = commands.run("shops", "connect", "--code", "-", typed="")

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: the code is empty")
    assert done.stderr.strip().endswith("tiktok-pipelines shops connect")


@contextmanager
def connecting(
    commands: Commands, told: str, stdin: int = subprocess.DEVNULL, **more: str
) -> Generator[subprocess.Popen[bytes]]:
    """The real program, in a session that has no terminal."""
    process = subprocess.Popen(
        [PROGRAM, "shops", "connect", *told.split()],
        env={**commands.environment, **more},
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_terminal_is_asked_for_the_code_and_does_not_show_it(
    commands: Commands, simulator: Simulator
) -> None:
    code = simulator.authorize(simulator.sellers[0].id)
    ours, theirs = pty.openpty()

    with connecting(commands, "--code -", stdin=theirs) as process:
        assert process.stderr
        asked = process.stderr.read(len("Code: "))  # the echo is off by now
        os.write(ours, f"{code}\n".encode())
        process.wait(timeout=60)
        shown, _, _ = select.select([ours], [], [], 0)
    os.close(ours)
    os.close(theirs)

    assert (asked, process.returncode) == (b"Code: ", 0)
    assert shown == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process do so")
@pytest.mark.parametrize("spelling", ["--code {}", "--code={}"])
def test_a_code_on_the_command_line_is_gone_from_it_while_it_is_used(
    commands: Commands, spelling: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tiktok:
        tiktok.settimeout(60)
        url = f"http://127.0.0.1:{tiktok.getsockname()[1]}"
        told = spelling.format(CODE)
        with connecting(commands, told, TIKTOK_AUTH_BASE_URL=url) as process:
            connection, _ = tiktok.accept()  # to use the code
            shown = Path(f"/proc/{process.pid}/cmdline").read_text()
            connection.close()

    assert shown.endswith(told.replace(CODE, "*" * len(CODE)).replace(" ", "\0") + "\0")
