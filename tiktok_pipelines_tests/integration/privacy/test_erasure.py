"""What was erased stays erased, whatever is loaded afterwards."""

from concurrent import futures
from concurrent.futures import ThreadPoolExecutor

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.erasure import Erasure, Found, Subject, plan_erasure
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.privacy_audit import proven_acts
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.transform.buyers import BUYER_FIELDS
from tiktok_pipelines.transform.privacy import PrivacyPolicy
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.rebuilds import change, rebuild
from tiktok_pipelines_tests.integration.ingest.stored import (
    count,
    recipients,
    table,
)
from tiktok_pipelines_tests.integration.privacy.world import backfill, erase_now
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    Json,
    order,
)

BUYER = order(1)["user_id"]
ORDER = order(1)["id"]
ORDERS = "tiktok.orders"


def shop_of(pipeline: Pipeline, place: int = 0) -> str:
    return pipeline.shops.all()[place].shop_id


def policy_of(pipeline: Pipeline, shop_id: str) -> PrivacyPolicy:
    store, now = pipeline.shops.store, pipeline.clock.now()
    return load_policy(store.database, store.cipher, shop_id, now=now)


def land(pipeline: Pipeline, *numbers: int, place: int = 0, **changes: object) -> None:
    """Load some orders as a load does that begins now."""
    shop_id = shop_of(pipeline, place)
    records = [order(number, **changes) for number in numbers]
    page = read(records, policy=policy_of(pipeline, shop_id))
    commit_order_pages(pipeline.database, ShopRun(shop_id), [page])


def plan_of(pipeline: Pipeline, subject: Subject) -> Erasure:
    store, now = pipeline.shops.store, pipeline.clock.now()
    return plan_erasure(store.database, store.cipher, subject, now=now)


def held(database: Database) -> set[tuple[str, str]]:
    found = table(database, "tiktok.order_recipients")
    return {(row["shop_id"], row["order_id"]) for row in found}


def test_a_buyer_goes_with_all_orders_and_a_backfill_does_not_bring_it_back(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    shop_id = simulator.shops[0].id
    backfill(pipeline, shop_id)
    before = recipients(database, shop_id)
    orders = {row["order_id"]: row for row in table(database, "tiktok.orders")}
    buyers = [orders[order_id]["buyer_id"] for order_id in before]
    buyer = max(set(buyers), key=buyers.count)
    theirs = {name for name in before if orders[name]["buyer_id"] == buyer}
    assert len(theirs) > 1

    erased = erase_now(pipeline, Subject("buyer", buyer))
    backfill(pipeline, shop_id, "run-2")
    runs_of(pipeline, "run-3").pull(shop_id, sorted(theirs))

    after = recipients(database, shop_id)
    assert erased == len(theirs)
    assert before.keys() - after.keys() == theirs
    assert count(database, "tiktok.orders") == len(orders)


def test_one_order_goes_and_its_buyers_others_stay(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1, 2, user_id="7511")

    assert erase_now(pipeline, Subject("order", ORDER)) == 1
    land(pipeline, 1, 2, user_id="7511")

    assert held(database) == {(shop_of(pipeline), order(2)["id"])}


def test_an_order_of_which_only_buyer_data_is_left_is_erased(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)
    change(database, "DELETE FROM tiktok.orders")

    assert erase_now(pipeline, Subject("order", ORDER)) == 1

    assert held(database) == set()


def test_a_buyers_order_of_which_only_buyer_data_is_left_is_found_by_its_page(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1, 2)
    land(pipeline, 1, place=1)
    change(database, "DELETE FROM tiktok.orders")

    assert erase_now(pipeline, Subject("buyer", BUYER)) == 2

    assert held(database) == {(shop_of(pipeline), order(2)["id"])}
    assert plan_of(pipeline, Subject("buyer", BUYER)).nobodys == 0


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM tiktok_raw.pages",
        "UPDATE tiktok_raw.pages SET body = '\\x00'",
    ],
    ids=["page lost", "page damaged"],
)
def test_buyer_data_that_may_be_anybodys_is_counted(
    pipeline: Pipeline, database: Database, loss: str
) -> None:
    land(pipeline, 1, 2)
    land(pipeline, 3, user_id=...)
    change(database, f"DELETE FROM tiktok.orders WHERE order_id = '{ORDER}'", loss)

    plan = plan_of(pipeline, Subject("buyer", BUYER))

    assert (plan.found, plan.nobodys) == ([], 2)
    assert erase_now(pipeline, Subject("buyer", BUYER)) == 0
    assert plan_of(pipeline, Subject("order", ORDER)).nobodys == 0


def test_buyer_data_of_a_shop_of_which_nothing_else_is_left_is_erased(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)
    change(
        database,
        "UPDATE tiktok.order_recipients SET shop_id = '4711'",
        "DELETE FROM tiktok.orders",
    )

    assert erase_now(pipeline, Subject("order", ORDER)) == 1

    assert held(database) == set()


def test_what_an_erasure_finds_of_an_order_counts_it_once(pipeline: Pipeline) -> None:
    land(pipeline, 1, 2)
    plan = plan_of(pipeline, Subject("order", ORDER))

    assert plan.found == [Found(shop_of(pipeline), 1, 1)]


def test_in_one_shop_the_others_are_left_alone(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)
    land(pipeline, 1, place=1)

    erase_now(pipeline, Subject("buyer", BUYER, shop_of(pipeline)))
    land(pipeline, 1)
    land(pipeline, 1, place=1)

    assert held(database) == {(shop_of(pipeline, 1), ORDER)}


