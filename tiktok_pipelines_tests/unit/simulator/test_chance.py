"""Chance that falls the same in every process, and amounts as text."""

from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.simulator.chance import Dice, make_id
from tiktok_pipelines.simulator.money import amount_text


def test_dice_fall_as_they_always_did() -> None:
    chance = Dice(7, 0, 1)

    assert [chance.between(1, 6) for _ in range(12)] == [
        1,
        5,
        1,
        1,
        5,
        5,
        1,
        6,
        6,
        4,
        1,
        4,
    ]


@given(st.integers(), st.integers(0, 50), st.integers(0, 50))
def test_a_number_between_two_is_between_them(seed: int, least: int, more: int) -> None:
    assert least <= Dice(seed).between(least, least + more) <= least + more


def test_every_face_comes_up_about_as_often() -> None:
    chance = Dice(1)

    drawn = [chance.between(1, 6) for _ in range(60_000)]

    assert all(9_500 < drawn.count(face) < 10_500 for face in range(1, 7))


@given(st.sets(st.integers(0, 10**9), min_size=2, max_size=50))
def test_ids_of_different_orders_differ(serials: set[int]) -> None:
    ids = {make_id("58", 3, serial=serial) for serial in serials}

    assert len(ids) == len(serials)
    assert all(len(text) == 18 and text.isdigit() for text in ids)


@given(st.integers(0, 10**9))
def test_amount_text_has_no_trailing_zeros_and_loses_no_cent(cents: int) -> None:
    text = amount_text(cents, 2)

    assert round(float(text) * 100) == cents
    assert "." not in text or not text.endswith("0")


def test_amounts_without_decimals_are_whole() -> None:
    assert amount_text(168_000, 0) == "168000"
