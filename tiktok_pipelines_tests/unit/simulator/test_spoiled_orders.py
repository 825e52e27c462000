"""Orders that a fault spoiled: each the same way each time."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.spoiled_orders import SPOILS, UNTOUCHED

NOW = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)

Json = dict[str, Any]


@cache
def written() -> tuple[str, ...]:
    """Orders of every state, as JSON."""
    sim = Simulator(SimulatorConfig(shops=1, orders=80, days=60, now=NOW))
    return tuple(json.dumps(order) for order in sim.truth(sim.shops[0].id))


def orders() -> list[Json]:
    return [json.loads(text) for text in written()]


def spoil(kind: str, order: Json) -> Any:
    return SPOILS[kind](order, Dice(7, int(order["id"])))


def all_spoiled(kind: str) -> list[Any]:
    found = [spoil(kind, order) for order in orders()]
    return [order for order in found if order is not UNTOUCHED]


def with_any_recipient() -> list[Json]:
    return [order for order in orders() if "recipient_address" in order]


def with_recipient(kind: str) -> list[Json]:
    return [order for order in all_spoiled(kind) if order.get("recipient_address")]


def lines_of(found: list[Json]) -> list[Any]:
    return [line for order in found for line in order["line_items"]]


@pytest.mark.parametrize("kind", SPOILS)
def test_an_order_is_spoiled_in_the_same_way_each_time(kind: str) -> None:
    first = [json.dumps(order) for order in all_spoiled(kind)]

    assert first == [json.dumps(order) for order in all_spoiled(kind)]
    assert first
    assert not set(first) & set(written())


@pytest.mark.parametrize("kind", sorted(set(SPOILS) - {"malformed", "number_ids"}))
def test_a_spoiled_order_can_still_be_identified(kind: str) -> None:
    ids = {order["id"] for order in orders()}

    assert {order["id"] for order in all_spoiled(kind)} <= ids


@pytest.mark.parametrize("first", SPOILS)
@pytest.mark.parametrize("second", SPOILS)
def test_faults_can_be_stacked(first: str, second: str) -> None:
    for order in orders():
        spoiled = spoil(first, order)
        if isinstance(spoiled, dict) and "id" in spoiled:
            again = SPOILS[second](cast("Json", spoiled), Dice(7))

            assert again is UNTOUCHED or json.dumps(again)


def test_unknown_fields_are_at_every_level() -> None:
    for order in with_recipient("unknown_field"):
        assert order["promised_by"]["minutes"]
        assert order["payment"]["carbon_g"]
        assert order["line_items"][0]["carbon_g"]
        assert order["recipient_address"]["door_color"]


def test_unknown_statuses_are_of_several_kinds() -> None:
    found = all_spoiled("unknown_status")

    known = {order["status"] for order in orders()}
    assert len({order["status"] for order in found} - known) == 3
    assert all(line["display_status"] not in known for line in lines_of(found))


def test_nulls_meet_payment_update_time_and_lists() -> None:
    found = all_spoiled("nulls")

    nulled = {name for order in found for name in order if order[name] is None}
    assert {"payment", "update_time", "line_items", "status", "create_time"} <= nulled
    assert any(order["update_time"] is not None for order in found)
    assert "id" not in nulled


def test_lists_are_missing_by_turns() -> None:
    found = all_spoiled("missing_lists")

    ways = {("line_items" in order, "packages" in order) for order in found}
    assert {(False, True), (True, False)} <= ways


def test_numbers_and_texts_change_places() -> None:
    found = all_spoiled("text_numbers")

    whole = {order["id"]: order for order in orders()}
    words = [order for order in found if "soon" in order.values()]
    free = [order for order in found if order["payment"]["tax"] == "free"]
    assert 0 < len(words) < len(found)
    assert 0 < len(free) < len(found)
    for order in found:
        paid = whole[order["id"]]["payment"]["total_amount"]
        assert str(order["payment"]["total_amount"]) == paid
        assert isinstance(order["payment"]["total_amount"], int | float)
        assert order["update_time"] == str(whole[order["id"]]["update_time"])


def test_texts_hold_what_no_database_stores() -> None:
    text = json.dumps(all_spoiled("unstorable"))

    assert "\\u0000" in text
    assert "\\ud83d!" in text


def test_masked_buyers_show_no_name() -> None:
    whole = {order["id"]: order["recipient_address"] for order in with_any_recipient()}

    for order in with_recipient("masked_buyers"):
        shown, known = order["recipient_address"], whole[order["id"]]
        for name in ("name", "phone_number", "full_address", "address_line1"):
            assert shown[name] == (f"{known[name][0]}*****" if known[name] else "")
        assert shown["region_code"] == known["region_code"]
        assert order["buyer_email"].endswith("*****")


def test_emptied_recipients_are_there_and_empty() -> None:
    found = all_spoiled("emptied_recipients")

    for order in found:
        block = dict(order["recipient_address"])
        assert block.pop("delivery_preferences") == {"drop_off_location": ""}
        assert set(block.values()) == {""}


def test_one_line_of_an_order_is_bad() -> None:
    for order in all_spoiled("bad_lines"):
        *good, bad = order["line_items"]

        assert all(line["id"] for line in good)
        assert not isinstance(bad, dict) or "id" not in bad


def test_ids_are_numbers_with_every_digit() -> None:
    for order, spoiled in zip(orders(), all_spoiled("number_ids"), strict=True):
        line, number = order["line_items"][0], spoiled["line_items"][0]

        assert spoiled["id"] == int(order["id"]) > 2**53
        assert str(spoiled["user_id"]) == order["user_id"]
        assert str(number["id"]) == line["id"]
        assert number["seller_sku"] == line["seller_sku"]


def test_a_malformed_record_cannot_be_identified() -> None:
    found = all_spoiled("malformed")

    objects = [cast("Json", one) for one in found if isinstance(one, dict)]
    assert {type(one).__name__ for one in found} == {"dict", "NoneType", "str", "list"}
    assert {one.get("id", "gone") for one in objects} == {"gone", "", None}
