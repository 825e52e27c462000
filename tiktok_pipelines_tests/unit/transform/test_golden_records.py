"""Each recorded or published record becomes rows, and comes back field by field."""

import pytest

from tiktok_pipelines.transform.buyers import take_buyer
from tiktok_pipelines.transform.finance_maps import TRANSACTIONS
from tiktok_pipelines.transform.notes import BadRecord
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.recorded import samples_of
from tiktok_pipelines_tests.unit.transform.golden_records import (
    GOLDEN,
    GoldenRecord,
    golden_records,
)
from tiktok_pipelines_tests.unit.transform.samples import NOON, golden_orders

RECORDS = golden_records()
EACH = pytest.mark.parametrize("one", RECORDS.values(), ids=RECORDS)
EACH_MAP = pytest.mark.parametrize(
    "mapping",
    [one.mapping for one in GOLDEN],
    ids=[one.mapping.stream for one in GOLDEN],
)


# Samples whose records land elsewhere, each with its reason.
NOT_HERE = {
    "docsdk_statement_transactions_202309_202309": "a version that is not asked: below",
    "synthetic_order_page_null_lists": "a page without an order",
    "real_vn_shop_202309": "shops, in tiktok_ops.shops: unit/api/test_shops.py",
    "reference_shop_202309": "the same",
    "reference_webhook_subscription_202309": "shown to people, kept nowhere",
}


def test_every_sample_is_tried_here_or_among_the_orders() -> None:
    records = {name.partition("-")[2].rpartition("-")[0] for name in RECORDS}
    orders = {name.rpartition("-")[0] for name in golden_orders()}

    left = {one.path.stem for one in samples_of()} - records - orders
    assert left == set(NOT_HERE)


def rows_of(one: GoldenRecord) -> RecordRows:
    """The rows of a record that must be good."""
    rows, _ = read_record(one.mapping, one.received, NOON, one.golden.given)
    assert isinstance(rows, RecordRows), rows
    return rows


@pytest.mark.parametrize("golden", GOLDEN, ids=[one.mapping.stream for one in GOLDEN])
def test_every_subject_has_samples(golden: object) -> None:
    assert [one for one in RECORDS.values() if one.golden is golden]


@EACH
def test_a_sample_lands_without_a_bad_record(one: GoldenRecord) -> None:
    rows = rows_of(one)

    assert rows.bad == []
    assert [note for note in rows.notes if note.kind == "unreadable"] == []


@EACH
def test_a_sample_holds_no_field_that_is_not_known(one: GoldenRecord) -> None:
    notes = rows_of(one).notes

    assert [str(note) for note in notes if note.kind == "unknown_field"] == []


@EACH
def test_a_sample_is_given_back_field_by_field(one: GoldenRecord) -> None:
    rows = rows_of(one)
    buyer = take_buyer(dict(one.received), one.mapping.buyers)

    again = give_back_record(one.mapping, rows.row, rows.parts, buyer)

    assert again == one.received


def test_the_flat_transactions_of_202309_land_whole() -> None:
    """No sync asks in this version; its amounts stand in ``extra``, not broken down."""
    samples = samples_of("statement_transactions_202309")
    (answer,) = (one.data() for one in samples if "docsdk" in one.path.stem)
    (received,) = answer["statement_transactions"]
    given = {name: answer[name] for name in ("statement_id", "currency")}

    rows, _ = read_record(TRANSACTIONS, received, NOON, given)

    assert isinstance(rows, RecordRows)
    assert rows.bad == []
    assert rows.row["statement_id"] == answer["statement_id"]
    assert rows.row["settlement_amount"] == received["settlement_amount"]
    buyer = take_buyer(dict(received), TRANSACTIONS.buyers)
    assert give_back_record(TRANSACTIONS, rows.row, rows.parts, buyer) == received


def test_a_transaction_without_its_id_is_not_guessed_at() -> None:
    """It is kept in quarantine: a key made up of what else it tells would count twice.

    TikTok documents an id in both versions, so one that lacks it is a slip, and comes
    with it when it is asked for again.
    """
    (answer,) = (
        one.data()
        for one in samples_of("statement_transactions_202309")
        if "derived" in one.path.stem
    )

    found = [read_record(TRANSACTIONS, one, NOON)[0] for one in answer["transactions"]]

    assert len(found) == 2
    assert all(isinstance(one, BadRecord) for one in found)
