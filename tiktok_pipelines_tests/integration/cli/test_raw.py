"""``raw show``: what TikTok said of an order, and when."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import Result

from tiktok_pipelines.cli.raw_changes import MISSING, Change, changes_between
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.ingest.rebuilds import SHOP, change, commit
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    address,
    line,
    order,
)

ID = order(1)["id"]
OTHER = ShopRun("7490000000000000002", "run-2")
LATER = NOON + timedelta(minutes=1)
DELIVERED: Json = {"status": "DELIVERED", "update_time": CREATED + 9 * HOUR}


@pytest.fixture
def no_app(bare: Commands, database_url: str) -> Commands:
    """Commands that know the database and nothing of TikTok."""
    return Commands({**bare.environment, "TIKTOK_DATABASE_URL": database_url})


def told(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return decode(done.stdout.encode())


def less_buyer(received: Json) -> Json:
    names = ("recipient_address", "buyer_email", "buyer_message")
    return {name: value for name, value in received.items() if name not in names}


def test_the_first_answer_is_told_whole_and_later_ones_by_what_changed(
    no_app: Commands, database: Database
) -> None:
    commit(database, order(1), order(2))
    commit(database, order(1, **DELIVERED), at=LATER)

    first, second = told(no_app.run("raw", "show", ID, "--json"))

    assert first["order"] == less_buyer(order(1))
    assert (first["shop_id"], first["run_id"]) == (SHOP.shop_id, "run-1")
    assert first["fetched_at"] == NOON.isoformat()
    assert first["request"]["method"] == "POST"
    assert second["page_id"] > first["page_id"]
    assert second["changes"] == [
        {"path": "status", "old": "AWAITING_SHIPMENT", "new": "DELIVERED"},
        {"path": "update_time", "old": CREATED + HOUR, "new": CREATED + 9 * HOUR},
    ]


def test_every_answer_is_told_whole_if_asked(
    no_app: Commands, database: Database
) -> None:
    commit(database, order(1, weight=Decimal("0.10")))
    commit(database, order(1, **DELIVERED), at=LATER)

    answers = told(no_app.run("raw", "show", ID, "--json", "--all"))

    assert [answer["order"]["status"] for answer in answers] == [
        "AWAITING_SHIPMENT",
        "DELIVERED",
    ]
    assert str(answers[0]["order"]["weight"]) == "0.10"


def test_people_read_when_it_was_asked_how_and_what_changed(
    no_app: Commands, database: Database
) -> None:
    commit(database, order(1), order(2))
    commit(database, order(1), order(2, **DELIVERED), at=LATER)
    commit(database, order(1, tracking_number=..., **DELIVERED), at=LATER)
    change(
        database,
        "UPDATE tiktok_raw.pages SET request = jsonb_set(request, '{body}',"
        ' \'{"create_time_ge": 1767571200, "create_time_lt": 1767657600}\')',
    )

    lines = no_app.run("raw", "show", ID).stdout.splitlines()

    heads = [text for text in lines if text.startswith("page ")]
    assert heads[0].endswith(
        f"shop {SHOP.shop_id}, asked for at 2026-01-10 12:00:00 UTC, run run-1"
    )
    assert lines[1] == (
        "  POST /order/202309/orders/search, "
        "created 2026-01-05T00:00:00Z..2026-01-06T00:00:00Z"
    )
    assert "  as before" in lines
    assert '  status: "AWAITING_SHIPMENT" → "DELIVERED"' in lines
    assert '  tracking_number: "" → nothing' in lines


def test_nothing_of_the_buyer_is_shown(no_app: Commands, database: Database) -> None:
    commit(database, order(1))

    shown = no_app.run("raw", "show", ID).stdout

    assert "fragile" in shown
    names = ("name", "phone_number", "full_address", "postal_code")
    buyers = [address(1)[name] for name in names] + [order(1)["buyer_email"]]
    assert [value for value in buyers if value in shown] == []


def test_an_order_that_is_no_row_is_found_in_every_shop(
    no_app: Commands, database: Database
) -> None:
    commit(database, order(2))
    commit(database, order(1), shop=OTHER)
    change(database, f"DELETE FROM tiktok.orders WHERE order_id = '{ID}'")

    (answer,) = told(no_app.run("raw", "show", ID, "--json"))

    assert answer["shop_id"] == OTHER.shop_id


def test_an_order_is_found_although_its_row_names_a_wrong_creation(
    no_app: Commands, database: Database
) -> None:
    commit(database, order(1))
    change(database, "UPDATE tiktok.orders SET created_at = now() + interval '9 y'")

    assert len(told(no_app.run("raw", "show", ID, "--json"))) == 1


def test_a_shop_that_is_named_is_searched_alone(
    no_app: Commands, database: Database
) -> None:
    commit(database, order(1))
    commit(database, order(1), shop=OTHER)

    answers = told(no_app.run("raw", "show", ID, "--json", "--shop", OTHER.shop_id))

    assert [answer["shop_id"] for answer in answers] == [OTHER.shop_id]


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["people", "machines"])
def test_an_order_in_no_page_is_an_error_that_says_what_it_means(
    no_app: Commands, database: Database, options: list[str]
) -> None:
    commit(database, order(2))

    done = no_app.run("raw", "show", ID, *options)

    assert done.exit_code == 1
    assert f"no page kept names order {ID}" in done.stderr
    assert "orders pull" in done.stderr
    assert json.loads(done.stdout or "[]") == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": "1"}, [Change("a", 1, "1")]),
        ({"a": 1}, {"a": True}, [Change("a", 1, True)]),
        ({"a": []}, {"a": {}}, [Change("a", [], {})]),
        ({"a": {"b": 1}}, {"a": {}}, [Change("a.b", 1, MISSING)]),
        ({}, {"a": None}, [Change("a", MISSING, None)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [Change("a.1", 2, 3)]),
        (
            {"a": [{"id": "7", "n": 1}, {"id": "8"}]},
            {"a": [{"id": "8"}, {"id": "7", "n": 2}]},
            [Change("a.7.n", 1, 2)],
        ),
    ],
    ids=[
        "nothing",
        "number to text",
        "number to truth",
        "list to object",
        "gone within",
        "new",
        "item of a list",
        "record of a list",
    ],
)
def test_changes_are_told_by_their_smallest_part(
    old: object, new: object, expected: list[Change]
) -> None:
    assert list(changes_between(old, new)) == expected


def test_lines_are_told_apart_by_their_id() -> None:
    new = order(1, line_items=[line(1, 2), line(1, 1, display_status="DELIVERED")])

    (change,) = changes_between(order(1), new)

    assert change.path == f"line_items.{line(1, 1)['id']}.display_status"
