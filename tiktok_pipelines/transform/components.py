"""The breakdowns of a transaction in long form: one row for each component.

The breakdowns themselves stay in ``extra`` of the transaction, as received.
Source: docs/tiktok-shop-api.md, "Statement transactions".
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from tiktok_pipelines.transform.readers import read_money


class Group(NamedTuple):
    """Where components of a kind stand, and whether they are added up."""

    name: str
    path: tuple[str, ...]
    is_summed: bool


GROUPS = (
    Group("revenue", ("revenue_breakdown",), is_summed=True),
    Group("shipping", ("shipping_cost_breakdown",), is_summed=True),
    Group("fee", ("fee_tax_breakdown", "fee"), is_summed=True),
    Group("tax", ("fee_tax_breakdown", "tax"), is_summed=True),
    Group("supplementary", ("supplementary_component",), is_summed=False),
    Group(
        "shipping_supplementary",
        ("shipping_cost_breakdown", "supplementary_component"),
        is_summed=False,
    ),
)

EXPLAINING = frozenset(
    """
    affiliate_commission_amount_before_pit affiliate_commission_before_pit_amount
    pit_withheld_from_ads_commission_amount retail_delivery_fee_payment_amount
    retail_delivery_fee_refund_amount sales_tax_payment_amount
    sales_tax_refund_amount
    """.split()
)
"""Components that say how the one beside them came about: not added once more.

A creator's commission is what it was before income tax less that tax; a tax or a fee
is what was charged less what was given back.
"""


def components(
    received: Mapping[str, object], row: Mapping[str, object]
) -> Iterator[dict[str, object]]:
    """Every component of a transaction, as rows; what is nested deeper is none.

    The amount is null where it cannot be read.
    """
    for group in GROUPS:
        for name, value in _entries(received, group.path):
            if isinstance(value, dict | list):
                continue
            told = value.strip() if isinstance(value, str) else value
            yield {
                "component_group": group.name,
                "component": name,
                "is_summed": group.is_summed and name not in EXPLAINING,
                "statement_id": row.get("statement_id"),
                "currency": row["currency"],
                "amount": read_money(told)[0],
            }


_BROKEN_DOWN = {
    "revenue_amount": "revenue_breakdown",
    "shipping_cost_amount": "shipping_cost_breakdown",
    "fee_tax_amount": "fee_tax_breakdown",
}


def missed_breakdowns(received: Mapping[str, object]) -> Iterator[str]:
    """Breakdowns that are left out, though what they explain is not zero.

    Those whose amounts are no text, as TikTok sends them, count as left out too.
    """
    for amount, breakdown in _BROKEN_DOWN.items():
        told = received.get(amount, received.get(f"est_{amount}"))
        value = read_money(told)[0]
        is_zero = not isinstance(value, str) or not value.strip("-0.")
        held = received.get(breakdown)
        if (not is_zero and not held) or not _is_of_texts(held):
            yield breakdown


def _is_of_texts(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_of_texts, cast("dict[str, object]", value).values()))
    return value is None or isinstance(value, str)


def _entries(
    received: Mapping[str, object], path: tuple[str, ...]
) -> Iterator[tuple[str, object]]:
    place = received
    for step in path:
        below = place.get(step)
        if not isinstance(below, dict):
            return
        place = cast("dict[str, object]", below)
    yield from place.items()
