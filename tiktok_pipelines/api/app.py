"""The app as registered in Partner Center."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class App:
    """Key and secret of the app; the secret signs and is never sent to the API."""

    key: str
    secret: SecretStr
