"""The laws of every subject: what shops hold is in the tables, once, however read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from tiktok_pipelines.ingest.rebuild import RebuildRequest
from tiktok_pipelines.ingest.records.rebuild import rebuild_records
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import STATEMENTS
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.chaos.trouble import make_trouble
from tiktok_pipelines_tests.integration.conftest import connect_all, new_database
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.cases import (
    CASES,
    Case,
    given_back,
    tables_of,
    truth_of,
)
from tiktok_pipelines_tests.integration.records.stories import (
    World,
    lived,
    raise_all,
    world,
)

EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
LOADED = [case for case in CASES if case.subject.loads]
EACH_LOADED = pytest.mark.parametrize(
    "case", LOADED, ids=[case.name for case in LOADED]
)


@pytest.fixture(scope="module")
def quiet(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Shops that were read while they lived on, without any trouble."""
    home = tmp_path_factory.mktemp("quiet")
    with new_database(postgres) as url, world(url, home) as opened:
        lived(opened)
        yield opened


def test_every_subject_has_a_case() -> None:
    assert {case.name for case in CASES} == {subject.name for subject in ALL}


@EACH
def test_the_tables_equal_what_the_shops_hold(quiet: World, case: Case) -> None:
    for shop_id in quiet.shop_ids:
        held = truth_of(quiet.simulator, case, shop_id)
        assert given_back(quiet.pipeline.database, case, shop_id) == held


@EACH
def test_there_is_something_to_compare(quiet: World, case: Case) -> None:
    for name in case.subject.mapping.tables():
        assert scalar(quiet.pipeline.database, f"SELECT count(*) FROM tiktok.{name}")


def test_nothing_failed(quiet: World) -> None:
    for report in quiet.reports:
        raise_all(report)


def test_a_sync_without_news_writes_nothing(quiet: World) -> None:
    before = {name: versions(quiet, name) for name in TABLES}

    report = quiet.sync("again")

    assert {result.subject for result in report.results if result.rows_written} == set()
    assert {name: versions(quiet, name) for name in TABLES} == before


def test_a_full_load_of_what_is_there_writes_nothing(quiet: World) -> None:
    before = {name: versions(quiet, name) for name in TABLES}

    quiet.sync("full", is_full=True)

    assert {name: versions(quiet, name) for name in TABLES} == before


@EACH
def test_every_row_names_a_page_that_is_kept(quiet: World, case: Case) -> None:
    for name in case.subject.mapping.tables():
        lost = scalar(
            quiet.pipeline.database,
            f"SELECT count(*) FROM tiktok.{name} AS t WHERE NOT EXISTS ("
            " SELECT FROM tiktok_raw.pages AS p WHERE p.page_id = t.raw_page_id"
            f" AND p.stream = '{case.name}' AND p.shop_id = t.shop_id)",
        )
        assert lost == 0


@EACH_LOADED
def test_the_ledger_proves_what_was_pulled(quiet: World, case: Case) -> None:
    verdicts = rows(
        quiet.pipeline.database,
        "SELECT shop_id, verdict FROM tiktok_ops.sync_windows"
        " WHERE stream LIKE :stream || '%'",
        stream=case.name,
    )

    assert {row["verdict"] for row in verdicts} == {"closed"}
    assert {row["shop_id"] for row in verdicts} == served(quiet, case)


def test_each_stream_of_the_ledger_is_one_of_its_subjects(quiet: World) -> None:
    """Else no check, no coverage and no doubt would tell of it."""
    found = rows(
        quiet.pipeline.database, "SELECT DISTINCT stream FROM tiktok_ops.sync_windows"
    )

    known = {ledger for subject in ALL for ledger in subject.ledgers}
    assert {row["stream"] for row in found} - known == {"orders"}


@EACH
def test_rows_made_anew_from_the_pages_equal_those_that_are_there(
    quiet: World, case: Case
) -> None:
    request = RebuildRequest(is_dry_run=True)

    report = rebuild_records(
        quiet.pipeline.database, case.subject.mapping, request, log=lambda _: None
    )

    found = [each for shop in report.shops for each in shop.differences if each.total]
    assert found == []
    assert {shop.shop_id for shop in report.shops} == told(quiet, case)


