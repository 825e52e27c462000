"""Settings from an environment: defaults, wrong values, URLs."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import DatabaseUrl, Settings
from tiktok_pipelines.settings.variables import VARIABLES

NOWHERE = Path("/nowhere/at/all")
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
EXTERNAL = {"TIKTOK_DATABASE_URL": "postgresql://user:hush@db.example.com/shop"}


def settings(**values: str) -> Settings:
    return Settings.from_environment(values, folder=NOWHERE)


def test_an_empty_environment_gives_every_default() -> None:
    found = Settings.from_environment({}, folder=NOWHERE)

    assert found.api_version == "202309"
    assert found.is_sandbox is False
    assert found.api_base_url == "https://open-api.tiktokglobalshop.com"
    assert found.start_date == date(2024, 1, 1)
    assert found.first_sync_days == 90
    assert found.rate_limit_per_second == 10
    assert found.log_level == "INFO"
    assert found.home == NOWHERE / ".tiktok_pipelines"
    assert found.is_embedded


EVERY_VARIABLE = {
    "TIKTOK_APP_KEY": "key",
    "TIKTOK_APP_SECRET": "hush",
    "TIKTOK_SERVICE_ID": "service",
    "TIKTOK_REDIRECT_URI": "https://example.com/tiktok/callback",
    "TIKTOK_FORMER_APP_SECRETS": "old, older",
    "TIKTOK_WEBHOOK_URL": "https://hooks.example.com/webhooks/tiktok",
    "TIKTOK_WEBHOOK_EVENTS": "ORDER_STATUS_CHANGE, RETURN_REQUEST",
    "TIKTOK_WEBHOOK_DAYS": "6",
    "TIKTOK_API_VERSION": "202507",
    "TIKTOK_SANDBOX": "true",
    "TIKTOK_API_BASE_URL": "http://127.0.0.1:1/",
    "TIKTOK_AUTH_BASE_URL": "http://127.0.0.1:2",
    "TIKTOK_CONSENT_URL_US": "http://127.0.0.1:3/us",
    "TIKTOK_CONSENT_URL_ROW": "http://127.0.0.1:3/row",
    "TIKTOK_DATABASE_URL": "postgres://user@db.example.com/shop",
    "TIKTOK_HOME": "/somewhere",
    "TIKTOK_ENCRYPTION_KEYS": f"{KEY}, {OTHER_KEY}",
    "TIKTOK_START_DATE": "2025-02-03",
    "TIKTOK_FIRST_SYNC_DAYS": "30",
    "TIKTOK_RATE_LIMIT_PER_SECOND": "2.5",
    "TIKTOK_LOG_LEVEL": "debug",
    "TIKTOK_API_LOG_DAYS": "7",
    "TIKTOK_LEDGER_DAYS": "8",
    "TIKTOK_RAW_PAGE_DAYS": "0",
    "TIKTOK_RUN_DAYS": "9",
}


def test_every_variable_reaches_its_field() -> None:
    found = settings(**EVERY_VARIABLE)

    assert found == Settings(
        app_key="key",
        app_secret=SecretStr("hush"),
        service_id="service",
        redirect_uri="https://example.com/tiktok/callback",
        former_app_secrets=(SecretStr("old"), SecretStr("older")),
        set_webhook_url="https://hooks.example.com/webhooks/tiktok",
        webhook_events=("ORDER_STATUS_CHANGE", "RETURN_STATUS_CHANGE"),
        webhook_days=6,
        api_version="202507",
        is_sandbox=True,
        api_base_url="http://127.0.0.1:1",
        auth_base_url="http://127.0.0.1:2",
        consent_url_us="http://127.0.0.1:3/us",
        consent_url_row="http://127.0.0.1:3/row",
        external_database_url=DatabaseUrl.parse("postgres://user@db.example.com/shop"),
        embedded_database_url=None,
        home=Path("/somewhere"),
        set_encryption_keys=(SecretStr(KEY), SecretStr(OTHER_KEY)),
        start_date=date(2025, 2, 3),
        first_sync_days=30,
        rate_limit_per_second=2.5,
        log_level="DEBUG",
        api_log_days=7,
        ledger_days=8,
        raw_page_days=0,
        run_days=9,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIKTOK_API_VERSION", "2023"),
        ("TIKTOK_SANDBOX", "maybe"),
        ("TIKTOK_API_BASE_URL", "open-api.example.com"),
        ("TIKTOK_REDIRECT_URI", "https://"),
        ("TIKTOK_DATABASE_URL", "mysql://user:hush@host/shop"),
        ("TIKTOK_DATABASE_URL", "postgresql://user:hush@host"),
        ("TIKTOK_ENCRYPTION_KEYS", "hush"),
        ("TIKTOK_ENCRYPTION_KEYS", f"{KEY},"),
        ("TIKTOK_START_DATE", "soon"),
        ("TIKTOK_FIRST_SYNC_DAYS", "0"),
        ("TIKTOK_FIRST_SYNC_DAYS", "1.5"),
        ("TIKTOK_RATE_LIMIT_PER_SECOND", "0"),
        ("TIKTOK_RATE_LIMIT_PER_SECOND", "nan"),
        ("TIKTOK_LOG_LEVEL", "LOUD"),
        ("TIKTOK_API_LOG_DAYS", "0"),
        ("TIKTOK_LEDGER_DAYS", "-1"),
        ("TIKTOK_RAW_PAGE_DAYS", "-1"),
        ("TIKTOK_RUN_DAYS", "ever"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_that_names_it(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(**{name: value})

    told = str(caught.value)
    assert told.startswith(f"{name} is wrong")
    assert VARIABLES[name].expected in told
    assert VARIABLES[name].source in told
    assert "\n" not in told
    assert "hush" not in told


def test_an_empty_variable_counts_as_unset() -> None:
    assert settings(TIKTOK_START_DATE=" ").start_date == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, "TIKTOK_APP_KEY"),
        ({"TIKTOK_APP_KEY": "key"}, "TIKTOK_APP_SECRET"),
    ],
    ids=["no key", "no secret"],
)
def test_the_app_needs_key_and_secret(values: Mapping[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{missing} is not set.*Partner"):
        settings(**values).app()


def test_the_app_signs_with_the_secret_that_is_set() -> None:
    app = settings(TIKTOK_APP_KEY="key", TIKTOK_APP_SECRET="hush").app()

    assert (app.key, app.secret.get_secret_value()) == ("key", "hush")


def test_the_consent_link_needs_the_service_id() -> None:
    assert settings(TIKTOK_SERVICE_ID="7").consent_service_id() == "7"
    with pytest.raises(ConfigurationError, match=r"^TIKTOK_SERVICE_ID is not set"):
        settings().consent_service_id()


def test_no_secret_shows_in_a_repr() -> None:
    found = settings(
        TIKTOK_APP_KEY="key",
        TIKTOK_APP_SECRET="hush",
        TIKTOK_ENCRYPTION_KEYS=KEY,
        TIKTOK_DATABASE_URL="postgresql://u:hush@h/d?password=hush&sslmode=require",
    )

    shown = f"{found!r} {found} {found.app()!r} {found.database_url!r}"
    shown += f" {found.database_url} {found.dagster_database_url}"
    shown += f" {found.encryption_keys()!r}"
    assert "hush" not in shown
    assert KEY not in shown


def test_an_external_database_needs_encryption_keys() -> None:
    with pytest.raises(ConfigurationError, match=r"^TIKTOK_ENCRYPTION_KEYS is not set"):
        settings(**EXTERNAL).encryption_keys()

    found = settings(**EXTERNAL, TIKTOK_ENCRYPTION_KEYS=KEY).encryption_keys()
    assert [key.get_secret_value() for key in found] == [KEY]


@pytest.mark.parametrize(
    "scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"]
)
def test_every_spelling_of_a_url_becomes_that_of_each_driver(scheme: str) -> None:
    url = DatabaseUrl.parse(f"{scheme}://u:p%40ss@h:6/d?sslmode=require")

    assert url.libpq == "postgresql://u:p%40ss@h:6/d?sslmode=require"
    assert url.psycopg == "postgresql+psycopg://u:p%40ss@h:6/d?sslmode=require"
    assert url.psycopg2 == "postgresql+psycopg2://u:p%40ss@h:6/d?sslmode=require"
    assert url.name == "d"


@pytest.mark.parametrize(
    ("text", "without", "password"),
    [
        ("postgresql://u:p%40ss@h:6/d", "postgresql://u@h:6/d", "p@ss"),
        ("postgresql://h/d?password=x", "postgresql://h/d", "x"),
        ("postgresql://u@/d?host=/s", "postgresql://u@/d?host=/s", None),
        ("postgresql:///d?host=/s", "postgresql:///d?host=/s", None),
    ],
)
def test_a_command_line_never_holds_the_password(
    text: str, without: str, password: str | None
) -> None:
    url = DatabaseUrl.parse(text)

    assert url.without_password() == without
    assert (url.password.get_secret_value() if url.password else None) == password


def test_dagster_has_a_database_of_its_own_on_the_same_server() -> None:
    external = settings(**EXTERNAL).dagster_database_url
    embedded = settings(TIKTOK_HOME="/h").dagster_database_url

    assert external.libpq == "postgresql://user:hush@db.example.com/shop_dagster"
    assert embedded.libpq == "postgresql://postgres@/dagster?host=/h/postgres"


def test_the_exported_url_of_the_embedded_server_is_not_taken_for_an_external_one() -> (
    None
):
    exports = settings(TIKTOK_HOME="/h").exports()

    assert Settings.from_environment(exports, folder=NOWHERE).is_embedded


def test_another_database_of_the_embedded_server_is_the_one_that_is_named() -> None:
    own = settings(TIKTOK_HOME="/h").planned_database_url

    found = settings(
        TIKTOK_HOME="/h",
        TIKTOK_DATABASE_URL=own.of_database("box").of_user("ann").libpq,
    )

    assert found.is_embedded
    assert found.planned_database_url.libpq == (
        "postgresql://ann@/box?host=/h/postgres"
    )
    assert found.exports()["TIKTOK_DATABASE_URL"] == found.planned_database_url.libpq
    assert found.dagster_database_url.name == "dagster"


@pytest.mark.parametrize(
    ("text", "user", "other"),
    [
        ("postgresql://u:x@h:6/d", "u", "postgresql://b%40c:p%2Fq@h:6/d"),
        ("postgresql://h/d?user=u", "u", "postgresql://b%40c:p%2Fq@h/d"),
        ("postgresql:///d?host=/s", "", "postgresql://b%40c:p%2Fq@/d?host=/s"),
    ],
)
def test_a_url_may_be_that_of_another_user(text: str, user: str, other: str) -> None:
    url = DatabaseUrl.parse(text)

    assert url.user == user
    assert url.of_user("b@c", SecretStr("p/q")).libpq == other


def test_a_url_of_another_home_is_an_external_one() -> None:
    exports = settings(TIKTOK_HOME="/h").exports() | {"TIKTOK_HOME": "/other"}

    assert not Settings.from_environment(exports, folder=NOWHERE).is_embedded
