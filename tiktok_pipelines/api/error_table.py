"""TikTok's error codes and what to do about each: data, and how it is looked up.

Source: docs/tiktok-shop-api.md, "Error codes". One code may stand for a dozen
failures, so a row may ask for a word in the message too; the first row that fits
counts. A remedy is the end of the sentence that people read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto


class Action(Enum):
    """What the client does when a call fails in this way."""

    RETRY = auto()  # their failure: back off, send again
    RETRY_ONCE = auto()  # nobody knows the code: a second try tells whether it passes
    RETRY_ONCE_THEN_ASK = auto()  # said to be a failure by some, a permission by others
    SLOW_DOWN = auto()  # too fast: pause, lower the rate, send again
    WAIT_FOR_QUOTA = auto()  # an hour's or a day's calls are used up: not now
    REPLACE_TOKEN = auto()  # the access token is refused: replace it, once
    ASK_CONSENT = auto()  # code or refresh token is refused: the grant itself is over
    SIGN_AGAIN = auto()  # the timestamp is refused: sign anew, once
    RESTART_WINDOW = auto()  # the page token is refused
    ASK_SELLER = auto()  # scope, authorisation or state of the shop
    ASK_OLDER = auto()  # path or version is not served: an older one may be
    FIX_REQUEST = auto()  # the program or its input is wrong


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        keywords: in lower case; one of them is enough.
        states: one of them too, where a word alone would say too little.
    """

    codes: Collection[int]
    action: Action
    remedy: str
    keywords: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    def fits(self, code: int, message: str) -> bool:
        """Whether the row is about this failure."""
        if code not in self.codes:
            return False
        text = message.lower()
        return all(
            not words or any(word in text for word in words)
            for words in (self.keywords, self.states)
        )


CLOCK_REMEDY = "set this machine's clock: it must not be 5 minutes slow or 30 s fast"
SCOPE_REMEDY = (
    "enable the scope in Partner Center, then let the seller authorise again: "
    "`tiktok-pipelines shops connect`"
)
CONNECT_REMEDY = "let the seller authorise again: `tiktok-pipelines shops connect`"
CIPHER_REMEDY = f"token and shop do not belong together; {CONNECT_REMEDY}"
NO_CIPHER_REMEDY = f"the shop is stored without its cipher; {CONNECT_REMEDY}"
SHOP_REMEDY = "the shop or its seller is inactive: tell the seller, disable the shop"
THEIR_REMEDY = "TikTok's own failure: try later, with the request id if it lasts"
SLOW_REMEDY = "lower TIKTOK_RATE_LIMIT_PER_SECOND if this happens often"
QUOTA_REMEDY = "the quota of test shops is per hour: run again in an hour"
VERSION_REMEDY = "the API version {version} is not served: use the newer version"
PATH_REMEDY = "the path is wrong: update tiktok-pipelines"
BUG_REMEDY = "the request is wrong: report it with the request id"
PAGE_REMEDY = "start the window again"
INPUT_REMEDY = "correct the input"
STATE_REMEDY = "read the object again: its state does not allow this"
DONE_REMEDY = "already shipped: treat it as done"
SHIPPING_REMEDY = "the shipping type does not allow this: skip it"
UNKNOWN_REMEDY = "unknown code: look it up in Partner Center"

_ANY = range(1, 10**12)
_GENERAL = (36009004,)
_GRANT_WORDS = ("refresh_token", "refresh token", "auth_code", "auth code")
_OVER = ("invalid", "expired", "revoked", " used", "not exist", "not found")

