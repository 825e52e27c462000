"""The calls by family, and the one table that lists them all."""
