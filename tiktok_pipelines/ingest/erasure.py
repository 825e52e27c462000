"""Erase a buyer or an order: buyer data goes, and later answers do not bring it back.

All in one transaction under the locks of the shops: deleted, counted again, proven,
and the subject remembered by a keyed hash. Twice does no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, TextClause, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.privacy_audit import Act, record_act
from tiktok_pipelines.ingest.privacy_key import make_secret
from tiktok_pipelines.ingest.strays import Strays, find_strays
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines.transform.privacy import ANY, subject_of

Kind = Literal["buyer", "order"]

RECIPIENTS = "tiktok.order_recipients"
_SHOPS = text("""
    SELECT shop_id FROM tiktok_ops.shops WHERE :shop_id IN ('*', shop_id)
    UNION SELECT shop_id FROM tiktok.orders
    WHERE :shop_id IN ('*', shop_id) GROUP BY shop_id
    UNION SELECT shop_id FROM tiktok.order_recipients
    WHERE :shop_id IN ('*', shop_id) GROUP BY shop_id
    ORDER BY shop_id
""")
_STRAYS = """
    SELECT * FROM unnest(CAST(:stray_shops AS text[]), CAST(:stray_orders AS text[]))
"""
# A recipient may be there without its order: nothing about one order asks for both.
_FOUND: Mapping[Kind, TextClause] = {
    "buyer": text(f"""
        SELECT shop_id, sum(orders) AS orders, sum(recipients) AS recipients
        FROM (
            SELECT shop_id, 1 AS orders, num_nonnulls(r.order_id) AS recipients
            FROM tiktok.orders AS o
            LEFT JOIN tiktok.order_recipients AS r USING (shop_id, order_id)
            WHERE o.shop_id = ANY(:shops) AND o.buyer_id = :subject_id
            UNION ALL
            SELECT shop_id, 0, 1 FROM tiktok.order_recipients
            WHERE (shop_id, order_id) IN ({_STRAYS})
        ) AS held
        GROUP BY shop_id ORDER BY shop_id
    """),
    "order": text("""
        SELECT shop_id, sum(orders) AS orders, sum(recipients) AS recipients
        FROM (
            SELECT shop_id, order_id, 1 AS orders, 0 AS recipients FROM tiktok.orders
            UNION ALL
            SELECT shop_id, order_id, 0, 1 FROM tiktok.order_recipients
        ) AS held
        WHERE shop_id = ANY(:shops) AND order_id = :subject_id
        GROUP BY shop_id ORDER BY shop_id
    """),
}
_ERASE: Mapping[Kind, TextClause] = {
    "buyer": text(f"""
        DELETE FROM tiktok.order_recipients WHERE (shop_id, order_id) IN (
            SELECT shop_id, order_id FROM tiktok.orders
            WHERE shop_id = ANY(:shops) AND buyer_id = :subject_id
            UNION ALL {_STRAYS})
    """),
    "order": text("""
        DELETE FROM tiktok.order_recipients
        WHERE shop_id = ANY(:shops) AND order_id = :subject_id
    """),
}
_REMEMBER = text("""
    INSERT INTO tiktok_ops.erased_subjects (shop_id, kind, subject, erased_at)
    VALUES (:shop_id, :kind, :subject, :now) ON CONFLICT DO NOTHING
""")
_REMEMBERED = text("""
    SELECT EXISTS (
        SELECT FROM tiktok_ops.erased_subjects
        WHERE shop_id IN ('*', :shop_id) AND subject = :subject)
""")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to erase; ``shop_id`` is None for every shop, later ones too."""

    kind: Kind
    subject_id: str
    shop_id: str | None = None

    @property
    def place(self) -> str:
        """The shop, or ``*``."""
        return self.shop_id or ANY

    def fingerprint(self, secret: bytes) -> bytes:
        """What is remembered in place of the id."""
        return subject_of(secret, self.kind, self.subject_id)


