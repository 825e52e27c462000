"""Finance as it lives on: what comes late, what leaves, what a shop does not have."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tiktok_pipelines.ingest.identities import mismatches
from tiktok_pipelines.ingest.records.runs import SubjectRuns
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import SimulatorConfig
from tiktok_pipelines.simulator.sellers import SCOPES
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.subjects import IDENTITIES
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW, new_database
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.stories import World, raise_all, world

CONFIG = SimulatorConfig(
    shops=2,
    markets=("GB", "MY"),
    orders=80,
    days=30,
    products=4,
    now=NOW,
    future_days=0,
    rate_per_second=LIMITLESS,
)
DAYS = 12
DAY = timedelta(days=1)


def sync(world: World, *names: str, run_id: str = "finance") -> None:
    """Sync some subjects of every shop; nothing may fail."""
    subjects = [BY_NAME[name] for name in names]
    raise_all(runs_of(world, run_id).sync(world.shop_ids, subjects))


def runs_of(world: World, run_id: str = "finance") -> SubjectRuns:
    settings = world.pipeline.settings
    return SubjectRuns(
        world.pipeline.shops,
        run_id,
        lambda _: None,
        settings.start_date,
        settings.first_sync_days,
    )


MONEY = (
    "statements",
    "statement_transactions",
    "payments",
    "withdrawals",
    "unsettled_transactions",
)


@pytest.fixture(scope="module")
def lived(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Shops whose finance was read each day for twelve days."""
    home = tmp_path_factory.mktemp("finance")
    with new_database(postgres) as url, world(url, home, CONFIG) as opened:
        opened.sync_orders()
        for _ in range(DAYS):
            sync(opened, *MONEY)
            opened.simulator.clock.advance(DAY)
        sync(opened, *MONEY)
        yield opened


