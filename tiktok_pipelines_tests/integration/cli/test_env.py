"""``env``: exports that a shell takes and plain Dagster works with."""

import subprocess
from pathlib import Path

from tiktok_pipelines_tests.integration.cli.conftest import CommandLine


def evaluated(command: CommandLine, script: str) -> str:
    """What a shell prints that evaluated the exports first."""
    return subprocess.run(
        ["/bin/sh", "-ec", f'eval "$(tiktok-pipelines env)"; {script}'],
        env=command.variables(),
        cwd=command.folder,
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_a_shell_can_evaluate_the_exports(started: CommandLine) -> None:
    told = evaluated(started, 'echo "$DAGSTER_HOME"; echo "$DAGSTER_PG_URL"')

    home, url = told.splitlines()
    assert Path(home) == started.home / "dagster"
    assert (
        "postgres_url: {env: DAGSTER_PG_URL}"
        in (Path(home) / "dagster.yaml").read_text()
    )
    assert url.startswith("postgresql+psycopg2://postgres@/dagster?host=/")


def test_after_the_exports_the_database_is_still_the_embedded_one(
    started: CommandLine,
) -> None:
    told = evaluated(started, "tiktok-pipelines db status; tiktok-pipelines db url")

    assert "is_running: True" in told
    assert told.splitlines()[-1].startswith("postgresql://postgres@/tiktok?host=/")


def test_plain_dagster_stores_in_postgresql_after_the_exports(
    started: CommandLine,
) -> None:
    told = evaluated(started, "dagster instance info")

    assert "PostgresEventLogStorage" in told or "DagsterPostgresStorage" in told


def test_a_dagster_yaml_of_ones_own_is_kept(started: CommandLine) -> None:
    started.run("env")
    file = started.home / "dagster" / "dagster.yaml"
    written = file.read_text()
    file.write_text(f"# mine\n{written}")

    started.run("env")
    assert file.read_text() == f"# mine\n{written}"

    file.write_text(
        written.replace("max_concurrent_runs: 10", "max_concurrent_runs: 9")
    )
    started.run("env")
    assert file.read_text() == written


def test_without_a_server_the_exports_are_printed_and_the_remedy_is_said(
    fresh: CommandLine,
) -> None:
    done = fresh.run("env")

    assert done.returncode == 0
    assert all(line.startswith("export ") for line in done.stdout.splitlines())
    assert "tiktok-pipelines db start" in done.stderr
