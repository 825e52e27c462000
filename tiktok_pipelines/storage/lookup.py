"""Looking rows up by their key, one by one, also in a table that was just filled.

Of that PostgreSQL knows nothing until its autovacuum has looked, once a minute, and
would read all rows of the shop into a hash each time. What a session planned while the
table was nearly empty may take another index of the shop until then.
"""

from collections.abc import Sequence


def by_key(table: str, keys: Sequence[str], columns: Sequence[str] = ("*",)) -> str:
    """A ``LATERAL`` subquery: the row that ``asked`` names, none if there is none.

    ``asked`` has columns of the names of ``keys``, which with ``shop_id`` before them,
    a parameter of the statement, are the primary key of the table.
    """
    same = " AND ".join(f"t.{key} = asked.{key}" for key in keys)
    return (
        f"LATERAL (SELECT {', '.join(columns)} FROM {table} AS t"
        f" WHERE t.shop_id = :shop_id AND {same} LIMIT 1)"
    )
