"""A received page: its rows, its kept body, what was odd."""

from dataclasses import replace

import msgspec
import pytest

from tiktok_pipelines.api.decoding import Records
from tiktok_pipelines.ingest.pages import read_order_page
from tiktok_pipelines.transform.encoding import decode, decompress, encode
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines_tests.unit.ingest.pages import page_from, page_of, read
from tiktok_pipelines_tests.unit.transform.samples import extra_of, line, order


def test_a_bad_record_leaves_its_neighbours_alone() -> None:
    page = read([order(1), None, order(2, id=""), order(3)])

    assert [rows.order_id for rows in page.orders] == [order(1)["id"], order(3)["id"]]
    assert [bad.stream for bad in page.bad] == ["orders", "orders"]
    assert len(page.kept) == 4


@pytest.mark.parametrize(
    "number", [b"1e99999999999999999999", b"7" * 5000], ids=["decimal", "integer"]
)
def test_a_number_that_nobody_reads_costs_its_order_alone(number: bytes) -> None:
    records = [encode(order(1)), b'{"id":"77","weight":' + number + b"}"]
    held = Records([msgspec.Raw(one) for one in records])

    mapped = read_order_page(replace(page_of([]), records=held), KEEP_ALL)

    assert [rows.order_id for rows in mapped.orders] == [order(1)["id"]]
    (bad,) = mapped.bad
    assert (bad.key, bad.reason) == ("77", "order 77 holds a number that is too large")
    assert held.texts_of("id") == [order(1)["id"], "77"]


def test_a_bad_line_stands_beside_its_good_order() -> None:
    page = read([order(1, line_items=[line(1, 1), {}])])

    assert [bad.stream for bad in page.bad] == ["order_lines"]
    assert len(page.orders) == 1


def test_the_kept_body_is_the_answer_less_the_buyer() -> None:
    page = read_order_page(page_of([order(1), "odd"], token="next"), KEEP_ALL)
    buyer = ("buyer_email", "buyer_message", "recipient_address")

    harmless = {name: item for name, item in order(1).items() if name not in buyer}
    assert decode(decompress(page.body)) == {
        "orders": [harmless, {"text_of_length": 3}],
        "total_count": 2,
        "next_page_token": "next",
    }


def test_drift_is_noted_with_the_order_that_shows_it() -> None:
    page = read([order(1), order(2, loyalty_tier="gold")])

    assert [(example, note.path) for example, note in page.notes] == [
        (order(2)["id"], "loyalty_tier")
    ]


def test_what_postgresql_cannot_hold_is_replaced_and_noted() -> None:
    body = rb'{"data": {"orders": [{"id": "1", "seller_note": "a\u0000b\ud83d"}]}}'

    page = read_order_page(page_from(body), KEEP_ALL)

    assert extra_of(page.orders[0]) == {"seller_note": "a\ufffdb\ufffd"}
    assert ("replaced_characters", "seller_note") in [
        (note.kind, note.path) for _, note in page.notes
    ]


def test_a_real_emoji_pair_is_untouched_and_not_noted() -> None:
    body = rb'{"data": {"orders": [{"id": "1", "seller_note": "\ud83d\ude00"}]}}'

    page = read_order_page(page_from(body), KEEP_ALL)

    assert extra_of(page.orders[0]) == {"seller_note": "😀"}
    kinds = {note.kind for _, note in page.notes}
    assert "replaced_characters" not in kinds


def test_a_page_without_records_is_empty() -> None:
    page = read([])

    assert page.orders == []
    assert page.bad == []
    assert page.kept == []
