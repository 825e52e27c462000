"""Records of any subject: what is odd in one harms only itself, and nothing is lost."""

from typing import cast

import pytest

from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.fields import (
    Field,
    amounts,
    documents,
    milliseconds,
    moments,
    numbers,
    texts,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.notes import BadRecord
from tiktok_pipelines.transform.parts import (
    Block,
    Derived,
    Part,
    ReadRow,
    RecordMap,
    Row,
    same,
)
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.unit.transform.samples import NOON, Json


def layout(kind: str, fields: list[Field], more: str = "", prefix: str = "") -> Layout:
    """A layout that knows its fields and some names more."""
    known = {item.name for item in fields} | set(more.split())
    return Layout(kind, fields, frozenset(known), frozenset(), prefix)


def totals(received: ReadRow, _: ReadRow) -> list[Row]:
    """A row for each amount of ``fees``."""
    fees = cast("Json", received.get("fees") or {})
    return [{"fee": name, "amount": value} for name, value in fees.items()]


_MORE = "fees items ms price tags ways weight"
BOX = RecordMap(
    "boxes",
    Part(
        "boxes",
        layout("box", [*texts(box_id="id"), *moments(updated_at="update_time")], _MORE),
        keys=("box_id",),
        others=[*numbers("weight"), *milliseconds(seen_at="ms"), *documents("tags")],
        blocks=(
            Block("price", layout("box", [*amounts("sum")], prefix="price.")),
            Block("ways", layout("box", texts(way="to")), in_list=True),
        ),
        values={"box_id": frozenset({"B1"})},
        inherits={"route_id": "route"},
        parts=(
            Part(
                "box_items",
                layout("item", [*texts(item_id="id")]),
                keys=("item_id",),
                path="items",
                place="item_number",
                inherits=same("route_id"),
                parts=(
                    Part(
                        "box_item_codes",
                        layout("code", texts("code")),
                        keys=("item_id", "code"),
                        path="codes",
                        scalar="code",
                    ),
                ),
            ),
        ),
        derived=(Derived("box_fees", ("box_id", "fee"), totals),),
    ),
    noun="box",
)
RECEIVED: Json = {
    "id": "B1",
    "update_time": 1_700_000_000,
    "weight": 12,
    "ms": 1_700_000_000_123,
    "tags": ["a", {"b": 1}],
    "price": {"sum": "1.50", "rest": "2"},
    "ways": [{"to": "north"}],
    "items": [{"id": "I1", "codes": ["c1", "c2"]}, {"id": "I2", "colour": "red"}],
    "fees": {"a": "1", "b": "-2"},
}


def rows_of(record: object) -> RecordRows:
    """The rows of a record that must be good."""
    rows, _ = read_record(BOX, record, NOON, {"route": "R"})
    assert isinstance(rows, RecordRows), rows
    return rows


def back(record: object) -> Json:
    """The record, taken apart and put together again."""
    rows = rows_of(record)
    return give_back_record(BOX, rows.row, rows.parts)


def test_fields_blocks_and_lists_land_where_they_are_declared() -> None:
    rows = rows_of(RECEIVED)

    assert rows.key == ("B1",)
    assert rows.row["route_id"] == "R"
    assert rows.row["weight"] == 12
    assert rows.row["seen_at"] == 1_700_000_000_123_000
    assert (rows.row["sum"], rows.row["way"]) == ("1.50", "north")
    assert decode(cast("bytes", rows.row["extra"])) == {
        "price": {"rest": "2"},
        "fees": {"a": "1", "b": "-2"},
    }
    assert [item["item_number"] for item in rows.parts["box_items"]] == [1, 2]
    assert {item["route_id"] for item in rows.parts["box_items"]} == {"R"}
    assert [
        (code["box_id"], code["item_id"], code["code"])
        for code in rows.parts["box_item_codes"]
    ] == [("B1", "I1", "c1"), ("B1", "I1", "c2")]


def test_derived_rows_leave_nothing_out_of_the_record() -> None:
    assert [
        (row["box_id"], row["fee"], row["amount"])
        for row in rows_of(RECEIVED).parts["box_fees"]
    ] == [("B1", "a", "1"), ("B1", "b", "-2")]


ODD: dict[str, Json] = {
    "a number for an id": {"id": 17},
    "text for a number": {"weight": "12"},
    "no number": {"weight": "heavy"},
    "seconds for milliseconds": {"ms": 1_700_000_000},
    "text for a document": {"tags": "a"},
    "a block that is none": {"price": "1.50"},
    "an empty block": {"price": {}},
    "a block that is null": {"price": None},
    "two of one": {"ways": [{"to": "north"}, {"to": "south"}]},
    "none of one": {"ways": []},
    "one that is empty": {"ways": [{}]},
    "a list that is none": {"items": {"id": "I1"}},
    "an empty list": {"items": []},
    "a list that is null": {"items": None},
    "codes as numbers": {"items": [{"id": "I1", "codes": [1, "c"]}]},
    "codes that are none": {"items": [{"id": "I1", "codes": "c"}]},
    "an unknown field": {"shape": {"round": True}},
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_what_is_odd_comes_back_as_received(change: Json) -> None:
    received = {**RECEIVED, **change}

    assert back(received) == received


@pytest.mark.parametrize("name", sorted(RECEIVED.keys() - {"id"}))
def test_what_is_missing_is_not_made_up(name: str) -> None:
    received = {key: value for key, value in RECEIVED.items() if key != name}

    assert back(received) == received


@pytest.mark.parametrize("listed", [..., None, [], "text"], ids=str)
def test_without_a_usable_list_rows_known_earlier_stay(listed: object) -> None:
    received = {**RECEIVED, "items": listed}
    if listed is ...:
        del received["items"]

    assert "box_items" not in rows_of(received).parts


def test_within_an_object_a_missing_list_means_that_there_is_nothing() -> None:
    rows = rows_of({**RECEIVED, "items": [{"id": "I1"}]})

    assert rows.parts["box_item_codes"] == []


BAD_ITEMS = {
    "no object": "Jane Doe",
    "no id": {"colour": "red"},
    "an id twice": {"id": "I1"},
    "an id without end": {"id": "I" * 201},
}


@pytest.mark.parametrize("item", BAD_ITEMS.values(), ids=BAD_ITEMS)
def test_a_bad_element_harms_only_itself(item: object) -> None:
    rows = rows_of({**RECEIVED, "items": [{"id": "I1"}, item]})

    assert [one["item_id"] for one in rows.parts["box_items"]] == ["I1"]
    assert [(bad.stream, bad.key) for bad in rows.bad] == [("box_items", "B1/2")]
    assert "Jane" not in str(rows.bad[0].content)


def test_what_stands_where_an_object_should_is_kept_nowhere() -> None:
    _, kept = read_record(BOX, {**RECEIVED, "items": [{"id": "I1"}, "Jane Doe"]}, NOON)

    assert b"Jane" not in bytes(kept)


@pytest.mark.parametrize("record", ["text", None, {}, {"id": ""}], ids=str)
def test_a_record_without_a_fit_id_is_bad(record: object) -> None:
    bad, _ = read_record(BOX, record, NOON)

    assert isinstance(bad, BadRecord)
    assert bad.stream == "boxes"


def test_what_the_documents_do_not_foresee_is_noted() -> None:
    received = {"id": "B2", "shape": None, "weight": "heavy", "items": "x"}

    assert sorted(map(str, rows_of(received).notes)) == [
        "new_value box.box_id",
        "null_value box.shape",
        "unknown_field box.shape",
        "unreadable box.items",
        "unreadable box.weight",
    ]


@pytest.mark.parametrize("ways", [7, [7], [None, {}], "north"], ids=str)
def test_a_wrapped_block_that_is_none_is_noted(ways: object) -> None:
    notes = rows_of({**RECEIVED, "ways": ways}).notes

    assert ("unreadable", "") in [(note.kind, note.path) for note in notes]


def test_buyer_data_is_apart_and_nothing_that_is_kept_holds_it() -> None:
    address = {"name": "Jane Doe"}
    received = {**RECEIVED, "recipient_address": address, "order_id": "O1"}

    rows, kept = read_record(BOX, received, NOON)

    assert isinstance(rows, RecordRows)
    assert rows.buyer is not None
    assert rows.buyer.fields == {"recipient_address.name": "Jane Doe"}
    assert b"Jane" not in bytes(kept)
    assert b"Jane" not in cast("bytes", rows.row["extra"])
