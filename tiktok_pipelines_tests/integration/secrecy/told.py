"""Everything the simulator told that is nobody's business, and more of it planted."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from starlette.responses import Response

from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.secrecy.needles import SHORTEST, Needle

BUYER, WORDS, SECRET = "buyer data", "words in wrong places", "secret"
_BUYERS = ("recipient_", "buyer_", "cpf")
# The shop's market rather than the buyer.
_NOT_PERSONAL = {"region_code", "address_level", "address_level_name", "iso_code"}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SHORTEST_NUMBER = 8
_PHONE = re.compile(r"\(\+\d+\)")


@dataclass(slots=True)
class Told:
    """What was told; a door of the simulator, at which orders are spoiled too.

    Attributes:
        tokens: every token and code that was handed out.
        buyers: every text in a buyer's field, wherever in an order it stood.
        words: texts where none belongs, and names of fields that are none.
        searched: shops whose orders were asked for.
    """

    tokens: set[str] = field(default_factory=set[str])
    buyers: set[str] = field(default_factory=set[str])
    words: set[str] = field(default_factory=set[str])
    searched: list[str] = field(default_factory=list[str])
    orders: int = 0

    async def around(self, visit: Visit, answer: Answer) -> Response:
        response = answer()
        told = cast("Json", json.loads(bytes(response.body)))
        data = told["data"]
        self.tokens |= {
            str(data[name])
            for name in ("access_token", "refresh_token")
            if name in data
        }
        if "/orders" in visit.path:
            self.searched.append(visit.shop_id)
            orders = cast("list[object]", data.get("orders") or [])
            data["orders"] = [self._spoiled(order) for order in orders]
            self.buyers |= set(buyer_texts(data))
        # Python's own JSON, as it takes and gives lone surrogates.
        return Response(json.dumps(told), media_type="application/json")

    def needles(self) -> Iterator[Needle]:
        """All of it, as what is to be looked for."""
        for kind, texts in (
            (SECRET, self.tokens),
            (BUYER, self.buyers),
            (WORDS, self.words),
        ):
            yield from (Needle(kind, text) for text in texts)

    def _spoiled(self, order: object) -> object:
        """Every few orders one with buyer data or words where nobody expects them."""
        self.orders += 1
        spoil = _SPOILS.get(self.orders % 23)
        if not isinstance(order, dict) or spoil is None:
            return cast("object", order)
        return spoil(self, cast("Json", order), f"{self.orders:05}")

    def word(self, text: str) -> str:
        """A text that stands where none belongs."""
        self.words.add(text)
        return text


def _in_packages(_: Told, order: Json, tag: str) -> object:
    order["packages"] = [{"id": "1", "buyer_email": f"packed{tag}@mail.invalid"}]
    return order


def _as_text(_: Told, order: Json, tag: str) -> object:
    order["recipient_address"] = f"Jane Doe{tag}, 9 Told Street, Nowhere"
    return order


def _in_lines(_: Told, order: Json, tag: str) -> object:
    for line in cast("list[object]", order.get("line_items") or []):
        if isinstance(line, dict):
            line["recipient_phone"] = f"+49 170 {tag}77"
            line["gift"] = {"buyer_note": [{"to": f"Dear Mother{tag}"}]}
    return order


def _documents(_: Told, order: Json, tag: str) -> object:
    order["cpf"] = f"123.{tag}.789-09"
    order["cpf_name"] = f"Maria das Dores {tag}"
    order["buyer_avatar"] = {"large": f"https://pics.invalid/{tag}/face.jpeg"}
    return order


def _without_id(_: Told, order: Json, tag: str) -> object:
    order["id"] = ""
    order["buyer_message"] = f'Ring "twice", {tag}\nthen \\ wait: 🙏 cảm ơn'
    return order


def _as_time(told: Told, order: Json, tag: str) -> object:
    order["create_time"] = told.word(f"Whenever Mr Late{tag} likes")
    return order


def _as_lines(told: Told, order: Json, tag: str) -> object:
    order["line_items"] = told.word(f"What Mrs Line{tag} wants")
    return order


def _line_as_text(told: Told, order: Json, tag: str) -> object:
    order["line_items"] = [told.word(f"One for Miss Item{tag}")]
    return order


def _as_names(told: Told, order: Json, tag: str) -> object:
    name = told.word(f"Nobody Named{tag}")
    order["payment"] = {name: name, "nulled " + name: None}
    order[name] = {"buyer_name": f"Behind a Name {tag}"}
    return order


def _names_of_nothing(told: Told, order: Json, tag: str) -> object:
    name = told.word(f"Void Person{tag}")
    order["options"] = {name: [None, {f"{name}\x00": "\ud83d"}]}
    return order


def _bare_text(told: Told, _: Json, tag: str) -> object:
    return told.word(f"Sir Record{tag}, no object at all")


_SPOILS = dict(
    enumerate(
        (
            _in_packages,
            _as_text,
            _in_lines,
            _documents,
            _without_id,
            _as_time,
            _as_lines,
            _line_as_text,
            _as_names,
            _names_of_nothing,
            _bare_text,
        )
    )
)


def buyer_texts(value: object) -> Iterator[str]:
    """What is told of buyers, in an answer of any form; masked texts tell nothing."""
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from buyer_texts(item)
    elif isinstance(value, dict):
        for name, item in cast("Json", value).items():
            is_buyers = name.startswith(_BUYERS) and name != "buyer_service_fee"
            yield from _personal(item) if is_buyers else buyer_texts(item)


def _personal(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _personal(item)
    elif isinstance(value, dict):
        fields = cast("Json", value)
        if fields.get("address_level") == "L0":  # the country
            return
        for name, item in fields.items():
            yield from () if name in _NOT_PERSONAL else _personal(item)
    elif isinstance(value, str):
        yield from (part for part in _parts(value) if _tells(part))


def _tells(text: str) -> bool:
    """Whether it can be looked for: short numbers stand everywhere."""
    return len(text) >= (_SHORTEST_NUMBER if text.isdigit() else SHORTEST)


def _parts(text: str) -> Iterator[str]:
    """The text without what PostgreSQL cannot hold, and the part that says who."""
    for piece in _UNSTORABLE.split(text):
        if "**" not in piece:
            yield piece
            yield _PHONE.sub("", piece.split("@")[0])
