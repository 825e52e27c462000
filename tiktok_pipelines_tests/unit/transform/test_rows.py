"""Rows as cells in the order of their columns."""

from tiktok_pipelines.transform.rows import Columns

COLUMNS = Columns("status", "tax")


def test_a_row_is_looked_up_by_name() -> None:
    row = COLUMNS.row({"tax": "1", "other": 2, "status": "UNPAID"})

    assert row == {"status": "UNPAID", "tax": "1"}
    assert row.cells == ["UNPAID", "1"]
    assert repr(row) == "{'status': 'UNPAID', 'tax': '1'}"


def test_a_changed_row_leaves_the_first_one_alone() -> None:
    row = COLUMNS.row({"status": "UNPAID", "tax": "1"})

    assert row.having({"tax": None}) == {"status": "UNPAID", "tax": None}
    assert row["tax"] == "1"
