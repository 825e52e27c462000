"""Buyer data in records of any subject goes under the order, as the policy allows."""

import pytest

from tiktok_pipelines.api.endpoints.table import RETURN_RECORDS
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import ConfigurationError, PipelineError
from tiktok_pipelines.ingest.erasure import Subject
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.purge import purge_shop
from tiktok_pipelines.ingest.purged import count_purges
from tiktok_pipelines.ingest.records.commit import commit_record_pages
from tiktok_pipelines.ingest.records.pages import read_record_page
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.transform import returns
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines_tests.integration.ingest.stored import count, recipients
from tiktok_pipelines_tests.integration.privacy.world import (
    erase_now,
    everything,
    put,
)
from tiktok_pipelines_tests.integration.records.pages import a_return, read
from tiktok_pipelines_tests.unit.ingest.pages import read as read_orders
from tiktok_pipelines_tests.unit.transform.samples import (
    NOON,
    Json,
    address,
    masked,
    order,
)

ORDER = order(1)["id"]
BUYER = order(1)["user_id"]
NAME = address(1)["name"]


@pytest.fixture
def shop_id(pipeline: Pipeline) -> str:
    return pipeline.shops.all()[0].shop_id


def land(pipeline: Pipeline, shop_id: str, recipient: Json, minutes: int = 0) -> int:
    """Commit a return that tells of a recipient; rows written."""
    store, now = pipeline.shops.store, pipeline.clock.now()
    policy = load_policy(store.database, store.cipher, shop_id, now=now)
    record = a_return(1, order_id=ORDER, recipient_address=recipient)
    page = read([record], minutes, policy=policy)
    target = ShopRun(shop_id, "run")
    (done,) = commit_record_pages(pipeline.database, target, [page])
    return done.rows_written


def land_order(pipeline: Pipeline, shop_id: str) -> None:
    """Commit the order, without its buyer data."""
    store, now = pipeline.shops.store, pipeline.clock.now()
    policy = load_policy(store.database, store.cipher, shop_id, now=now)
    record = order(1, recipient_address=..., buyer_email=..., buyer_message=...)
    page = read_orders([record], policy=policy)
    commit_order_pages(pipeline.database, ShopRun(shop_id), [page])


def held(pipeline: Pipeline, shop_id: str) -> Json:
    """What is known of the order's recipient."""
    found = recipients(pipeline.database, shop_id).get(ORDER, {})
    return found.get("recipient_address", {})


def test_a_recipient_goes_under_the_order_and_nowhere_else(
    pipeline: Pipeline, shop_id: str
) -> None:
    land(pipeline, shop_id, address(1))

    assert held(pipeline, shop_id)["name"] == NAME
    with pipeline.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM tiktok.order_recipients")
    assert NAME not in everything(pipeline.database)


def test_a_masked_recipient_does_not_overwrite_a_clear_one(
    pipeline: Pipeline, shop_id: str
) -> None:
    land(pipeline, shop_id, address(1))

    written = land(pipeline, shop_id, masked(1), minutes=1)

    assert held(pipeline, shop_id)["name"] == NAME
    assert written == 0


def test_what_the_policy_drops_is_never_written(
    pipeline: Pipeline, shop_id: str
) -> None:
    put(pipeline, "recipient_address", "drop")

    land(pipeline, shop_id, address(1))

    assert held(pipeline, shop_id) == {}
    assert NAME not in everything(pipeline.database)


def test_a_page_read_under_other_rules_is_not_written(
    pipeline: Pipeline, shop_id: str
) -> None:
    page = read([a_return(1, recipient_address=address(1))], policy=KEEP_ALL)
    put(pipeline, "recipient_address", "drop")

    with pytest.raises(PipelineError, match="privacy rules"):
        commit_record_pages(pipeline.database, ShopRun(shop_id), [page])

    assert count(pipeline.database, "tiktok.returns") == 0


@pytest.mark.parametrize("kind", ["order", "buyer"])
def test_the_erased_are_not_brought_back(
    pipeline: Pipeline, shop_id: str, kind: str
) -> None:
    land_order(pipeline, shop_id)
    land(pipeline, shop_id, address(1))
    subject = Subject("order", ORDER) if kind == "order" else Subject("buyer", BUYER)

    found = erase_now(pipeline, subject)
    land(pipeline, shop_id, address(1), minutes=1)

    assert found == 1
    assert held(pipeline, shop_id) == {}


def test_an_order_whose_buyer_is_not_known_yet_may_be_an_erased_ones(
    pipeline: Pipeline, shop_id: str
) -> None:
    erase_now(pipeline, Subject("buyer", BUYER))

    land(pipeline, shop_id, address(1))

    assert held(pipeline, shop_id) == {}
    assert count(pipeline.database, "tiktok.returns") == 1


def test_a_shop_that_was_purged_takes_no_page_of_a_load_that_began_before(
    pipeline: Pipeline, shop_id: str
) -> None:
    database = pipeline.database
    target = ShopRun(shop_id, "run", purges=count_purges(database, shop_id))
    commit_record_pages(database, target, [read([a_return(1)])])

    purge_shop(database, shop_id, pipeline.clock, lambda _: None)

    with pytest.raises(ConfigurationError, match="purged"):
        commit_record_pages(database, target, [read([a_return(2)])])
    assert count(database, "tiktok.returns") == 0
    assert count(database, "tiktok.return_lines") == 0


def test_what_buyers_write_and_show_about_a_return_is_kept_nowhere(
    pipeline: Pipeline, shop_id: str
) -> None:
    words = {
        "note": "Call Aminah",
        "images": [{"url": "https://img.example/aminah"}],
        "videos": [{"cover": "https://img.example/aminah"}],
    }
    page = Page(
        records=[{"event": "ORDER_RETURN", "create_time": 1_767_690_000, **words}],
        total_count=None,
        next_page_token="",
        endpoint=RETURN_RECORDS,
        request={"method": "GET", "path": RETURN_RECORDS.path},
        body=b"{}",
        fetched_at=NOON,
        request_id="test",
        path_ids={"return_id": "40"},
    )
    read_page = read_record_page(returns.RETURN_RECORDS, page, KEEP_ALL)

    commit_record_pages(pipeline.database, ShopRun(shop_id), [read_page])

    assert count(pipeline.database, "tiktok.return_records") == 1
    assert "aminah" not in everything(pipeline.database).lower()
    assert read_page.notes == []
