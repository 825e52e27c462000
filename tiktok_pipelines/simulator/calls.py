"""What a call of the API is, from its request to the endpoint that answers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tiktok_pipelines.simulator.asking import Asked
from tiktok_pipelines.simulator.sellers import Grant
from tiktok_pipelines.simulator.shop import Shop


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in; header names are lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        """The query; of a repeated key, the last value."""
        return dict(self.query)

    @property
    def asked(self) -> Asked:
        """The query, to be read with types."""
        return Asked(self.params, "query")

    def part(self, place: int) -> str:
        """A part of the path, counted from 0."""
        return self.path.strip("/").split("/")[place]


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is let in, when."""

    grant: Grant
    for_shop: Shop | None
    now: int

    @property
    def shop(self) -> Shop:
        """The shop that is meant, of a call that means one."""
        if self.for_shop is None:
            raise AssertionError("the gate lets nobody in here without a shop")
        return self.for_shop


Answering = Callable[[Call, Admission], bytes]


class Records(Protocol):
    """Where a shop keeps the records of one kind."""

    def detail(self, ids: Sequence[str], now: int) -> bytes:
        """The ``data`` that holds those records."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API.

    Attributes:
        path: a part in braces stands for any id.
        answer: returns the JSON of ``data``.
        records: where the shop keeps what a search pages through; None: its pages do
            not move.
    """

    method: str
    path: str
    scope: str
    answer: Answering
    takes_cipher: bool = True
    records: Callable[[Shop], Records] | None = None

    def former(self, shop: Shop, record_id: str, now: int) -> bytes:
        """The ``data`` that holds the last record of the page before."""
        return self.records(shop).detail([record_id], now) if self.records else b"{}"

    def is_at(self, path: str) -> bool:
        """Whether a request's path leads here."""
        if "{" not in self.path:
            return path == self.path
        mine, theirs = self.path.split("/"), path.split("/")
        return len(mine) == len(theirs) and all(
            one == other or (one.startswith("{") and other)
            for one, other in zip(mine, theirs, strict=True)
        )
