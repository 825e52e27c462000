"""What a note of drift may tell, and what it may not."""

import pytest

from tiktok_pipelines.transform.notes import Note


@pytest.mark.parametrize(
    "path",
    ["payment.carbon_g", "line_items[].gift.itemCount", "options (a name)", ".", ""],
)
def test_a_note_tells_the_names_of_fields(path: str) -> None:
    assert Note("order", "unknown_field", path).path == path


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("payment.Jane Doe", "payment.(no plain name)"),
        ("options.Jane[]", "options.(no plain name)"),
        ("โน้ต", "(no plain name)"),
        (f"payment.{'a' * 61}", "payment.(no plain name)"),
        ("+49 170 1234567", "(no plain name)"),
    ],
)
def test_a_note_does_not_tell_what_may_be_a_buyers_words(path: str, told: str) -> None:
    assert Note("order", "unknown_field", path).path == told
