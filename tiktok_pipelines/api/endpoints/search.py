"""A search: what one asks of a paged call, checked before anything is sent.

Each call has a class of its own beside its family; the fields of that class are the
parameters by TikTok's names, but for the windows of time. Where a parameter goes, and
how a window is told, follows from the call's line in ``table.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, cast

from tiktok_pipelines.api.endpoints.endpoint import Endpoint, Value
from tiktok_pipelines.timewindow import TimeWindow

_TIMES = {
    "created": "create_time",
    "updated": "update_time",
    "generated": "statement_time",
    "searched": "search_time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to search for; nothing given means every record the call has.

    Rows move while one pages by update time: sort ascending, and expect rows whose
    update time has left the window.

    Attributes:
        endpoint: the call.
        most: how many values a list may hold, where that is limited.
        needed: the lists that must not be empty.
        page_size: None for the largest that the call takes.

    Raises:
        ValueError: a page size or a list beyond the documented limits, or something
            needed that is empty.
    """

    endpoint: ClassVar[Endpoint]
    most: ClassVar[Mapping[str, int]] = {}
    needed: ClassVar[tuple[str, ...]] = ()

    page_size: int | None = None

    def __post_init__(self) -> None:
        least, most = self.endpoint.min_page_size, self.endpoint.max_page_size
        if self.page_size is not None and not least <= self.page_size <= most:
            raise ValueError(
                f"page_size must be {least} to {most}, not {self.page_size}"
            )
        for name, limit in self.most.items():
            if len(getattr(self, name)) > limit:
                raise ValueError(f"{name}: at most {limit} a call")
        for name in self.needed:
            if not getattr(self, name):
                raise ValueError(f"{self.endpoint.name} needs {name}")
        self.endpoint.path_of(self.endpoint.place(self.given()).path_ids)

    def given(self, page_token: str = "") -> Mapping[str, Value]:
        """Every parameter of the page that the token names, by TikTok's names."""
        page_size = self.page_size or self.endpoint.max_page_size
        given: dict[str, Value] = dict(self._told())
        return given | {"page_size": page_size, "page_token": page_token}

    def _told(self) -> Iterator[tuple[str, Value]]:
        for one in fields(self):
            value = cast("Value | TimeWindow", getattr(self, one.name))
            if isinstance(value, TimeWindow):
                yield from self._bounds(_TIMES[one.name], value)
            elif isinstance(value, Sequence) and not isinstance(value, str):
                yield one.name, list(value)
            elif value is not None:
                yield one.name, value

    def _bounds(self, name: str, window: TimeWindow) -> Iterator[tuple[str, int]]:
        last = {"lt": window.end_epoch, "le": window.end_epoch - 1}
        yield f"{name}_ge", window.start_epoch
        yield f"{name}_{self.endpoint.window_end}", last[self.endpoint.window_end]


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedSearch(Search):
    """A search whose order can be chosen; subclasses say by which fields."""

    sort_order: Literal["ASC", "DESC"] = "ASC"
