"""One PostgreSQL database, spelled for each driver; the password never prints."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pydantic import SecretStr

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2")


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A PostgreSQL URL without its scheme, which differs from driver to driver.

    ``str()`` shows it with the password masked; the properties hold the real one.
    """

    _rest: SecretStr

    @classmethod
    def parse(cls, text: str) -> "DatabaseUrl":
        """Take a URL in any of the four spellings.

        Raises:
            ValueError: another scheme, no database name, or not a URL.
        """
        scheme, _, rest = text.partition("://")
        parts = urlsplit(f"postgresql://{rest}")
        if scheme.lower() not in _SCHEMES or not parts.path.strip("/"):
            raise ValueError("not a PostgreSQL URL")
        return cls(SecretStr(rest))

    @property
    def libpq(self) -> str:
        """As ``psql`` and psycopg take it."""
        return f"postgresql://{self._rest.get_secret_value()}"

    @property
    def psycopg(self) -> str:
        """As SQLAlchemy takes it, with psycopg 3."""
        return f"postgresql+psycopg://{self._rest.get_secret_value()}"

    @property
    def psycopg2(self) -> str:
        """As SQLAlchemy takes it, with psycopg2: what Dagster's storage uses."""
        return f"postgresql+psycopg2://{self._rest.get_secret_value()}"

    @property
    def name(self) -> str:
        """The database's name."""
        return unquote(urlsplit(self.libpq).path.strip("/"))

    @property
    def user(self) -> str:
        """The user's name; empty when the URL leaves it to the client."""
        parts = urlsplit(self.libpq)
        told = dict(parse_qsl(parts.query)).get("user")
        return told or unquote(parts.username or "")

    @property
    def password(self) -> SecretStr | None:
        """The password, wherever the URL holds it."""
        parts = urlsplit(self.libpq)
        told = parts.password and unquote(parts.password)
        told = told or dict(parse_qsl(parts.query)).get("password")
        return SecretStr(told) if told else None

    @property
    def socket_folder(self) -> str:
        """The folder of the Unix socket it names; empty when it names a host."""
        parts = urlsplit(self.libpq)
        host = dict(parse_qsl(parts.query)).get("host", "")
        return host if host.startswith("/") and not parts.hostname else ""

    def without_password(self) -> str:
        """For a command line, which everyone on the machine can read."""
        parts = urlsplit(self.libpq)
        user, at, host = parts.netloc.rpartition("@")
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != "password"]
        netloc = f"{user.partition(':')[0]}{at}{host}"
        told = urlencode(query, safe="/")
        return f"postgresql://{netloc}{parts.path}{told and '?'}{told}"

    def of_database(self, name: str) -> "DatabaseUrl":
        """Another database of the same server."""
        parts = urlsplit(self.libpq)
        query = parts.query and f"?{parts.query}"
        path = f"/{quote(name, safe='')}"
        return DatabaseUrl.parse(f"postgresql://{parts.netloc}{path}{query}")

    def of_user(self, name: str, password: SecretStr | None = None) -> "DatabaseUrl":
        """The same database for another user."""
        parts = urlsplit(self.without_password())
        secret = f":{quote(password.get_secret_value(), safe='')}" if password else ""
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != "user"]
        login, host = quote(name, safe=""), parts.netloc.rpartition("@")[2]
        told = urlencode(query, safe="/")
        return DatabaseUrl.parse(
            f"postgresql://{login}{secret}@{host}{parts.path}{told and '?'}{told}"
        )

    def __str__(self) -> str:
        return self.without_password()
