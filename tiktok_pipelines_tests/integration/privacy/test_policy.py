"""The policy holds before the first write, in every load, and later too."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.privacy_rules import unset_rule
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import (
    count,
    recipients,
    rows,
    table,
)
from tiktok_pipelines_tests.integration.privacy.world import (
    DAYS,
    backfill,
    everything,
    put,
    truth,
    values_of,
)
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import order

HASH = re.compile(r"hmac-sha256:[0-9a-f]{64}")
HIDDEN = [
    ("buyer_email",),
    ("buyer_message",),
    ("recipient_address", "full_address"),
    ("recipient_address", "address_detail"),
    ("recipient_address", "phone_number"),
    ("recipient_address", "name"),
]


def hide_all(pipeline: Pipeline) -> None:
    put(pipeline, "*", "drop")
    put(pipeline, "recipient_address", "mask")
    put(pipeline, "buyer_email", "hash")


def by_sync(pipeline: Pipeline, shop_id: str) -> None:
    report = runs_of(pipeline).sync([shop_id], first_sync_days=30)
    report.raise_if_failed()


def by_backfill(pipeline: Pipeline, shop_id: str) -> None:
    runs_of(pipeline).backfill({shop_id: DAYS}).raise_if_failed()


def by_id(pipeline: Pipeline, shop_id: str) -> None:
    simulator_ids = rows(
        pipeline.database, "SELECT order_id FROM tiktok.orders ORDER BY 1"
    )
    ids = [row["order_id"] for row in simulator_ids]
    assert runs_of(pipeline).pull(shop_id, ids).found == len(ids)


@pytest.mark.parametrize("load", [by_sync, by_backfill])
def test_no_table_and_no_page_holds_what_the_policy_hides(
    pipeline: Pipeline,
    simulator: Simulator,
    database: Database,
    load: Callable[[Pipeline, str], None],
) -> None:
    shop_id, orders = simulator.shops[0].id, truth(simulator)
    hide_all(pipeline)

    load(pipeline, shop_id)
    by_id(pipeline, shop_id)

    told = everything(database)
    assert count(database, "tiktok.orders") > 10
    for path in HIDDEN:
        values = values_of(orders, *path)
        assert [value for value in values if value in told] == [], path
    held = table(database, "tiktok.order_recipients")
    emails = {row["buyer_email"] for row in held}
    assert all(HASH.fullmatch(email) for email in emails if email)
    assert any(emails)
    assert any(row["name"] and row["name"].endswith("****") for row in held)
    assert {row["buyer_nickname"] for row in held} == {None}


def test_without_rules_the_same_search_finds_the_buyers(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    backfill(pipeline, simulator.shops[0].id)

    told = everything(database)
    found = {path: values_of(truth(simulator), *path) for path in HIDDEN}
    seen = {path for path, values in found.items() if any(v in told for v in values)}
    assert seen == set(HIDDEN)


def test_an_email_hashes_alike_in_every_order_of_a_buyer(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    put(pipeline, "buyer_email", "hash")
    shop_id = simulator.shops[0].id

    backfill(pipeline, shop_id)

    emails = {one["id"]: one["buyer_email"] for one in truth(simulator)}
    hashes: dict[str, set[str]] = {}
    for row in table(database, "tiktok.order_recipients"):
        email = emails[row["order_id"]]
        hashes.setdefault(email, set()).add(row["buyer_email"])
    assert {len(each) for each in hashes.values()} == {1}
    assert len({value for each in hashes.values() for value in each}) == len(hashes)


def test_each_shop_follows_the_rules_of_its_region(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    first, *_, last = simulator.shops
    assert first.region != last.region
    put(pipeline, "*", "drop", region=first.region)

    backfill(pipeline, first.id)
    backfill(pipeline, last.id)

    assert recipients(database, first.id) == {}
    assert recipients(database, last.id)


def test_under_a_looser_policy_later_answers_are_clear_again(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    shop_id = simulator.shops[0].id
    put(pipeline, "*", "mask")
    backfill(pipeline, shop_id)
    unset_rule(database, "*", "*", now=pipeline.clock.now())

    backfill(pipeline, shop_id, "run-2")

    with_mask = everything(database)
    emails = values_of(truth(simulator), "buyer_email")
    assert emails
    assert [email for email in emails if email not in with_mask] == []


def test_pages_read_under_other_rules_are_not_written(
    pipeline: Pipeline, database: Database
) -> None:
    shop_id = pipeline.shops.all()[0].shop_id
    page = read([order(1)])
    policy = put(pipeline, "buyer_email", "mask")

    with pytest.raises(PipelineError, match="rules of shop") as caught:
        commit_order_pages(database, ShopRun(shop_id), [page])

    assert caught.value.retryable
    assert count(database, "tiktok.orders") == 0
    commit_order_pages(database, ShopRun(shop_id), [read([order(1)], policy=policy)])
    (row,) = table(database, "tiktok.order_recipients")
    assert row["buyer_email"] == "b****"


def test_rules_of_other_regions_do_not_disturb_a_load(
    pipeline: Pipeline, database: Database
) -> None:
    put(pipeline, "*", "drop", region="XX")
    shop_id = pipeline.shops.all()[0].shop_id

    commit_order_pages(database, ShopRun(shop_id), [read([order(1)])])

    assert count(database, "tiktok.order_recipients") == 1


def test_a_bad_record_full_of_buyers_leaves_none_in_quarantine_or_drift(
    pipeline: Pipeline, database: Database
) -> None:
    policy = put(pipeline, "buyer_email", "hash")
    shop_id = pipeline.shops.all()[0].shop_id
    deep = {"packages": [{"buyer_email": "deep@example.invalid"}]}
    records: list[Any] = [order(1, id=""), order(2, **deep), "Aminah Recipient3"]

    commit_order_pages(database, ShopRun(shop_id), [read(records, policy=policy)])

    told = everything(database)
    hidden = ["example.invalid/", "deep@", "buyer1@", "buyer2@", "Recipient1"]
    assert [value for value in hidden[1:] if value in told] == []
    assert "Aminah Recipient3" not in told
    assert count(database, "tiktok_ops.quarantine_records") == 2
    with database.begin() as connection:
        paths = connection.execute(text("SELECT path FROM tiktok_ops.api_drift"))
        assert "packages[].buyer_email" in set(paths.scalars())
