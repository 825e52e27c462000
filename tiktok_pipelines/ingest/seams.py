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


@dataclass(slots=True)
class Seams:
    """Where the pages of one search meet; ``are_unsure``: one may repeat a blank."""

    are_unsure: bool = False
    _ended_blank: bool = False

    def add(self, page: OrderPage) -> None:
        """Look at the next page; ``kept`` are its records in their order."""
        blanks = {encode(bad.content) for bad in page.bad if is_blank(bad)}
        starts_blank = bool(blanks) and bytes(page.kept[0]) in blanks
        self.are_unsure |= self._ended_blank and starts_blank
        self._ended_blank = bool(blanks) and bytes(page.kept[-1]) in blanks


def is_blank(bad: BadRecord) -> bool:
    """Whether a bad record tells nothing by which it could be told from another."""
    is_dated = "create_time" in as_object(bad.content)
    is_order = bad.stream == STREAM
    return is_order and bad.key.startswith(UNIDENTIFIED) and not is_dated
