"""Load all there is where no one list holds it: in slices of the time of creation.

Creation times do not move, so what no slice holds is not there any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import IncompleteWindow
from tiktok_pipelines.ingest.cursors import move_cursor, read_cursor
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.records.deletions import mark_deleted
from tiktok_pipelines.ingest.records.doubts import doubted_windows, resolve_if_settled
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.windows import Search, Windows, pull_window
from tiktok_pipelines.timewindow import TimeWindow

_FRESH = timedelta(minutes=10)
"""What came this lately may not be listed yet: search indexes lag."""


@dataclass(frozen=True, slots=True)
class SlicedListing:
    """All there is, once in a while; what is listed no longer is marked as deleted.

    Attributes:
        lists: what is listed, each a list of its own name, by time of creation.
        first: nothing was created earlier.
        every: at most this often; the first pass is left out, as another load brings
            all there is then.
        name: what the watermark is called.
    """

    lists: Sequence[Windows]
    first: datetime
    every: timedelta
    name: str

    def run(self, work: Work) -> None:
        """List all, and what looked odd when it was listed.

        Raises:
            IncompleteWindow: the counts do not agree; nothing is marked as deleted.
        """
        started_at = work.clock.now()
        last = read_cursor(work.database, work.target.shop_id, self.name)
        if last is not None and (work.is_full or started_at - last >= self.every):
            self._list(work, started_at)
        if last is None or work.is_full or started_at - last >= self.every:
            move_cursor(
                work.database,
                work.target,
                self.name,
                watermark=started_at,
                now=work.clock.now(),
            )
        for load in self.lists:
            self._look_again(work, load, before=started_at)

    def _list(self, work: Work, started_at: datetime) -> None:
        window = TimeWindow(self.first, started_at.replace(microsecond=0))
        seen: set[str] = set()
        results: list[WindowResult] = []
        for load in self.lists:
            watched = replace(load, search=_watched(load.search, seen))
            results += pull_window(watched, work, window)
        work.results.extend(results)
        for result in results:
            if not result.verdict.is_closed:
                raise IncompleteWindow(
                    f"the list of {work.nouns} is not complete: {result.verdict.note};"
                    " the next sync lists them again"
                )
        if not any(result.counts.unidentified for result in results):
            keys = [(name,) for name in seen]
            mark_deleted(work, keys, listed_at=started_at - _FRESH)

    def _look_again(self, work: Work, load: Windows, *, before: datetime) -> None:
        for window in doubted_windows(work, load.name, load.time_field, before=before):
            work.results.extend(pull_window(load, work, window, is_forced=True))
        resolve_if_settled(work, load.name, before=before)


def _watched(search: Search, seen: set[str]) -> Search:
    """A search that notes the ids of what it lists."""

    def pages(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
        for page in search(shop, window):
            key = page.endpoint.id_key
            seen.update(as_text(as_object(one).get(key)) for one in page.records)
            yield page

    return pages
