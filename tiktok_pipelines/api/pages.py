"""Pages of records, and the guard that keeps following them from going in circles."""

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from tiktok_pipelines.api.answers import Answer, PartialFailure
from tiktok_pipelines.api.decoding import Records, as_int, as_list, as_object, as_text
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.transport import Call
from tiktok_pipelines.errors import PageTokenRefused

_REMEMBERED = 20_000  # ids and tokens: bounded, whatever a window holds
_ABOUT_PAGES = ("total_count", "next_page_token", "errors")
_EMPTY_PAGES = 100  # in a row, before we stop believing in the next one


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer.

    Attributes:
        records: JSON values as received; no list counts as none. Those of a bulk
            endpoint are ``Records``.
        head: what the answer says beside its records, such as their sums.
        total_count: of the whole search, as of this page; None where none is given.
        next_page_token: "" on the last page.
        path_ids: the ids that the path names, such as the order's: their records may
            not repeat them.
        request: method, path, query and body without app key, signature, timestamp,
            cipher and tokens: may be stored.
        body: the answer's bytes as received.
        fetched_at: when the attempt that was answered was sent; the answer is at
            least as new.
        errors: what failed although the call succeeded.
    """

    records: Sequence[object] = field(repr=False)
    total_count: int | None
    next_page_token: str
    endpoint: Endpoint
    request: Mapping[str, object] = field(repr=False)
    body: bytes = field(repr=False)
    fetched_at: datetime
    request_id: str
    errors: tuple[PartialFailure, ...] = ()
    path_ids: Mapping[str, str] = field(default_factory=dict[str, str])
    head: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)


def page_of(call: Call, answer: Answer) -> Page:
    """The answer to a call as a page of its endpoint's records."""
    return Page(
        records=records_of(call.endpoint, answer.data),
        total_count=as_int(answer.data.get("total_count")),
        next_page_token=as_text(answer.data.get("next_page_token")),
        endpoint=call.endpoint,
        request={
            "method": call.endpoint.method,
            "path": call.path,
            "query": call.wire_query(),
            "body": call.wire_body(),
        },
        body=answer.body,
        fetched_at=answer.sent_at,
        request_id=answer.request_id,
        errors=answer.errors,
        path_ids=call.path_ids,
        head=head_of(call.endpoint, answer.data),
    )


def records_of(endpoint: Endpoint, data: Mapping[str, object]) -> Sequence[object]:
    """The records in the data of an answer."""
    found = data.get(endpoint.records_key) if endpoint.records_key else data
    if endpoint.tells_one:
        return [found] if as_object(found) else ()
    return as_list(found)


def head_of(endpoint: Endpoint, data: Mapping[str, object]) -> Mapping[str, object]:
    """What the data of an answer says beside its records and about their pages."""
    if not endpoint.records_key:
        return {}
    told = {endpoint.records_key, *_ABOUT_PAGES}
    return {name: value for name, value in data.items() if name not in told}


def follow(fetch: Callable[[str], Page]) -> Iterator[Page]:
    """All pages, from the one that ``fetch("")`` gives to the one without a token.

    An empty page with a next token is no end. The last page may hold nothing new:
    rows move while one reads.

    Raises:
        PageTokenRefused: a token comes again, or a page in the middle holds only
            records already seen, or the pages stay empty: the caller starts over.
    """
    ids, tokens = _Recent(_REMEMBERED), _Recent(_REMEMBERED)
    token, empty = "", 0
    while True:
        page = fetch(token)
        astray = partial(_astray, page.endpoint.path, page.request_id)
        token = page.next_page_token
        empty = 0 if page.records else empty + 1
        if ids.knows_all(_ids_of(page)) and token:
            raise astray("a page holds only records of earlier pages")
        yield page
        del page  # else it stays, body and all, until the next one is there
        if not token:
            return
        if tokens.knows_all([token]):
            raise astray("a page token came twice")
        if empty > _EMPTY_PAGES:
            raise astray("page after page is empty")


def _ids_of(page: Page) -> list[str]:
    key, records = page.endpoint.id_key, page.records
    if isinstance(records, Records):
        return [found for found in records.texts_of(key) if found]
    ids = (as_text(as_object(record).get(key)) for record in records)
    return [found for found in ids if found]


def _astray(path: str, request_id: str, reason: str) -> PageTokenRefused:
    return PageTokenRefused(
        f"{reason}: start the window again", path=path, request_id=request_id
    )


class _Recent:
    """The latest texts that were met, up to a limit and a page more.

    Their hashes, sorted for each page: a set would take ten times the room.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pages: deque[array[int]] = deque()

    def knows_all(self, texts: Iterable[str]) -> bool:
        """Whether there are any and all were met before; now they were."""
        asked = array("q", sorted(map(hash, texts)))
        known = bool(asked) and all(map(self._knows, asked))
        self._pages.append(asked)
        while sum(map(len, self._pages)) - len(self._pages[0]) >= self._limit:
            self._pages.popleft()
        return known

    def _knows(self, wanted: int) -> bool:
        return any(_holds(page, wanted) for page in self._pages)


def _holds(ordered: "array[int]", wanted: int) -> bool:
    place = bisect_left(ordered, wanted)
    return place < len(ordered) and ordered[place] == wanted
