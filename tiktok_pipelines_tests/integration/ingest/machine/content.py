"""What must hold after every step of what the rows say: told so, and nothing lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tiktok_pipelines.transform.buyers import from_row
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.order_back import give_back_order
from tiktok_pipelines.transform.order_fields import DETAIL_ONLY
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.expected import grade, moment
from tiktok_pipelines_tests.integration.ingest.machine.snapshot import Key, Snapshot
from tiktok_pipelines_tests.integration.ingest.machine.step import Step
from tiktok_pipelines_tests.integration.ingest.machine.witness import (
    Rank,
    Told,
    buyer_of,
    rank_of,
    rest_of,
)
from tiktok_pipelines_tests.integration.ingest.stored import Row

_ADDRESS, _PART = "recipient_address", "recipient_address."
Field = tuple[str, str]
"""An order and a path in its buyer's data."""


@dataclass(slots=True)
class Buyers:
    """What was told of buyers: all of it, and the best that loads have taken."""

    told: dict[Field, dict[bytes, Rank]] = field(
        default_factory=dict[Field, dict[bytes, Rank]]
    )
    best: dict[Field, Rank] = field(default_factory=dict[Field, Rank])

    def learn(self, step: Step) -> None:
        """Note what a step told."""
        for order_id, told in step.told.items():
            for one in told:
                for path, value in buyer_of(one):
                    self._learn((order_id, path), value, rank_of(one, value))
                    if step.is_taken:
                        self._take((order_id, path), rank_of(one, value))

    def _learn(self, place: Field, value: object, rank: Rank) -> None:
        ranks = self.told.setdefault(place, {})
        ranks[encode(value)] = max(ranks.get(encode(value), rank), rank)

    def _take(self, place: Field, rank: Rank) -> None:
        self.best[place] = max(self.best.get(place, rank), rank)


def buyers_in(now: Snapshot) -> Mapping[Field, object]:
    """Every field of a buyer that the table holds."""
    return {
        (order_id, path): value
        for (_, order_id), row in now.tables["order_recipients"].items()
        for path, value in from_row(row).fields.items()
    }


def buyers_never_told(step: Step, buyers: Buyers) -> list[Field]:
    return [
        place
        for place, value in buyers_in(step.after).items()
        if encode(value) not in buyers.told.get(place, {})
    ]


def buyers_worse_than_told(step: Step, buyers: Buyers) -> list[Field]:
    """Fields less clear, or older, than what a load that ended well was told.

    An address told as null or empty is nothing beside one with parts.
    """
    held = buyers_in(step.after)
    with_parts = {order_id for order_id, path in held if path.startswith(_PART)}
    return [
        place
        for place, best in buyers.best.items()
        if not (place[1] == _ADDRESS and place[0] in with_parts)
        and (
            place not in held
            or buyers.told[place].get(encode(held[place]), best) < best
        )
    ]


def faded_buyers(step: Step) -> list[Field]:
    """Fields that are less clear than they were."""
    after = buyers_in(step.after)
    return [
        place
        for place, value in buyers_in(step.before).items()
        if grade(value) > grade(after.get(place))
    ]


def lines_taken_away(step: Step, told: Mapping[str, Sequence[Told]]) -> list[Key]:
    """Lines that are gone, though each list of lines that was told has them."""
    before, after = step.before.tables["order_lines"], step.after.tables["order_lines"]
    return [
        key
        for key in before.keys() - after.keys()
        if not any(
            one.line_ids and key[1] not in one.line_ids
            for one in told.get(before[key]["order_id"], [])
        )
    ]


def orders_never_told(
    step: Step, told: Mapping[str, Sequence[Told]]
) -> list[tuple[str, str]]:
    """Rows that, put together again, are no answer that was ever given."""
    lines = _lines_by_order(step.after)
    return [
        (order_id, what)
        for (_, order_id), row in step.after.orders.items()
        for what in _never_told(row, lines.get(order_id, []), told.get(order_id, []))
    ]


def _never_told(row: Row, own: list[Row], given: Sequence[Told]) -> Iterator[str]:
    """What of one order is of no answer, or of another one than the row says."""
    order = give_back_order(row, own, {})
    lines = _lines_of(order) if own else frozenset[bytes]()
    is_of_one = row["lines_synced_at"] is None
    if not any(
        one.rest == rest_of(order) and (_gives(one, lines) or not is_of_one)
        for one in given
    ):
        yield "the order"
    if own and not any(
        _gives(one, lines)
        for one in given
        if is_of_one or moment(one.updated) == row["lines_updated_at"]
    ):
        yield "its lines"
    if not lines <= {line for one in given for line in one.lines}:
        yield "a line"
    yield from _details_never_told(order, given)


def _lines_by_order(now: Snapshot) -> Mapping[str, list[Row]]:
    lines: dict[str, list[Row]] = {}
    for row in now.tables["order_lines"].values():
        lines.setdefault(row["order_id"], []).append(row)
    return lines


def _gives(one: Told, lines: frozenset[bytes]) -> bool:
    """Whether the lines are an answer's; a bad one leaves others where they were."""
    return one.lines <= lines if one.has_bad_lines else one.lines == lines


def _lines_of(order: Json) -> frozenset[bytes]:
    lines = order.get("line_items")
    return frozenset(encode(line) for line in lines or ())


def _details_never_told(order: Json, given: Sequence[Told]) -> Iterator[str]:
    for name in DETAIL_ONLY & order.keys():
        if not any(one.order.get(name) == order[name] for one in given):
            yield name
