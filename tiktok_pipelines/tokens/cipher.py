"""Encryption of what must not be readable in the database."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from tiktok_pipelines.errors import ConfigurationError, DecryptionError

_SETTING = "TIKTOK_ENCRYPTION_KEYS"
_CONSENT_AGAIN = "let the seller authorise again: tiktok-pipelines shops connect"


class TokenCipher:
    """Fernet with several keys: the first encrypts, any of them decrypts.

    Args:
        keys: newest first.
        origin: the setting or file they are from, for messages.

    Raises:
        ConfigurationError: a key is no Fernet key, or there is none.
    """

    def __init__(self, keys: Sequence[SecretStr], *, origin: str = _SETTING) -> None:
        self._origin = origin
        try:
            fernets = [Fernet(key.get_secret_value()) for key in keys]
        except ValueError:
            raise ConfigurationError(
                "TIKTOK_ENCRYPTION_KEYS: a key is not 32 url-safe base64 bytes; make"
                " one with Fernet.generate_key() of the package cryptography"
            ) from None
        if not fernets:
            raise ConfigurationError("TIKTOK_ENCRYPTION_KEYS: no key is set")
        self._newest, self._fernet = fernets[0], MultiFernet(fernets)

    def encrypt(self, secret: SecretStr) -> str:
        """Text that only the keys turn back."""
        return self._fernet.encrypt(secret.get_secret_value().encode()).decode()

    def is_newest(self, stored: str) -> bool:
        """Whether the first key alone turns it back."""
        try:
            self._newest.decrypt(stored.encode())
        except InvalidToken:
            return False
        return True

    def decrypt(
        self, stored: str, what: str, *, if_lost: str = _CONSENT_AGAIN
    ) -> SecretStr:
        """The secret again.

        Raises:
            DecryptionError: no key fits; names ``what`` was to be read.
        """
        try:
            return SecretStr(self._fernet.decrypt(stored.encode()).decode())
        except InvalidToken:
            raise DecryptionError(
                f"{what} cannot be decrypted with the keys of {self._origin}; nothing"
                " was overwritten: bring back the key it was stored with, in"
                f" {_SETTING} behind the others, or, if that one is lost, {if_lost}"
            ) from None
