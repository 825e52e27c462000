"""Looking rows up by their key, one by one, whatever PostgreSQL knows of the table.

Of a table that was just filled it knows nothing, and would read all rows of the shop
each time: into a hash or, if planned while it was small, by another index that begins
with the shop. So the next row in the order of the key is asked for, which no other
index gives, and is taken if it is the one.
"""

from collections.abc import Sequence


def by_key(table: str, keys: Sequence[str], columns: Sequence[str] = ("*",)) -> str:
    """A ``LATERAL`` subquery: the row that ``asked`` names, none if there is none.

    ``asked`` has columns of the names of ``keys``, which with ``shop_id`` before them,
    a parameter of the statement, are the primary key of the table; ``columns`` are
    what is wanted besides.
    """
    own = ", ".join(["t.shop_id", *(f"t.{key}" for key in keys)])
    asked = ", ".join([":shop_id", *(f"asked.{key}" for key in keys)])
    return (
        f"LATERAL (SELECT t.* FROM (SELECT {_listed(keys, columns)} FROM {table} AS t"
        f" WHERE ({own}) >= ({asked}) ORDER BY {own} LIMIT 1) AS t"
        f" WHERE ({own}) = ({asked}))"
    )


def _listed(keys: Sequence[str], columns: Sequence[str]) -> str:
    if columns == ("*",):
        return "*"
    return ", ".join(dict.fromkeys(["shop_id", *keys, *columns]))
