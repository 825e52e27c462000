"""What may be kept of buyer data: rules by region and field, applied to one answer.

For a field the most specific rule holds: the shop's region before ``*``; within a
region the whole path, then its last name, then ``recipient_address`` for all in it,
then ``*``. Without a rule a field is kept. Applying a policy twice is applying it once.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Literal, NamedTuple, cast, get_args

from tiktok_pipelines.transform.buyers import BUYER_FIELDS, BuyerData
from tiktok_pipelines.transform.encoding import encode

Action = Literal["keep", "hash", "mask", "drop"]
ACTIONS: Sequence[Action] = get_args(Action)
"""The strictest last."""
ANY = "*"
ADDRESS = "recipient_address"
KNOWN_FIELDS = (
    *(
        f"{ADDRESS}.{name}"
        for name in """
            name first_name last_name first_name_local_script last_name_local_script
            phone_number full_address address_detail address_line1 address_line2
            address_line3 address_line4 post_town postal_code region_code district_info
            delivery_preferences
        """.split()
    ),
    *sorted(BUYER_FIELDS - {ADDRESS}),
)
"""Buyer fields that TikTok documents; others fall under ``*`` and the address."""

_STARS = "****"
_HASHED = re.compile(r"hmac-sha256:[0-9a-f]{64}")
_DROPPED = object()


class Rule(NamedTuple):
    """What becomes of one field in one region; ``*`` stands for every one."""

    region: str
    field: str
    action: Action


@dataclass(frozen=True, slots=True)
class PrivacyPolicy:
    """The rules that hold in one region, and the secret of its hashes.

    ``secret`` is empty where nothing has to be hashed.
    """

    rules: frozenset[Rule] = frozenset()
    region: str = ""
    secret: bytes = field(default=b"", repr=False)

    def action_of(self, path: str) -> Action:
        """What becomes of the field at a path such as ``recipient_address.name``."""
        return _action(self.rules, self.region, path)

    def apply(self, buyer: BuyerData) -> BuyerData | None:
        """What may be written of a buyer; None if that is nothing."""
        if not self.rules:
            return buyer
        treated = {
            path: self._treat(path, value) for path, value in buyer.fields.items()
        }
        fields = {path: item for path, item in treated.items() if item is not _DROPPED}
        if not fields:
            return None
        return BuyerData(fields, {path: buyer.versions[path] for path in fields})

    def _treat(self, path: str, value: object) -> object:
        if path.rpartition(".")[2] != ADDRESS or not value:
            return self._treat_as(self.action_of(path), path, value)
        if isinstance(value, dict):
            return self._treat_block(cast("dict[str, object]", value))
        return self._treat_as(self._strictest(), path, value)

    def _treat_block(self, block: dict[str, object]) -> object:
        """An address that stood deeper in the order, part by part."""
        parts = {
            name: self._treat(f"{ADDRESS}.{name}", item) for name, item in block.items()
        }
        kept = {name: item for name, item in parts.items() if item is not _DROPPED}
        return kept or _DROPPED

    def _strictest(self) -> Action:
        """For an address that is no object: nobody knows what stands in it."""
        told = [rule.field for rule in self.rules if rule.field.startswith(ADDRESS)]
        actions = {self.action_of(name) for name in (*KNOWN_FIELDS, *told)}
        return next(action for action in reversed(ACTIONS) if action in actions)

    def _treat_as(self, action: Action, path: str, value: object) -> object:
        if action == "keep":
            return value
        if action == "drop":
            return _DROPPED
        if action == "mask":
            return _each(mask, value)
        has_own_stars = path.endswith("buyer_message")
        return _each(partial(self._hash, has_own_stars=has_own_stars), value)

    def _hash(self, text: str, *, has_own_stars: bool) -> str:
        """A masked text says too little to be joined, and may still say something."""
        if "*" in text and not has_own_stars:
            return mask(text)
        return text if _HASHED.fullmatch(text) else hash_text(self.secret, text)


KEEP_ALL = PrivacyPolicy()
"""No rules."""


def mask(text: str) -> str:
    """The first letter of what is long enough not to be told by it, and stars."""
    text = text.strip()
    return (text[0] if len(text) > 3 and text[0] != "*" else "") + _STARS


def hash_text(secret: bytes, text: str) -> str:
    """Equal texts give equal hashes; without the secret they cannot be guessed.

    Raises:
        ValueError: there is no secret.
    """
    if not secret:
        raise ValueError("a policy that hashes has a secret")
    data = text.strip().encode("utf-8", "surrogatepass")
    return f"hmac-sha256:{hmac.new(secret, data, hashlib.sha256).hexdigest()}"


def subject_of(secret: bytes, kind: str, subject_id: str) -> bytes:
    """What is remembered of a buyer or an order that was erased, in place of its id."""
    return hmac.digest(secret, f"{kind}:{subject_id}".encode(), "sha256")


def _each(treat: Callable[[str], str], value: object) -> object:
    """The value with every text and number in it treated; what is empty stays."""
    if isinstance(value, list):
        return [_each(treat, item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        return {name: _each(treat, item) for name, item in parts.items()}
    text = value if isinstance(value, str) else encode(value).decode()
    return value if value is None or not text.strip() else treat(text)


@lru_cache(maxsize=4096)
def _action(rules: frozenset[Rule], region: str, path: str) -> Action:
    held: dict[tuple[str, str], Action] = {
        (rule.region, rule.field): rule.action for rule in rules
    }
    for place in (region, ANY):
        for name in _names(path):
            if (place, name) in held:
                return held[place, name]
    return "keep"


def _names(path: str) -> Iterator[str]:
    """What rules may call a field, the most specific first."""
    yield path
    yield path.rpartition(".")[2]
    if ADDRESS in path.split("."):
        yield ADDRESS
    yield ANY
