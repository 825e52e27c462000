"""What stands beside the records of an answer, written as a record of its own."""

from dataclasses import replace

from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.batch import batched
from tiktok_pipelines.ingest.records.doubts import Doubt, weigh_doubt
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.transform.parts import RecordMap


def write_head(
    work: Work, mapping: RecordMap, page: Page, doubt: Doubt | None = None
) -> RecordTally:
    """Write the head of a page, with TikTok's count, as ``mapping`` says.

    ``doubt`` is kept if it is odd, else forgotten.
    """
    head = dict(page.head)
    if page.total_count is not None:
        head["total_count"] = page.total_count
    tally = RecordTally()
    with batched(replace(work, mapping=mapping), tally, doubt) as batch:
        batch.add(replace(page, records=[head], head={}, total_count=None))
    if doubt:
        weigh_doubt(work, doubt, tally.oddities)
    return tally
