"""What does not add up is named with its age; what may be late waits without alarm."""

from datetime import timedelta

import dagster as dg
import pytest
from sqlalchemy import insert, text

from tiktok_pipelines.defs.identity_checks import identity_results
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import IDENTITIES
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.dagster.test_subjects import (
    LOADED,
    run,
    verdicts,
)
from tiktok_pipelines_tests.integration.dagster.world import World

(FINANCE,) = (sync for sync in LOADED if sync.name == "finance")


def checked(database: Database, name: str) -> dg.AssetCheckResult:
    """One identity's check."""
    wanted = [identity for identity in IDENTITIES if identity.name == name]
    (result,) = identity_results(database, NOW, wanted)
    return result


def add_statement(database: Database, *, days: int) -> None:
    """A statement of so many days ago whose transactions are not there."""
    row = {
        "shop_id": "S",
        "statement_id": f"ST{days}",
        "statement_at": NOW - timedelta(days=days),
        "settlement_amount": "75",
        "currency": "GBP",
        "synced_at": NOW,
    }
    with database.begin() as connection:
        connection.execute(insert(tables.statements).values(row))


def test_a_violation_warns_and_is_named_with_its_age(database: Database) -> None:
    add_statement(database, days=9)

    result = checked(database, "transactions_add_up")

    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    told = "S ST9: settlement_amount is 75, its parts make nothing yet GBP; for 9 days"
    assert told in (result.description or "")
    assert told in str((result.metadata or {})["named"].value)


def test_what_may_be_late_passes_and_is_listed_as_waiting(database: Database) -> None:
    add_statement(database, days=2)

    result = checked(database, "transactions_add_up")

    assert result.passed
    assert result.description == (
        "All adds up, but 1 figure(s) wait for what TikTok tells late."
    )
    assert "for 2 days" in str((result.metadata or {})["waiting"].value)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda one: one.name)
def test_nothing_to_add_up_is_told_in_words(
    database: Database, identity: object
) -> None:
    (name,) = (one.name for one in IDENTITIES if one is identity)

    result = checked(database, name)

    assert result.passed
    assert result.description == "All adds up."


def test_a_sync_of_finance_tells_of_orders_that_do_not_add_up(world: World) -> None:
    world.sync(*world.shop_ids)
    with world.database.begin() as connection:
        connection.execute(text("UPDATE tiktok.orders SET sub_total = sub_total + 5"))

    result = run(world, FINANCE)

    assert result.success
    assert verdicts(result, "tiktok.orders") == {"lines_add_up": False}
