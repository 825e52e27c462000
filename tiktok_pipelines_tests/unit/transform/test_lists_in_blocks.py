"""A list within a block: rows of its own, and nothing of it is lost."""

from typing import cast

import pytest

from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.fields import texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Block, Part, RecordMap
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.unit.transform.samples import NOON, Json

_NO_NAMES: frozenset[str] = frozenset()
CRATE = RecordMap(
    "crates",
    Part(
        "crates",
        Layout("crate", texts(crate_id="id"), frozenset({"goods", "id"}), _NO_NAMES),
        keys=("crate_id",),
        blocks=(
            Block(
                "goods",
                Layout(
                    "crate", texts("name"), frozenset({"name", "skus"}), _NO_NAMES, "g."
                ),
            ),
        ),
        parts=(
            Part(
                "crate_skus",
                Layout("sku", texts(sku_id="id"), frozenset({"id"}), _NO_NAMES),
                keys=("crate_id", "sku_id"),
                path="goods.skus",
                place="number",
            ),
        ),
    ),
    noun="crate",
)
GOODS: dict[str, object] = {
    "both": {"name": "n", "skus": [{"id": "1"}, {"id": "2"}]},
    "only skus": {"skus": [{"id": "1"}]},
    "more beside them": {"name": "n", "colour": "red", "skus": [{"id": "1"}]},
    "no skus": {"name": "n"},
    "an empty list": {"name": "n", "skus": []},
    "a list that is null": {"name": "n", "skus": None},
    "a list that is none": {"skus": {"id": "1"}},
    "no goods at all": None,
    "goods that are none": "skus",
    "empty goods": {},
}


def rows_of(goods: object) -> RecordRows:
    rows, _ = read_record(CRATE, {"id": "C", "goods": goods}, NOON)
    assert isinstance(rows, RecordRows)
    return rows


@pytest.mark.parametrize("goods", GOODS.values(), ids=GOODS)
def test_what_holds_a_list_is_given_back_whole(goods: object) -> None:
    rows = rows_of(goods)

    again = give_back_record(CRATE, rows.row, rows.parts)

    assert again == {"id": "C", "goods": goods}
    assert rows.bad == []


def test_a_list_within_a_block_has_rows_and_leaves_nothing_behind() -> None:
    rows = rows_of(GOODS["both"])

    skus = rows.parts["crate_skus"]
    assert [(row["crate_id"], row["sku_id"], row["number"]) for row in skus] == [
        ("C", "1", 1),
        ("C", "2", 2),
    ]
    assert decode(cast("bytes", rows.row["extra"])) == {}


def test_what_is_received_stays_as_it_is() -> None:
    received: Json = {"id": "C", "goods": {"name": "n", "skus": [{"id": "1"}, "x"]}}
    before = repr(received)

    read_record(CRATE, received, NOON)

    assert repr(received) == before


def test_an_element_that_is_no_object_is_bad_alone_and_kept_nowhere_as_it_was() -> None:
    rows, kept = read_record(
        CRATE, {"id": "C", "goods": {"skus": [{"id": "1"}, "Ann Lee"]}}, NOON
    )

    assert isinstance(rows, RecordRows)
    assert len(rows.bad) == len(rows.parts["crate_skus"]) == 1
    assert b"Ann Lee" not in bytes(kept)
