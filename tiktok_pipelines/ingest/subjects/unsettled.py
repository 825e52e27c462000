"""What is not settled yet: the whole list of estimates, and the sums that head it."""

from collections.abc import Iterator
from dataclasses import replace

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.finance import UnsettledSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.subjects.heads import write_head
from tiktok_pipelines.transform.finance_maps import UNSETTLED_SUMS


class UnsettledTransactions:
    """The estimates, all of them in each sync; their sums once all are there."""

    name = ""

    def run(self, work: Work) -> None:
        """List them, then write what heads the last page.

        Raises:
            IncompleteWindow: TikTok's count and what came differ.
        """
        last: list[Page] = []

        def pages(shop: ShopClient) -> Iterator[Page]:
            for page in shop.finance.pages(UnsettledSearch()):
                last[:] = [page]
                yield page

        Listing(pages, is_counted=True, marks_deleted=True).run(work)
        head = write_head(work, UNSETTLED_SUMS, last[0])
        result = work.results[-1]
        work.results[-1] = replace(
            result,
            rows_written=result.rows_written + head.rows_written,
            new_bad=(*result.new_bad, *head.new_bad),
        )
