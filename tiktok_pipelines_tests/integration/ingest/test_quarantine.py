"""What is in quarantine can be read, and holds no buyer data."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_commit import (
    commit_or_quarantine,
    commit_order_pages,
)
from tiktok_pipelines.ingest.quarantine import (
    BadEntry,
    find_bad,
    list_bad,
    read_bad,
    settle,
)
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import rows
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import (
    NOON,
    Json,
    address,
    line,
    order,
)

SHOP = ShopRun("7490000000000000001", "run-1")
OTHER = ShopRun("7490000000000000002", "run-1")
BUYER = {
    "recipient_address": address(9),
    "buyer_email": "buyer9@example.invalid",
    "buyer_nickname": "nick9",
    "buyer_message": "Please ring **twice**",
    "buyer_avatar": "https://example.invalid/face9.png",
    "cpf": "123.456.789-09",
    "cpf_name": "Aminah Recipient9",
}


def keep(database: Database, *records: object, shop: ShopRun = SHOP) -> list[BadEntry]:
    """Load a page of records, and list what stays in quarantine."""
    list(commit_or_quarantine(database, shop, read(records)))
    return [*list_bad(database)]


def test_what_waits_is_listed_and_what_is_resolved_only_on_request(
    database: Database,
) -> None:
    first, second = keep(database, order(1, id=""), order(2, id=""))
    settle(database, [first.quarantine_id])

    waiting, everything = list_bad(database), list_bad(database, with_resolved=True)

    assert waiting == [second]
    assert [entry.quarantine_id for entry in everything] == [
        first.quarantine_id,
        second.quarantine_id,
    ]
    assert everything[0].resolved_at is not None


def test_the_list_can_be_of_one_shop(database: Database) -> None:
    keep(database, order(1, id=""))
    keep(database, order(1, id=""), shop=OTHER)

    found = list_bad(database, shop_id=OTHER.shop_id)

    assert [entry.shop_id for entry in found] == [OTHER.shop_id]


@pytest.mark.parametrize(
    ("bad", "order_id"),
    [
        (order(1, id=""), None),
        (order(1, line_items=[line(1, 1, id="")]), order(1)["id"]),
        (order(1, seller_note=Decimal("1e200000")), order(1)["id"]),
    ],
    ids=["no id", "bad line", "refused value"],
)
def test_the_order_to_ask_for_is_known_unless_the_record_has_no_id(
    database: Database, bad: Json, order_id: str | None
) -> None:
    (entry,) = keep(database, bad)

    assert entry.order_id == order_id


def test_a_record_is_read_whole(database: Database) -> None:
    (entry,) = keep(database, order(1, id="", seller_note=Decimal("1.50")))

    record = read_bad(database, entry.quarantine_id)

    assert record.entry == entry
    assert record.run_id == "run-1"
    assert record.request == read([]).request
    assert record.content == order(
        1,
        id="",
        seller_note=Decimal("1.50"),
        buyer_email=...,
        buyer_message=...,
        recipient_address=...,
    )


def test_content_that_only_text_could_hold_is_read_as_what_it_is(
    database: Database,
) -> None:
    (entry,) = keep(database, order(1, seller_note=Decimal("1e200000")))

    record = read_bad(database, entry.quarantine_id)

    assert "'id': '580000000000000001'" in repr(record.content)


@pytest.mark.parametrize(
    "bad",
    [
        order(9, id="", **BUYER),
        order(9, id=None, packages=[{"id": "1", **BUYER}]),
        order(9, line_items=[line(9, 1, id="", **BUYER)]),
        order(9, **BUYER, seller_note=Decimal("1e200000")),
        [order(9, **BUYER)],
        "Aminah Recipient9, 9 Jalan Clear",
        ["Aminah Recipient9, 9 Jalan Clear"],
    ],
    ids=["order", "package", "line", "refused", "list", "text", "list of texts"],
)
def test_a_bad_record_full_of_buyer_data_shows_none(
    database: Database, bad: object
) -> None:
    (entry,) = keep(database, bad)

    shown = repr(read_bad(database, entry.quarantine_id).content) + repr(entry)

    values = [*address(9).values(), *BUYER.values(), "Aminah", "Jalan"]
    assert [value for value in values if str(value) in shown and value != "MY"] == []
    assert len(shown) > 100


def test_what_counts_as_buyer_data_since_is_not_shown(database: Database) -> None:
    (entry,) = keep(database, order(1, id=""))
    rows(
        database,
        "UPDATE tiktok_ops.quarantine_records"
        """ SET content = '{"a": {"buyer_email": "old@example.invalid"}}'"""
        " RETURNING 1",
    )

    assert read_bad(database, entry.quarantine_id).content == {"a": {}}


def test_a_record_does_not_print_its_content(database: Database) -> None:
    (entry,) = keep(database, order(1, id=""))

    assert "fragile" not in repr(read_bad(database, entry.quarantine_id))


def test_an_unknown_number_is_named_with_the_remedy(database: Database) -> None:
    (entry,) = keep(database, order(1, id=""))

    with pytest.raises(PipelineError, match=r"no record 4711 .* quarantine list"):
        find_bad(database, [entry.quarantine_id, 4711])


def test_a_record_met_again_since_is_not_settled(database: Database) -> None:
    (entry,) = keep(database, order(1, id=""))
    later = NOON + timedelta(hours=1)
    commit_order_pages(database, SHOP, [read([order(1, id="")], later)])

    settle(database, [entry.quarantine_id], since=later)

    assert [one.quarantine_id for one in list_bad(database)] == [entry.quarantine_id]
