"""A source with offset pages: rows that leave shift the others, as they may live."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import RequestRefused
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.unit.ingest.pages import page_of
from tiktok_pipelines_tests.unit.transform.samples import order

SIZE = 100


@dataclass
class Shelf:
    """Orders by id; ``after_page`` may change them between two pages."""

    now: datetime
    orders: dict[str, Json] = field(default_factory=dict[str, Json])
    after_page: Callable[[int], None] = lambda _: None
    counts: Callable[[int], int | None] = lambda total: total
    refused_ids: frozenset[str] = frozenset()
    answered: int = 0

    def fill(self, number: int, first: datetime, **changes: object) -> None:
        """Put orders on the shelf, one updated each second from ``first``."""
        for place in range(number):
            moment = int((first + timedelta(seconds=place)).timestamp())
            made = order(place, update_time=moment, **changes)
            self.orders[made["id"]] = made

    def touch(self, order_id: str, status: str = "IN_TRANSIT") -> None:
        """Let an order change now."""
        moment = int(self.now.timestamp())
        changed = {"update_time": moment, "status": status}
        self.orders[order_id] = {**self.orders[order_id], **changed}

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        place, more = 0, True
        while more:
            found = self._found(query)
            more = place + SIZE < len(found)
            page = page_of(found[place : place + SIZE], self.now, "t" if more else "")
            page = replace(page, total_count=self.counts(len(found)))
            self.answered += 1
            self.after_page(self.answered)
            yield page
            place += SIZE

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        if self.refused_ids.intersection(order_ids):
            message = "order of another seller"
            raise RequestRefused(message, path="/orders", code=21008111)
        yield page_of([self.orders[name] for name in order_ids], self.now)

    def _found(self, query: OrderSearch) -> list[Json]:
        name, window = "update_time", query.updated
        if query.created:
            name, window = "create_time", query.created
        assert window is not None
        found = [
            one
            for one in self.orders.values()
            if window.start_epoch <= one[name] < window.end_epoch
        ]
        return sorted(found, key=lambda one: (one[name], one["id"]))
