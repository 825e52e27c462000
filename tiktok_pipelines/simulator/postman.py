"""Sends webhooks for what happens in the shops, and again until they are taken.

Source: TikTok Shop API reference, "Webhooks": 200 and 401 are answers; after anything
else, or none within three seconds, it is sent again after 2 minutes, 30 minutes, 3 and
12 hours. Assumed: a shop's own address wins over the app's, and what is sent again has
the bytes of the first time.
"""

import heapq
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import msgspec

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.clock import SimulatedClock
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.happenings import NAMES, Chronicle, Happening
from tiktok_pipelines.simulator.mishaps import Mishaps
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.signing import sign_webhook

PAUSES_S = (120.0, 1800.0, 10_800.0, 43_200.0)
_LOOKS_EVERY_S = 0.05
_ANSWERS_WITHIN_S = 3.0
_HANDS = 8
_HUGE = 5 * 1024 * 1024
_LATE_S, _SHUFFLED_S = 1.0, 0.5


@dataclass(slots=True)
class Delivery:
    """One event on its way to one address."""

    url: str
    body: bytes
    signature: str
    name: str
    tries: int = 0
    answers: list[int] = field(default_factory=list[int])
    is_besides: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether it needs no other try."""
        return bool(self.answers) and self.answers[-1] in (200, 401)


class Postman:
    """Announces what happens; a thread of its own while the simulator is served.

    Attributes:
        mishaps: what goes wrong on the way.
        counts: deliveries by what became of them: taken, given_up, tried.
    """

    def __init__(
        self,
        config: SimulatorConfig,
        clock: SimulatedClock,
        shops: Sequence[Shop],
        lock: threading.RLock,
    ) -> None:
        self._config, self._clock, self._lock = config, clock, lock
        self._shops = {shop.id: shop for shop in shops}
        self._chronicles = {shop.id: Chronicle(shop) for shop in shops}
        self._address = config.webhook_url
        self._announced_until = clock.epoch()
        self._due: list[tuple[float, int, Delivery]] = []
        self._numbers = itertools.count()
        self._flying = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.mishaps = Mishaps(config.seed)
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        """Begin to send."""
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)

    def set_address(self, url: str) -> None:
        """The app's own address, as set in Partner Center; empty: none."""
        with self._lock:
            self._address = url

    @property
    def waiting(self) -> int:
        """How many deliveries are not done, those included that are due much later."""
        with self._lock:
            return len(self._due) + self._flying

    @property
    def is_quiet(self) -> bool:
        """Whether all that has happened was announced, and nothing waits."""
        with self._lock:
            is_told = self._announced_until >= self._clock.epoch()
            return is_told and not self._due and not self._flying

    def announce(self, happenings: Sequence[Happening]) -> None:
        """Send events, to where their shop or the app has them sent."""
        with self._lock:
            for happening in happenings:
                for url in self._addresses(happening):
                    body = msgspec.json.encode(happening.envelope(self._clock.epoch()))
                    self._post(url, body, NAMES.get(happening.type, ""))

    def announce_again(self, seconds: int) -> None:
        """Send the events of the last seconds, once more if they were sent before."""
        with self._lock:
            now = self._clock.epoch()
            for chronicle in self._chronicles.values():
                self.announce(chronicle.between(now - seconds, now))

    def post_raw(self, body: bytes, *, signature: str | None = None) -> None:
        """Send any bytes to the app's address, signed well unless told otherwise."""
        with self._lock:
            if self._address:
                self._post(self._address, body, "", signature=signature, besides=True)

    def sign(self, body: bytes) -> str:
        """The signature of a body."""
        config = self._config
        return sign_webhook(config.app_key, config.app_secret, body)

    def _addresses(self, happening: Happening) -> list[str]:
        own = self._shops[happening.shop_id].webhooks.get(NAMES.get(happening.type, ""))
        address = str(own["address"]) if own else self._address
        return [address] if address else []

    def _post(
        self,
        url: str,
        body: bytes,
        name: str,
        *,
        signature: str | None = None,
        besides: bool = False,
    ) -> None:
        signature = self.sign(body) if signature is None else signature
        self._put(Delivery(url, body, signature, name, is_besides=besides), 0.0)

    def _put(self, delivery: Delivery, after_s: float) -> None:
        at = self._clock.elapsed_s() + after_s
        with self._lock:
            heapq.heappush(self._due, (at, next(self._numbers), delivery))

    def _run(self) -> None:
        with httpx.Client(timeout=_ANSWERS_WITHIN_S) as http:
            pool = ThreadPoolExecutor(_HANDS, thread_name_prefix="postman")
            while not self._stopping.wait(_LOOKS_EVERY_S):
                self._announce_news()
                for delivery in self._take_due():
                    pool.submit(self._send_counted, http, delivery)
            pool.shutdown(cancel_futures=True)

    def _announce_news(self) -> None:
        with self._lock:
            now, last = self._clock.epoch(), self._announced_until
            if now <= last:
                return
            if self._address or any(shop.webhooks for shop in self._shops.values()):
                for chronicle in self._chronicles.values():
                    self.announce(chronicle.between(last, now))
            self._announced_until = now

    def _take_due(self) -> list[Delivery]:
        with self._lock:
            now, due = self._clock.elapsed_s(), list[Delivery]()
            while self._due and self._due[0][0] <= now:
                due.append(heapq.heappop(self._due)[2])
            self._flying += len(due)
            return due

    def _send_counted(self, http: httpx.Client, delivery: Delivery) -> None:
        try:
            if not self._is_held_back(delivery):
                self._send(http, delivery)
        finally:
            with self._lock:
                self._flying -= 1

    def _is_held_back(self, delivery: Delivery) -> bool:
        """Whether it goes later than it should: only the first time."""
        for kind, at_most_s in (("late", _LATE_S), ("shuffled", _SHUFFLED_S)):
            if not delivery.tries and self.mishaps.strikes(kind):
                delivery.tries = -1
                chance = Dice(self._config.seed, next(self._numbers), 0x1A).random()
                self._put(delivery, at_most_s * chance)
                return True
        return False

    def _send(self, http: httpx.Client, delivery: Delivery) -> None:
        delivery.tries = max(delivery.tries, 0) + 1
        is_lost = self.mishaps.strikes("lost")
        answer = 0 if is_lost else self._try(http, delivery)
        if answer and self.mishaps.strikes("unanswered"):
            answer = 0
        delivery.answers.append(answer)
        self._count("tried")
        if delivery.is_taken:
            self._count("taken")
            if self.mishaps.strikes("twice"):
                self._try(http, delivery)
            self._send_besides(delivery)
        elif delivery.is_besides or delivery.tries > len(PAUSES_S):
            self._count("given_up")
        else:
            pause_s = PAUSES_S[delivery.tries - 1] * self._config.webhook_time_scale
            self._put(delivery, pause_s)

    def _count(self, what: str) -> None:
        """Several hands count at once."""
        with self._lock:
            self.counts[what] += 1

    def _send_besides(self, delivery: Delivery) -> None:
        """What nobody asked for: it must harm nothing."""
        if delivery.is_besides:
            return
        for kind, make in _BESIDES.items():
            if self.mishaps.strikes(kind):
                body = make(delivery.body)
                is_forged = kind == "forged"
                signature = "0" * 64 if is_forged else self.sign(body)
                told = Delivery(delivery.url, body, signature, "", is_besides=True)
                self._put(told, 0.0)

    def _try(self, http: httpx.Client, delivery: Delivery) -> int:
        """The status that came back; 0 if none did."""
        headers = {
            "Content-Type": "application/json",
            "Authorization": delivery.signature,
        }
        try:
            answer = http.post(delivery.url, content=delivery.body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            return 0
        return answer.status_code


def state_of(postman: Postman) -> Json:
    """What a person or a test wants to know."""
    return {
        "waiting": postman.waiting,
        "is_quiet": postman.is_quiet,
        "counts": dict(postman.counts),
        "mishaps": postman.mishaps.rates,
        "hits": postman.mishaps.hits,
    }


def _padded(body: bytes) -> bytes:
    return body[:-1] + b',"padding":"' + b"x" * _HUGE + b'"}'


_BESIDES: Mapping[str, Callable[[bytes], bytes]] = {
    "forged": lambda body: body,
    "huge": _padded,
    "unparsable": lambda body: b"{" + body[: len(body) // 2],
}
