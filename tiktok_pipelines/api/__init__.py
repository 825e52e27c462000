"""The TikTok Shop API: sign, call, repeat where it is safe, page by page.

Nothing here stores anything, reads the environment or knows Dagster: tokens come from
a ``TokenSource``, time from a ``Clock``, the network from an ``httpx.Client``.
Start with ``client.py``.
"""
