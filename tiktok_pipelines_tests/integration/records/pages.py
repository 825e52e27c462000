"""Pages of returns as a client gives them, for tests of what becomes of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tiktok_pipelines.api.endpoints.table import RETURN_SEARCH
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.privacy import KEEP_ALL, PrivacyPolicy
from tiktok_pipelines.transform.returns import RETURNS
from tiktok_pipelines_tests.unit.transform.samples import CREATED, HOUR, NOON, Json


def a_return(number: int = 1, **changes: object) -> Json:
    """A small return with one line."""
    made: Json = {
        "return_id": f"40400000000000{number:05}",
        "order_id": f"5800000000000{number:05}",
        "return_status": "AWAITING_BUYER_SHIP",
        "return_type": "REFUND",
        "role": "BUYER",
        "create_time": CREATED,
        "update_time": CREATED + HOUR,
        "return_line_items": [line(number, 1)],
    }
    return {name: value for name, value in (made | changes).items() if value is not ...}


def line(number: int, place: int, **changes: object) -> Json:
    """A line of ``a_return(number)``."""
    made: Json = {
        "return_line_item_id": f"4060000000000{number * 16 + place:05}",
        "order_line_item_id": f"5700000000000{number * 16 + place:05}",
        "sku_id": f"17310000000000005{place:02}",
    }
    return {name: value for name, value in (made | changes).items() if value is not ...}


def read(
    records: Sequence[Json],
    minutes: int = 0,
    *,
    policy: PrivacyPolicy = KEEP_ALL,
) -> RecordPage:
    """A page that was asked for some minutes after noon, mapped."""
    return read_record_page(RETURNS, page_of(records, minutes), policy)


def page_of(records: Sequence[Json], minutes: int = 0) -> Page:
    """The same as received."""
    request: Mapping[str, object] = {
        "method": "POST",
        "path": RETURN_SEARCH.path,
        "query": {},
        "body": {},
    }
    fetched_at: datetime = NOON + timedelta(minutes=minutes)
    return Page(
        records=list(records),
        total_count=len(records),
        next_page_token="",
        endpoint=RETURN_SEARCH,
        request=request,
        body=encode({"return_orders": records}),
        fetched_at=fetched_at,
        request_id="test",
    )
