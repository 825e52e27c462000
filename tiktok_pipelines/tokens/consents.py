"""Consents under way: states that were given out, and callbacks that wait.

Of a state only hashes are stored, of a code only its cipher text.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from pydantic import SecretStr
from sqlalchemy import Connection, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher

STATE_LIFE = timedelta(minutes=10)
_CODE_LIFE = timedelta(minutes=30)
"""Source: docs/tiktok-shop-api.md, "OAuth and tokens"."""
_MOST_PARKED = 1000
_MOST_OF_A_SOURCE = 20
"""Whoever makes codes up must not keep the genuine ones out."""
_MOST_STATES = 10_000

_BEGIN = text("""
    INSERT INTO tiktok_ops.connect_states
        (state_hash, browser_hash, created_at, expires_at)
    VALUES (:state, :browser, :now, :expires)
""")
_FORGET = text("""
    DELETE FROM tiktok_ops.connect_states
    WHERE expires_at < :now OR state_hash IN (
        SELECT state_hash FROM tiktok_ops.connect_states
        ORDER BY created_at DESC OFFSET :most)
""")
_TAKE = text("""
    UPDATE tiktok_ops.connect_states SET used_at = :now
    WHERE state_hash = :state AND browser_hash = :browser
      AND used_at IS NULL AND expires_at > :now
    RETURNING state_hash
""")
_FORGET_PARKED = text("""
    DELETE FROM tiktok_ops.parked_callbacks
    WHERE expires_at < :before
""")
_WAITING = text("""
    SELECT count(*), count(*) FILTER (WHERE source = :source)
    FROM tiktok_ops.parked_callbacks
    WHERE confirmed_at IS NULL AND expires_at > :now
""")
_PARK = text("""
    INSERT INTO tiktok_ops.parked_callbacks
        (received_at, expires_at, source, region, code, code_hash)
    VALUES (:now, :expires, :source, :region, :code, :code_hash)
    ON CONFLICT (code_hash) DO NOTHING
""")
_PARKED = text("""
    SELECT callback_id, received_at, expires_at, source, region, confirmed_at, outcome
    FROM tiktok_ops.parked_callbacks ORDER BY callback_id
""")
_CONFIRM = text("""
    UPDATE tiktok_ops.parked_callbacks SET confirmed_at = :now
    WHERE callback_id = :callback_id AND confirmed_at IS NULL AND expires_at > :now
    RETURNING code
""")
_TELL = text("""
    UPDATE tiktok_ops.parked_callbacks SET outcome = :outcome
    WHERE callback_id = :callback_id
""")


@dataclass(frozen=True, slots=True)
class ParkedCallback:
    """A consent that came without a state."""

    code: str = field(repr=False)
    region: str
    source: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked callback as a person is told of it: without its code."""

    callback_id: int
    received_at: datetime
    expires_at: datetime
    source: str
    region: str | None
    confirmed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ConsentStore:
    """Reads and writes the two tables."""

    database: Database
    cipher: TokenCipher
    clock: Clock

    def begin(self, state: str, browser: str) -> None:
        """Remember a state that was given to a browser; expired ones are forgotten."""
        now = self.clock.now()
        with self.database.begin() as connection:
            connection.execute(_FORGET, {"now": now, "most": _MOST_STATES})
            told = {"state": _hash(state), "browser": _hash(browser)}
            times = {"now": now, "expires": now + STATE_LIFE}
            connection.execute(_BEGIN, {**told, **times})

    def take(self, state: str, browser: str) -> bool:
        """Whether the state was given to the browser lately; it is good once."""
        told = {"state": _hash(state), "browser": _hash(browser)}
        with self.database.begin() as connection:
            taken = connection.execute(_TAKE, {**told, "now": self.clock.now()})
            return taken.one_or_none() is not None

    def park(self, callback: ParkedCallback) -> bool:
        """Keep a callback until a person confirms it; False if too many wait.

        Too many of its source are fewer than too many of all.
        """
        now = self.clock.now()
        told = {
            "source": callback.source,
            "region": callback.region or None,
            "code": self.cipher.encrypt(SecretStr(callback.code)),
            "code_hash": _hash(callback.code),
            "now": now,
            "expires": now + _CODE_LIFE,
        }
        with self.database.begin() as connection:
            connection.execute(_FORGET_PARKED, {"before": now - timedelta(days=1)})
            waiting, of_source = connection.execute(_WAITING, told).one()
            if waiting >= _MOST_PARKED or of_source >= _MOST_OF_A_SOURCE:
                return False
            connection.execute(_PARK, told)
        return True

    def parked(self) -> Sequence[Waiting]:
        """What was parked within the last day, the oldest first."""
        with self.database.begin() as connection:
            return [Waiting(*row) for row in connection.execute(_PARKED)]

    def confirm(self, callback_id: int) -> SecretStr:
        """The code of a parked callback; it can be taken once.

        Raises:
            ConfigurationError: there is none, or it is expired or confirmed already.
        """
        told = {"callback_id": callback_id, "now": self.clock.now()}
        with self.database.begin() as connection:
            code = connection.execute(_CONFIRM, told).scalar_one_or_none()
        if code is None:
            raise ConfigurationError(
                f"no callback {callback_id} waits: expected one that was neither "
                "confirmed nor is older than 30 minutes; tiktok-pipelines shops "
                "callbacks"
            )
        return self.cipher.decrypt(code, f"the code of callback {callback_id}")

    def tell(self, callback_id: int, outcome: str) -> None:
        """Note what became of a confirmed callback."""
        told: dict[str, object] = {
            "callback_id": callback_id,
            "outcome": outcome[:500],
        }
        self.database.transact(partial(_execute_tell, told))


def _execute_tell(told: dict[str, object], connection: Connection) -> None:
    connection.execute(_TELL, told)


def _hash(told: str) -> bytes:
    return hashlib.sha256(told.encode("utf-8", "replace")).digest()
