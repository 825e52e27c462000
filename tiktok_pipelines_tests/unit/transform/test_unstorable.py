"""Characters that PostgreSQL cannot hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.api.decoding import decode_json
from tiktok_pipelines.transform.unstorable import (
    may_be_unstorable,
    replace_unstorable,
)

LONE = "\ud83d"  # half of an emoji, as cut nicknames have


def test_what_postgresql_cannot_hold_is_replaced_and_told_where() -> None:
    received = {
        "id": "1",
        "seller_note": "a\x00b",
        "line_items": [{"sku_name": f"x{LONE}"}, {"sku_name": "fine"}],
        "bad\x00name": "y",
    }

    clean, paths = replace_unstorable(received)

    assert clean == {
        "id": "1",
        "seller_note": "a\ufffdb",
        "line_items": [{"sku_name": "x\ufffd"}, {"sku_name": "fine"}],
        "bad\ufffdname": "y",
    }
    assert sorted(paths) == [" (a name)", "line_items[].sku_name", "seller_note"]


@pytest.mark.parametrize(
    "body",
    [rb'{"note": "\ud83d\ude00 ok"}', '{"note": "😀 ok"}'.encode()],
    ids=["escaped", "plain"],
)
def test_a_real_emoji_is_left_alone(body: bytes) -> None:
    clean, paths = replace_unstorable(decode_json(body))

    assert clean == {"note": "😀 ok"}
    assert paths == ()


@pytest.mark.parametrize(
    "body", [rb'"\u0000"', rb'"\ud83d"', rb'"\uD83D"', rb'"\udc00x"', rb'"\uDFFF"']
)
def test_bytes_that_hold_such_a_character_are_looked_into(body: bytes) -> None:
    assert may_be_unstorable(body)
    assert replace_unstorable(decode_json(body))[1] == (".",)


def test_plain_bytes_are_not_looked_into() -> None:
    assert not may_be_unstorable('{"note": "ünïcode 😀 \\u00e9"}'.encode())


@given(st.text(st.characters(codec=None)))
def test_no_text_stays_unstorable(text: str) -> None:
    clean, paths = replace_unstorable(text)

    assert isinstance(clean, str)
    assert "\x00" not in clean
    assert clean.encode().decode() == clean
    assert len(clean) == len(text)
    assert bool(paths) == (clean != text)


@given(st.text())
def test_storable_text_is_itself(text: str) -> None:
    assert replace_unstorable(text)[0] == text.replace("\x00", "\ufffd")


def test_a_path_holds_no_character_of_a_name_that_cannot_be_stored() -> None:
    _, paths = replace_unstorable({"options": {"a\x00b": "\ud83d"}})

    assert paths == ("options (a name)", "options.a\ufffdb")
