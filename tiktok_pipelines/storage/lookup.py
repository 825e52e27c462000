"""Looking rows up by their key, one by one, whatever PostgreSQL knows of the table.

Of a table that was just filled it knows nothing, and would read all rows of the shop
into a hash each time. Its autovacuum looks at new tables once a minute.
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
