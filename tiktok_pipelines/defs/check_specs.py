"""What the checks promise, in words; ``checks.py`` asks the ledger when a run ends."""

import dagster as dg

ORDERS = dg.AssetKey(["tiktok", "orders"])

_PROMISES = {
    "complete": "Every day and every change that was pulled is there: TikTok's count,"
    " the orders fetched and the rows agree. Fails while the ledger holds an open"
    " window, and names it.",
    "fresh": "Every enabled shop was synced lately: within three of its intervals and"
    " a quarter of an hour. Warns, and names the shops that are late.",
    "no_new_quarantine": "No record came in the last day that could not become a row."
    " Warns, and names shop and reason; its neighbours are in the tables.",
    "no_new_drift": "TikTok's answers of the last day hold nothing that they never"
    " held before and the documentation does not foresee. Warns; all is kept.",
}

SPECS = [
    dg.AssetCheckSpec(name, asset=ORDERS, description=promise)
    for name, promise in _PROMISES.items()
]
"""The checks of the orders; the run that loads them asks the ledger at its end."""
