"""Real processes that ask for a shop's orders, all at the same moment.

``python -m ….asking NUMBER SHOP_ID`` tells a line for each: ``ok`` or what failed. They
are forked from one that has imported everything, since that takes most of the time.
"""

import multiprocessing
import sys
from multiprocessing.synchronize import Barrier

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.settings import Settings


def ask(shop_id: str, start: Barrier) -> None:
    with open_pipeline(Settings.from_environment()) as pipeline:
        orders = pipeline.shops.client_of(shop_id).orders
        start.wait(timeout=120)
        try:
            orders.search(OrderSearch())
            tell("ok")
        except PipelineError as error:
            tell(f"{type(error).__name__}: {error}")


def tell(line: str) -> None:
    """One write, so that the lines of several processes stay whole."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(number: int, shop_id: str) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Barrier(number)
    processes = [
        context.Process(target=ask, args=(shop_id, start)) for _ in range(number)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
