"""One object as received → typed rows, the rest, and buyer data apart.

Pure mappings without I/O, so that tables can be rebuilt from raw pages. A mapping
loses nothing: what a column cannot give back exactly stays in ``extra`` as received.
"""
