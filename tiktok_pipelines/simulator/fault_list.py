"""Every fault there is: what it does, where it can strike, and what it takes.

What a fault does to a call or a record stands in ``fault_refusals``, ``fault_sending``,
``spoiled_pages``, ``spoiled_orders`` and ``spoiled_records``; which ones are switched
on, in ``faults``.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import msgspec

from tiktok_pipelines.simulator.paths import (
    EVERYWHERE,
    PAGED,
    RECORDS,
    SIGNED,
    TOKENS,
)

DEFAULT_CODE = 36009003  # "internal error": worth another try
_ALWAYS = frozenset({"path"})
_BY_CHANCE = _ALWAYS | {"shop_id", "rate", "count"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault.

    Attributes:
        about: one line for people.
        paths: where it can strike.
        takes: the parameters of ``Fault`` that mean something to it.
        on_later_pages: whether it strikes only calls with a page token.
    """

    about: str
    paths: tuple[str, ...] = EVERYWHERE
    takes: frozenset[str] = _BY_CHANCE
    on_later_pages: bool = False
    seconds: float = 0.0
    code: int = 0
    share: float = 1.0


def _record(about: str, *, share: float = 1.0) -> Kind:
    return Kind(about, tuple(RECORDS), _BY_CHANCE | {"share"}, share=share)


KINDS = {
    "throttle": Kind(
        "HTTP 429 with Retry-After: SECONDS (1)",
        takes=_BY_CHANCE | {"seconds"},
        seconds=1,
    ),
    "throttle_bare": Kind("HTTP 429 without Retry-After"),
    "server_error": Kind(
        "HTTP 5xx (--code, 502) with an HTML body",
        takes=_BY_CHANCE | {"code"},
        code=502,
    ),
    "error_code": Kind(
        f"a code other than 0 under HTTP 200 (--code, {DEFAULT_CODE})",
        takes=_BY_CHANCE | {"code"},
        code=DEFAULT_CODE,
    ),
    "cut_before": Kind("the connection is closed before any byte; nothing was done"),
    "expired_token": Kind("the seller's access tokens run out at this call", SIGNED),
    "revoked": Kind("the seller withdraws at this call; it outlives the fault"),
    "refuse_page_token": Kind(
        "the page token of a later page is refused", PAGED, on_later_pages=True
    ),
    "clock_skew": Kind(
        "the server's clock is SECONDS (600) ahead of its time, or behind",
        takes=_ALWAYS | {"seconds"},
        seconds=600,
    ),
    "moving_rows": Kind(
        "a later page repeats a row of the page before instead of one of its own",
        PAGED,
        on_later_pages=True,
    ),
    "changing_count": Kind("total_count differs from page to page", PAGED),
    "missing_orders": Kind("the list of records is left out of a page", PAGED),
    "unknown_field": _record("fields that nobody has described"),
    "unknown_status": _record("statuses that nobody has described"),
    "nulls": _record("known fields are null; at times payment, update_time, lists"),
    "missing_lists": _record("a list, such as line_items, is left out"),
    "text_numbers": _record("amounts as numbers, times as text, words for numbers"),
    "unstorable": _record("U+0000 and lone surrogates in texts"),
    "masked_buyers": _record("what is known of the buyer is masked"),
    "emptied_recipients": _record("every value of the recipient is empty"),
    "bad_lines": _record("a line has no id, or is no object"),
    "number_ids": _record("ids are JSON numbers, exact to the last digit"),
    "malformed": _record("a record without id, or that is no object", share=0.1),
    "broken_json": Kind("HTTP 200, and the JSON breaks off in the middle"),
    "lost_token_answer": Kind(
        "tokens are rotated, then the connection is closed without an answer", TOKENS
    ),
    "cut_midway": Kind("the connection is closed in the middle of the body"),
    "slow": Kind(
        "the answer takes SECONDS (30)", takes=_BY_CHANCE | {"seconds"}, seconds=30
    ),
}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is to go wrong.

    Attributes:
        kind: one of ``KINDS``.
        shop_id: only there; a call that means no shop counts for every shop of its
            seller. Empty: everywhere.
        path: only there; ``*`` stands for any text. Empty: wherever the kind can be.
        rate: the share of calls that are struck, by chance that repeats itself.
        count: how often it strikes at most: calls, or records if it spoils records.
        share: the share of records that are spoiled, always the same ones.
        seconds: of the kinds that wait or tell a wait.
        code: of the kinds that answer with one.

    Raises:
        ValueError: no such kind, or a parameter is wrong or not for this kind.
    """

    kind: str
    shop_id: str = ""
    path: str = ""
    rate: float = 1.0
    count: int | None = None
    share: float | None = None
    seconds: float | None = None
    code: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}: one of {', '.join(KINDS)}")
        self._check_fit()
        self._check_range()

    @property
    def about(self) -> Kind:
        """What kind of fault it is."""
        return KINDS[self.kind]

    @property
    def share_or_default(self) -> float:
        """The share of records that are spoiled."""
        return self.about.share if self.share is None else self.share

    @property
    def seconds_or_default(self) -> float:
        """How long, where the kind has a length."""
        return self.about.seconds if self.seconds is None else self.seconds

    @property
    def code_or_default(self) -> int:
        """The code that is answered, where the kind answers one."""
        return self.about.code if self.code is None else self.code

    def is_for(self, path: str) -> bool:
        """Whether it can strike calls of a path."""
        is_meant = not self.path or fnmatchcase(path, self.path)
        return is_meant and path in self.about.paths

    def _check_fit(self) -> None:
        takes = self.about.takes
        for name, default in _DEFAULTS.items():
            if getattr(self, name) != default and name not in takes:
                told = ", ".join(sorted(takes))
                raise ValueError(f"{self.kind} takes no {name}, but: {told}")
        if not any(self.is_for(path) for path in self.about.paths):
            told = ", ".join(self.about.paths)
            raise ValueError(f"{self.kind} never strikes {self.path}, but: {told}")

    def _check_range(self) -> None:
        if not 0 < self.rate <= 1 or not 0 < self.share_or_default <= 1:
            raise ValueError("rate and share must be above 0 and at most 1")
        if self.count is not None and self.count < 1:
            raise ValueError("count must be at least 1")
        if self.seconds_or_default < 0 and self.kind != "clock_skew":
            raise ValueError("seconds may not be negative, except for clock_skew")
        is_status = 500 <= self.code_or_default <= 599
        if self.kind == "server_error" and not is_status:
            raise ValueError("the code of server_error must be from 500 to 599")
        if self.kind == "error_code" and not self.code_or_default:
            raise ValueError("the code of error_code may not be 0")


_DEFAULTS: dict[str, object] = {
    "shop_id": "",
    "rate": 1.0,
    "count": None,
    "share": None,
    "seconds": None,
    "code": None,
}
