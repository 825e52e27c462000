"""The simulator as Python sees it: shops, time, tokens, and the truth to compare with.

Everything here may be called from any thread while the shops are being served.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import RLock

from starlette.responses import Response

from tiktok_pipelines.simulator.chance import make_id
from tiktok_pipelines.simulator.clock import SimulatedClock
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.faults import Faults
from tiktok_pipelines.simulator.happenings import SELLER_DEAUTHORIZATION, Happening
from tiktok_pipelines.simulator.postman import Postman
from tiktok_pipelines.simulator.rate_limit import RateLimiter
from tiktok_pipelines.simulator.render import Json
from tiktok_pipelines.simulator.sellers import SCOPES, Authorizations, Seller
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.truths import truth_of


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that passed all checks; ``shop_id`` is empty where none is meant."""

    method: str
    path: str
    shop_id: str


Answer = Callable[[], Response]
Around = Callable[[Visit, Answer], Awaitable[Response]]


async def answer_plainly(_visit: Visit, answer: Answer) -> Response:
    """What happens around an answer when nothing is to go wrong."""
    return answer()


class Simulator:
    """A TikTok Shop with sellers, shops and orders.

    Attributes:
        clock: the simulated time, which only moves forwards.
        shops: every shop, in the order of the markets.
        calls: requests served, refused ones too, by (method, path, shop id or "").
        refusals: answers that were errors, by code.
        faults: what is to go wrong, switched on and off while it runs.
        postman: sends webhooks for what happens, while the simulator is served.
        around: called around each admitted request; it may wait, answer itself, or
            change the answer. Faults that refuse a call come before it, faults of the
            content are in the answer that it gets, and faults of sending come after.
        lock: held while state is read or changed.
    """

    def __init__(self, config: SimulatorConfig | None = None) -> None:
        self.config = config or SimulatorConfig()
        self.clock = SimulatedClock(self.config.now)
        start = self.clock.epoch()
        self.shops = [
            Shop(self.config, index, start=start) for index in range(self.config.shops)
        ]
        self.sellers = _found_sellers(self.shops)
        self.authorizations = Authorizations(self.config, self.clock)
        self.limiter = RateLimiter(self.config.rate_per_second, self.clock)
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self.refusals: Counter[int] = Counter()
        self.around: Around = answer_plainly
        self.lock = RLock()
        shop_ids = [shop.id for shop in self.shops]
        self.postman = Postman(self.config, self.clock, self.shops, self.lock)
        self.faults = Faults(self.lock, seed=self.config.seed, shop_ids=shop_ids)

    def shop(self, shop_id: str) -> Shop:
        """The shop of that id.

        Raises:
            LookupError: there is none.
        """
        for shop in self.shops:
            if shop.id == shop_id:
                return shop
        raise LookupError(f"no shop {shop_id!r}: see Simulator.shops")

    def seller(self, name_or_id: str) -> Seller:
        """The seller of that id or name.

        Raises:
            LookupError: there is none.
        """
        for seller in self.sellers:
            if name_or_id in (seller.id, seller.name):
                return seller
        known = ", ".join(seller.id for seller in self.sellers)
        raise LookupError(f"no seller {name_or_id!r}: known are {known}")

    def count(self, shop_id: str) -> int:
        """How many orders of the shop are visible now."""
        with self.lock:
            return self.shop(shop_id).orders.count(self.clock.epoch())

    def truth(self, shop_id: str, subject: str = "orders") -> list[Json]:
        """Every visible record of a subject, exactly as the API would return it now.

        Where there is a detail call, as that one does; ``truths.TRUTHS`` names the
        subjects.

        Raises:
            LookupError: there is no such shop or subject.
        """
        with self.lock:
            return list(self.each(shop_id, subject))

    def each(self, shop_id: str, subject: str = "orders") -> Iterator[Json]:
        """The truth piece by piece, as of the moment of the first piece."""
        return truth_of(self.shop(shop_id), subject, now=self.clock.epoch())

    def authorize(self, seller: str, scopes: Sequence[str] = SCOPES) -> str:
        """Agree on the consent page; returns the code that becomes tokens.

        Raises:
            LookupError: there is no such seller.
        """
        with self.lock:
            return self.authorizations.new_code(self.seller(seller), scopes)

    def expire_access_tokens(self, seller: str | None = None) -> None:
        """Let the access tokens of one seller, or of all, run out now."""
        with self.lock:
            whose = None if seller is None else self.seller(seller)
            self.authorizations.expire_access_tokens(whose)

    def revoke(self, seller: str) -> None:
        """Withdraw the seller's authorisation: all of his tokens are dead."""
        with self.lock:
            withdrawn = self.seller(seller)
            self.authorizations.revoke(withdrawn)
            self.postman.announce(
                [
                    Happening(
                        self.clock.epoch(),
                        SELLER_DEAUTHORIZATION,
                        shop.id,
                        {"message": f"The seller deauthorized shop {shop.id}."},
                    )
                    for shop in withdrawn.shops
                ]
            )


def _found_sellers(shops: Sequence[Shop]) -> list[Seller]:
    numbers = sorted({shop.seller_number for shop in shops})
    return [
        _found_seller(number, [shop for shop in shops if shop.seller_number == number])
        for number in numbers
    ]


def _found_seller(number: int, shops: Sequence[Shop]) -> Seller:
    seller = Seller(
        id=make_id("748", number, serial=1),
        name=f"{shops[0].name} Trading",
        region=shops[0].region,
        open_id=f"open_{make_id('', number, serial=2)}",
        shops=tuple(shops),
    )
    for shop in shops:
        shop.seller_id = seller.id
    return seller
