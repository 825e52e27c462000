"""What there is to know of one call; the calls themselves stand in ``table.py``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal, TypeAlias

Value: TypeAlias = str | int | bool | Sequence[str] | None

_PAGING = frozenset({"page_size", "page_token", "sort_field", "sort_order"})
_NOTHING: tuple[Value, ...] = (None, "", (), [])
_PLACEHOLDER = re.compile(r"{(\w+)}")
_ID = re.compile(r"[0-9A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a call is given, by where it goes."""

    path_ids: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, Value] = field(default_factory=dict[str, Value])
    body: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: what it takes and what it gives.

    Attributes:
        path: with a placeholder for each id in it: ``/orders/{order_id}/tracking``.
        takes_cipher: whether ``shop_cipher`` belongs to it; elsewhere it is refused.
        max_page_size: 0 when the call is not paged.
        min_page_size: a smaller one is refused.
        paging: where page size, page token and sorting go.
        window_end: how the upper bound of a window is told: ``lt`` is the first
            second after it, ``le`` the last one in it.
        max_ids: the parameters that take a list of ids, and how many a call.
        records_key: where in ``data`` the records are; "": ``data`` is the record.
        is_one: whether one record is there instead of a list.
        is_bulk: whether the records are many and large: they are decoded when needed.
        id_key: where in a record its id is; "" when it has none of its own.
        older: the version to ask where this one is not served.
        is_write: whether the call changes anything for the seller.
        idempotency: where the call takes an idempotency key, if it does.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    _: KW_ONLY
    takes_cipher: bool = True
    max_page_size: int = 0
    min_page_size: int = 1
    paging: Literal["query", "body"] = "query"
    window_end: Literal["lt", "le"] = "lt"
    max_ids: Mapping[str, int] = field(default_factory=dict[str, int], hash=False)
    records_key: str = ""
    is_one: bool = False
    is_bulk: bool = False
    id_key: str = "id"
    older: "Endpoint | None" = None
    is_write: bool = False
    idempotency: Literal["none", "query", "body"] = "none"

    @property
    def tells_one(self) -> bool:
        """Whether an answer is about one record, not about a list of them."""
        return self.is_one or not self.records_key

    @property
    def version(self) -> str:
        """The version in the path, such as ``202309``."""
        return self.path.split("/")[2]

    def path_of(self, ids: Mapping[str, str]) -> str:
        """The path with its ids filled in.

        Raises:
            ValueError: an id is missing, or is none: nothing else gets into a path.
        """
        for name in _PLACEHOLDER.findall(self.path):
            if not _ID.fullmatch(ids.get(name, "")):
                raise ValueError(f"{self.name} needs {name}: letters, digits, _ and -")
        return self.path.format_map(ids)

    def ids_of(self, path: str) -> Mapping[str, str] | None:
        """The ids in a path that was filled in; None if it is another call's."""
        template = _PLACEHOLDER.sub(rf"(?P<\1>{_ID.pattern})", self.path)
        found = re.fullmatch(template, path)
        return found.groupdict() if found else None

    def place(self, given: Mapping[str, Value]) -> Parameters:
        """Sort parameters by where they go; what is None or empty is left out.

        Ids go where the path names them, filters into the query of what is got and
        the body of what is posted.
        """
        in_path = set(_PLACEHOLDER.findall(self.path))
        places: dict[str, dict[str, Value]] = {"path": {}, "query": {}, "body": {}}
        for name, value in given.items():
            if value in _NOTHING:
                continue
            place = "query" if self.method == "GET" else "body"
            if name in _PAGING:
                place = self.paging
            places["path" if name in in_path else place][name] = value
        ids = {name: str(value) for name, value in places["path"].items()}
        return Parameters(ids, places["query"], places["body"])
