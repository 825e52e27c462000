"""Every setting with its type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from tiktok_pipelines.api.app import App
from tiktok_pipelines.settings import values
from tiktok_pipelines.settings.keys import generated_keys
from tiktok_pipelines.settings.source import child_environment, read_source
from tiktok_pipelines.settings.urls import DatabaseUrl
from tiktok_pipelines.storage.embedded import EmbeddedServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is set, checked and typed; empty text where there is no default.

    Nothing is demanded before it is used: ``app()``, ``consent_service_id()``,
    ``database_url`` and ``encryption_keys()`` raise when what they need is missing.
    """

    app_key: str
    app_secret: SecretStr = field(repr=False)
    service_id: str
    redirect_uri: str
    api_version: str
    is_sandbox: bool
    api_base_url: str
    auth_base_url: str
    consent_url_us: str
    consent_url_row: str
    rate_limit_per_second: float
    external_database_url: DatabaseUrl | None
    embedded_database_url: DatabaseUrl | None
    home: Path
    set_encryption_keys: tuple[SecretStr, ...] = field(repr=False)
    start_date: date
    first_sync_days: int
    log_level: str
    api_log_days: int
    ledger_days: int
    raw_page_days: int
    run_days: int

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, *, folder: Path | None = None
    ) -> "Settings":
        """Read the environment, and below it the nearest ``.env`` from ``folder`` up.

        Args:
            environ: instead of the process's own environment.
            folder: instead of the current folder.

        Raises:
            ConfigurationError: a value is wrong; one line that names it.
        """
        source = read_source(environ, folder)
        read = values.Reader(source.values).read
        url = read("TIKTOK_DATABASE_URL", values.database_url)
        is_own = _is_own(url, source.home)
        return cls(
            app_key=read("TIKTOK_APP_KEY", str),
            app_secret=read("TIKTOK_APP_SECRET", SecretStr),
            service_id=read("TIKTOK_SERVICE_ID", str),
            redirect_uri=read("TIKTOK_REDIRECT_URI", values.http_url),
            api_version=read("TIKTOK_API_VERSION", values.version),
            is_sandbox=read("TIKTOK_SANDBOX", values.flag),
            api_base_url=read("TIKTOK_API_BASE_URL", values.http_url),
            auth_base_url=read("TIKTOK_AUTH_BASE_URL", values.http_url),
            consent_url_us=read("TIKTOK_CONSENT_URL_US", values.http_url),
            consent_url_row=read("TIKTOK_CONSENT_URL_ROW", values.http_url),
            rate_limit_per_second=read("TIKTOK_RATE_LIMIT_PER_SECOND", values.positive),
            external_database_url=None if is_own else url,
            embedded_database_url=url if is_own else None,
            home=source.home,
            set_encryption_keys=read("TIKTOK_ENCRYPTION_KEYS", values.fernet_keys),
            start_date=read("TIKTOK_START_DATE", values.day),
            first_sync_days=read("TIKTOK_FIRST_SYNC_DAYS", values.days),
            log_level=read("TIKTOK_LOG_LEVEL", values.log_level),
            api_log_days=read("TIKTOK_API_LOG_DAYS", values.days),
            ledger_days=read("TIKTOK_LEDGER_DAYS", values.days),
            raw_page_days=read("TIKTOK_RAW_PAGE_DAYS", values.days_or_none),
            run_days=read("TIKTOK_RUN_DAYS", values.days),
        )

    def app(self) -> App:
        """The app that signs calls.

        Raises:
            ConfigurationError: its key or secret is not set.
        """
        if not self.app_key:
            raise values.missing("TIKTOK_APP_KEY")
        if not self.app_secret.get_secret_value():
            raise values.missing("TIKTOK_APP_SECRET")
        return App(self.app_key, self.app_secret)

    def consent_service_id(self) -> str:
        """The service id, which the consent link needs.

        Raises:
            ConfigurationError: it is not set.
        """
        if not self.service_id:
            raise values.missing("TIKTOK_SERVICE_ID")
        return self.service_id

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.external_database_url is None

    @property
    def embedded_server(self) -> EmbeddedServer:
        """The embedded PostgreSQL of this home, running or not."""
        return EmbeddedServer(self.home)

    @property
    def database_url(self) -> DatabaseUrl:
        """The application's database; the embedded server must run.

        Raises:
            DatabaseUnavailable: the embedded server does not run.
        """
        if self.external_database_url:
            return self.external_database_url
        return self._named(self.embedded_server.dsn())

    @property
    def planned_database_url(self) -> DatabaseUrl:
        """As ``database_url``, but no server needs to run."""
        if self.external_database_url:
            return self.external_database_url
        return self._named(self.embedded_server.url())

    def _named(self, own: str) -> DatabaseUrl:
        """The embedded server's URL, with the database and user that are set."""
        url, named = DatabaseUrl.parse(own), self.embedded_database_url
        if named is None:
            return url
        return url.of_database(named.name).of_user(named.user or url.user)

    @property
    def dagster_database_url(self) -> DatabaseUrl:
        """Dagster's own database on the same server; no server needs to run."""
        if self.external_database_url:
            name = f"{self.external_database_url.name}_dagster"
            return self.external_database_url.of_database(name)
        return DatabaseUrl.parse(self.embedded_server.url("dagster"))

    @property
    def dagster_home(self) -> Path:
        """The DAGSTER_HOME that ``env`` and ``up`` use."""
        return self.home / "dagster"

    @property
    def encryption_key_file(self) -> Path:
        """Where a generated key lies."""
        return self.home / "encryption.key"

    def exports(self) -> dict[str, str]:
        """What other processes need to work on this home; holds the DSNs."""
        return {
            "TIKTOK_HOME": str(self.home),
            "TIKTOK_DATABASE_URL": self.planned_database_url.libpq,
            "DAGSTER_HOME": str(self.dagster_home),
            "DAGSTER_PG_URL": self.dagster_database_url.psycopg2,
            # a run over a range of days writes its events in batches
            "DAGSTER_EVENT_BATCH_SIZE": "100",
        }

    def child_environment(self) -> dict[str, str]:
        """The environment of a process that we start: ours, and the exports."""
        return child_environment(self.exports())

    def encryption_keys(self) -> tuple[SecretStr, ...]:
        """Fernet keys, newest first; made on first use with the embedded database.

        Raises:
            ConfigurationError: none is set with an external database, or the
                generated one cannot be read.
        """
        if self.set_encryption_keys:
            return self.set_encryption_keys
        if self.is_embedded:
            return generated_keys(self.encryption_key_file)
        because = ", and TIKTOK_DATABASE_URL names an external database"
        raise values.missing("TIKTOK_ENCRYPTION_KEYS", because=because)


def _is_own(url: DatabaseUrl | None, home: Path) -> bool:
    """Whether it is a URL of the embedded server of this home, as ``env`` exports."""
    return url is not None and (
        url.socket_folder in EmbeddedServer(home).socket_folders()
    )
