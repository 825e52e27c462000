"""By which ways goods leave warehouses: asked warehouse by warehouse."""

from typing import cast

from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.paths import DELIVERY_OPTIONS
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.stored import rows
from tiktok_pipelines_tests.integration.records.test_finance import DAY
from tiktok_pipelines_tests.integration.records.test_listing import runs_of

NAMES = ("warehouses", "delivery_option_lists")


def sync(pipeline: Pipeline, simulator: Simulator) -> None:
    """List the warehouses of the first shop and what they send by."""
    subjects = [BY_NAME[name] for name in NAMES]
    runs_of(pipeline).sync([simulator.shops[0].id], subjects).raise_if_failed()


def options(pipeline: Pipeline) -> list[tuple[object, object]]:
    found = rows(
        pipeline.database,
        "SELECT warehouse_id, type FROM tiktok.delivery_options ORDER BY 1, 2",
    )
    return [(row["warehouse_id"], row["type"]) for row in found]


def test_warehouses_for_returns_are_not_asked_for_delivery_options(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    sync(pipeline, simulator)

    found = rows(
        pipeline.database,
        "SELECT type, count(*), count(l.warehouse_id) AS asked"
        " FROM tiktok.warehouses LEFT JOIN tiktok.delivery_option_lists AS l"
        " USING (shop_id, warehouse_id) GROUP BY type ORDER BY type",
    )
    back, out = found
    assert (back["type"], back["count"], back["asked"]) == ("RETURN_WAREHOUSE", 1, 0)
    assert (out["type"], out["asked"]) == ("SALES_WAREHOUSE", out["count"])
    calls = simulator.calls["GET", DELIVERY_OPTIONS, simulator.shops[0].id]
    assert calls == out["count"]


def test_a_way_that_is_switched_off_goes(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    sync(pipeline, simulator)
    held = options(pipeline)
    simulator.around = without_express
    pipeline.clock.sleep(DAY.total_seconds())

    sync(pipeline, simulator)

    assert "EXPRESS" in {kind for _, kind in held}
    assert options(pipeline) == [one for one in held if one[1] != "EXPRESS"]


async def without_express(visit: Visit, answer: Answer) -> Response:
    """Let no warehouse send by express."""
    response = answer()
    if not visit.path.endswith("/delivery_options"):
        return response
    told = cast("Json", decode(bytes(response.body)))
    listed = cast("list[Json]", told["data"]["delivery_options"])
    told["data"]["delivery_options"] = [
        one for one in listed if one["type"] != "EXPRESS"
    ]
    return Response(encode(told), media_type="application/json")
