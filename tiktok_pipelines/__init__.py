"""TikTok Shop into PostgreSQL: complete, or said so.

Open ``definitions.py`` first; ``docs/architecture.md`` shows the way of one order.
"""
