"""``doctor``: every precondition, one line each, with its cause and fix."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import click
import httpx
from cryptography.fernet import Fernet
from sqlalchemy import text

from tiktok_pipelines.api.error_table import CLOCK_REMEDY
from tiktok_pipelines.api.retry import http_date
from tiktok_pipelines.assembly import open_database, open_store
from tiktok_pipelines.cli.dagster_instance import present_home
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import (
    ConfigurationError,
    DecryptionError,
    IncompleteWindow,
    NeedsConsent,
    PipelineError,
    StorageError,
)
from tiktok_pipelines.ingest.health import late_shops, open_days
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import READ_ONLY, Database
from tiktok_pipelines.storage.migrate import is_current

_NEEDED_TO_LOOK_INSIDE = {"encryption key", "database", "migrations"}
_NAMED = 5
_READ_ONLY = text("SHOW transaction_read_only")
_CLOCK_MAY_BE_OFF_S = (-300, 30)  # behind and ahead, as TikTok takes timestamps
_END_IS_NEAR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition: what is so, or what is wrong and how to mend it."""

    name: str
    is_ok: bool
    detail: str
    is_concern: bool = False

    @property
    def mark(self) -> str:
        """What begins the line."""
        if not self.is_ok:
            return "FAIL"
        return "note" if self.is_concern else "ok  "


class Concern(str):
    """What a probe tells when all works, and a person should look nevertheless."""

    __slots__ = ()


