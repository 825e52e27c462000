"""Window → pages → rows, one file per subject; no Dagster, no settings.

``orders.py`` holds the three ways to load orders. What a page becomes is decided in
``order_plan.py`` and written in ``order_commit.py``; ``ledger.py`` keeps the proof.
"""