@dataclass(frozen=True, slots=True)
class Found:
    """What one shop holds of a subject: orders, and rows of buyer data."""

    shop_id: str
    orders: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure will do, or did.

    ``nobodys`` counts orders with buyer data that name no buyer, and so may be the
    subject's; always 0 for an order.
    """

    found: Sequence[Found]
    was_erased: bool
    nobodys: int

    @property
    def recipients(self) -> int:
        """Orders with buyer data."""
        return sum(each.recipients for each in self.found)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a subject is looked for."""

    shops: Sequence[str]
    strays: Strays

    def asked(self, subject: Subject) -> Mapping[str, object]:
        """The parameters of the statements about it."""
        return {
            "shops": list(self.shops),
            "subject_id": subject.subject_id,
            "stray_shops": [shop_id for shop_id, _ in self.strays.theirs],
            "stray_orders": [order_id for _, order_id in self.strays.theirs],
        }


def plan_erasure(
    database: Database, cipher: TokenCipher, subject: Subject, *, now: datetime
) -> Erasure:
    """What ``erase`` would delete.

    Raises:
        DecryptionError: no key reads the secret of the hashes.
    """
    with database.begin() as connection:
        secret = make_secret(connection, cipher, now=now)
        asked = {"shop_id": subject.place, "subject": subject.fingerprint(secret)}
        was_erased = connection.execute(_REMEMBERED, asked).scalar_one()
        place = _place(connection, subject, _shops(connection, subject))
        found = _found(connection, subject, place)
        return Erasure(found, was_erased, place.strays.nobodys)


def erase(
    database: Database, cipher: TokenCipher, subject: Subject, clock: Clock
) -> tuple[Erasure, int]:
    """Erase a subject; return what was found and the rows that are left: none.

    Raises:
        DecryptionError: no key reads the secret of the hashes; nothing was erased.
    """
    started_at = clock.now()
    with database.begin() as connection:
        secret = make_secret(connection, cipher, now=started_at)
        shops = _shops(connection, subject)
        for shop_id in shops:
            lock_in_transaction(connection, f"orders {shop_id}")
        act = Act(
            "erase",
            started_at,
            shop_id=subject.shop_id,
            subject_kind=subject.kind,
            subject=subject.fingerprint(secret),
        )
        _remember(connection, subject, act)
        place = _place(connection, subject, shops)
        before, left = _delete(connection, subject, place)
        record_act(
            connection,
            act,
            before={RECIPIENTS: before.recipients},
            after={RECIPIENTS: left},
            finished_at=clock.now(),
        )
    return before, left


def _delete(
    connection: Connection, subject: Subject, place: _Place
) -> tuple[Erasure, int]:
    """Delete, and count before and after."""
    before = Erasure(
        _found(connection, subject, place),
        was_erased=False,
        nobodys=place.strays.nobodys,
    )
    connection.execute(_ERASE[subject.kind], place.asked(subject))
    left = sum(each.recipients for each in _found(connection, subject, place))
    return before, left


def _shops(connection: Connection, subject: Subject) -> Sequence[str]:
    """In the order in which everybody locks them."""
    asked = {"shop_id": subject.place}
    return connection.execute(_SHOPS, asked).scalars().all()


def _place(connection: Connection, subject: Subject, shops: Sequence[str]) -> _Place:
    is_buyer = subject.kind == "buyer"
    return _Place(
        shops,
        find_strays(connection, shops, subject.subject_id) if is_buyer else Strays(),
    )


def _found(connection: Connection, subject: Subject, place: _Place) -> Sequence[Found]:
    rows = connection.execute(_FOUND[subject.kind], place.asked(subject)).all()
    return [Found(*row) for row in rows]


def _remember(connection: Connection, subject: Subject, act: Act) -> None:
    row = {
        "shop_id": subject.place,
        "kind": subject.kind,
        "subject": act.subject,
        "now": act.started_at,
    }
    connection.execute(_REMEMBER, row)
