"""The views for people: each a file of ``sql/``, told in its head, and ``regions.csv``.

``views.py`` reads the files, ``apply.py`` brings a database up to them.
"""
