"""From a code to encrypted tokens and stored shops, in one commit."""

from datetime import timedelta

import pytest
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import ConfigurationError, NeedsConsent
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.refusals import Refusal
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, table

CREDENTIALS = "tiktok_ops.credentials"


def test_connecting_stores_every_shop_of_the_seller_enabled(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]

    connected = unconnected.connector.connect(simulator.authorize(seller.id))

    assert {shop.id for shop in connected} == {shop.id for shop in seller.shops}
    stored = {shop.shop_id: shop for shop in unconnected.shops.enabled()}
    assert {(s.shop_id, s.name, s.region) for s in stored.values()} == {
        (shop.id, shop.name, shop.region) for shop in seller.shops
    }
    assert {shop.seller for shop in stored.values()} == {seller.open_id}
    assert {shop.sync_status for shop in stored.values()} == {"idle"}


def test_both_tokens_are_stored_encrypted(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    unconnected.connector.connect(simulator.authorize(seller.id))

    (row,) = table(unconnected.database, CREDENTIALS)
    tokens = unconnected.shops.store.seller_tokens(seller.open_id)

    access, refresh = (
        tokens.access.get_secret_value(),
        tokens.refresh.get_secret_value(),
    )
    assert simulator.authorizations.find(access) is not None
    assert access != refresh
    assert not {access, refresh} & {str(value) for value in row.values()}
    assert access not in repr(row)
    assert row["access_expires_at"] == NOW + timedelta(days=7)
    assert row["refreshed_at"] >= NOW


def test_no_cipher_of_a_shop_is_readable_in_the_database(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    stored = repr(table(pipeline.database, "tiktok_ops.shops"))

    assert [shop.id for shop in simulator.shops if shop.cipher in stored] == []
    ciphers = {
        shop.shop_id: pipeline.shops.store.shop_cipher(shop).get_secret_value()
        for shop in pipeline.shops.all()
    }
    assert ciphers == {shop.id: shop.cipher for shop in simulator.shops}


def test_the_shops_of_a_seller_are_stored_in_one_commit(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    written = rows(
        pipeline.database,
        "SELECT seller, count(DISTINCT xmin::text) AS commits FROM tiktok_ops.shops"
        " GROUP BY seller",
    )

    assert {row["seller"]: row["commits"] for row in written} == {
        seller.open_id: 1 for seller in simulator.sellers
    }
    assert count(pipeline.database, CREDENTIALS) == len(simulator.sellers)


def test_the_tokens_of_a_used_code_are_kept_when_the_shops_cannot_be_read(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    async def without_shops(visit: Visit, answer: Answer) -> Response:
        if "/authorization/" in visit.path:
            raise Refusal(36009004, "no")
        return answer()

    simulator.around = without_shops

    seller = simulator.sellers[0]
    with pytest.raises(NeedsConsent, match=r"tokens .* are stored.*shops connect"):
        unconnected.connector.connect(simulator.authorize(seller.id))

    stored = unconnected.shops.store.seller_tokens(seller.open_id)
    assert simulator.authorizations.find(stored.access.get_secret_value()) is not None
    assert count(unconnected.database, "tiktok_ops.shops") == 0


def test_a_code_works_once_and_the_refusal_names_the_remedy(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    code = simulator.authorize(simulator.sellers[0].id)
    unconnected.connector.connect(code)

    with pytest.raises(NeedsConsent, match="shops connect") as caught:
        unconnected.connector.connect(code)

    assert code not in str(caught.value)


def test_connecting_again_renews_the_tokens_and_keeps_the_shops(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    before = pipeline.shops.store.seller_tokens(seller.open_id)
    pipeline.shops.set_status(seller.shops[0].id, "error", error_at=NOW, message="x")

    pipeline.connector.connect(simulator.authorize(seller.id))

    after = pipeline.shops.store.seller_tokens(seller.open_id)
    assert after.access != before.access
    assert len(pipeline.shops.all()) == len(simulator.shops)
    assert {shop.sync_status for shop in pipeline.shops.all()} == {"idle"}


def test_a_new_shop_gets_the_rhythm_of_each_sync(pipeline: Pipeline) -> None:
    found = rows(
        pipeline.database,
        "SELECT DISTINCT sync, interval_minutes FROM tiktok_ops.sync_schedules",
    )

    rhythms = {row["sync"]: row["interval_minutes"] for row in found}
    assert (rhythms["orders"], rhythms["inventory"], rhythms["tokens"]) == (
        15,
        60,
        1440,
    )


def test_connecting_again_keeps_a_rhythm_that_was_changed(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    change = "UPDATE tiktok_ops.sync_schedules SET interval_minutes = 5 RETURNING 1"
    rows(pipeline.database, change)

    pipeline.connector.connect(simulator.authorize(simulator.sellers[0].id))

    found = rows(
        pipeline.database,
        "SELECT DISTINCT interval_minutes AS minutes FROM tiktok_ops.sync_schedules",
    )
    assert found == [{"minutes": 5}]


def test_a_shop_is_switched_off_and_on(pipeline: Pipeline) -> None:
    shop_id = pipeline.shops.all()[0].shop_id

    pipeline.shops.store.set_enabled(shop_id, is_enabled=False)
    off = {shop.shop_id for shop in pipeline.shops.enabled()}
    pipeline.shops.store.set_enabled(shop_id, is_enabled=True)

    assert shop_id not in off
    assert shop_id in {shop.shop_id for shop in pipeline.shops.enabled()}


def test_an_unknown_shop_is_told_with_the_remedy(pipeline: Pipeline) -> None:
    with pytest.raises(ConfigurationError, match="shops list"):
        pipeline.shops.get("749")
    with pytest.raises(ConfigurationError, match="shops list"):
        pipeline.shops.store.set_enabled("749", is_enabled=True)
