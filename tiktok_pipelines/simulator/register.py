"""Records of one kind in one shop: search, detail and the whole truth."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic

import msgspec

from tiktok_pipelines.simulator.asking import Query
from tiktok_pipelines.simulator.index import Hits, LifeIndex, LifeT
from tiktok_pipelines.simulator.page_tokens import make_page_token, read_page_token
from tiktok_pipelines.simulator.refusals import Refusal

Json = dict[str, object]
Extra = Callable[[Iterator[LifeT]], Json]


def nothing(_hits: Iterator[object]) -> Json:
    """No totals on the pages."""
    return {}


class Register(Generic[LifeT]):
    """The records of one kind; times are Unix seconds of the simulated clock."""

    def __init__(
        self,
        name: str,
        lives: Sequence[LifeT],
        *,
        of: str,
        render: Callable[[LifeT, int], Json],
        has_count: bool = True,
        ceiling: int | None = None,
    ) -> None:
        """Found a register.

        Args:
            name: the key under which the API lists the records.
            lives: every record that is or will be.
            of: the shop's id; page tokens are bound to it.
            render: gives the record as of a time.
            has_count: whether pages tell ``total_count``.
            ceiling: more hits than this are refused.
        """
        self.name = name
        self.lives = lives
        self._index = LifeIndex(lives)
        self._owner = of
        self._render = render
        self._has_count = has_count
        self._ceiling = ceiling
        self._encoder = msgspec.json.Encoder()

    def count(self, now: int) -> int:
        """How many records are visible."""
        self._index.advance(now)
        return len(self._index)

    def find(self, record_id: str, now: int) -> LifeT | None:
        """The visible record of that id."""
        self._index.advance(now)
        return self._index.find(record_id)

    def visible(self, now: int) -> list[LifeT]:
        """All visible records, the oldest first."""
        self._index.advance(now)
        return self._index.visible()

    def search(self, query: Query, now: int, *, extra: Extra[LifeT] = nothing) -> bytes:
        """One page, as the JSON of ``data``; ``extra`` is told of all hits together.

        Raises:
            Refusal: the page token does not belong to this search, or too many hits.
        """
        self._index.advance(now)
        binding = f"{self._owner}|{self.name}|{query.binding}"
        token = query.page_token
        after = read_page_token(binding, token) if token else None
        hits = self._index.search(query.wanted, by_update_time=query.by_update_time)
        if self._ceiling is not None and len(hits) > self._ceiling:
            raise Refusal(12052180, f"The result set is over {self._ceiling}.")
        keys = hits.page(after, size=query.page_size + 1, descending=query.descending)
        page = keys[: query.page_size]
        is_last = len(keys) == len(page)
        following = "" if is_last else make_page_token(binding, page[-1])
        parts = [self._list_of([record_id for _, record_id in page], now)]
        parts += [_members(extra(self._lives_of(hits)))]
        parts += [b'"total_count":%d' % len(hits)] if self._has_count else []
        head = b'{"next_page_token":"' + following.encode() + b'"'
        return b",".join([head, *filter(None, parts)]) + b"}"

    def _lives_of(self, hits: Hits) -> Iterator[LifeT]:
        keys = hits.page(None, size=len(hits), descending=False)
        found = (self._index.find(record_id) for _, record_id in keys)
        return (life for life in found if life is not None)

    def detail(self, ids: Sequence[str], now: int) -> bytes:
        """The records of those ids, as the JSON of ``data``, less unknown ones."""
        self._index.advance(now)
        return b"{" + self._list_of(ids, now) + b"}"

    def truth(self, now: int) -> Iterator[Json]:
        """Every visible record, the oldest first, as of now."""
        return (self._render(life, now) for life in self.visible(now))

    def render(self, life: LifeT, now: int) -> Json:
        """The record as of now."""
        return self._render(life, now)

    def encode(self, life: LifeT, now: int) -> bytes:
        """The record's JSON."""
        return self._encoder.encode(self._render(life, now))

    def _list_of(self, ids: Sequence[str], now: int) -> bytes:
        """The list under its key, or nothing: an empty list is left out."""
        found = [self._index.find(record_id) for record_id in dict.fromkeys(ids)]
        rows = [self.encode(life, now) for life in found if life is not None]
        head = b'"' + self.name.encode() + b'":['
        return head + b",".join(rows) + b"]" if rows else b""


def _members(fields: Json) -> bytes:
    return msgspec.json.encode(fields)[1:-1]
