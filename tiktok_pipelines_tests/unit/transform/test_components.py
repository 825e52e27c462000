"""The breakdowns of a transaction in long form."""

from decimal import Decimal
from typing import cast

from tiktok_pipelines.transform.components import components
from tiktok_pipelines.transform.finance_maps import TRANSACTIONS, UNSETTLED
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.recorded import samples_of
from tiktok_pipelines_tests.unit.transform.samples import NOON, Json

COLUMNS = {"currency": "GBP"}


def published(objects: str) -> Json:
    """The transaction of the published example."""
    (sample,) = samples_of(objects)
    return sample.data()["transactions"][0]


def found_in(received: Json) -> dict[tuple[object, object], Json]:
    """The components of a transaction by group and name."""
    rows = components(received, COLUMNS)
    return {(row["component_group"], row["component"]): row for row in rows}


def test_each_component_of_the_published_transaction_is_a_row() -> None:
    received = published("statement_transactions")
    shipping = received["shipping_cost_breakdown"]
    fee_tax = received["fee_tax_breakdown"]
    lists: list[Json] = [
        received["revenue_breakdown"],
        {
            name: value
            for name, value in shipping.items()
            if not isinstance(value, dict)
        },
        shipping["supplementary_component"],
        fee_tax["fee"],
        fee_tax["tax"],
        received["supplementary_component"],
    ]

    found = found_in(received)

    assert len(found) == sum(map(len, lists)) == 111


def test_a_name_that_stands_in_two_breakdowns_is_two_rows() -> None:
    received = published("statement_transactions")

    found = found_in(received)

    name = "fbt_fulfillment_fee_reimbursement_amount"
    assert found["shipping", name]["is_summed"]
    assert not found["shipping_supplementary", name]["is_summed"]


def test_amounts_keep_their_sign_and_zero_is_a_row() -> None:
    found = found_in(published("statement_transactions"))

    assert found["shipping", "return_shipping_fee_amount"]["amount"] == "-10"
    assert found["fee", "transaction_fee_amount"]["amount"] == "0"
    assert found["tax", "vat_amount"]["currency"] == "GBP"


def test_blanks_around_an_amount_do_not_hide_it() -> None:
    found = found_in(published("statement_transactions"))

    assert found["supplementary", "sales_tax_refund_amount"]["amount"] == "0"


def test_what_a_commission_was_before_tax_is_not_added_once_more() -> None:
    fee = {
        "affiliate_commission_amount": "-4",
        "affiliate_commission_before_pit_amount": "-6",
        "pit_withheld_from_ads_commission_amount": "2",
    }

    found = found_in({"fee_tax_breakdown": {"fee": fee}})

    summed = [row for row in found.values() if row["is_summed"]]
    assert sum(Decimal(cast("str", row["amount"])) for row in summed) == -4


def test_what_is_no_amount_is_a_row_without_one() -> None:
    found = found_in({"revenue_breakdown": {"odd": "free", "none": None, "deep": {}}})

    assert found["revenue", "odd"]["amount"] is None
    assert found["revenue", "none"]["amount"] is None
    assert ("revenue", "deep") not in found


def test_a_fee_that_nobody_knows_yet_is_a_row_and_is_noted() -> None:
    received = published("unsettled_transaction")
    received["fee_tax_breakdown"]["fee"]["moon_fee_amount"] = "-1"

    rows, _ = read_record(UNSETTLED, received, NOON)

    assert isinstance(rows, RecordRows)
    kinds = {(note.kind, note.path) for note in rows.notes}
    assert ("unknown_field", "fee_tax_breakdown.fee.moon_fee_amount") in kinds
    made = {row["component"] for row in rows.parts["unsettled_components"]}
    assert "moon_fee_amount" in made


def test_a_breakdown_that_is_left_out_is_odd_unless_there_is_nothing_in_it() -> None:
    received = published("unsettled_transaction") | {"est_revenue_amount": "0.00"}
    del received["revenue_breakdown"], received["fee_tax_breakdown"]

    rows, _ = read_record(UNSETTLED, received, NOON)

    assert isinstance(rows, RecordRows)
    assert [str(note) for note in rows.notes] == [
        "lost_field unsettled_transaction.fee_tax_breakdown"
    ]


def test_an_amount_that_is_no_text_is_odd_and_read_all_the_same() -> None:
    received = published("unsettled_transaction")
    received["fee_tax_breakdown"]["fee"]["referral_fee_amount"] = -2

    rows, _ = read_record(UNSETTLED, received, NOON)

    assert isinstance(rows, RecordRows)
    assert [note.path for note in rows.notes] == ["fee_tax_breakdown"]
    made = {row["component"]: row for row in rows.parts["unsettled_components"]}
    assert made["referral_fee_amount"]["amount"] == "-2"


def test_a_fee_that_is_named_after_buyers_is_no_buyer_data() -> None:
    received = published("unsettled_transaction")
    received["fee_tax_breakdown"]["fee"]["buyer_fault_return_shipping_fee"] = "-3"

    rows, _ = read_record(UNSETTLED, received, NOON)

    assert isinstance(rows, RecordRows)
    assert rows.buyer is None
    made = {row["component"]: row for row in rows.parts["unsettled_components"]}
    assert made["buyer_fault_return_shipping_fee"]["amount"] == "-3"


def test_a_transaction_takes_statement_and_currency_from_the_call() -> None:
    received = published("statement_transactions")
    given = {"statement_id": "S1", "currency": "GBP"}

    rows, _ = read_record(TRANSACTIONS, received, NOON, given)

    assert isinstance(rows, RecordRows)
    assert rows.row["statement_id"] == "S1"
    made = rows.parts["transaction_components"]
    assert {row["currency"] for row in made} == {"GBP"}
    assert {row["transaction_id"] for row in made} == {received["id"]}
