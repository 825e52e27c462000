"""An analyst of a server that asks for passwords, as one of one's own does."""

from pathlib import Path

import psycopg
import pytest

from tiktok_pipelines.settings import DatabaseUrl
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.cli.test_analyst import attempt, made
from tiktok_pipelines_tests.integration.conftest import KEY, administer

ASKING = "local all tiktok_analyst scram-sha-256\n"


@pytest.fixture(scope="module")
def asking(module_home: Path) -> EmbeddedServer:
    """A server that logs every statement and asks analysts for their password."""
    server = EmbeddedServer(module_home)
    server.start()
    rules = server.data / "pg_hba.conf"
    rules.write_text(ASKING + rules.read_text())
    administer(server, "ALTER SYSTEM SET log_statement = 'all'")
    administer(server, "SELECT pg_reload_conf()")
    upgrade(server.dsn())
    return server


@pytest.fixture
def external(bare: Commands, asking: EmbeddedServer) -> Commands:
    """Commands of another home, for which that server is an external one."""
    settings = {"TIKTOK_DATABASE_URL": asking.dsn(), "TIKTOK_ENCRYPTION_KEYS": KEY}
    return Commands({**bare.environment, **settings})


def password_of(dsn: str) -> str:
    password = DatabaseUrl.parse(dsn).password
    return password.get_secret_value() if password else ""


def test_a_password_is_made_shown_once_and_never_logged(
    external: Commands, asking: EmbeddedServer
) -> None:
    first = made(external)
    again = made(external)

    assert len(password_of(first)) >= 32
    assert attempt(first, "SELECT count(*) FROM tiktok.orders") == 0
    assert password_of(again) == ""
    with pytest.raises(psycopg.OperationalError, match="password"):
        attempt(again, "SELECT 1")
    log = asking.log.read_text()
    assert 'CREATE ROLE "tiktok_analyst"' in log
    assert password_of(first) not in log


def test_another_password_ends_the_one_before(external: Commands) -> None:
    before = made(external, "--new-password")

    after = made(external, "--new-password")

    assert password_of(before) != password_of(after)
    assert attempt(after, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError, match="password"):
        attempt(before, "SELECT 1")


def test_people_are_told_what_became_of_the_password(external: Commands) -> None:
    new = external.run("db", "analyst", "--new-password")
    old = external.run("db", "analyst")

    assert "is shown this once" in new.stderr
    assert password_of(new.stdout.strip()) not in new.stderr
    assert "--new-password" in old.stderr


def test_the_embedded_server_has_no_passwords(
    bare: Commands, asking: EmbeddedServer
) -> None:
    home = str(asking.home)

    done = bare.run("db", "analyst", "--new-password", TIKTOK_HOME=home)

    assert (done.exit_code, done.stdout) == (2, "")
    assert "leave --new-password out" in done.stderr
