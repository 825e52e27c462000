"""The rules of today for what was stored under older ones."""

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.erasure import Subject
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.privacy_apply import (
    Deviation,
    apply_policy,
    plan_apply,
)
from tiktok_pipelines.ingest.privacy_audit import proven_acts
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.loads import quiet
from tiktok_pipelines_tests.integration.ingest.stored import (
    count,
    rows,
    scalar,
    table,
)
from tiktok_pipelines_tests.integration.privacy.world import erase_now, put
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import masked, order

MANY = 601  # more than a batch


@pytest.fixture
def shop_id(pipeline: Pipeline) -> str:
    """A shop that holds orders stored without a rule."""
    found = pipeline.shops.all()[0].shop_id
    land(pipeline, found, 3)
    return found


def land(pipeline: Pipeline, shop_id: str, orders: int) -> None:
    page = read([order(number) for number in range(orders)])
    commit_order_pages(pipeline.database, ShopRun(shop_id), [page])


def apply(pipeline: Pipeline, shop_id: str) -> Deviation:
    store = pipeline.shops.store
    return apply_policy(store.database, store.cipher, shop_id, pipeline.clock, quiet)


def plan(pipeline: Pipeline, shop_id: str) -> Deviation:
    store = pipeline.shops.store
    return plan_apply(store.database, store.cipher, shop_id, pipeline.clock)


def test_stored_rows_become_as_if_they_arrived_today(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    put(pipeline, "recipient_address.name", "mask")
    put(pipeline, "buyer_email", "drop")
    policy = put(pipeline, "buyer_message", "hash")
    planned = plan(pipeline, shop_id)

    done = apply(pipeline, shop_id)
    after = table(database, "tiktok.order_recipients")

    assert planned == done == Deviation(3, 3, 0, done.fields)
    assert set(done.fields) == {
        "recipient_address.name",
        "buyer_email",
        "buyer_message",
    }
    other = pipeline.shops.all()[1].shop_id
    page = read([order(number) for number in range(3)], policy=policy)
    commit_order_pages(database, ShopRun(other), [page])
    fresh = [
        row
        for row in table(database, "tiktok.order_recipients")
        if row["shop_id"] == other
    ]
    own = {"shop_id", "raw_page_id"}
    told = [{k: v for k, v in row.items() if k not in own} for row in (*after, *fresh)]
    assert told[:3] == told[3:]


def test_the_same_answer_afterwards_changes_nothing(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    policy = put(pipeline, "*", "mask")
    apply(pipeline, shop_id)
    before = rows(database, "SELECT xmin::text, * FROM tiktok.order_recipients")

    page = read([order(number) for number in range(3)], policy=policy)
    commit_order_pages(database, ShopRun(shop_id), [page])

    after = rows(database, "SELECT xmin::text, * FROM tiktok.order_recipients")
    assert after == before


def test_applying_twice_changes_nothing_the_second_time(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    put(pipeline, "*", "hash")
    apply(pipeline, shop_id)
    before = rows(database, "SELECT xmin::text, * FROM tiktok.order_recipients")

    again = apply(pipeline, shop_id)

    after = rows(database, "SELECT xmin::text, * FROM tiktok.order_recipients")
    assert (again.rows, again.changed) == (3, 0)
    assert after == before


def test_rows_of_which_nothing_is_left_go(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    put(pipeline, "*", "drop")

    done = apply(pipeline, shop_id)

    assert (done.changed, done.deleted) == (3, 3)
    assert count(database, "tiktok.order_recipients") == 0


def test_what_was_hidden_does_not_come_back_by_a_looser_rule(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    put(pipeline, "*", "mask")
    apply(pipeline, shop_id)
    put(pipeline, "*", "keep")

    assert plan(pipeline, shop_id).changed == 0
    names = {row["name"] for row in table(database, "tiktok.order_recipients")}
    assert names == {"A****"}


def test_many_rows_are_treated_in_batches_that_stand_alone(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    land(pipeline, shop_id, MANY)
    put(pipeline, "buyer_email", "drop")

    class Killed(BaseException):
        pass

    def kill(_: str) -> None:
        raise Killed

    store = pipeline.shops.store
    with pytest.raises(Killed):
        apply_policy(database, store.cipher, shop_id, pipeline.clock, kill)
    half = plan(pipeline, shop_id).changed
    done = apply(pipeline, shop_id)

    assert 0 < half < MANY
    assert (done.rows, done.changed) == (MANY, half)
    statement = "SELECT count(buyer_email) FROM tiktok.order_recipients"
    assert scalar(database, statement) == 0
    cut, whole = [act for act in proven_acts(database) if act.act == "apply_rules"]
    assert (cut.details["is_done"], whole.details["is_done"]) == (False, True)
    assert whole.rows_before == {"tiktok.order_recipients": half}
    assert whole.rows_after == {"tiktok.order_recipients": 0}


def test_the_merge_goes_on_as_before_after_rules_were_applied(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    policy = put(pipeline, "buyer_email", "drop")
    apply(pipeline, shop_id)

    lesser = order(1, recipient_address=masked(1), update_time=9_999_999_999)
    page = read([lesser], policy=policy)
    commit_order_pages(database, ShopRun(shop_id), [page])

    held = {row["order_id"]: row for row in table(database, "tiktok.order_recipients")}
    assert held[order(1)["id"]]["name"] == "Aminah Recipient1"


def test_erased_buyers_who_came_back_with_a_backup_go_again(
    pipeline: Pipeline, database: Database, shop_id: str
) -> None:
    erase_now(pipeline, Subject("buyer", order(1)["user_id"]))
    with database.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO tiktok.order_recipients (shop_id, order_id, name, synced_at)"
            " VALUES (%s, %s, 'Aminah', now())",
            (shop_id, order(1)["id"]),
        )

    done = apply(pipeline, shop_id)

    assert (done.rows, done.deleted) == (3, 1)
