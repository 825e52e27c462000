"""``doctor`` where shops are connected: keys, consent, lateness."""

import json

from cryptography.fernet import Fernet

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands

OPEN_DAY = """
    INSERT INTO tiktok_ops.sync_windows (
        shop_id, stream, time_field, window_start, window_end, ids_fetched,
        rows_in_table, verdict, attempts, pages, rows_written, started_at, finished_at
    ) VALUES (
        '7', 'orders', 'create_time', '2026-01-05Z', '2026-01-06Z', 9, 9, 'open', 3, 1,
        9, now(), now()
    )
"""


def checks(commands: Commands, **more: str) -> dict[str, dict[str, object]]:
    told = json.loads(commands.run("doctor", "--json", **more).stdout)
    return {check["name"]: check for check in told}


def execute(database: Database, statement: str) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql(statement)


def test_with_shops_connected_all_is_well(connected: Commands) -> None:
    done = connected.run("doctor")

    assert done.exit_code == 0
    assert {line[:4] for line in done.stdout.splitlines()} == {"ok  "}
    assert "shops: 3 of 3 are enabled" in done.stdout


def test_without_shops_connect_is_named(commands: Commands) -> None:
    found = checks(commands)["shops"]

    assert found["is_ok"]
    assert found["detail"] == "none is connected yet: tiktok-pipelines shops connect"


def test_a_wrong_key_is_named_with_its_remedy(connected: Commands) -> None:
    other = Fernet.generate_key().decode()

    done = connected.run("doctor", TIKTOK_ENCRYPTION_KEYS=other)

    assert done.exit_code == 1
    line = next(line for line in done.stdout.splitlines() if line[:4] == "FAIL")
    assert line.startswith("FAIL  stored secrets: wrong key in TIKTOK_ENCRYPTION_KEYS")
    assert "shops connect" in line


def test_a_wrong_key_for_a_cipher_alone_is_named(
    connected: Commands, database: Database
) -> None:
    execute(database, "UPDATE tiktok_ops.shops SET cipher = 'not encrypted'")

    found = checks(connected)["stored secrets"]

    assert not found["is_ok"]
    assert "the cipher of shop" in str(found["detail"])


def test_a_late_shop_is_noted_but_no_failure(
    connected: Commands, database: Database
) -> None:
    statement = "UPDATE tiktok_ops.shops SET connected_at = now() - interval '2 hours'"
    execute(database, statement)

    done = connected.run("doctor")

    assert done.exit_code == 0
    assert "note  shops: 3 of 3 are enabled; not synced lately: " in done.stdout
    assert "tiktok-pipelines up" in done.stdout


def test_a_shop_in_error_is_noted(connected: Commands, database: Database) -> None:
    execute(database, "UPDATE tiktok_ops.shops SET sync_status = 'error'")

    found = checks(connected)["shops"]

    assert found["is_concern"]
    assert "tiktok-pipelines shops list" in str(found["detail"])


def test_a_disabled_shop_is_counted_and_never_late(
    connected: Commands, database: Database
) -> None:
    statement = (
        "UPDATE tiktok_ops.shops"
        " SET is_enabled = false, connected_at = now() - interval '2 hours'"
    )
    execute(database, statement)

    assert checks(connected)["shops"]["detail"] == "0 of 3 are enabled"


def test_an_open_day_is_a_failure_that_names_its_partition(
    connected: Commands, database: Database
) -> None:
    execute(database, OPEN_DAY)

    done = connected.run("doctor")

    assert done.exit_code == 1
    assert "FAIL  complete days: 1 days are not complete" in done.stdout
    assert "2026-01-05|7" in done.stdout
