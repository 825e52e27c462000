"""Which error an answer becomes, and its remedy."""

import pytest

from tiktok_pipelines.api.error_table import (
    CODES,
    FAMILIES,
    UNKNOWN,
    Action,
    look_up,
    look_up_status,
)

GENERAL = 36009004


@pytest.mark.parametrize(
    ("code", "message", "action"),
    [
        (105002, "Expired credentials", Action.REPLACE_TOKEN),
        (GENERAL, "invalid x-tts-access-token", Action.REPLACE_TOKEN),
        (GENERAL, "The access_token is malformed", Action.REPLACE_TOKEN),
        (GENERAL, "Invalid timestamp", Action.SIGN_AGAIN),
        (GENERAL, "unknown app_key", Action.FIX_REQUEST),
        (GENERAL, "Missing credentials: sign", Action.FIX_REQUEST),
        (GENERAL, "shop_cipher is not required", Action.FIX_REQUEST),
        (GENERAL, "unexpected identifier", Action.FIX_REQUEST),
        (GENERAL, "PageSize is a required field", Action.FIX_REQUEST),
        (GENERAL, "invalid page_token", Action.RESTART_WINDOW),
        (98001004, "PageToken is invalid", Action.RESTART_WINDOW),
        (4711, "the page token has expired", Action.RESTART_WINDOW),
        (98001004, "page_size over 50", Action.FIX_REQUEST),
        (101000, "", Action.ASK_SELLER),
        (105001, "", Action.ASK_SELLER),
        (105005, "", Action.ASK_SELLER),
        (36009033, "", Action.ASK_SELLER),
        (36009043, "", Action.ASK_SELLER),
        (106001, "", Action.FIX_REQUEST),
        (106013, "", Action.ASK_SELLER),
        (36004004, "", Action.ASK_CONSENT),
        (36004005, "", Action.ASK_CONSENT),
        (4711, "refresh_token is invalid", Action.ASK_CONSENT),
        (GENERAL, "The refresh token has expired", Action.ASK_CONSENT),
        (4711, "auth code does not exist", Action.ASK_CONSENT),
        (4711, "cannot store the refresh_token now", Action.RETRY_ONCE),
        (4711, "the refresh_token service refused to work", Action.RETRY_ONCE),
        (GENERAL, "invalid grant_type, not refresh_token", Action.FIX_REQUEST),
        (GENERAL, "invalid app_secret", Action.FIX_REQUEST),
        (36009002, "", Action.SLOW_DOWN),
        (36009037, "", Action.WAIT_FOR_QUOTA),
        (45101004, "", Action.WAIT_FOR_QUOTA),
        (36009003, "", Action.RETRY),
        (36009007, "", Action.RETRY),
        (10002014, "", Action.RETRY),
        (21042076, "", Action.RETRY),
        (10006402, "", Action.RETRY_ONCE_THEN_ASK),
        (36009034, "", Action.ASK_OLDER),
        (36009014, "", Action.ASK_OLDER),
        (36009009, "", Action.ASK_OLDER),
        (40006, "no schema found", Action.ASK_OLDER),
        (GENERAL, "Invalid version", Action.ASK_OLDER),
        (GENERAL, "invalid category_version", Action.FIX_REQUEST),
        (11021015, "", Action.FIX_REQUEST),
        (12052999, "", Action.FIX_REQUEST),
        (25011234, "", Action.FIX_REQUEST),
        (424242, "", Action.RETRY_ONCE),
        (-1, "", Action.RETRY_ONCE),
    ],
)
def test_code_and_message_decide(code: int, message: str, action: Action) -> None:
    assert look_up(code, message, 200).action is action


@pytest.mark.parametrize(
    ("code", "status", "action"),
    [
        (424242, 503, Action.RETRY),
        (424242, 429, Action.SLOW_DOWN),
        (12052999, 500, Action.RETRY),
        (105002, 500, Action.REPLACE_TOKEN),
        (36009037, 429, Action.WAIT_FOR_QUOTA),
        (424242, 400, Action.RETRY_ONCE),
    ],
)
def test_the_status_decides_only_where_the_code_does_not(
    code: int, status: int, action: Action
) -> None:
    assert look_up(code, "", status).action is action


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (429, Action.SLOW_DOWN),
        (500, Action.RETRY),
        (502, Action.RETRY),
        (504, Action.RETRY),
        (408, Action.RETRY),
        (401, Action.ASK_SELLER),
        (403, Action.ASK_SELLER),
        (404, Action.ASK_OLDER),
        (410, Action.ASK_OLDER),
        (400, Action.FIX_REQUEST),
    ],
)
def test_without_an_envelope_the_status_decides(status: int, action: Action) -> None:
    row = look_up_status(status)

    assert row is not None
    assert row.action is action


@pytest.mark.parametrize("status", [200, 204, 302])
def test_a_good_status_without_an_envelope_explains_nothing(status: int) -> None:
    assert look_up_status(status) is None


def test_every_row_has_a_remedy_and_can_be_met() -> None:
    for row in CODES:
        code = next(iter(row.codes))
        words = [*row.keywords[:1], *row.states[:1]]
        assert row.remedy
        assert look_up(code, " ".join(words), 200) is row


def test_a_family_catches_what_no_exact_row_names() -> None:
    exact = {code for row in CODES if not row.keywords for code in row.codes}

    for row in FAMILIES:
        unnamed = next(code for code in row.codes if code not in exact)
        assert look_up(unnamed, "", 200) is row


def test_no_exact_code_stands_in_two_rows() -> None:
    codes = [code for row in CODES if not row.keywords for code in row.codes]

    assert len(codes) == len(set(codes))
    assert look_up(1, "", 200) is UNKNOWN
