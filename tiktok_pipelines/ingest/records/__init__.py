"""How records of every subject but orders are loaded: one mechanism, told by data.

A ``Subject`` (``subject.py``) says how its records become rows and how they are asked
for; ``ingest/subjects/`` declares them.
"""
