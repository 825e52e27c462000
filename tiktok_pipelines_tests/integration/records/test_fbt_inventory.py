"""What TikTok keeps for sellers: all of it, each time."""

from typing import cast

from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.paths import FBT_INVENTORY
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.stored import count, rows
from tiktok_pipelines_tests.integration.records.test_listing import runs_of


def sync(pipeline: Pipeline, simulator: Simulator) -> None:
    """List what is kept for the first shop."""
    subjects = [BY_NAME["fbt_inventory"]]
    runs_of(pipeline).sync([simulator.shops[0].id], subjects).raise_if_failed()


def test_goods_of_which_there_is_nothing_any_more_go_with_their_skus(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    sync(pipeline, simulator)
    held = count(pipeline.database, "tiktok.fbt_inventory")
    simulator.around = less_one
    pipeline.clock.sleep(3600)

    sync(pipeline, simulator)

    assert held > 5
    assert count(pipeline.database, "tiktok.fbt_inventory") == held - 1
    assert count(pipeline.database, "tiktok.fbt_inventory_skus") == held - 1


async def less_one(visit: Visit, answer: Answer) -> Response:
    """Let the first goods of the list be gone."""
    response = answer()
    if visit.path != FBT_INVENTORY:
        return response
    told = cast("Json", decode(bytes(response.body)))
    told["data"]["inventory"] = told["data"]["inventory"][1:]
    told["data"]["total_count"] -= 1
    return Response(encode(told), media_type="application/json")


def test_units_add_up_and_are_of_skus_that_are_sold(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    sync(pipeline, simulator)

    (sums,) = rows(
        pipeline.database,
        "SELECT bool_and(on_hand = available + reserved + unfulfillable) AS adds_up,"
        " bool_and(extra = '{}') AS is_all_in_columns FROM tiktok.fbt_inventory",
    )
    assert sums == {"adds_up": True, "is_all_in_columns": True}
    sold = simulator.shops[0].product_of_sku
    skus = rows(pipeline.database, "SELECT sku_id FROM tiktok.fbt_inventory_skus")
    assert {row["sku_id"] for row in skus} <= set(sold)
