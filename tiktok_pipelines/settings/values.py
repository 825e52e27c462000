"""From a variable's text to its typed value, or the one line that says why not."""

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings.urls import DatabaseUrl
from tiktok_pipelines.settings.variables import VARIABLES

T = TypeVar("T")
_YES = ("true", "1", "yes", "on")
_NO = ("false", "0", "no", "off")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Reader:
    """Reads variables by name; a wrong value is told without showing a secret."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def read(self, name: str, parse: Callable[[str], T]) -> T:
        """The parsed value, or that of the default.

        Raises:
            ConfigurationError: the value is wrong.
        """
        variable = VARIABLES[name]
        told = self._values.get(name, variable.default)
        try:
            return parse(told)
        except ValueError:
            shown = "" if variable.is_secret else f" ({told[:60]!r})"
            raise ConfigurationError(
                f"{name} is wrong{shown}: expected {variable.expected}; "
                f"{variable.source}"
            ) from None


def missing(name: str, *, because: str = "") -> ConfigurationError:
    """The error for a variable that is needed now and not set."""
    variable = VARIABLES[name]
    return ConfigurationError(
        f"{name} is not set{because}: expected {variable.expected}; {variable.source}"
    )


def flag(told: str) -> bool:
    """``true`` or ``false``, in the usual spellings."""
    if told.lower() not in _YES + _NO:
        raise ValueError(told)
    return told.lower() in _YES


def http_url(told: str) -> str:
    """An absolute URL without a trailing slash; empty stays empty."""
    parts = urlsplit(told)
    if told and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(told)
    return told.rstrip("/")


def version(told: str) -> str:
    """An API version: year and month."""
    if not re.fullmatch(r"\d{6}", told):
        raise ValueError(told)
    return told


def positive(told: str) -> float:
    """A number above zero."""
    number = float(told)
    if not (number > 0 and math.isfinite(number)):
        raise ValueError(told)
    return number


def days(told: str) -> int:
    """At least one whole day."""
    count = int(told)
    if count < 1:
        raise ValueError(told)
    return count


def days_or_none(told: str) -> int:
    """A whole number of days; 0 for none."""
    count = int(told)
    if count < 0:
        raise ValueError(told)
    return count


def day(told: str) -> date:
    """An ISO date."""
    return date.fromisoformat(told)


def log_level(told: str) -> str:
    """One of logging's names, upper case."""
    if told.upper() not in _LEVELS:
        raise ValueError(told)
    return told.upper()


def database_url(told: str) -> DatabaseUrl | None:
    """A PostgreSQL URL in any of its spellings; None when unset."""
    return DatabaseUrl.parse(told) if told else None


def fernet_keys(told: str) -> tuple[SecretStr, ...]:
    """Comma-separated Fernet keys; none when unset."""
    keys = [key.strip() for key in told.split(",")] if told else []
    for key in keys:
        _check_fernet_key(key)
    return tuple(SecretStr(key) for key in keys)


def _check_fernet_key(key: str) -> None:
    try:
        size = len(base64.b64decode(key, altchars=b"-_", validate=True))
    except binascii.Error:
        size = 0
    if size != 32:
        raise ValueError("not a Fernet key")