def served(world: World, case: Case) -> set[str]:
    """The shops that are asked for the subject at all."""
    return {
        shop.id for shop in world.simulator.shops if case.subject.is_for(shop.region)
    }


def told(world: World, case: Case) -> set[str]:
    """Those that it is not refused to."""
    at_home = {shop.id for shop in world.simulator.shops if shop.is_domestic}
    return served(world, case) - (at_home if case.is_refused_at_home else set())


@EACH
def test_rows_that_were_lost_are_made_anew_without_one_call(
    quiet: World, case: Case
) -> None:
    database, subject = quiet.pipeline.database, case.subject
    before = [tables_of(database, subject, shop_id) for shop_id in quiet.shop_ids]
    calls = quiet.simulator.calls.total()
    for name in subject.mapping.tables():
        with database.begin() as connection:
            connection.execute(text(f"DELETE FROM tiktok.{name}"))

    rebuild_records(database, subject.mapping, RebuildRequest(), log=lambda _: None)

    after = [tables_of(database, subject, shop_id) for shop_id in quiet.shop_ids]
    assert after == before
    assert quiet.simulator.calls.total() == calls


TABLES = sorted({name for subject in ALL for name in subject.mapping.tables()})


def versions(world: World, name: str) -> list[object]:
    """What identifies each version of each row."""
    found = rows(
        world.pipeline.database,
        f"SELECT ctid::text, xmin::text FROM tiktok.{name} ORDER BY 1",
    )
    return [tuple(row.values()) for row in found]


@pytest.fixture(scope="module")
def troubled(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Shops whose answers were late, cut, refused, spoiled and moved, then quiet."""
    home = tmp_path_factory.mktemp("troubled")
    with new_database(postgres) as url, world(url, home) as opened:
        for turn, step in enumerate(TROUBLED_STEPS, start=1):
            make_trouble(opened.simulator, turn)
            if turn == 1:  # one sync surely fails, whatever strikes the others
                opened.simulator.faults.add(Fault("server_error", path=STATEMENTS))
            opened.simulator.clock.advance(step)
            opened.sync_orders()
            opened.sync(f"trouble {turn}")
        opened.simulator.faults.clear()
        connect_all(opened.pipeline, opened.simulator)  # some lost their tokens
        opened.simulator.clock.advance(A_DAY)  # what is listed once a day is due
        opened.let_happenings_pass()
        for _ in range(2):
            opened.sync_orders()
            opened.sync_until_quiet()
        yield opened


A_DAY = timedelta(hours=25)
TROUBLED_STEPS = [timedelta(hours=hours) for hours in (0, 3, 2, 9)]


@EACH
def test_after_trouble_the_tables_equal_what_the_shops_hold(
    troubled: World, case: Case
) -> None:
    for shop_id in troubled.shop_ids:
        truth = truth_of(troubled.simulator, case, shop_id)
        held = given_back(troubled.pipeline.database, case, shop_id)
        assert [one for one in held if one not in truth] == []
        assert [one for one in truth if one not in held] == []
        assert len(held) == len(truth)


def test_trouble_had_struck(troubled: World) -> None:
    drift = rows(
        troubled.pipeline.database, "SELECT DISTINCT kind FROM tiktok_ops.api_drift"
    )
    kinds = {row["kind"] for row in drift}
    assert kinds >= {"unknown_field", "null_value", "other_type"}
    assert any(report.failures for report in troubled.reports)
    assert troubled.reports[-1].failures == []


@EACH
def test_after_trouble_nothing_of_it_is_left_in_quarantine(
    troubled: World, case: Case
) -> None:
    left = rows(
        troubled.pipeline.database,
        "SELECT stream, record_key, reason FROM tiktok_ops.quarantine_records"
        " WHERE resolved_at IS NULL AND stream = ANY(:streams)",
        streams=[case.name, *case.subject.mapping.tables()],
    )

    assert left == []
