"""Several windows at once, and a way to stop them between two pages."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.allocator import settle_memory

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Stop:
    """Asks the work below it to end; a stop above it counts too."""

    def __init__(self, above: "Stop | None" = None) -> None:
        self._above = above
        self._event = threading.Event()

    def ask(self) -> None:
        """Ask; what is under way ends at its next page."""
        self._event.set()

    def raise_if_asked(self) -> None:
        """End here if someone asked.

        Raises:
            PipelineError: someone did.
        """
        if self.is_asked():
            raise PipelineError("stopped; what was committed stays, run it again")

    def is_asked(self) -> bool:
        """Whether someone asked, here or above."""
        return self._event.is_set() or (
            self._above is not None and self._above.is_asked()
        )


def in_order(
    items: Sequence[_Item],
    work: Callable[[_Item, Stop], _Result],
    done: Callable[[_Result], None],
    *,
    workers: int,
    stop: Stop,
) -> None:
    """Work on items in threads; tell of the results in the order of the items.

    The first error stops the items of this call; those under way end at their next
    page, and ``stop`` itself is left alone.
    """
    settle_memory()
    below = Stop(stop)
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, item, below) for item in items]
        try:
            for future in futures:
                done(future.result())
        except BaseException:
            below.ask()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
