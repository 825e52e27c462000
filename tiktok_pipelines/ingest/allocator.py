"""Memory of a load: how it is given back, and how seldom it is searched for cycles."""

import ctypes
import gc
import sys
from functools import cache

# glibc's malloc.h
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
_LARGE_BYTES = 64 * 1024
_ARENAS = 2
_OBJECTS = 50_000  # of a few pages; what they are made of holds no cycles


@cache
def settle_memory() -> None:
    """Prepare this process for loads; calling this again changes nothing.

    What was imported stays, so it need not be searched for garbage with each page,
    nor what a page is made of: a tenth of what a load costs.
    """
    give_memory_back()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 20)


@cache
def give_memory_back() -> None:
    """Let what a page takes, some 400 kB at once, go back as soon as it is freed.

    Else glibc learns from the first page to keep such blocks in heaps, one for each
    thread, where what lies between them holds them open: the more pages, the larger
    the process, though nothing is kept. Calling this again changes nothing.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none, and no such habit
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_ARENA_MAX, _ARENAS)
