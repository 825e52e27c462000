"""The privacy policy as rows: read for a load, changed by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.privacy_audit import Act, record_act
from tiktok_pipelines.ingest.privacy_key import make_secret
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines.transform.privacy import Action, PrivacyPolicy, Rule

_ALL = text("""
    SELECT region, field, action, changed_at FROM tiktok_ops.privacy_rules
    ORDER BY region, field
""")
_REGION = text("""
    SELECT upper(coalesce(region, '')) FROM tiktok_ops.shops WHERE shop_id = :shop_id
""")
_IN_REGION = text("""
    SELECT region, field, action FROM tiktok_ops.privacy_rules
    WHERE region IN ('*', :region)
""")
_HAS_ERASED = text("""
    SELECT EXISTS (
        SELECT FROM tiktok_ops.erased_subjects WHERE shop_id IN ('*', :shop_id))
""")
_PUT = text("""
    INSERT INTO tiktok_ops.privacy_rules (region, field, action, changed_at)
    VALUES (:region, :field, :action, :now)
    ON CONFLICT (region, field) DO UPDATE
    SET action = excluded.action, changed_at = excluded.changed_at
""")
_REMOVE = text("""
    DELETE FROM tiktok_ops.privacy_rules WHERE region = :region AND field = :field
""")
_HELD = text("""
    SELECT action FROM tiktok_ops.privacy_rules
    WHERE region = :region AND field = :field FOR UPDATE
""")


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule, and since when it holds."""

    rule: Rule
    changed_at: datetime


def stored_rules(database: Database) -> Sequence[StoredRule]:
    """Every rule, by region and field."""
    with database.begin() as connection:
        rows = connection.execute(_ALL).all()
    return [StoredRule(Rule(*row[:3]), row[3]) for row in rows]


def load_policy(
    database: Database, cipher: TokenCipher, shop_id: str, *, now: datetime
) -> PrivacyPolicy:
    """The policy of a shop, to be loaded once for each load.

    Raises:
        DecryptionError: something has to be hashed, and no key reads the secret.
    """

    def load(connection: Connection) -> PrivacyPolicy:
        region, rules = rules_of(connection, shop_id)
        has_erased = connection.execute(_HAS_ERASED, {"shop_id": shop_id}).scalar_one()
        hashes = any(rule.action == "hash" for rule in rules)
        needs_secret = hashes or has_erased
        secret = make_secret(connection, cipher, now=now) if needs_secret else b""
        return PrivacyPolicy(rules, region, secret)

    return database.transact(load)


def rules_of(connection: Connection, shop_id: str) -> tuple[str, frozenset[Rule]]:
    """The region of a shop ("" if it has none), and the rules that hold there."""
    asked = {"shop_id": shop_id}
    region = connection.execute(_REGION, asked).scalar_one_or_none() or ""
    rows = connection.execute(_IN_REGION, {"region": region}).all()
    return region, frozenset(Rule(*row) for row in rows)


def set_rule(
    database: Database, cipher: TokenCipher, rule: Rule, *, now: datetime
) -> Action | None:
    """Set or replace a rule, with proof; return the action that it had before.

    Raises:
        DecryptionError: the rule hashes, and no key reads the secret.
    """
    with database.begin() as connection:
        if rule.action == "hash":
            make_secret(connection, cipher, now=now)
        before = _held(connection, rule.region, rule.field)
        connection.execute(_PUT, {**rule._asdict(), "now": now})
        _prove(connection, rule.region, rule.field, (before, rule.action), now=now)
    return before


def unset_rule(
    database: Database, region: str, field: str, *, now: datetime
) -> Action | None:
    """Remove a rule, with proof; return the action that it had, None if none."""
    with database.begin() as connection:
        before = _held(connection, region, field)
        if before is not None:
            connection.execute(_REMOVE, {"region": region, "field": field})
            _prove(connection, region, field, (before, None), now=now)
    return before


def _held(connection: Connection, region: str, field: str) -> Action | None:
    told = {"region": region, "field": field}
    return connection.execute(_HELD, told).scalar_one_or_none()


def _prove(
    connection: Connection,
    region: str,
    field: str,
    actions: tuple[Action | None, Action | None],
    *,
    now: datetime,
) -> None:
    before, after = actions
    details = {"region": region, "field": field, "action": after, "before": before}
    record_act(connection, Act("set_rule", now, details=details), finished_at=now)
