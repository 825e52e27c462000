"""A whole list: what it holds no longer is marked, and known to rebuilds."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.rebuild import RebuildRequest
from tiktok_pipelines.ingest.records.rebuild import rebuild_records
from tiktok_pipelines.ingest.records.runs import SubjectReport, SubjectRuns
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.paths import WAREHOUSES
from tiktok_pipelines.simulator.simulator import Answer, Visit, answer_plainly
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

SUBJECT = BY_NAME["warehouses"]
Change = Callable[[list[Json]], list[object]]


@pytest.fixture
def shop_id(simulator: Simulator) -> str:
    return simulator.shops[0].id


def sync(pipeline: Pipeline, shop_id: str) -> SubjectReport:
    """List the warehouses, a minute later than before."""
    pipeline.clock.sleep(60)
    return runs_of(pipeline).sync([shop_id], [SUBJECT])


def runs_of(pipeline: Pipeline) -> SubjectRuns:
    settings = pipeline.settings
    return SubjectRuns(
        pipeline.shops,
        "run",
        lambda _: None,
        settings.start_date,
        settings.first_sync_days,
    )


def listing(simulator: Simulator, change: Change) -> None:
    """Let the list of warehouses be another one."""

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if visit.path != WAREHOUSES:
            return response
        told = cast("Json", decode(bytes(response.body)))
        told["data"]["warehouses"] = change(told["data"]["warehouses"])
        return Response(encode(told), media_type="application/json")

    simulator.around = around


def deleted(pipeline: Pipeline) -> list[object]:
    """The reasons of what is marked as deleted."""
    found = rows(
        pipeline.database,
        "SELECT deleted_reason FROM tiktok.warehouses WHERE deleted_at IS NOT NULL",
    )
    return [row["deleted_reason"] for row in found]


def is_as_its_pages_tell(pipeline: Pipeline) -> bool:
    """Whether a rebuild would change nothing."""
    request = RebuildRequest(is_dry_run=True)
    return rebuild_records(
        pipeline.database, SUBJECT.mapping, request, log=lambda _: None
    ).is_equal


def test_what_is_listed_no_longer_is_marked_and_stays(
    pipeline: Pipeline, simulator: Simulator, shop_id: str
) -> None:
    sync(pipeline, shop_id)
    held = count(pipeline.database, "tiktok.warehouses")
    listing(simulator, lambda listed: [*listed[1:]])

    first, again = sync(pipeline, shop_id), sync(pipeline, shop_id)

    assert deleted(pipeline) == ["not_listed"]
    assert count(pipeline.database, "tiktok.warehouses") == held
    assert [one.results[0].rows_written for one in (first, again)] == [1, 0]
    assert is_as_its_pages_tell(pipeline)


def test_what_is_listed_again_is_marked_no_longer(
    pipeline: Pipeline, simulator: Simulator, shop_id: str
) -> None:
    sync(pipeline, shop_id)
    listing(simulator, lambda listed: [*listed[1:]])
    sync(pipeline, shop_id)
    simulator.around = answer_plainly

    sync(pipeline, shop_id)

    assert deleted(pipeline) == []
    assert is_as_its_pages_tell(pipeline)


@pytest.mark.parametrize("bad", [None, {"name": "no id"}], ids=["null", "no id"])
def test_a_record_without_an_id_may_be_the_one_that_is_missing(
    pipeline: Pipeline, simulator: Simulator, shop_id: str, bad: object
) -> None:
    sync(pipeline, shop_id)
    listing(simulator, lambda listed: [bad, *listed[1:]])

    sync(pipeline, shop_id)

    assert deleted(pipeline) == []


def test_a_list_without_anything_is_not_believed(
    pipeline: Pipeline, simulator: Simulator, shop_id: str
) -> None:
    sync(pipeline, shop_id)
    listing(simulator, lambda _: [])

    report = sync(pipeline, shop_id)

    assert [str(error) for _, error in report.failures]
    assert deleted(pipeline) == []
    (newest, *_) = rows(
        pipeline.database,
        "SELECT verdict, note FROM tiktok_ops.sync_windows ORDER BY window_id DESC",
    )
    assert (newest["verdict"], "nothing is listed" in newest["note"]) == ("open", True)


def test_a_row_seen_after_the_list_was_asked_for_is_not_marked(
    pipeline: Pipeline, simulator: Simulator, shop_id: str
) -> None:
    sync(pipeline, shop_id)
    later = pipeline.clock.now() + timedelta(hours=1)
    with pipeline.database.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE tiktok.warehouses SET synced_at = '{later.isoformat()}'"
        )
    listing(simulator, lambda listed: [*listed[1:]])

    sync(pipeline, shop_id)

    assert deleted(pipeline) == []
