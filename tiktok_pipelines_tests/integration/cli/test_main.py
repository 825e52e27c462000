"""The command line as a whole: help, wrong settings, unknown commands."""

import subprocess
import sys

import pytest

from tiktok_pipelines_tests.integration.cli.conftest import CommandLine

COMMANDS = ("up", "db", "env", "simulator", "doctor")
IMPORTING = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"tiktok_pipelines.cli.{name}")
    if "dagster" in sys.modules:
        print(name)
"""


def test_help_lists_the_commands_and_imports_none_of_them() -> None:
    program = (
        "import sys; from tiktok_pipelines.cli.main import main;"
        "main(['--help'], standalone_mode=False);"
        "print(sorted({'dagster', 'httpx', 'pydantic', 'psycopg'} & set(sys.modules)))"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    assert [name for name in COMMANDS if f"\n  {name} " not in told] == []
    assert told.splitlines()[-1] == "[]"


def test_no_command_imports_dagster() -> None:
    modules = ["up", "server", "backups", "env", "doctor", "schema"]

    told = subprocess.run(
        [sys.executable, "-c", IMPORTING, *modules],
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert told == ""


@pytest.mark.parametrize(
    "command", [("db", "url"), ("env",), ("up",), ("db", "start"), ("doctor",)]
)
def test_a_wrong_setting_is_one_line_and_starts_nothing(
    fresh: CommandLine, command: tuple[str, ...]
) -> None:
    done = fresh.run(*command, TIKTOK_FIRST_SYNC_DAYS="many")

    told = (done.stdout + done.stderr).strip()
    assert "TIKTOK_FIRST_SYNC_DAYS is wrong ('many'): expected" in told
    assert "\n" not in told
    assert done.returncode == (1 if command == ("doctor",) else 2)
    assert not fresh.home.exists()


def test_an_unknown_command_is_refused(fresh: CommandLine) -> None:
    done = fresh.run("dance")

    assert done.returncode == 2
    assert "No such command 'dance'" in done.stderr
