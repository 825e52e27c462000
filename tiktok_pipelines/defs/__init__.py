"""All of Dagster, one file per Dagster concept: wiring only.

The work is in ``ingest``; what is here gets arguments, calls one function and tells
Dagster what came of it.
"""
