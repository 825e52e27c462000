"""A machine that tells stories of one shop's loads.

A ``Story`` happens in a ``World``: a shop behind real HTTP with a ``Witness`` at its
door, a database, and processes whose ``Life`` may end. Each of its acts is a ``Step``,
with a ``Snapshot`` of the tables before and after. ``rules`` says what may happen and
what must hold after each step (the checks are in ``ledger``, ``content`` and
``invariants``), ``strategies`` draws stories, ``plots`` are told by hand.
"""

import pytest

pytest.register_assert_rewrite(f"{__name__}.rules", f"{__name__}.plots")