Probe = Callable[[Settings], str]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check every precondition; exit status 1 when one fails."""
    checks: list[Check] = []
    for check in run_checks():
        checks.append(check)
        if not as_json:
            click.echo(f"{check.mark}  {check.name}: {check.detail}")
    if as_json:
        print_json([asdict(check) for check in checks])
    if not all(check.is_ok for check in checks):
        ctx.exit(1)


def run_checks() -> Iterator[Check]:
    """Every check in the order in which one meets the causes."""
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        yield Check("settings", is_ok=False, detail=str(error))
        return
    yield Check("settings", is_ok=True, detail=f"TIKTOK_HOME is {settings.home}")
    failed: set[str] = set()
    for name, probe in _preconditions().items():
        check = _tried(name, probe, settings)
        if not check.is_ok:
            failed.add(name)
        yield check
    if failed.isdisjoint(_NEEDED_TO_LOOK_INSIDE):
        for name, probe in _contents().items():
            yield _tried(name, probe, settings)


def _preconditions() -> Mapping[str, Probe]:
    return {
        "app": _app,
        "encryption key": _encryption_key,
        "database": _database,
        "migrations": _migrations,
        "TikTok Shop": _api_host,
        "Dagster": _dagster,
    }


def _contents() -> Mapping[str, Probe]:
    return {
        "stored secrets": _stored_secrets,
        "consent": _consent,
        "shops": _shops,
        "complete days": _complete_days,
    }


def _tried(name: str, probe: Probe, settings: Settings) -> Check:
    try:
        detail = probe(settings)
        return Check(
            name, is_ok=True, detail=detail, is_concern=isinstance(detail, Concern)
        )
    except PipelineError as error:
        return Check(name, is_ok=False, detail=str(error))


def _app(settings: Settings) -> str:
    app = settings.app()
    settings.consent_service_id()
    return f"key {app.key}, with secret and service id"


def _encryption_key(settings: Settings) -> str:
    keys = settings.encryption_keys()
    for key in keys:
        fernet = Fernet(key.get_secret_value())
        fernet.decrypt(fernet.encrypt(b"probe"))
    return f"{len(keys)} from {_origin_of_keys(settings)}"


def _origin_of_keys(settings: Settings) -> str:
    if settings.set_encryption_keys:
        return "TIKTOK_ENCRYPTION_KEYS"
    return str(settings.encryption_key_file)


def _database(settings: Settings) -> str:
    url = settings.database_url
    database = Database(url.libpq)
    try:
        with database.begin() as connection:
            is_read_only = connection.execute(_READ_ONLY).scalar_one() == "on"
    finally:
        database.close()
    if is_read_only:
        raise StorageError(READ_ONLY)
    return f"answers ({url})"


def _migrations(settings: Settings) -> str:
    database = Database(settings.database_url.libpq)
    try:
        if not is_current(database):
            raise ConfigurationError("not up to date: tiktok-pipelines db upgrade")
    finally:
        database.close()
    return "up to date"


def _api_host(settings: Settings) -> str:
    """Any answer will do: only the way there is asked for."""
    for name, url in (
        ("TIKTOK_API_BASE_URL", settings.api_base_url),
        ("TIKTOK_AUTH_BASE_URL", settings.auth_base_url),
    ):
        try:
            answer = httpx.get(url, timeout=5)
        except httpx.HTTPError as error:
            raise ConfigurationError(
                f"{url} does not answer ({type(error).__name__}): check network and "
                f"proxy, or {name}"
            ) from None
        _check_clock(answer)
    return f"{settings.api_base_url} answers"


def _check_clock(answer: httpx.Response) -> None:
    """TikTok takes no timestamp that is too old or too new."""
    theirs = http_date(answer.headers.get("Date", ""))
    ahead_s = (SystemClock().now() - theirs).total_seconds() if theirs else 0
    slowest, fastest = _CLOCK_MAY_BE_OFF_S
    if not slowest <= ahead_s <= fastest:
        where = "ahead of" if ahead_s > 0 else "behind"
        raise ConfigurationError(
            f"this machine's clock is {abs(ahead_s):.0f} s {where} that of {answer.url}"
            f": {CLOCK_REMEDY}"
        )


def _dagster(settings: Settings) -> str:
    home = present_home()
    if home is None:
        return (
            f"DAGSTER_HOME is not set; up uses {settings.dagster_home}, and "
            'eval "$(tiktok-pipelines env)" sets it for plain dagster'
        )
    return f"DAGSTER_HOME is {home}"


def _stored_secrets(settings: Settings) -> str:
    with open_store(settings) as store:
        sellers, shops = store.sellers(), store.shops()
        try:
            for seller in sellers:
                store.seller_tokens(seller)
            for shop in shops:
                store.shop_cipher(shop)
        except DecryptionError as error:
            origin = _origin_of_keys(settings)
            raise DecryptionError(f"wrong key in {origin}: {error}") from None
    return f"tokens of {len(sellers)} seller(s), ciphers of {len(shops)} shop(s)"


def _consent(settings: Settings) -> str:
    """What the sellers let us do, and for how long yet."""
    with open_store(settings) as store:
        tokens = [store.seller_tokens(seller) for seller in store.sellers()]
    over = [each.given_up for each in tokens if each.given_up]
    if over:
        raise NeedsConsent("; ".join(over))
    near = SystemClock().now() + _END_IS_NEAR
    ending = [
        f"the authorisation of seller {each.seller} ends on"
        f" {each.refresh_expires_at:%Y-%m-%d}: tiktok-pipelines shops connect"
        for each in tokens
        if each.refresh_expires_at < near
    ]
    told = [each.refresh_refused for each in tokens if each.refresh_refused] + ending
    return Concern("; ".join(told)) if told else f"of {len(tokens)} seller(s) is good"


def _shops(settings: Settings) -> str:
    with open_store(settings) as store:
        shops = store.shops()
        late = late_shops(store.database, SystemClock().now())
    if not shops:
        return "none is connected yet: tiktok-pipelines shops connect"
    enabled = sum(shop.is_enabled for shop in shops)
    told = f"{enabled} of {len(shops)} are enabled"
    broken = [shop.shop_id for shop in shops if shop.sync_status == "error"]
    if broken:
        told += f"; in error: {_few(broken)}: tiktok-pipelines shops list says why"
    if late:
        names = _few([shop_id for shop_id, _ in late])
        told += f"; not synced lately: {names}: keep tiktok-pipelines up running"
    return Concern(told) if broken or late else told


def _complete_days(settings: Settings) -> str:
    with open_database(settings) as database:
        found = open_days(database)
    if found:
        names = _few([f"{day.day}|{day.shop_id}" for day in found])
        raise IncompleteWindow(
            f"{len(found)} days are not complete: materialize these partitions of "
            f"tiktok/orders again: {names}"
        )
    return "no day that was pulled is known to be incomplete"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