@pytest.fixture
def shops(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Shops of which nothing was read yet."""
    with world(database_url, tmp_path, CONFIG) as opened:
        yield opened


def found(world: World, statement: str, **told: object) -> list[dict[str, Any]]:
    return rows(world.pipeline.database, statement, **told)


def gb(world: World) -> str:
    return world.shop_ids[0]


def test_what_came_late_is_there_and_paid(lived: World) -> None:
    statuses = {
        row["payment_status"]: row["count"]
        for row in found(
            lived,
            "SELECT payment_status, count(*) FROM tiktok.statements"
            " GROUP BY payment_status",
        )
    }

    assert set(statuses) >= {"PAID", "PROCESSING"}
    assert not found(
        lived,
        "SELECT 1 FROM tiktok.statements WHERE payment_status = 'PAID'"
        " AND (paid_at IS NULL OR payment_id = '')",
    )


@pytest.mark.parametrize(
    ("subject", "columns"),
    [
        ("statements", "statement_id, payment_status"),
        ("payments", "payment_id, status"),
        ("withdrawals", "withdrawal_id, status"),
    ],
)
def test_what_changed_after_it_was_read_is_there_as_it_is_now(
    lived: World, subject: str, columns: str
) -> None:
    status = columns.rpartition(" ")[2]
    truth = {
        (one["id"], one[status])
        for shop_id in lived.shop_ids
        for one in lived.simulator.truth(shop_id, subject)
    }

    held = found(lived, f"SELECT {columns} FROM tiktok.{subject}")

    assert {tuple(row.values()) for row in held} == truth


@pytest.mark.parametrize("identity", [one.name for one in IDENTITIES])
def test_the_money_adds_up(lived: World, identity: str) -> None:
    now = lived.simulator.clock.now()

    left = mismatches(lived.pipeline.database, identity, now)

    assert [one for one in left if not one.waits] == []


def test_a_statement_waited_for_its_late_transactions(lived: World) -> None:
    """Some were read again: a transaction of a statement came days after another."""
    late = found(
        lived,
        "SELECT statement_id FROM tiktok.statement_transactions"
        " GROUP BY shop_id, statement_id"
        " HAVING max(synced_at) - min(synced_at) > interval '12 hours'",
    )

    assert late


def test_a_statement_that_adds_up_is_left_alone_after_five_days(lived: World) -> None:
    now = lived.simulator.clock.now()

    sync(lived, "statement_transactions", run_id="once more")

    read = found(
        lived,
        "SELECT shop_id, window_end FROM tiktok_ops.sync_windows"
        " WHERE run_id = 'once more'",
    )
    made = found(lived, "SELECT shop_id, statement_at FROM tiktok.statements")
    waiting = mismatches(lived.pipeline.database, "transactions_add_up", now)
    young = {
        (row["shop_id"], row["statement_at"])
        for row in made
        if now - row["statement_at"] < 5 * DAY
    }
    assert young
    assert {(row["shop_id"], row["window_end"]) for row in read} == young | {
        (one.shop_id, one.since) for one in waiting
    }
    assert len(read) < len(made)


def test_a_statement_that_does_not_add_up_is_read_again_for_weeks(
    lived: World,
) -> None:
    count = "SELECT count(*) FROM tiktok.statement_transactions"
    before = scalar(lived.pipeline.database, count)
    old = lived.simulator.clock.now() - 10 * DAY
    lost = found(
        lived,
        "DELETE FROM tiktok.statement_transactions t USING tiktok.statements s"
        " WHERE t.shop_id = s.shop_id AND t.statement_id = s.statement_id"
        " AND s.statement_at < :old RETURNING t.transaction_id",
        old=old,
    )

    sync(lived, "statement_transactions")

    assert lost
    assert scalar(lived.pipeline.database, count) == before


def test_components_are_all_there(lived: World) -> None:
    bare = scalar(
        lived.pipeline.database,
        "SELECT count(*) FROM tiktok.statement_transactions t WHERE 21 <> ("
        " SELECT count(*) FROM tiktok.transaction_components c"
        " WHERE c.shop_id = t.shop_id AND c.transaction_id = t.transaction_id)",
    )

    assert bare == 0


def test_shops_of_southeast_asia_are_not_asked_for_payments(lived: World) -> None:
    asked = {
        shop_id for (_, path, shop_id) in lived.simulator.calls if "/payments" in path
    }
    held = found(lived, "SELECT DISTINCT shop_id FROM tiktok.payments")

    assert [row["shop_id"] for row in held] == [gb(lived)]
    assert asked <= {gb(lived)}


def test_what_is_settled_leaves_the_estimates_and_their_components(
    lived: World,
) -> None:
    held = estimates_in(lived, "unsettled_transactions")

    assert estimates_in(lived, "unsettled_components") == held
    assert estimates_in(lived, "unsettled_snapshots") > held


def estimates_in(world: World, name: str) -> set[str]:
    """The estimates that a table has rows of."""
    rows_of_it = found(world, f"SELECT DISTINCT transaction_id FROM tiktok.{name}")
    return {row["transaction_id"] for row in rows_of_it}


def test_each_day_has_its_copy_of_the_estimates(lived: World) -> None:
    days = found(
        lived,
        "SELECT snapshot_at, count(*) FROM tiktok.unsettled_snapshots"
        " WHERE shop_id = :shop_id GROUP BY snapshot_at ORDER BY snapshot_at",
        shop_id=gb(lived),
    )

    midnight = datetime.combine(NOW.date(), datetime.min.time(), UTC)
    assert [row["snapshot_at"] for row in days] == [
        midnight + DAY * number for number in range(DAYS + 1)
    ]


def test_a_second_list_on_a_day_copies_nothing(lived: World) -> None:
    count = "SELECT count(*) FROM tiktok.unsettled_snapshots"
    before = scalar(lived.pipeline.database, count)

    sync(lived, "unsettled_transactions")

    assert scalar(lived.pipeline.database, count) == before


def test_what_left_the_estimates_is_told_by_a_page(lived: World) -> None:
    told = scalar(
        lived.pipeline.database,
        "SELECT count(*) FROM tiktok_raw.pages WHERE stream = 'unsettled_transactions'"
        " AND request ->> 'path' = 'not_listed'",
    )

    assert told


def test_nothing_before_july_2023_is_asked_for(
    database_url: str, tmp_path: Path
) -> None:
    with world(database_url, tmp_path, CONFIG) as shops:
        early = datetime(2023, 8, 1, tzinfo=UTC)
        runs = SubjectRuns(
            shops.pipeline.shops, "early", lambda _: None, early.date(), 3000
        )
        names = ("statements", "payments", "withdrawals")
        raise_all(runs.sync(shops.shop_ids, [BY_NAME[name] for name in names]))

        first = scalar(
            shops.pipeline.database,
            "SELECT min(window_start) FROM tiktok_ops.sync_windows",
        )
        assert first == datetime(2023, 7, 1, tzinfo=UTC)


def test_only_the_system_that_a_shop_uses_is_asked_about_its_orders(
    shops: World,
) -> None:
    shops.sync_orders()

    sync(shops, "external_orders")  # the first sync asks for some only
    sync(shops, "external_orders")

    asked = {
        (row["platform"], row["count"])
        for row in found(
            shops,
            "SELECT platform, count(*) FROM tiktok.external_order_lookups"
            " WHERE shop_id = :shop_id GROUP BY platform",
            shop_id=gb(shops),
        )
    }
    assert ("SHOPIFY", 80) in asked
    assert {count for platform, count in asked if platform != "SHOPIFY"} == {10}


def test_a_shop_without_the_scope_has_no_external_orders_and_fails_nothing(
    shops: World,
) -> None:
    shops.sync_orders()
    less = [scope for scope in SCOPES if scope != "seller.order.ext_ref.read"]
    for seller in shops.simulator.sellers:
        shops.simulator.expire_access_tokens(seller.id)
        code = shops.simulator.authorize(seller.id, less)
        shops.pipeline.connector.connect(code)

    sync(shops, "external_orders")

    lookups = "SELECT count(*) FROM tiktok.external_order_lookups"
    assert scalar(shops.pipeline.database, lookups) == 0
    notes = found(
        shops,
        "SELECT DISTINCT note FROM tiktok_ops.sync_windows"
        " WHERE stream = 'external_orders_probe'",
    )
    assert [row["note"] for row in notes] == [
        "not there for this shop: its seller did not grant the scope"
    ]
