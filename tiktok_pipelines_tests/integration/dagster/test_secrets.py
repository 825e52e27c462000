"""Secrets and buyers are found nowhere but where they belong, whatever goes wrong."""

from collections.abc import Iterable, Iterator

import dagster as dg
import pytest

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.ingest.stored import count, scalar
from tiktok_pipelines_tests.integration.secrecy.leavings import Leaving, tables
from tiktok_pipelines_tests.integration.secrecy.needles import Find, Search
from tiktok_pipelines_tests.integration.secrecy.ruin import Ruin, ruined
from tiktok_pipelines_tests.integration.secrecy.told import BUYER, WORDS

# Where buyer data belongs, and where words stay that TikTok sent in fields that are
# no buyer's; both in tables, and what people ask for is shown to them.
PLACES = {
    BUYER: {"tiktok.order_recipients"},
    WORDS: {
        "tiktok.order_recipients",
        "tiktok.orders",
        "tiktok.order_lines",
        "tiktok_raw.pages",
        "tiktok_ops.quarantine_records",
        "printed/tiktok-pipelines-quarantine-show",
        "printed/tiktok-pipelines-raw-show",
    },
}
REFUSED = """
    SELECT count(*) FROM tiktok_ops.quarantine_records
    WHERE reason LIKE '%StringDataRightTruncation 22001%'
"""


@pytest.fixture(scope="module")
def ruin(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ruin]:
    with ruined(postgres, tmp_path_factory.mktemp("ruin")) as left:
        yield left


@pytest.fixture(scope="module")
def search(ruin: Ruin) -> Search:
    return Search(ruin.needles())


@pytest.fixture(scope="module")
def in_tables(ruin: Ruin, search: Search) -> list[Find]:
    return list(finds(search, tables(ruin.server)))


def finds(search: Search, leavings: Iterable[Leaving]) -> Iterator[Find]:
    return (find for place, data in leavings for find in search.finds(place, data))


def leaks(found: Iterable[Find]) -> list[Find]:
    """What stands where it must not, once for each place and form."""
    told = {
        (find.place, find.kind, find.form): find
        for find in found
        if find.place.rpartition(" ")[2] not in PLACES.get(find.kind, set())
    }
    return list(told.values())


def printed(ruin: Ruin, name: str) -> str:
    return (ruin.folder / "printed" / name).read_text()


def test_everything_went_wrong_and_was_logged(ruin: Ruin) -> None:
    sync = printed(ruin, "sync")

    assert "RUN_FAILURE" in sync
    assert "RUN_FAILURE" in printed(ruin, "backfill")
    assert "InterruptedError" in printed(ruin, "stopped")
    assert "let the seller authorise again" in sync
    assert "CheckViolation 23514" in sync
    assert scalar(ruin.database, REFUSED) > 0
    assert "DEBUG:httpcore" in sync
    assert "INFO:sqlalchemy.engine.Engine.tiktok" in sync
    assert "HTTP Request: POST" in sync
    assert len(ruin.simulator.faults.hits) == 16
    assert len(ruin.told.tokens) > 2 * len(ruin.simulator.sellers)
    assert count(ruin.database, "tiktok_ops.quarantine_records") > 20


def test_buyers_and_tokens_are_where_they_belong(
    ruin: Ruin, in_tables: list[Find]
) -> None:
    found = {find.text for find in in_tables if "order_recipients" in find.place}
    with open_store(Settings.from_environment(ruin.environment)) as store:
        tokens = [store.seller_tokens(seller) for seller in store.sellers()]

    assert len(found & ruin.told.buyers) > 500
    assert {token.access.get_secret_value() for token in tokens} <= ruin.told.tokens
    assert {token.refresh.get_secret_value() for token in tokens} <= ruin.told.tokens
    assert scalar(ruin.database, "SELECT count(*) FROM tiktok_raw.pages") > 10


def test_no_other_table_of_any_database_holds_them(in_tables: list[Find]) -> None:
    assert leaks(in_tables) == []


def test_no_file_holds_them(ruin: Ruin, search: Search) -> None:
    names = [name for name, _ in ruin.leavings()]

    assert leaks(finds(search, ruin.leavings())) == []
    assert "postgres.log" in names
    assert any(name.endswith(".db event_logs") for name in names)
    assert any(name.endswith(".err") for name in names)


def test_no_event_or_run_of_dagster_holds_them(
    ruin: Ruin, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    for instance in ruin.instances:
        monkeypatch.setenv("DAGSTER_PG_URL", instance["DAGSTER_PG_URL"])
        with dg.DagsterInstance.from_config(instance["DAGSTER_HOME"]) as opened:
            told = "\n".join(events(opened)).encode()

        assert leaks(search.finds("events", told)) == []
        assert told.count(b"StepFailure") > 0


def events(instance: dg.DagsterInstance) -> Iterator[str]:
    for run in instance.get_runs():
        yield dg.serialize_value(run)
        yield from map(dg.serialize_value, instance.all_logs(run.run_id))


def test_no_process_list_and_no_statement_holds_them(
    ruin: Ruin, search: Search
) -> None:
    lines, statements = ruin.watch.command_lines, ruin.watch.statements
    seen = [("command line", line) for line in lines]
    seen += [("statement", statement.encode()) for statement in statements]

    assert leaks(finds(search, seen)) == []
    assert any(b"sync_orders" in line for line in lines)
    assert any(line.startswith(b"postgres: ") for line in lines)
    assert any("tiktok_ops" in statement for statement in statements)
    assert b"INSERT INTO tiktok.order_recipients" in dict(ruin.leavings())[
        "postgres.log"
    ].replace(b'"', b"")
