"""What the code location imports when it loads: many processes do, mostly idle ones.

Modules are told, not times: those differ between machines. A run imports the rest.
"""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "alembic",
    "cryptography",
    "httpx",
    "msgspec",
    "pandas",
    "psycopg",
    "psycopg2",
    "rich",
    "sqlalchemy",
    "uvicorn",
    "zstandard",
}
TABLES = "tiktok_pipelines.storage.tables"
OURS = ("cli", "ingest", "simulator", "tokens", "transform")


def loaded_by(module: str) -> set[str]:
    """Every module that a fresh interpreter holds after an import."""
    told = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, check=True, text=True
    )
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module")
def added() -> set[str]:
    """What the definitions load beyond Dagster itself."""
    return loaded_by("tiktok_pipelines.definitions") - loaded_by("dagster")


def test_the_search_sees_what_is_loaded(added: set[str]) -> None:
    assert "tiktok_pipelines.definitions" in added
    assert "tiktok_pipelines.storage.catalog" in added
    assert loaded_by("httpx") > {"httpx"}


def test_the_code_location_loads_nothing_that_only_runs_need(added: set[str]) -> None:
    assert HEAVY & added == set(), "import it in the function that a run calls"


def test_of_ours_the_code_location_loads_the_wiring_alone(
    added: set[str],
) -> None:
    packages = tuple(f"tiktok_pipelines.{name}" for name in OURS)

    work = sorted(module for module in added if module.startswith(packages))
    assert work == [], "import it in the function that a run calls"
    assert not {"tiktok_pipelines.storage.database", TABLES} & added
