"""Connections, transactions and locks; what a refusal may quote."""

import signal
import subprocess
import sys
import threading
import traceback

import pytest
from sqlalchemy import make_url, text

from tiktok_pipelines.errors import DatabaseUnavailable, StorageError
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database, lock_key
from tiktok_pipelines.storage.upsert import merge_different

SECRET = "Aminah-Secret"
HOLD = """
import sys, time
from tiktok_pipelines.storage.database import Database
with Database(sys.argv[1]).lock("a shop"):
    print("held", flush=True)
    time.sleep(60)
"""
REFUSED = {
    "wrong type": f"SELECT '{SECRET}'::integer",
    "wrong date": f"SELECT '{SECRET}'::timestamptz",
    "wrong json": f"SELECT '{SECRET}'::jsonb",
    "duplicate": f"""
        INSERT INTO tiktok_ops.sync_cursors (shop_id, stream)
        VALUES ('{SECRET}', 'x'), ('{SECRET}', 'x')""",
    "null": f"""
        INSERT INTO tiktok_ops.sync_cursors (shop_id, stream)
        VALUES ('{SECRET}', NULL)""",
    "no such column": f'SELECT "{SECRET}" FROM tiktok.orders',
}


def told_by(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_refusal_quotes_no_value(database: Database, statement: str) -> None:
    with pytest.raises(StorageError) as caught, database.begin() as connection:
        connection.execute(text(statement))

    assert SECRET not in told_by(caught.value).replace(statement, "")
    assert "PostgreSQL refused a statement" in str(caught.value)


def test_a_bound_value_is_not_quoted(database: Database) -> None:
    statement = text("SELECT CAST(:value AS integer)")

    with pytest.raises(StorageError) as caught, database.begin() as connection:
        connection.execute(statement, {"value": SECRET})

    assert SECRET not in told_by(caught.value)


def test_a_refused_copy_quotes_no_value(database: Database) -> None:
    row = {"shop_id": SECRET, "stream": None, "run_id": SECRET}

    with pytest.raises(StorageError) as caught, database.begin() as connection:
        merge_different(connection, tables.sync_cursors, [row])

    assert SECRET not in told_by(caught.value)


def test_a_missing_table_names_the_remedy(database: Database) -> None:
    with (
        pytest.raises(StorageError, match="db upgrade"),
        database.begin() as connection,
    ):
        connection.execute(text("SELECT * FROM tiktok.no_such_table"))


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    insert = text(
        "INSERT INTO tiktok_ops.sync_cursors (shop_id, stream) VALUES ('1', 'x')"
    )

    def twice() -> None:
        with database.begin() as connection:
            connection.execute(insert)
            connection.execute(insert)

    with pytest.raises(StorageError):
        twice()

    with database.begin() as connection:
        count = text("SELECT count(*) FROM tiktok_ops.sync_cursors")
        assert connection.execute(count).scalar_one() == 0


def test_a_session_that_is_ended_is_a_database_that_went_away(
    database: Database,
) -> None:
    with (
        pytest.raises(DatabaseUnavailable, match="start it"),
        database.begin() as connection,
    ):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_the_next_transaction_works_after_a_lost_session(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable), database.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with database.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_times_are_utc_whatever_the_server_says(
    database: Database, database_url: str
) -> None:
    name = make_url(database_url).database
    with database.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'"))
    database.close()

    with database.begin() as connection:
        assert connection.execute(text("SHOW TimeZone")).scalar_one() == "UTC"


def test_a_lock_dies_with_its_process(database: Database, database_url: str) -> None:
    command = [sys.executable, "-c", HOLD, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        was_free = is_free(database, "a shop")

        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=60)

    assert not was_free
    taken = threading.Event()
    waiter = threading.Thread(target=take, args=(database, taken), daemon=True)
    waiter.start()
    assert taken.wait(timeout=60)
    waiter.join(timeout=60)


def take(database: Database, taken: threading.Event) -> None:
    with database.lock("a shop"):
        taken.set()


def is_free(database: Database, name: str) -> bool:
    """Whether another session could take the lock now."""
    ask = text("SELECT pg_try_advisory_xact_lock(:key)")
    with database.begin() as connection:
        return connection.execute(ask, {"key": lock_key(name)}).scalar_one()


def test_a_lock_is_given_back_when_its_work_fails(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.lock("a shop"):
        _ = 1 / 0

    assert is_free(database, "a shop")


def test_the_password_is_not_printed() -> None:
    opened = Database("postgresql://me:hush@example.invalid/tiktok")

    assert "hush" not in repr(opened)
    opened.close()
