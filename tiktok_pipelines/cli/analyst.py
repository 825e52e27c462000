"""``db analyst``: a login that reads, and nothing else."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager

import click
import psycopg
from pydantic import SecretStr

from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.errors import ConfigurationError, DatabaseUnavailable
from tiktok_pipelines.settings import DatabaseUrl, Settings
from tiktok_pipelines.storage import roles
from tiktok_pipelines.storage.analysts import (
    LIMITS,
    Analyst,
    Connection,
    grant_reading,
    refuse_more,
    require_tables,
)
from tiktok_pipelines.storage.migrate import hold_schema


@click.command()
@click.option("--role", default="tiktok_analyst", show_default=True, help="Its name.")
@click.option("--with-buyers", is_flag=True, help="Buyer data too.")
@click.option(
    "--new-password", is_flag=True, help="Another password (a server of your own)."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def analyst(*, role: str, with_buyers: bool, new_password: bool, as_json: bool) -> None:
    """Make or update a read-only role, and print the URL that it connects by.

    It reads the schemas tiktok, less buyer data, and tiktok_mart, and the ledger.
    """
    settings = Settings.from_environment()
    url, who = settings.database_url, Analyst(role, with_buyers)
    if settings.is_embedded and new_password:
        raise ConfigurationError(
            "the embedded server asks nobody for a password: leave --new-password out"
        )
    with _connected(url, role) as connection:
        is_new = _make(connection, who)
        password = None
        if not settings.is_embedded and (is_new or new_password):
            password = SecretStr(secrets.token_urlsafe(24))
            roles.set_password(connection, role, password)
    dsn = url.of_user(role, password).libpq
    _tell(settings, who, is_new=is_new, has_password=password is not None)
    if as_json:
        told = {"role": role, "with_buyers": with_buyers, "is_new": is_new, "dsn": dsn}
        print_json(told)
    else:
        click.echo(dsn)


def _make(connection: Connection, who: Analyst) -> bool:
    """The role with its grants and limits; True if it is new."""
    hold_schema(connection)
    require_tables(connection)
    is_new = roles.ensure_login(connection, who.role)
    grant_reading(connection, who)
    refuse_more(connection, who)
    roles.limit(connection, who.role, LIMITS)
    return is_new


def _tell(
    settings: Settings, who: Analyst, *, is_new: bool, has_password: bool
) -> None:
    say(f"The role {who.role} {'was made' if is_new else 'is up to date'}.")
    if has_password:
        say("Its password, in the URL below, is shown this once: keep it.")
    elif not settings.is_embedded:
        say("Its password was shown when it was set; another one: --new-password")


@contextmanager
def _connected(url: DatabaseUrl, role: str) -> Generator[Connection]:
    """One transaction; PostgreSQL's refusals are told with their remedy.

    Raises:
        ConfigurationError: the user may not do it.
        DatabaseUnavailable: the server does not answer.
    """
    try:
        with psycopg.connect(url.libpq, connect_timeout=10) as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege:
        raise ConfigurationError(
            f"the user {url.user} of TIKTOK_DATABASE_URL may not make or change the "
            f"role {role}: use the owner of the tables, and let an administrator run "
            f'ALTER USER "{url.user}" CREATEROLE'
        ) from None
    except psycopg.OperationalError:
        raise DatabaseUnavailable(
            f"the database {url.name} does not answer: start its server (embedded: "
            "tiktok-pipelines db start)"
        ) from None
