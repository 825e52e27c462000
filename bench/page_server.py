"""A TikTok Shop in a process of its own that answers from pages lying ready.

It checks no signature and knows just the calls that a load makes. Its CPU is small,
so that what is measured is the load. ``python -m bench.page_server --help``.
"""

import argparse
import asyncio
import gzip
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache

from bench.http_server import Buffers, Reply, Request, serve
from bench.orders import NOW, BenchShop, open_shops
from bench.shelf import PAGE_SIZE, Shelf, TimeField, shelves_of

SEARCH = "/order/202309/orders/search"
_DETAILS = ("/order/202507/orders", "/order/202309/orders")
_SHOPS = "/authorization/202309/shops"
_TOKENS = ("/api/v2/token/get", "/api/v2/token/refresh")
CHANGE, STATS = "/bench/change", "/bench/stats"
_CONTROLS = (CHANGE, STATS, *_TOKENS)

Parts = list[bytes | memoryview]


@dataclass(slots=True)
class Allowance:
    """Calls per second of one shop and endpoint; holds one second's worth."""

    per_second: float
    left: float
    since: float

    def take(self, now: float) -> bool:
        """Whether the call is allowed."""
        earned = (now - self.since) * self.per_second
        self.left, self.since = min(self.per_second, self.left + earned), now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class Stats:
    """What was asked; times are of the first and the last page, in seconds."""

    calls: dict[str, int] = field(default_factory=dict[str, int])
    refused: int = 0
    first_page_at: float = 0.0
    last_page_at: float = 0.0


class Office:
    """Answers requests of all shops."""

    def __init__(self, shops: Sequence[BenchShop], asked: argparse.Namespace) -> None:
        self._shops = shops
        self._shelves = {shop.cipher: shelves_of(shop) for shop in shops}
        self._is_later = False
        self._delay_s: float = asked.latency_ms / 1000
        self._per_second: float = asked.rate
        self._may_pack: bool = asked.gzip
        self._allowances: dict[tuple[str, str], Allowance] = {}
        self._packed: dict[tuple[str, ...], bytes] = {}
        self.stats = Stats()

    def answer(self, request: Request) -> Reply:
        if request.path in _CONTROLS:
            return Reply(self._control(request))
        now = time.monotonic()
        cipher = request.query.get("shop_cipher", "")
        if not self._is_allowed(cipher, request.path, now):
            self.stats.refused += 1
            return _refusal(self._delay_s)
        calls = self.stats.calls
        calls[request.path] = calls.get(request.path, 0) + 1
        if request.path == _SHOPS:
            return Reply(_envelope([_shops_named(self._shops)]), delay_s=self._delay_s)
        if request.path == SEARCH:
            self._note_page(now)
            return self._search(cipher, request)
        if request.path in _DETAILS:
            return Reply(self._detail(cipher, request), delay_s=self._delay_s)
        return Reply([b'{"code":36009009,"message":"no such path"}'], status=404)

    def prepare(self) -> None:
        """Lay out what will be asked for, so that it costs nothing later."""
        for stages in self._shelves.values():
            for shelves in stages:
                shelves.by("create_time")
                shelves.by("update_time")

    def _control(self, request: Request) -> Buffers:
        if request.path == STATS:
            told, self.stats = self.stats, Stats()
            return [json.dumps(asdict(told)).encode()]
        if request.path == CHANGE:
            self._is_later = True
            return [b"{}"]
        return _envelope([_grant()])

    def _is_allowed(self, cipher: str, path: str, now: float) -> bool:
        if not self._per_second:
            return True
        fresh = Allowance(self._per_second, self._per_second, now)
        return self._allowances.setdefault((cipher, path), fresh).take(now)

    def _note_page(self, now: float) -> None:
        self.stats.first_page_at = self.stats.first_page_at or now
        self.stats.last_page_at = now

    def _search(self, cipher: str, request: Request) -> Reply:
        wanted = json.loads(request.body or b"{}")
        name: TimeField = "create_time"
        if "update_time_ge" in wanted or "update_time_lt" in wanted:
            name = "update_time"
        shelf = self._shelves[cipher][self._is_later].by(name)
        since, until = wanted.get(f"{name}_ge"), wanted.get(f"{name}_lt")
        first, end = shelf.find(since, until)
        start = int(request.query.get("page_token") or first)
        if not self._wants_packed(request):
            return Reply(_page(shelf, first, start, end), delay_s=self._delay_s)
        key = (cipher, str(self._is_later), name, f"{first} {start} {end}")
        if key not in self._packed:
            page = b"".join(_page(shelf, first, start, end))
            self._packed[key] = gzip.compress(page, 6, mtime=0)
        packed = {"Content-Encoding": "gzip"}
        return Reply([self._packed[key]], headers=packed, delay_s=self._delay_s)

    def _wants_packed(self, request: Request) -> bool:
        return self._may_pack and "gzip" in request.headers.get("accept-encoding", "")

    def _detail(self, cipher: str, request: Request) -> Buffers:
        ids = request.query.get("ids", "").split(",")
        found = self._shelves[cipher][self._is_later].of_ids(ids)
        return _envelope([b'{"orders":[', found, b"]}"])


