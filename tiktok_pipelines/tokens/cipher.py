"""Encryption of what must not be readable in the database."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from tiktok_pipelines.errors import ConfigurationError, DecryptionError


class TokenCipher:
    """Fernet with several keys: the first encrypts, any of them decrypts.

    Raises:
        ConfigurationError: a key is no Fernet key, or there is none.
    """

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        try:
            fernets = [Fernet(key.get_secret_value()) for key in keys]
        except ValueError:
            raise ConfigurationError(
                "TIKTOK_ENCRYPTION_KEYS: a key is not 32 url-safe base64 bytes; make"
                " one with Fernet.generate_key() of the package cryptography"
            ) from None
        if not fernets:
            raise ConfigurationError("TIKTOK_ENCRYPTION_KEYS: no key is set")
        self._fernet = MultiFernet(fernets)

    def encrypt(self, secret: SecretStr) -> str:
        """Text that only the keys turn back."""
        return self._fernet.encrypt(secret.get_secret_value().encode()).decode()

    def decrypt(self, stored: str, what: str) -> SecretStr:
        """The secret again.

        Raises:
            DecryptionError: no key fits; names ``what`` was to be read.
        """
        try:
            return SecretStr(self._fernet.decrypt(stored.encode()).decode())
        except InvalidToken:
            raise DecryptionError(
                f"{what} cannot be decrypted with TIKTOK_ENCRYPTION_KEYS: put the key"
                " it was stored with behind the others, or run shops connect again"
            ) from None
