"""No event, run or log line of Dagster holds buyer data or a secret."""

import re
from collections.abc import Iterator
from typing import Any, cast

import dagster as dg
import pytest

from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines_tests.integration.dagster.world import World, key_of
from tiktok_pipelines_tests.integration.ingest.answers import Json, changing
from tiktok_pipelines_tests.integration.ingest.stored import count, scalar

BUYER_FIELDS = (
    "buyer_email",
    "buyer_nickname",
    "buyer_avatar",
    "buyer_message",
    "recipient_address",
)
# The shop's market, not the buyer's; too short to be looked for.
NOT_PERSONAL, SHORTEST = {"region_code", "address_level_name", "postal_code"}, 5
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def texts(value: object) -> Iterator[str]:
    """Every text in a piece of JSON."""
    if isinstance(value, dict):
        for name, each in cast("Json", value).items():
            yield from () if name in NOT_PERSONAL else texts(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def buyer_values(world: World) -> set[str]:
    """Everything that says who ordered and where he lives; masked texts do not."""
    return {
        text
        for shop_id in world.shop_ids
        for order in world.simulator.truth(shop_id)
        for name in BUYER_FIELDS
        for text in texts(order.get(name))
        if len(text) >= SHORTEST and "**" not in text
    }


def secrets(world: World) -> set[str]:
    store, settings = world.pipeline.shops.store, world.settings
    tokens = [store.seller_tokens(seller) for seller in store.sellers()]
    return {
        settings.app().secret.get_secret_value(),
        *(shop.cipher for shop in world.simulator.shops),
        *(each.access.get_secret_value() for each in tokens),
        *(each.refresh.get_secret_value() for each in tokens),
        *(key.get_secret_value() for key in settings.encryption_keys()),
    }


def stored_events(instance: dg.DagsterInstance) -> str:
    """Every event and run as it is stored; other scripts as people read them."""
    runs = instance.get_runs()
    entries = [each for run in runs for each in instance.all_logs(run.run_id)]
    told = "\n".join(map(dg.serialize_value, [*runs, *entries]))
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), told)


def mistreat(visit: Visit, data: Json) -> None:
    """Spoil orders with their buyers' own words, where careless code quotes them."""
    for place, order in enumerate(data.get("orders", [])):
        words = order.get("recipient_address", {}).get("name", order["buyer_email"])
        spoiled = {"create_time": words, "line_items": words, "payment": {words: words}}
        name = ["id", "create_time", "line_items", "payment"][place % 4]
        order[name] = spoiled.get(name, "")
    data["total_count"] += visit.shop_id[-3:] == "688"


@pytest.fixture
def eventful(world: World) -> World:
    """Good loads, bad records, open days and a revoked seller, one after the other."""
    first, last = world.shop_ids[0], world.shop_ids[-1]
    days = key_of(first, "2026-01-06"), key_of(last, "2026-01-07")
    assert world.materialize(*days).success
    world.simulator.around = changing(mistreat)
    assert not world.materialize(*days).success
    assert not world.sync().success
    world.simulator.revoke(world.simulator.shops[0].seller_id)
    assert not world.sync().success
    return world


def test_no_event_holds_buyer_data_or_a_secret(
    eventful: World, capfd: pytest.CaptureFixture[str]
) -> None:
    personal, secret = buyer_values(eventful), secrets(eventful)

    told = stored_events(eventful.instance) + "".join(capfd.readouterr())

    assert {value for value in personal | secret if value in told} == set()
    assert len(personal) > 300
    assert len(secret) > 6
    assert count(eventful.database, "tiktok_ops.quarantine_records") > 0


def test_what_is_looked_for_would_be_found(world: World) -> None:
    world.materialize(key_of(world.shop_ids[0], "2026-01-06"))
    email = scalar(
        world.database, "SELECT min(buyer_email) FROM tiktok.order_recipients"
    )

    @dg.op
    def leak(context: dg.OpExecutionContext) -> None:
        context.log.info(email)

    careless = dg.GraphDefinition("careless", node_defs=[leak])
    careless.execute_in_process(instance=world.instance)

    assert email in buyer_values(world)
    assert email in stored_events(world.instance)