def test_without_a_shop_all_are_meant_later_ones_too(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)

    assert erase_now(pipeline, Subject("buyer", BUYER)) == 1
    land(pipeline, 1, place=2)

    assert held(database) == set()


def test_an_unknown_buyer_is_remembered(pipeline: Pipeline, database: Database) -> None:
    assert erase_now(pipeline, Subject("buyer", BUYER)) == 0

    land(pipeline, 1, 2)

    assert held(database) == {(shop_of(pipeline), order(2)["id"])}


def test_an_answer_that_names_no_buyer_is_known_by_its_order(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)
    erase_now(pipeline, Subject("buyer", BUYER))

    land(pipeline, 1, user_id=..., seller_note="new")

    assert held(database) == set()


@pytest.mark.parametrize("sight", [{}, {"seller_note": "new"}], ids=["same", "new"])
def test_an_order_found_late_to_be_an_erased_buyers_loses_its_buyer_data(
    pipeline: Pipeline, database: Database, sight: Json
) -> None:
    land(pipeline, 1, 2, user_id=...)
    erase_now(pipeline, Subject("buyer", BUYER))
    assert len(held(database)) == 2

    land(pipeline, 1, 2, **sight)

    assert held(database) == {(shop_of(pipeline), order(2)["id"])}
    named = {row["order_id"]: row["buyer_id"] for row in table(database, ORDERS)}
    assert named[ORDER] == BUYER


def test_so_it_does_when_the_answer_that_names_the_buyer_holds_no_buyer_data(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1, user_id=...)
    erase_now(pipeline, Subject("buyer", BUYER))

    silent: Json = dict.fromkeys(BUYER_FIELDS, ...)
    land(pipeline, 1, **silent)

    assert held(database) == set()


def test_so_it_does_when_an_older_answer_is_the_one_that_names_the_buyer(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1, user_id=..., update_time=CREATED + 9 * HOUR)
    erase_now(pipeline, Subject("buyer", BUYER))

    land(pipeline, 1, update_time=CREATED + HOUR)

    assert held(database) == set()


def test_a_load_that_knows_no_secret_yet_and_names_the_erased_is_to_be_repeated(
    pipeline: Pipeline, database: Database
) -> None:
    shop_id = shop_of(pipeline)
    land(pipeline, 1, user_id=...)
    page = read([order(1)], policy=policy_of(pipeline, shop_id))
    erase_now(pipeline, Subject("buyer", BUYER))

    with pytest.raises(PipelineError, match="run it again"):
        commit_order_pages(database, ShopRun(shop_id), [page])

    land(pipeline, 1)
    assert held(database) == set()


def test_a_rebuild_knows_no_secret_and_needs_none(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1, user_id=...)
    erase_now(pipeline, Subject("buyer", "1"))
    land(pipeline, 1)
    change(database, "UPDATE tiktok.orders SET status = 'LOST'")

    assert rebuild(database).shops[0].is_applied

    assert held(database) == {(shop_of(pipeline), ORDER)}


def test_a_load_that_knows_no_secret_yet_writes_nothing_of_the_erased(
    pipeline: Pipeline, database: Database
) -> None:
    shop_id = shop_of(pipeline)
    page = read([order(1), order(2)], policy=policy_of(pipeline, shop_id))
    erase_now(pipeline, Subject("buyer", BUYER))

    with pytest.raises(PipelineError, match="run it again") as caught:
        commit_order_pages(database, ShopRun(shop_id), [page])

    assert caught.value.retryable
    assert held(database) == set()


def test_a_load_that_runs_meets_an_erasure_at_its_next_page(
    pipeline: Pipeline, database: Database
) -> None:
    erase_now(pipeline, Subject("order", "1"))  # so that there is a secret
    shop_id = shop_of(pipeline)
    page = read([order(1), order(2)], policy=policy_of(pipeline, shop_id))
    erase_now(pipeline, Subject("buyer", BUYER))

    commit_order_pages(database, ShopRun(shop_id), [page])

    assert held(database) == {(shop_id, order(2)["id"])}


def test_an_erasure_waits_for_the_page_that_is_being_written(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            lock_in_transaction(connection, f"orders {shop_of(pipeline)}")
            erasing = pool.submit(erase_now, pipeline, Subject("buyer", BUYER))
            early, _ = futures.wait([erasing], timeout=0.3)
        erased = erasing.result(timeout=60)

    assert not early
    assert erased == 1


def test_erasing_twice_is_harmless_and_proven_twice(
    pipeline: Pipeline, database: Database
) -> None:
    land(pipeline, 1)

    counts = [erase_now(pipeline, Subject("buyer", BUYER)) for _ in range(2)]

    acts = [act for act in proven_acts(database) if act.act == "erase"]
    assert counts == [1, 0]
    assert [act.rows_before for act in acts] == [
        {"tiktok.order_recipients": 1},
        {"tiktok.order_recipients": 0},
    ]
    assert {act.rows_after["tiktok.order_recipients"] for act in acts} == {0}
    assert len({act.subject for act in acts}) == 1
    assert count(database, "tiktok_ops.erased_subjects") == 1


def test_the_proof_names_nobody(pipeline: Pipeline, database: Database) -> None:
    land(pipeline, 1)

    erase_now(pipeline, Subject("buyer", BUYER))
    erase_now(pipeline, Subject("order", ORDER))

    proofs = [
        *table(database, "tiktok_ops.privacy_audit"),
        *table(database, "tiktok_ops.erased_subjects"),
    ]
    assert len(proofs) == 4
    assert BUYER not in repr(proofs)
    assert ORDER not in repr(proofs)
    assert BUYER.encode().hex() not in repr(proofs)