# Exact codes, and words that mean the same whatever the code.
CODES: tuple[Row, ...] = (
    Row(
        _ANY,
        Action.RESTART_WINDOW,
        PAGE_REMEDY,
        ("page_token", "page token", "pagetoken"),
    ),
    # Tokens, scopes, sellers
    Row((105002,), Action.REPLACE_TOKEN, CONNECT_REMEDY),
    Row(
        _GENERAL,
        Action.REPLACE_TOKEN,
        CONNECT_REMEDY,
        ("x-tts-access-token", "access_token"),
    ),
    Row((101000, 1010000, 105001), Action.ASK_SELLER, CIPHER_REMEDY),
    Row((105005, 66009315), Action.ASK_SELLER, SCOPE_REMEDY),
    Row((36004004, 36004005), Action.ASK_CONSENT, CONNECT_REMEDY),
    Row(
        (36009033,),
        Action.ASK_SELLER,
        "add this machine's IP address to the app's allow list in Partner Center",
    ),
    Row((36009043, 36009044), Action.ASK_SELLER, SHOP_REMEDY),
    Row((12009014, 12019114, 12052700), Action.ASK_SELLER, SHOP_REMEDY),
    Row((10006402,), Action.RETRY_ONCE_THEN_ASK, SCOPE_REMEDY),
    Row((21008111, 25020005, 22005007, 12052048), Action.ASK_SELLER, CIPHER_REMEDY),
    # The request
    Row(
        (106001,), Action.FIX_REQUEST, "the signature is wrong: check TIKTOK_APP_SECRET"
    ),
    Row(_GENERAL, Action.SIGN_AGAIN, CLOCK_REMEDY, ("timestamp",)),
    Row(
        _GENERAL,
        Action.FIX_REQUEST,
        "check TIKTOK_APP_KEY, and in Partner Center whether the app is live",
        ("app_key",),
    ),
    Row(_ANY, Action.FIX_REQUEST, "check TIKTOK_APP_SECRET", ("app_secret",)),
    Row(_GENERAL, Action.FIX_REQUEST, BUG_REMEDY, ("grant_type",)),
    Row(_ANY, Action.ASK_CONSENT, CONNECT_REMEDY, _GRANT_WORDS, _OVER),
    Row(
        _GENERAL,
        Action.FIX_REQUEST,
        f"a parameter does not belong to this call: {BUG_REMEDY}",
        ("not required", "unexpected identifier"),
    ),
    Row(_GENERAL, Action.ASK_OLDER, VERSION_REMEDY, (" version", "api_version")),
    Row(_GENERAL, Action.FIX_REQUEST, BUG_REMEDY),
    Row((106013,), Action.ASK_SELLER, NO_CIPHER_REMEDY),
    Row((36009009, 40006), Action.ASK_OLDER, PATH_REMEDY),
    Row((36009010,), Action.FIX_REQUEST, f"wrong HTTP method: {BUG_REMEDY}"),
    Row((36009014, 36009034), Action.ASK_OLDER, VERSION_REMEDY),
    Row((36009021,), Action.FIX_REQUEST, "the file is too large: send a smaller one"),
    Row((36009022, 36009023), Action.FIX_REQUEST, f"wrong content type: {BUG_REMEDY}"),
    Row((98001004, 11050001, 25001001), Action.FIX_REQUEST, INPUT_REMEDY),
    # Too much
    Row((36009002,), Action.SLOW_DOWN, SLOW_REMEDY),
    Row((36009037,), Action.WAIT_FOR_QUOTA, QUOTA_REMEDY),
    Row((45101004,), Action.WAIT_FOR_QUOTA, "the day's calls are used: run tomorrow"),
    # Their own failures
    Row((36009003, 36009007), Action.RETRY, THEIR_REMEDY),
    Row((10002014, 10002015, 10037002, 10037003, 10037004), Action.RETRY, THEIR_REMEDY),
    Row((12001000, 12052881, 33001002), Action.RETRY, THEIR_REMEDY),
    Row((25001028, 25001042, 25001058, 25007002), Action.RETRY, THEIR_REMEDY),
    Row(
        (
            *(10007002, 11001027, 11001031, 11006005, 11006010, 11006026, 11034023),
            *(11034025, 11034037, 21001003, 21001008, 21001011, 21001043, 21001055),
            *(21008300, 21022026, 21022029, 21022030, 21023022, 21023034, 21042001),
            21042076,
        ),
        Action.RETRY,
        "the package or its label is still being worked on: try later",
    ),
    # Fulfilment
    Row((21023035, 21042104), Action.FIX_REQUEST, "arrange the shipping first"),
    Row(
        (11006021, 21008099, 21011006, 21011020, 21011040, 21023046),
        Action.FIX_REQUEST,
        DONE_REMEDY,
    ),
    Row((21023059, 21011041, 21011042), Action.FIX_REQUEST, STATE_REMEDY),
    Row(
        range(21011049, 21011053),
        Action.FIX_REQUEST,
        "the tracking number may no longer be changed",
    ),
    Row(
        (21011022, 21011025, 21004012, 21004015, 21004016, 11028006),
        Action.FIX_REQUEST,
        "the tracking number is invalid, taken, or not of this carrier: correct it",
    ),
    Row(
        range(11021009, 11021026),
        Action.FIX_REQUEST,
        "the shipping service refuses address, weight, size or product",
    ),
    Row((11034002, 21008017, 21008025, 21008043), Action.FIX_REQUEST, SHIPPING_REMEDY),
    # Products and stock
    Row(
        (12019008, 12019150, 12052031, 12052032, 12052034),
        Action.FIX_REQUEST,
        "the product is not there: treat it as deleted",
    ),
    Row(
        (12019108, 12019109, 12019123, 12019124),
        Action.FIX_REQUEST,
        "the page number or size is out of range",
    ),
    Row((12019118, 12019119), Action.FIX_REQUEST, "the time range is invalid"),
    Row((12019027, 12019087, 12019120), Action.FIX_REQUEST, "send fewer ids per call"),
    Row((12052180,), Action.FIX_REQUEST, "over 10,000 results: use a smaller window"),
    Row((12052141,), Action.FIX_REQUEST, "change the stock at the global product"),
    Row((12052393,), Action.FIX_REQUEST, "a promotion locks the stock: wait for it"),
    Row(
        (12019028, 12052097, *range(12052530, 12052533), 12052555),
        Action.FIX_REQUEST,
        "read the warehouses again: the list is incomplete or names a wrong one",
    ),
    Row(
        (12019045, 12052038, 12052570, 12052571),
        Action.FIX_REQUEST,
        "the price is locked, over a limit or missing: skip it",
    ),
    Row((12052990,), Action.FIX_REQUEST, "read the errors of each SKU"),
)

