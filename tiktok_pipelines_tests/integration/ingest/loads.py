"""Loads of one simulated shop, and sources that misbehave."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.window_pull import OrderSource
from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.answers import Json

WHOLE = TimeWindow(NOW - timedelta(days=6), NOW)
DAY = timedelta(days=1)


def runs_of(pipeline: Pipeline, run_id: str = "run-1") -> OrderRuns:
    return OrderRuns(pipeline.shops, run_id, log=lambda _: None)


def quiet(_: object) -> None:
    """Tell nobody."""


@dataclass
class Watched:
    """A source that does something of its own before each search.

    Pages are of that size, or of ``fewer`` than asked for.
    """

    source: OrderSource
    before: Callable[[int], None] = quiet
    page_size: int = 100
    fewer: int = 0
    searches: list[OrderSearch] = field(default_factory=list[OrderSearch])

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        self.searches.append(query)
        self.before(len(self.searches))
        page_size = (query.page_size or 0) - self.fewer
        page_size = page_size if self.fewer else self.page_size
        return self.source.pages(replace(query, page_size=page_size))

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        return self.source.detail(order_ids)


def miscount(by: int, until: int = 10**9) -> Callable[[Visit, Json], None]:
    """Count wrongly, in the first ``until`` answers."""
    answered: list[str] = []

    def change(visit: Visit, data: Json) -> None:
        answered.append(visit.path)
        if len(answered) <= until:
            data["total_count"] += by

    return change
