"""The secret of the privacy policy: made once, stored encrypted.

It keys the hashes of buyer data and of erased subjects. Another secret would make
other hashes: one that cannot be read is never replaced.
"""

import secrets
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Connection, text

from tiktok_pipelines.tokens.cipher import TokenCipher

_NAME = "hash"
_READ = text("SELECT secret FROM tiktok_ops.privacy_keys WHERE name = :name")
_MAKE = text("""
    INSERT INTO tiktok_ops.privacy_keys (name, secret, created_at)
    VALUES (:name, :secret, :now) ON CONFLICT (name) DO NOTHING
""")
_RENEW = text("""
    UPDATE tiktok_ops.privacy_keys SET secret = :secret
    WHERE name = :name AND secret = :old
""")
_LOST = 'if it is lost for good, begin anew as docs/privacy.md says, under "The secret"'


def make_secret(connection: Connection, cipher: TokenCipher, *, now: datetime) -> bytes:
    """The secret; made now if there is none, by one of all who ask at once.

    Raises:
        DecryptionError: no configured key reads it; it stays as it is.
    """
    stored = connection.execute(_READ, {"name": _NAME}).scalar_one_or_none()
    if stored is None:
        secret = cipher.encrypt(SecretStr(secrets.token_hex(32)))
        told = {"name": _NAME, "secret": secret, "now": now}
        connection.execute(_MAKE, told)
        stored = connection.execute(_READ, {"name": _NAME}).scalar_one()
    return _readable(connection, cipher, stored)


def _readable(connection: Connection, cipher: TokenCipher, stored: str) -> bytes:
    """Decrypt it, and let it follow the newest key, as the older will be dropped."""
    secret = cipher.decrypt(stored, "the secret of privacy hashes", if_lost=_LOST)
    if not cipher.is_newest(stored):
        told = {"name": _NAME, "secret": cipher.encrypt(secret), "old": stored}
        connection.execute(_RENEW, told)
    return bytes.fromhex(secret.get_secret_value())
