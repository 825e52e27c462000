"""What a call asks for: reading its parameters, and refusing them.

Source: TikTok Shop API reference, "Get Order List": paging and sorting are in the query
string, filters in the JSON body; ``page_size`` in the body is refused and
``sort_order`` must be upper case (both seen in the field). Finance calls carry their
filters in the query string too ("Statements").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from tiktok_pipelines.simulator.life import Among, Wanted, Window
from tiktok_pipelines.simulator.refusals import bad_request, out_of_range

MAX_TEXTS = 100


@dataclass(frozen=True, slots=True)
class Query:
    """One page of a search."""

    wanted: Wanted
    by_update_time: bool = False
    descending: bool = False
    page_size: int = 20
    page_token: str = ""

    @property
    def binding(self) -> str:
        """What a page token is bound to besides the shop; the page size is not."""
        among = sorted((name, sorted(values)) for name, values in self.wanted.among)
        windows = (self.wanted.created, self.wanted.updated)
        return f"{windows}|{among}|{self.by_update_time}|{self.descending}"


@dataclass(frozen=True, slots=True)
class Paging:
    """How a search may be paged and sorted.

    Attributes:
        most: the largest page; ``least`` the smallest.
        usual: the page size if none is given; None: it must be given.
        sorts: the sort fields, the usual one first.
        must_sort: whether the sort field must be given.
        descending: the usual order.
    """

    most: int
    least: int = 1
    usual: int | None = None
    sorts: tuple[str, ...] = ()
    must_sort: bool = False
    descending: bool = False

    def read(self, params: Mapping[str, str], wanted: Wanted) -> Query:
        """The page that is asked for.

        Raises:
            Refusal: a parameter is missing, of the wrong type or out of range.
        """
        sort_field = params.get("sort_field", "" if self.must_sort else self._usual)
        if self.sorts and sort_field not in self.sorts:
            raise bad_request("invalid param: sort_field")
        sort_order = params.get("sort_order", "DESC" if self.descending else "ASC")
        if sort_order not in ("ASC", "DESC"):
            raise bad_request("invalid param: sort_order must be ASC or DESC")
        return Query(
            wanted=wanted,
            by_update_time=sort_field == "update_time",
            descending=sort_order == "DESC",
            page_size=self._page_size(params.get("page_size")),
            page_token=params.get("page_token", ""),
        )

    @property
    def _usual(self) -> str:
        return self.sorts[0] if self.sorts else ""

    def _page_size(self, text: str | None) -> int:
        if text is None and self.usual is not None:
            return self.usual
        if text is None:
            raise bad_request("invalid param: page_size is required")
        if not (text.isascii() and text.lstrip("-").isdigit()):
            raise bad_request("invalid param: page_size must be a number")
        if not self.least <= int(text[:9]) <= self.most:
            raise out_of_range("page_size", f"[{self.least}, {self.most}]")
        return int(text)


class Asked:
    """Named values of a body or of a query string, read with a type."""

    def __init__(self, values: Mapping[str, object], place: str) -> None:
        self._values = values
        self._place = place

    def text(self, name: str) -> str | None:
        """A string."""
        value = self._values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise bad_request(f"invalid param: {self._place}.{name} must be a string")

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of the choices."""
        value = self.text(name)
        if value is None or value in choices:
            return value
        raise out_of_range(f"{self._place}.{name}", ", ".join(choices))

    def texts(self, name: str, most: int = MAX_TEXTS) -> frozenset[str]:
        """A list of strings, in a query string separated by commas; none if absent."""
        value = self._values.get(name)
        if isinstance(value, str) and self._place == "query":
            value = value.split(",")
        items = cast("list[object]", value) if isinstance(value, list) else None
        if value is None:
            items = []
        if items is None or not all(isinstance(one, str) for one in items):
            raise bad_request(
                f"invalid param: {self._place}.{name} must be a list of strings"
            )
        if len(items) > most:
            raise out_of_range(f"{self._place}.{name}", f"at most {most}")
        return frozenset(str(one) for one in items)

    def choices(self, name: str, known: Sequence[str]) -> frozenset[str]:
        """A list of known values; none if absent."""
        values = self.texts(name)
        if values <= set(known):
            return values
        raise out_of_range(f"{self._place}.{name}", ", ".join(known))

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise bad_request(f"invalid param: {self._place}.{name} must be true or false")

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self._values.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise bad_request(f"invalid param: {self._place}.{name} must be a number")

    def window(self, name: str, *, upper: str = "lt") -> Window:
        """``NAME_ge`` and ``NAME_lt``; with ``upper="le"`` the end is included."""
        end = self._time(f"{name}_{upper}")
        if end is not None and upper == "le":
            end += 1
        return self._time(f"{name}_ge"), end

    def _time(self, name: str) -> int | None:
        value = self._values.get(name)
        if self._place == "query" and isinstance(value, str) and value.isdecimal():
            return int(value)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise bad_request(f"invalid param: {self._place}.{name} must be Unix seconds")


def read_body(body: bytes, *, has_paging: bool = False) -> Asked:
    """The filters of a search that is a POST; few have their paging there too.

    Raises:
        Refusal: the body is no JSON object, or holds a page size.
    """
    if not body:
        return Asked({}, "body")
    try:
        parsed: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_request("invalid param: body is not JSON") from error
    if not isinstance(parsed, dict):
        raise bad_request("invalid param: body must be an object")
    if "page_size" in parsed and not has_paging:
        raise bad_request("unexpected param body.page_size: send it in the query")
    return Asked(cast("Mapping[str, object]", parsed), "body")


def among(**values: frozenset[str] | str | None) -> Among:
    """The part of a ``Wanted`` that compares facts; what is not asked is left out."""
    return tuple(
        (name, value if isinstance(value, frozenset) else frozenset({value}))
        for name, value in values.items()
        if value
    )
