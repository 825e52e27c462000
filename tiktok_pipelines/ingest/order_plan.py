"""What a page of orders changes, given what the tables hold: pure decisions.

Newer is the greater (update time, fetch time). Older never overwrites newer, yet an
older answer may still add what the newer one lacked: lines, a status seen, a clear
buyer field. So any order of the same answers ends in the same rows.

One limit: an answer equal to the row does not rewrite it, so the row keeps the fetch
time of the first such answer. Should an order change and change back within one update
time, an answer from between that is written last stays until the next one comes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from tiktok_pipelines.transform.buyers import BuyerData, content_hash, merge
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines.transform.orders import OrderRows
from tiktok_pipelines.transform.rows import Row
from tiktok_pipelines.transform.versions import Version

NEVER = Version(0, 0)


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """What the tables hold of one order; ``created_at`` in microseconds since 1970.

    ``detail``, what detail calls told, may be left out where all answers equal the row
    and tell none.
    """

    version: Version
    content_hash: bytes | None
    lines_version: Version
    buyer_id: str | None
    created_at: int | None
    detail: Mapping[str, object]
    recipient_hash: bytes | None
    has_recipient: bool


@dataclass(frozen=True, slots=True)
class Received:
    """One order of a page; ``page`` counts the pages of the batch from 0."""

    page: int
    rows: OrderRows


class Placed(NamedTuple):
    """A new order of a buyer; ``created_us``: microseconds since 1970, if told."""

    page: int
    buyer_id: str
    created_us: int | None


OrderRow = tuple[int, Row]
"""A row of ``tiktok.orders`` and the page it comes from; so below."""
LineRow = tuple[int, Version, Row]
SeenStatus = tuple[int, OrderRows]
GivenBuyer = tuple[int, BuyerData]
GivenDetail = tuple[int, str, Mapping[str, object]]
"""Page, order and the detail-only fields of a row that is not new otherwise."""


@dataclass(slots=True)
class OrderPlan:
    """Rows to write, each with the page it comes from.

    ``new`` are the orders that the tables do not hold.
    ``buyers`` is what answers say of buyers, by order; of ``held_buyers`` the table
    holds something. ``placed`` are new orders, to be added to what is told of their
    buyers. ``buyer_ids`` are to be counted again, each with a page that changes the
    count; ``left_buyers`` are those of them that an order no longer names.
    ``named_anew`` are orders held with buyer data, of which an answer names another
    buyer.
    """

    new: set[str] = field(default_factory=set[str])
    orders: list[OrderRow] = field(default_factory=list[OrderRow])
    lines: list[LineRow] = field(default_factory=list[LineRow])
    lines_replaced: list[str] = field(default_factory=list[str])
    lines_dated: list[tuple[str, Version]] = field(
        default_factory=list[tuple[str, Version]]
    )
    details: list[GivenDetail] = field(default_factory=list[GivenDetail])
    history: list[SeenStatus] = field(default_factory=list[SeenStatus])
    buyers: dict[str, GivenBuyer] = field(default_factory=dict[str, GivenBuyer])
    placed: list[Placed] = field(default_factory=list[Placed])
    buyer_ids: dict[str, int] = field(default_factory=dict[str, int])
    held_buyers: set[str] = field(default_factory=set[str])
    left_buyers: set[str] = field(default_factory=set[str])
    named_anew: set[str] = field(default_factory=set[str])


def plan_orders(
    received: Iterable[Received], known: Mapping[str, KnownOrder]
) -> OrderPlan:
    """Decide what a batch of pages changes."""
    plan = OrderPlan()
    for order_id, answers in _by_order(received).items():
        _plan_order(plan, answers, known.get(order_id))
    return plan


def _by_order(received: Iterable[Received]) -> dict[str, list[Received]]:
    """Answers by order, oldest first: windows overlap, and rows move while read."""
    grouped: dict[str, list[Received]] = {}
    for answer in received:
        grouped.setdefault(answer.rows.order_id, []).append(answer)
    for answers in grouped.values():
        answers.sort(key=lambda answer: _strength(answer.rows))
    return grouped


def _strength(rows: OrderRows) -> tuple[Version, bytes]:
    return rows.version, _hash(rows)


def _known(known: KnownOrder) -> tuple[Version, bytes]:
    return known.version, known.content_hash or b""


def _hash(rows: OrderRows) -> bytes:
    return cast("bytes", rows.order["content_hash"])


def _plan_order(
    plan: OrderPlan, answers: Sequence[Received], known: KnownOrder | None
) -> None:
    newest = answers[-1]
    if known is None:
        plan.new.add(newest.rows.order_id)
    _plan_buyer(plan, answers, known)
    if known and known.has_recipient and _names_another(answers, known):
        plan.named_anew.add(newest.rows.order_id)
    _plan_history(plan, answers, known)
    is_same = known is not None and known.content_hash == _hash(newest.rows)
    has_lines = is_same and newest.rows.lines is not None
    lines_version = None if has_lines else _plan_lines(plan, answers, known)
    detail = _detail(answers, known)
    if known is None or (not is_same and _strength(newest.rows) > _known(known)):
        _plan_row(plan, newest, known, lines=lines_version, detail=detail)
        return
    if lines_version is not None:
        plan.lines_dated.append((newest.rows.order_id, lines_version))
    if detail != known.detail:
        plan.details.append((newest.page, newest.rows.order_id, detail))


def _plan_history(
    plan: OrderPlan, answers: Sequence[Received], known: KnownOrder | None
) -> None:
    """Statuses that may be new, or were seen earlier than the row says."""
    plan.history += [
        (answer.page, answer.rows)
        for answer in answers
        if known is None
        or known.content_hash != _hash(answer.rows)
        or answer.rows.version < known.version
    ]


def _detail(
    answers: Sequence[Received], known: KnownOrder | None
) -> Mapping[str, object]:
    """What detail calls told: an older one adds only what the newer ones did not."""
    told = [
        (answer.rows.version, answer.rows.detail)
        for answer in answers
        if answer.rows.detail
    ]
    if known:
        told.append((known.version, known.detail))
    merged: dict[str, object] = {}
    for _, detail in sorted(told, key=lambda pair: pair[0]):
        merged.update(detail)
    return merged


def _plan_lines(
    plan: OrderPlan, answers: Sequence[Received], known: KnownOrder | None
) -> Version | None:
    """Take the lines of the newest answer that has any; return its version."""
    held = known.lines_version if known else NEVER
    for answer in reversed(answers):
        rows = answer.rows
        if rows.lines is None or rows.version <= held:
            continue
        plan.lines += [(answer.page, rows.version, line) for line in rows.lines]
        if known and not rows.bad_lines:
            plan.lines_replaced.append(rows.order_id)
        return rows.version
    return None


def _plan_row(
    plan: OrderPlan,
    newest: Received,
    known: KnownOrder | None,
    *,
    lines: Version | None,
    detail: Mapping[str, object],
) -> None:
    rows = newest.rows
    if lines is None:
        lines = known.lines_version if known else NEVER
    changes: dict[str, object] = {}
    if lines != rows.version:
        changes["lines_updated_at"] = lines.updated_us or None
        changes["lines_synced_at"] = lines.fetched_us
    if detail:
        extra = cast("dict[str, object]", decode(cast("bytes", rows.order["extra"])))
        changes["extra"] = encode({**extra, **detail})
    row = rows.order.having(changes) if changes else rows.order
    plan.orders.append((newest.page, row))
    _plan_customer(plan, newest, known)


def _plan_customer(plan: OrderPlan, newest: Received, known: KnownOrder | None) -> None:
    """Count a buyer's orders again only when this order's share may have changed."""
    buyer = cast("str | None", newest.rows.order["buyer_id"])
    created_at = cast("int | None", newest.rows.order["created_at"])
    if known is None:
        if buyer:
            plan.placed.append(Placed(newest.page, buyer, created_at))
    elif (known.buyer_id, known.created_at) != (buyer, created_at):
        if buyer:
            plan.buyer_ids[buyer] = newest.page
        if known.buyer_id:
            plan.buyer_ids[known.buyer_id] = newest.page
            plan.left_buyers.add(known.buyer_id)


def _names_another(answers: Sequence[Received], known: KnownOrder) -> bool:
    """Whether someone is named who may have been erased before we knew whose it is."""
    named = {answer.rows.order["buyer_id"] for answer in answers}
    return not named <= {None, known.buyer_id}


def _plan_buyer(
    plan: OrderPlan, answers: Sequence[Received], known: KnownOrder | None
) -> None:
    given = [(answer.page, answer.rows.buyer) for answer in answers]
    told = [(page, buyer) for page, buyer in given if buyer is not None]
    if not told:
        return
    page, merged = told[-1]
    for _, buyer in told[:-1]:
        merged = merge(merged, buyer)
    if (
        known
        and known.has_recipient
        and (known.recipient_hash == content_hash(merged.fields))
    ):
        return
    order_id = answers[-1].rows.order_id
    plan.buyers[order_id] = (page, merged)
    if known and known.has_recipient:
        plan.held_buyers.add(order_id)
