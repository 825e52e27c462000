"""Get Authorized Shops, and clients of one shop."""

from dataclasses import fields

import pytest
from pydantic import SecretStr

from tiktok_pipelines.api.client import AuthorizedShop, TikTokShopClient
from tiktok_pipelines_tests.recorded import Sample, samples_of
from tiktok_pipelines_tests.unit.api.scripted import (
    APP,
    BASE_URL,
    CIPHER,
    World,
    ok,
    world,
)


def shops(scene: World) -> tuple[AuthorizedShop, ...]:
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    return client.authorized_shops(scene.tokens)


def test_every_shop_of_the_seller_is_listed() -> None:
    entry = {
        "id": "7495540735365777507",
        "name": "Kedai",
        "region": "MY",
        "seller_type": "CROSS_BORDER",
        "cipher": "GCP_x",
        "code": "MYLC1",
    }
    scene = world(ok({"shops": [entry, {"id": 42, "name": None}]}))

    found = shops(scene)

    assert found == (
        AuthorizedShop(
            id="7495540735365777507",
            name="Kedai",
            region="MY",
            seller_type="CROSS_BORDER",
            cipher=SecretStr("GCP_x"),
            code="MYLC1",
        ),
        AuthorizedShop(
            id="42", name="", region="", seller_type="", cipher=SecretStr(""), code=""
        ),
    )
    assert "shop_cipher" not in scene.script.query(0)
    assert scene.script.requests[0].url.path == "/authorization/202309/shops"
    assert scene.records[0].shop_id == ""


@pytest.mark.parametrize("sample", samples_of("shop"), ids=lambda one: one.path.stem)
def test_every_field_of_a_sample_is_kept(sample: Sample) -> None:
    (told,) = shops(world(ok(sample.data())))

    (received,) = sample.data()["shops"]
    names = [one.name for one in fields(told)]
    cipher = told.cipher.get_secret_value()
    kept = {name: getattr(told, name) for name in names} | {"cipher": cipher}
    assert kept == received


@pytest.mark.parametrize("data", [None, {}, {"shops": None}, {"shops": []}])
def test_no_list_is_no_shop(data: object) -> None:
    assert shops(world(ok(data))) == ()


@pytest.mark.parametrize("entry", ["text", None, {}, {"name": "x"}, {"id": ""}])
def test_an_entry_without_an_id_does_not_hide_the_other_shops(entry: object) -> None:
    found = shops(world(ok({"shops": [entry, {"id": "1"}]})))

    assert [shop.id for shop in found] == ["1"]


def test_a_shop_client_knows_its_shop_and_asks_nothing_yet() -> None:
    scene = world(ok())
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL, options=scene.options)

    one = client.shop("shop-1", cipher=CIPHER, tokens=scene.tokens)

    assert one.shop_id == "shop-1"
    assert scene.script.requests == []


def test_options_have_defaults() -> None:
    scene = world(ok({"shops": []}))
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL + "/")

    assert client.authorized_shops(scene.tokens) == ()
    assert scene.script.requests[0].url.path == "/authorization/202309/shops"