# Families of codes, asked after the exact codes and after the HTTP status.
FAMILIES: tuple[Row, ...] = (
    Row(range(25000000, 25030000), Action.FIX_REQUEST, STATE_REMEDY),
    Row(range(11000000, 11010000), Action.FIX_REQUEST, STATE_REMEDY),
    Row(range(11030000, 11040000), Action.FIX_REQUEST, STATE_REMEDY),
    Row(range(21000000, 21030000), Action.FIX_REQUEST, STATE_REMEDY),
    Row(range(12052000, 12053000), Action.FIX_REQUEST, INPUT_REMEDY),
    Row(range(12019000, 12020000), Action.FIX_REQUEST, INPUT_REMEDY),
    Row(range(12038000, 12039000), Action.FIX_REQUEST, INPUT_REMEDY),
)

UNKNOWN = Row(_ANY, Action.RETRY_ONCE, UNKNOWN_REMEDY)
TOO_FAST = Row(_ANY, Action.SLOW_DOWN, SLOW_REMEDY)
THEIR_FAILURE = Row(_ANY, Action.RETRY, THEIR_REMEDY)
NOT_ALLOWED = Row(
    _ANY,
    Action.ASK_SELLER,
    "refused without a reason: check IP allow list, proxy and authorisation",
)
NOT_SERVED = Row(
    _ANY, Action.ASK_OLDER, "no such path here: check the configured hosts"
)
NOT_ACCEPTED = Row(
    _ANY, Action.FIX_REQUEST, "refused without a reason: check the configured hosts"
)


def look_up(code: int, message: str, http_status: int) -> Row:
    """The row for an envelope whose code is not 0; there is always one."""
    by_status = _by_busy_status(http_status)
    for row in (*CODES, *((by_status,) if by_status else ()), *FAMILIES):
        if row is by_status or row.fits(code, message):
            return row
    return UNKNOWN


def look_up_status(http_status: int) -> Row | None:
    """The row for an answer without an envelope; None if the status explains nothing.

    That is a success or a redirect whose body is cut or from somebody else.
    """
    if row := _by_busy_status(http_status):
        return row
    if http_status in {401, 403, 407}:
        return NOT_ALLOWED
    if http_status in {404, 410}:
        return NOT_SERVED
    return NOT_ACCEPTED if 400 <= http_status < 500 else None


def _by_busy_status(http_status: int) -> Row | None:
    if http_status == 429:
        return TOO_FAST
    return THEIR_FAILURE if http_status >= 500 or http_status == 408 else None
