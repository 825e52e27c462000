"""What hypothesis draws the stories from."""

from datetime import timedelta

from hypothesis import strategies as st

from tiktok_pipelines_tests.integration.ingest.machine.acts import (
    DAYS,
    Errand,
    Jump,
    Prelude,
)
from tiktok_pipelines_tests.integration.ingest.machine.lives import Death
from tiktok_pipelines_tests.integration.ingest.machine.troubles import (
    BUYERS,
    CALLS,
    ORDERS,
    PAGES,
)

times = st.sampled_from((0, 20, 180, 540, 1200)).map(
    lambda minutes: timedelta(minutes=minutes)
)
_jumps = st.builds(
    Jump,
    answer=st.integers(1, 6),
    by=st.sampled_from((1, 40, 300)).map(lambda minutes: timedelta(minutes=minutes)),
)
_faults = st.one_of(*map(st.sampled_from, (CALLS, PAGES, PAGES, ORDERS, BUYERS)))
_workers = st.sampled_from((1, 1, 2))

preludes = st.builds(
    Prelude,
    after=times,
    fault=st.none() | st.none() | _faults,
    jump=st.none() | st.none() | _jumps,
)
some_days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(
    tuple
)
loads = st.builds(Errand, workers=_workers) | st.builds(
    Errand, days=some_days, workers=_workers
)
deaths = st.one_of(
    st.builds(Death, st.just("writing"), st.integers(1, 60)),
    st.builds(Death, st.just("answer"), st.integers(1, 8)),
    st.builds(Death, st.just("statement"), st.integers(1, 150)),
    st.builds(Death, st.just("commit"), st.integers(1, 50)),
)
