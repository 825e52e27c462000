"""Pages as the client gives them, made of records."""

from collections.abc import Sequence
from datetime import datetime

from tiktok_pipelines.api.decoding import as_list, as_object, decode_json
from tiktok_pipelines.api.endpoints.table import ORDER_SEARCH
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.pages import OrderPage, read_order_page
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.privacy import KEEP_ALL, PrivacyPolicy
from tiktok_pipelines_tests.unit.transform.samples import NOON


def page_of(
    records: Sequence[object], fetched_at: datetime = NOON, token: str = ""
) -> Page:
    """A page that holds the records."""
    body = encode({"data": {"orders": list(records), "total_count": len(records)}})
    return page_from(body, fetched_at, token)


def page_from(body: bytes, fetched_at: datetime = NOON, token: str = "") -> Page:
    """A page from the bytes of an answer."""
    data = as_object(as_object(decode_json(body))["data"])
    records = as_list(data["orders"])
    return Page(
        records=records,
        total_count=len(records),
        next_page_token=token,
        endpoint=ORDER_SEARCH,
        request={"method": "POST", "path": ORDER_SEARCH.path, "body": {}},
        body=body,
        fetched_at=fetched_at,
        request_id="r-1",
    )


def read(
    records: Sequence[object],
    fetched_at: datetime = NOON,
    policy: PrivacyPolicy = KEEP_ALL,
) -> OrderPage:
    """The records as a page that is ready to be written."""
    return read_order_page(page_of(records, fetched_at), policy)