def _page(shelf: Shelf, first: int, start: int, end: int) -> Parts:
    last = min(start + PAGE_SIZE, end)
    token = str(last) if last < end else ""
    head = f'{{"next_page_token":"{token}","total_count":{end - first},"orders":['
    return _envelope([head.encode(), shelf.page(start, last), b"]}"])


def _envelope(data: Parts) -> Parts:
    return [
        b'{"code":0,"message":"Success","request_id":"2026063012000000000BE9C4","data":',
        *data,
        b"}",
    ]


def _refusal(delay_s: float) -> Reply:
    body = b'{"code":36009002,"message":"Too many requests.","request_id":"0"}'
    return Reply([body], status=429, headers={"Retry-After": "1"}, delay_s=delay_s)


def _shops_named(shops: Sequence[BenchShop]) -> bytes:
    rows = [
        {
            "id": shop.id,
            "name": shop.name,
            "region": shop.region,
            "seller_type": "LOCAL",
            "cipher": shop.cipher,
            "code": shop.region + shop.id[-8:],
        }
        for shop in shops
    ]
    return json.dumps({"shops": rows}).encode()


@cache
def _grant() -> bytes:
    ends_at = int((NOW + timedelta(days=300)).timestamp())
    told = {
        "access_token": "bench-access",
        "access_token_expire_in": ends_at,
        "refresh_token": "bench-refresh",
        "refresh_token_expire_in": ends_at,
        "open_id": "bench-seller",
        "seller_name": "Bench",
        "seller_base_region": "MY",
        "user_type": 0,
        "granted_scopes": ["seller.order.info", "seller.authorization.info"],
    }
    return json.dumps(told).encode()


def main() -> None:
    asked = _parser().parse_args()
    shops = open_shops(
        shops=asked.shops,
        orders=asked.orders,
        days=asked.days,
        changed_pct=asked.changed_pct,
    )
    office = Office(shops, asked)
    office.prepare()
    asyncio.run(serve(office.answer, lambda url: _tell(url, shops)))


def _tell(url: str, shops: Sequence[BenchShop]) -> None:
    told = {
        "url": url,
        "shop_ids": [shop.id for shop in shops],
        "ciphers": [shop.cipher for shop in shops],
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000, help="of all shops")
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--shops", type=int, default=1)
    parser.add_argument("--latency-ms", type=float, default=0, help="before answers")
    parser.add_argument("--rate", type=float, default=0, help="calls/s; 0: no limit")
    parser.add_argument("--changed-pct", type=int, default=0, help=f"after {CHANGE}")
    parser.add_argument("--gzip", action="store_true", help="for clients that take it")
    return parser


if __name__ == "__main__":
    main()
