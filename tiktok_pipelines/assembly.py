"""Settings become objects that work together: the one place where they meet."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tiktok_pipelines.api.auth import AuthClient
from tiktok_pipelines.api.client import TikTokShopClient, build_http_client
from tiktok_pipelines.api.options import CallOptions
from tiktok_pipelines.api.rate_limit import ProcessRateLimiter
from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.ingest.api_log import ApiLog
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines.tokens.connect import Connector
from tiktok_pipelines.tokens.shops import ConnectedShops
from tiktok_pipelines.tokens.store import TokenStore


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a run or a command works with."""

    settings: Settings
    clock: Clock
    database: Database
    shops: ConnectedShops
    connector: Connector
    api_log: ApiLog


@contextmanager
def open_database(
    settings: Settings, clock: Clock | None = None
) -> Generator[Database]:
    """The application's database, closed at the end of the block.

    Raises:
        DatabaseUnavailable: the embedded server does not run.
    """
    database = Database(settings.database_url.libpq, clock=clock)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_store(settings: Settings, clock: Clock | None = None) -> Generator[TokenStore]:
    """Tokens and shops, without an app: enough to list and switch shops."""
    with open_database(settings, clock) as database:
        yield TokenStore(database, _cipher(settings))


def _cipher(settings: Settings) -> TokenCipher:
    """The keys, and where they are from for those who must mend them."""
    keys = settings.encryption_keys()
    if settings.set_encryption_keys:
        return TokenCipher(keys)
    return TokenCipher(keys, origin=str(settings.encryption_key_file))


@contextmanager
def open_pipeline(
    settings: Settings, *, clock: Clock | None = None, run_id: str = ""
) -> Generator[Pipeline]:
    """Everything, closed at the end of the block; asks nothing of TikTok yet.

    Raises:
        ConfigurationError: a setting that is needed is missing or wrong.
        DatabaseUnavailable: the embedded server does not run.
    """
    app, clock = settings.app(), clock or SystemClock()
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings, clock))
        log = stack.enter_context(ApiLog(store.database, run_id))
        http = stack.enter_context(build_http_client())
        options = CallOptions(
            clock=clock,
            limiter=ProcessRateLimiter(settings.rate_limit_per_second, clock),
            observe=log.take,
        )
        auth = AuthClient(app, http, base_url=settings.auth_base_url, options=options)
        client = TikTokShopClient(
            app, http, base_url=settings.api_base_url, options=options
        )
        yield Pipeline(
            settings,
            clock,
            store.database,
            ConnectedShops(store, auth, client, clock, app.key),
            Connector(store, auth, client, clock, app.key, settings.api_version),
            log,
        )
