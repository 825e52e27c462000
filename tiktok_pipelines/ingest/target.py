"""For whom something is loaded, and into which tables."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Connection, MetaData, Table, TextClause, text

Alongside = Callable[[Connection, Collection[str]], None]
"""Called in a transaction that writes the objects of these ids."""


@dataclass(frozen=True, slots=True)
class ShopRun:
    """The shop, and the run whose rows, pages and ledger entries carry its id.

    ``schema`` holds the tables that are written: ``tiktok``, or others of their form.
    ``purges`` counts how often the shop had been purged when the load began: one more,
    and the load may write no longer. None: nobody watches. ``alongside`` is called in
    each transaction that writes, with the ids that are in it; it may be called again.
    """

    shop_id: str
    run_id: str = ""
    schema: str = "tiktok"
    purges: int | None = None
    alongside: Alongside | None = field(default=None, compare=False, repr=False)

    def table(self, table: Table) -> Table:
        """A table of ``tiktok`` as it stands in the target's schema."""
        return table if table.schema == self.schema else _moved(table, self.schema)

    def sql(self, template: str) -> TextClause:
        """A statement whose tables are named ``{schema}.…``."""
        return _statement(template, self.schema)


@cache
def _moved(table: Table, schema: str) -> Table:
    return table.to_metadata(MetaData(), schema=schema)


@cache
def _statement(template: str, schema: str) -> TextClause:
    return text(template.format(schema=schema))
