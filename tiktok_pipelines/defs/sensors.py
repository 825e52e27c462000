"""Sensors: shops that were connected become partitions."""

import dagster as dg

from tiktok_pipelines.defs.partitions import tiktok_shops
from tiktok_pipelines.defs.resources import TokenStoreResource


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Adds connected shops as partitions; never takes one away.",
)
def shops_sensor(
    context: dg.SensorEvaluationContext, token_store: TokenStoreResource
) -> dg.SensorResult | dg.SkipReason:
    """Add the shops that Dagster does not know yet."""
    with token_store.open() as store:
        wanted = [shop.shop_id for shop in store.shops()]
    known = set(context.instance.get_dynamic_partitions("tiktok_shops"))
    new = [shop_id for shop_id in wanted if shop_id not in known]
    if not new:
        return dg.SkipReason("no new shop")
    return dg.SensorResult(
        dynamic_partitions_requests=[tiktok_shops.build_add_request(new)]
    )
