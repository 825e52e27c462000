"""For whom something is loaded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShopRun:
    """The shop, and the run whose rows, pages and ledger entries carry its id."""

    shop_id: str
    run_id: str = ""
