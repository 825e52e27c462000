"""The secret of hashes: made once, encrypted, never replaced."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import DecryptionError
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.privacy_key import make_secret
from tiktok_pipelines.ingest.privacy_rules import load_policy, set_rule
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines.transform.privacy import Rule
from tiktok_pipelines_tests.integration.ingest.stored import count, table

SHOP = "7490000000000000001"
NOW = SystemClock().now()
OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
KEYS = "tiktok_ops.privacy_keys"


def secret_of(database: Database, *keys: SecretStr) -> bytes:
    with database.begin() as connection:
        return make_secret(connection, TokenCipher(keys), now=NOW)


def hash_everything(database: Database, *keys: SecretStr) -> None:
    set_rule(database, TokenCipher(keys), Rule("*", "*", "hash"), now=NOW)


def test_all_who_ask_at_once_get_the_same_secret(database: Database) -> None:
    together = Barrier(6)

    def ask() -> bytes:
        together.wait(timeout=60)
        return secret_of(database, OLD)

    with ThreadPoolExecutor(6) as pool:
        secrets = {each.result() for each in [pool.submit(ask) for _ in range(6)]}

    assert len(secrets) == 1
    assert len(secrets.pop()) == 32


def test_the_secret_is_stored_encrypted(database: Database) -> None:
    secret = secret_of(database, OLD)

    (row,) = table(database, KEYS)
    assert secret.hex() not in row["secret"]
    assert row["secret"].startswith("gAAAA")


def test_a_wrong_key_is_named_and_overwrites_nothing(database: Database) -> None:
    hash_everything(database, OLD)
    before = table(database, KEYS)

    with pytest.raises(DecryptionError, match="secret of privacy hashes") as caught:
        load_policy(database, TokenCipher([NEW]), SHOP, now=NOW)
    with pytest.raises(DecryptionError):
        hash_everything(database, NEW)

    assert str(caught.value).endswith('docs/privacy.md says, under "The secret"')
    assert table(database, KEYS) == before


def test_the_secret_follows_the_newest_key(database: Database) -> None:
    secret = secret_of(database, OLD)

    secret_of(database, NEW, OLD)

    assert secret_of(database, NEW) == secret


def test_a_policy_that_hashes_nothing_needs_no_secret(database: Database) -> None:
    set_rule(database, TokenCipher([OLD]), Rule("*", "*", "mask"), now=NOW)

    policy = load_policy(database, TokenCipher([OLD]), SHOP, now=NOW)

    assert policy.secret == b""
    assert count(database, KEYS) == 0


def test_a_rule_put_into_the_table_by_hand_gets_its_secret(database: Database) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO tiktok_ops.privacy_rules VALUES ('*', '*', 'hash', now())"
        )

    policy = load_policy(database, TokenCipher([OLD]), SHOP, now=NOW)

    assert len(policy.secret) == 32


def test_a_load_whose_secret_cannot_be_read_fails_before_it_asks(
    pipeline: Pipeline, database: Database
) -> None:
    hash_everything(database, NEW)
    shop_id = pipeline.shops.all()[0].shop_id

    report = OrderRuns(pipeline.shops, "run-1", lambda _: None).sync(
        [shop_id], first_sync_days=1
    )

    ((_, error),) = report.failures
    assert isinstance(error, DecryptionError)
    assert count(database, "tiktok.orders") == 0
