"""Where two pages of one search meet: a page may repeat rows of the page before it.

When a row comes in before them, the last rows of a page stand on the next one again,
and hide as many there. An id that is repeated counts once, so the counts differ; a
record that tells nothing of itself counts as two, and they agree.
"""

from dataclasses import dataclass

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.notes import UNIDENTIFIED, BadRecord


@dataclass(frozen=True, slots=True)
class PageEdges:
    """Whether the first and the last record of a page tell nothing of themselves."""

    starts_blank: bool = False
    ends_blank: bool = False


def edges_of(page: OrderPage) -> PageEdges:
    """The edges of a page of a search, in the order of its records."""
    blanks = {encode(bad.content) for bad in page.bad if is_blank(bad)}
    if not blanks:
        return PageEdges()
    first, last = bytes(page.kept[0]), bytes(page.kept[-1])
    return PageEdges(first in blanks, last in blanks)


def is_blank(bad: BadRecord) -> bool:
    """Whether a bad record tells nothing by which it could be told from another."""
    is_dated = "create_time" in as_object(bad.content)
    is_order = bad.stream == STREAM
    return is_order and bad.key.startswith(UNIDENTIFIED) and not is_dated
