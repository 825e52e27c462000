"""The one description of every environment variable; no parsing here."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_pipelines.api import hosts
from tiktok_pipelines.api.webhook_types import DESIRED

SEE_DOCS = "see docs/settings.md"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable, as documents and error messages tell it.

    Attributes:
        meaning: what it decides, in words of the person who sets it.
        expected: what a right value looks like; ends an error message.
        source: where to get a value.
        default: as text; empty when there is none.
        default_note: said instead of the default where that is computed.
    """

    name: str
    meaning: str
    expected: str
    source: str = SEE_DOCS
    default: str = ""
    default_note: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Variables that belong together."""

    title: str
    variables: Sequence[Variable]


_PARTNER_CENTER = "get it in Partner Center, App & Service, your app"
_HOST_SOURCE = "leave it unset for the real TikTok Shop"

APP = Group(
    "The app",
    (
        Variable(
            "TIKTOK_APP_KEY",
            "The app's key.",
            "the app key, such as 6a1b2c3d4e5f6",
            _PARTNER_CENTER,
        ),
        Variable(
            "TIKTOK_APP_SECRET",
            "The app's secret; signs every call.",
            "the app secret",
            _PARTNER_CENTER,
            is_secret=True,
        ),
        Variable(
            "TIKTOK_SERVICE_ID",
            "The app's id on its service page (not the app key); part of the consent "
            "link.",
            "the service id, a long number",
            _PARTNER_CENTER,
        ),
        Variable(
            "TIKTOK_REDIRECT_URI",
            "Where TikTok sends a seller after consent, as entered in Partner Center.",
            "https://HOST/tiktok/callback",
            _PARTNER_CENTER,
        ),
    ),
)
WEBHOOKS = Group(
    "Webhooks",
    (
        Variable(
            "TIKTOK_FORMER_APP_SECRETS",
            "Secrets that the app had before: notifications signed with one are taken "
            "too. Empty it when a day has passed since the secret was reset.",
            "comma-separated app secrets",
            _PARTNER_CENTER,
            is_secret=True,
        ),
        Variable(
            "TIKTOK_WEBHOOK_URL",
            "Where TikTok sends notifications: what `webhooks subscribe` sets. A "
            "domain name, no port.",
            "https://HOST/webhooks/tiktok",
            "the address under which the receiver is reached from outside",
            default_note="the host of `TIKTOK_REDIRECT_URI`",
        ),
        Variable(
            "TIKTOK_WEBHOOK_EVENTS",
            "The events that every shop is to be subscribed to; `webhooks verify` "
            "tells what differs.",
            "comma-separated names, such as ORDER_STATUS_CHANGE",
            default=",".join(DESIRED),
        ),
        Variable(
            "TIKTOK_WEBHOOK_DAYS",
            "Days after which notifications leave `tiktok_ops.webhook_events`, unless "
            "they wait, and refused ones `tiktok_ops.webhook_rejects`; removed daily.",
            "a whole number of days, at least 1",
            default="30",
        ),
    ),
)
API = Group(
    "TikTok Shop",
    (
        Variable(
            "TIKTOK_API_VERSION",
            "The API version for calls that name none of their own.",
            "six digits, such as 202309",
            default="202309",
        ),
        Variable(
            "TIKTOK_SANDBOX",
            "`true`: the shops are TikTok's test shops (hourly quota, writes allowed "
            "to them); it changes no host.",
            "true or false",
            default="false",
        ),
        Variable(
            "TIKTOK_API_BASE_URL",
            "Host of the API, every market.",
            "a URL such as https://open-api.example.com",
            _HOST_SOURCE,
            default=hosts.API_BASE_URL,
        ),
        Variable(
            "TIKTOK_AUTH_BASE_URL",
            "Host that gives and refreshes tokens.",
            "a URL such as https://auth.example.com",
            _HOST_SOURCE,
            default=hosts.AUTH_BASE_URL,
        ),
        Variable(
            "TIKTOK_CONSENT_URL_US",
            "The consent page for sellers of the US.",
            "a URL such as https://services.example.com/open/authorize",
            _HOST_SOURCE,
            default=hosts.CONSENT_URL_US,
        ),
        Variable(
            "TIKTOK_CONSENT_URL_ROW",
            "The consent page for sellers of the rest of the world.",
            "a URL such as https://services.example.com/open/authorize",
            _HOST_SOURCE,
            default=hosts.CONSENT_URL_ROW,
        ),
        Variable(
            "TIKTOK_RATE_LIMIT_PER_SECOND",
            "Ceiling of calls per second and (app, shop, endpoint).",
            "a number above 0",
            default="10",
        ),
    ),
)
STORAGE = Group(
    "Storage",
    (
        Variable(
            "TIKTOK_DATABASE_URL",
            "The PostgreSQL database. Dagster's own storage goes to a second database "
            "of the same server, named like this one with `_dagster` added, and made "
            "if missing. The URL of a further database on the embedded server's own "
            "socket names that one; Dagster's storage stays in `dagster`.",
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
            "get it from who runs the server, or leave it unset for the embedded one",
            default_note="the embedded PostgreSQL under `TIKTOK_HOME` (databases "
            "`tiktok` and `dagster`)",
            is_secret=True,
        ),
        Variable(
            "TIKTOK_HOME",
            "State of an embedded set-up: database, generated key, logs.",
            "a folder that can be written",
            default_note="`.tiktok_pipelines` beside the nearest `workspace.yaml` "
            "upwards, else in the current folder; always used as an absolute path",
        ),
        Variable(
            "TIKTOK_ENCRYPTION_KEYS",
            "Fernet keys that encrypt the stored tokens, comma-separated, newest "
            "first.",
            "comma-separated Fernet keys, newest first",
            "make one with: openssl rand -base64 32 | tr '+/' '-_'",
            default_note="generated in `TIKTOK_HOME/encryption.key` (file mode 0600) "
            "with the embedded PostgreSQL, an error with an external one",
            is_secret=True,
        ),
    ),
)
SYNC = Group(
    "What is pulled",
    (
        Variable(
            "TIKTOK_START_DATE",
            "First day that can be backfilled (UTC), read when definitions load.",
            "a date such as 2024-01-01",
            default="2024-01-01",
        ),
        Variable(
            "TIKTOK_FIRST_SYNC_DAYS",
            "How far back, by update time, a shop's first sync goes; older history is "
            "backfilled by partition.",
            "a whole number of days, at least 1",
            default="90",
        ),
        Variable(
            "TIKTOK_LOG_LEVEL",
            "How much `up` lets Dagster's daemon and UI log.",
            "DEBUG, INFO, WARNING or ERROR",
            default="INFO",
        ),
    ),
)

RETENTION = Group(
    "How long it is kept",
    (
        Variable(
            "TIKTOK_API_LOG_DAYS",
            "Days after which calls leave `tiktok_ops.tiktok_api_logs`. Removed daily, "
            "as the following are.",
            "a whole number of days, at least 1",
            default="30",
        ),
        Variable(
            "TIKTOK_LEDGER_DAYS",
            "Days after which superseded rows leave `tiktok_ops.sync_windows`, "
            "resolved ones `tiktok_ops.quarantine_records`, and ids that TikTok "
            "refused and nothing asks for any more `tiktok_ops.rechecks`. Of each day "
            "of orders backfilled, and of what else was pulled on each day, the newest "
            "row and the newest closed one stay for ever, unless a later one tells "
            "more.",
            "a whole number of days, at least 1",
            default="90",
        ),
        Variable(
            "TIKTOK_RAW_PAGE_DAYS",
            "Days after which pages that no row names any more leave "
            "`tiktok_raw.pages`; every table can still be made anew, and `raw show` "
            "tells less. 0 keeps them for ever.",
            "a whole number of days, or 0",
            default="0",
        ),
        Variable(
            "TIKTOK_RUN_DAYS",
            "Days after which Dagster's runs go with their events and logs, unless the "
            "newest state of a partition or a check is theirs.",
            "a whole number of days, at least 1",
            default="30",
        ),
    ),
)

GROUPS = (APP, WEBHOOKS, API, STORAGE, SYNC, RETENTION)
VARIABLES = {
    variable.name: variable for group in GROUPS for variable in group.variables
}
