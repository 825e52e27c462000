"""JSON to objects, exact to the last digit."""

from decimal import Decimal

import msgspec
import pytest

from tiktok_pipelines.api.decoding import (
    Records,
    as_int,
    as_list,
    as_object,
    as_text,
    decode_json,
    open_envelope,
)


def test_ids_beyond_2_to_the_53_stay_exact() -> None:
    assert decode_json(b"[9007199254740993, 576461413038785752123456789]") == [
        9007199254740993,
        576461413038785752123456789,
    ]


def test_decimals_stay_exact() -> None:
    decoded = decode_json(b'{"rate": 0.10}')

    assert as_object(decoded)["rate"] == Decimal("0.10")
    assert str(as_object(decoded)["rate"]) == "0.10"


def test_a_lone_surrogate_is_kept() -> None:
    body = b'{"code": 0, "data": {"buyer_message": "a\\ud83d", "rate": 0.10}}'

    assert open_envelope(body).data == {
        "buyer_message": "a\ud83d",
        "rate": Decimal("0.10"),
    }


def test_not_a_number_is_kept_as_text() -> None:
    assert decode_json(b"[NaN]") == ["NaN"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b'{"code": 0, "data": {',
        b'{"code": 0} {"code": 0}',
        b'{"code": 0, "data": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"code": 0, "data": {"n": 1e99999999999999999999}}',
        b"1" * 5000,
        b"[]",
        b"null",
        b'"code"',
        b'{"message": "no code"}',
        b'{"code": null}',
        b'{"code": true}',
        b'{"code": ""}',
        b'{"code": "zero"}',
        b'{"code": {}}',
        b'{"code": 0, "data": [1]}',
        b'{"code": 0, "data": "text"}',
    ],
    ids=lambda body: body[:30].decode(errors="replace"),
)
def test_what_is_no_envelope_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        open_envelope(body)


@pytest.mark.parametrize("data", ["null", "{}", "[]", '""'])
def test_empty_data_is_an_empty_object(data: str) -> None:
    assert open_envelope(b'{"code": 0, "data": %s}' % data.encode()).data == {}


def test_missing_data_message_and_request_id_are_empty() -> None:
    opened = open_envelope(b'{"code": 105002}')

    assert (opened.code, opened.message, opened.request_id) == (105002, "", "")
    assert opened.data == {}


@pytest.mark.parametrize(
    ("text", "code"), [('"0"', 0), ('" 105002 "', 105002), ('"-1"', -1), ("7", 7)]
)
def test_a_code_may_arrive_as_text(text: str, code: int) -> None:
    assert open_envelope(b'{"code": %s}' % text.encode()).code == code


VALUES: list[object] = [{"a": 1}, [1, None], "text", " 12 ", 12, True, None]


def test_a_value_is_what_it_is_and_empty_otherwise() -> None:
    objects: list[object] = [{"a": 1}, {}, {}, {}, {}, {}, {}]
    lists: list[object] = [(), [1, None], (), (), (), (), ()]

    assert [as_object(value) for value in VALUES] == objects
    assert [as_list(value) for value in VALUES] == lists
    assert [as_text(value) for value in VALUES] == [
        "",
        "",
        "text",
        " 12 ",
        "12",
        "",
        "",
    ]
    assert [as_int(value) for value in VALUES] == [None, None, None, 12, 12, None, None]


class TestRecords:
    def test_a_bulk_list_is_decoded_when_it_is_looked_at(self) -> None:
        body = (
            b'{"code":0,"data":{"orders":[{"id":"1","a":1.50},{"id":2}],"errors":[]}}'
        )

        records = open_envelope(body, "orders").data["orders"]

        assert isinstance(records, Records)
        assert [*records] == [{"id": "1", "a": Decimal("1.50")}, {"id": 2}]
        assert [*records[1:]] == [{"id": 2}]
        assert bytes(records.raw[0]) == b'{"id":"1","a":1.50}'

    @pytest.mark.parametrize(
        "body",
        [
            b'{"code":0,"data":{"orders":[5],"sum":"7"}}',
            b'{"code":0,"data":{"orders":null}}',
            b'{"code":"0","data":{"orders":[]}}',
            b'{"code":0,"data":{"orders":["\\ud800"]}}',
            b'{"code":0,"message":null,"data":{}}',
        ],
        ids=["more is told", "no list", "a code in words", "lone surrogate", "no data"],
    )
    def test_any_other_answer_is_decoded_whole(self, body: bytes) -> None:
        assert open_envelope(body, "orders") == open_envelope(body)

    def test_text_that_is_no_utf_8_is_told_at_once(self) -> None:
        body = b'{"code":0,"data":{"orders":[{"id":"1","note":"\xff"}]}}'

        with pytest.raises(ValueError, match="utf-8"):
            open_envelope(body, "orders")

    @pytest.mark.parametrize(
        ("records", "ids"),
        [
            ([{"id": "1"}, {"x": [{"id": "2"}]}, {}], ["1", "", ""]),
            ([{"id": "1"}, {"id": 2}, None, "id"], ["1", "2", "", ""]),
        ],
        ids=["texts", "other kinds"],
    )
    def test_one_text_of_each_is_read_alone(
        self, records: list[object], ids: list[str]
    ) -> None:
        raw = [msgspec.Raw(msgspec.json.encode(record)) for record in records]

        assert Records(raw).texts_of("id") == ids
