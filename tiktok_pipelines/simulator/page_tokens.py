"""Page tokens: where a search goes on, bound to what was searched.

A token holds the last key served, so a page needs no state on the server, and a
signature over the shop, the filters and the sort: another search, or an altered token,
is refused. Tokens are opaque and hold ``+``, ``/`` and ``=``, as TikTok's do, so that a
client which fails to percent-encode them notices. Source: TikTok Shop API reference,
"Paging".
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error

from tiktok_pipelines.simulator.index import Key
from tiktok_pipelines.simulator.refusals import bad_request

_KEY = b"page tokens are opaque"
_KEY_LENGTH = 17  # one byte of salt, eight of time, eight of id
_SEAL_LENGTH = 23  # makes 40 bytes, whose base64 is padded


def make_page_token(binding: str, key: Key) -> str:
    """A token that continues after ``key``; the same each time for the same page."""
    at, record_id = key
    place = at.to_bytes(8, "big") + int(record_id).to_bytes(8, "big")
    tokens = (_seal_up(binding, bytes([salt]) + place) for salt in range(256))
    return next(token for token in tokens if "+" in token and "/" in token)


def read_page_token(binding: str, token: str) -> Key:
    """The key after which the page starts.

    Raises:
        Refusal: the token is altered, or from another search or shop.
    """
    try:
        raw = b64decode(token.encode(), validate=True)
    except (Error, UnicodeEncodeError) as error:
        raise bad_request("invalid page_token") from error
    content = raw[:_KEY_LENGTH]
    if not hmac.compare_digest(_seal_up(binding, content), token):
        raise bad_request("invalid page_token")
    at, record_id = content[1:9], content[9:]
    return int.from_bytes(at, "big"), str(int.from_bytes(record_id, "big"))


def peek_record_id(token: str) -> str:
    """The last record of the page before, whatever search the token belongs to."""
    return str(int.from_bytes(b64decode(token)[9:_KEY_LENGTH], "big"))


def _seal_up(binding: str, content: bytes) -> str:
    message = content + binding.encode()
    seal = hmac.new(_KEY, message, hashlib.sha256).digest()[:_SEAL_LENGTH]
    return b64encode(content + seal).decode()
