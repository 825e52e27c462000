"""PostgreSQL: the tables, how they come to be, and how rows get into them.

Nothing here knows TikTok's API or Dagster.
"""
