"""Keys change; what was stored under an older one stays readable."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import text

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import ConfigurationError, DecryptionError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines_tests.integration.conftest import KEY, SimulatorClock
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import table

DUE = timedelta(days=6, hours=8)
OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))


@given(st.text())
def test_what_is_encrypted_is_read_again(secret: str) -> None:
    cipher = TokenCipher([NEW])

    stored = cipher.encrypt(SecretStr(secret))

    assert cipher.decrypt(stored, "it").get_secret_value() == secret
    assert len(secret) < 8 or secret not in stored


@given(st.data())
def test_an_altered_byte_is_refused(data: st.DataObject) -> None:
    cipher = TokenCipher([NEW])
    stored = bytearray(cipher.encrypt(SecretStr("hush")).encode())
    place = data.draw(st.integers(0, len(stored) - 4))
    stored[place] = ord("A") if stored[place] != ord("A") else ord("B")

    with pytest.raises(DecryptionError):
        cipher.decrypt(stored.decode(), "it")


def test_the_first_key_encrypts_and_the_older_ones_still_read() -> None:
    old = TokenCipher([OLD]).encrypt(SecretStr("hush"))
    rotated = TokenCipher([NEW, OLD])

    assert rotated.decrypt(old, "it").get_secret_value() == "hush"
    new = rotated.encrypt(SecretStr("hush"))
    assert TokenCipher([NEW]).decrypt(new, "it").get_secret_value() == "hush"


def test_a_wrong_key_is_told_with_what_cannot_be_read() -> None:
    stored = TokenCipher([OLD]).encrypt(SecretStr("hush"))

    with pytest.raises(
        DecryptionError, match=r"the token of X .*TIKTOK_ENCRYPTION_KEYS"
    ):
        TokenCipher([NEW]).decrypt(stored, "the token of X")


@pytest.mark.parametrize("keys", [[], [SecretStr("short")]], ids=["none", "short"])
def test_a_key_that_is_none_is_told(keys: list[SecretStr]) -> None:
    with pytest.raises(ConfigurationError, match="TIKTOK_ENCRYPTION_KEYS"):
        TokenCipher(keys)


@pytest.mark.usefixtures("pipeline")
def test_a_rotated_key_goes_on_with_stored_tokens(
    settings: Settings, simulator: Simulator, clock: SimulatorClock
) -> None:
    rotated = replace(settings, set_encryption_keys=(NEW, SecretStr(KEY)))
    seller = simulator.sellers[0].open_id

    with open_pipeline(rotated, clock=clock) as other:
        other.shops.tokens_of(seller).replace(other.shops.tokens_of(seller).current())

        only_new = replace(settings, set_encryption_keys=(NEW,))
        with open_pipeline(only_new, clock=clock) as third:
            token = third.shops.store.seller_tokens(seller).access

    assert simulator.authorizations.find(token.get_secret_value()) is not None


@pytest.mark.usefixtures("pipeline")
def test_processes_with_the_keys_in_either_order_read_what_the_other_refreshed(
    settings: Settings, simulator: Simulator, clock: SimulatorClock
) -> None:
    older = replace(settings, set_encryption_keys=(SecretStr(KEY), NEW))
    newer = replace(settings, set_encryption_keys=(NEW, SecretStr(KEY)))
    seller = simulator.sellers[0].open_id

    with (
        open_pipeline(older, clock=clock) as first,
        open_pipeline(newer, clock=clock) as second,
    ):
        sources = [each.shops.tokens_of(seller) for each in (first, second)]
        for source in sources * 2:
            newest = source.replace(SecretStr("an older one"))
            source.replace(newest)
        tokens = {source.replace(SecretStr("an older one")) for source in sources}

    assert len(tokens) == 1
    assert simulator.calls["GET", "/api/v2/token/refresh", ""] == 4


def test_keys_from_a_file_are_named_by_the_file() -> None:
    stored = TokenCipher([OLD]).encrypt(SecretStr("hush"))

    with pytest.raises(DecryptionError, match=r"the keys of the home/encryption.key;"):
        TokenCipher([NEW], origin="the home/encryption.key").decrypt(stored, "it")


def test_a_run_with_a_wrong_key_names_it_and_neither_asks_nor_overwrites(
    pipeline: Pipeline, settings: Settings, simulator: Simulator, clock: SimulatorClock
) -> None:
    names = ("access_token", "refresh_token")
    before = chosen(pipeline.database, "tiktok_ops.credentials", names)
    ciphers = chosen(pipeline.database, "tiktok_ops.shops", ("cipher",))
    simulator.clock.advance(DUE)
    asked = simulator.calls.total()

    wrong = replace(settings, set_encryption_keys=(NEW,))
    with open_pipeline(wrong, clock=clock) as other:
        shops = [shop.shop_id for shop in other.shops.enabled()]
        report = runs_of(other).sync(shops, first_sync_days=2)
        refreshed = other.shops.refresh_due()

    errors = [error for _, error in (*report.failures, *refreshed)]
    assert len(errors) == len(shops) + len(simulator.sellers)
    assert {type(error) for error in errors} == {DecryptionError}
    assert all("TIKTOK_ENCRYPTION_KEYS" in str(error) for error in errors)
    assert simulator.calls.total() == asked
    assert chosen(pipeline.database, "tiktok_ops.credentials", names) == before
    assert chosen(pipeline.database, "tiktok_ops.shops", ("cipher",)) == ciphers


def chosen(database: Database, name: str, columns: Sequence[str]) -> list[list[object]]:
    return sorted(
        ([row[column] for column in columns] for row in table(database, name)), key=repr
    )


def test_a_seller_whose_tokens_no_key_reads_leaves_the_others_running(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    broken, fine = simulator.sellers
    alien = TokenCipher([OLD]).encrypt(SecretStr("hush"))
    with pipeline.database.begin() as connection:
        connection.execute(
            text(
                "UPDATE tiktok_ops.credentials SET access_token = :alien"
                " WHERE seller = :seller"
            ),
            {"alien": alien, "seller": broken.open_id},
        )

    report = runs_of(pipeline).sync(
        [shop.id for shop in simulator.shops], first_sync_days=2
    )

    assert {shop_id for shop_id, _ in report.failures} == {
        shop.id for shop in broken.shops
    }
    assert report.syncs.keys() == {shop.id for shop in fine.shops}


def test_a_wrong_key_is_named_and_overwrites_nothing(
    pipeline: Pipeline, settings: Settings, simulator: Simulator, clock: SimulatorClock
) -> None:
    before = table(pipeline.database, "tiktok_ops.credentials")
    wrong = replace(settings, set_encryption_keys=(NEW,))

    with open_pipeline(wrong, clock=clock) as other:
        for seller in simulator.sellers:
            with pytest.raises(
                DecryptionError, match=f"{seller.open_id}'s access token"
            ):
                other.shops.tokens_of(seller.open_id).current()

    assert table(pipeline.database, "tiktok_ops.credentials") == before
