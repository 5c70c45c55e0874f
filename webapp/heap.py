"""The memory of a server before its workers part: what is free is given back, gaps are filled.

Of glibc; with another C library nothing of this happens. All threads of a process share one arena:
Python lets one thread run at a time anyway, and arenas of their own kept 6 MB of what each thread
had once freed. What is large, as the buffers of a compression are, is mapped and given back when it
is freed: glibc would raise that bound with the first of them and keep 1 MB. A worker that puts
something small into a gap between what it shares with the others copies the whole page, so that
gaps cost more than they save.
"""

import ctypes
from contextlib import suppress

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of <malloc.h>
_LARGE = 128 * 1024
_SIZES = (*(1 << power for power in range(16, 9, -1)), *range(496, 0, -16))
"""Of gaps in bytes, the largest first; none is so large that it would be mapped by itself."""


def share_one_arena() -> None:
    """To be called before there are threads."""
    with suppress(AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)


def close_gaps() -> None:
    """Give free pages back to the system and take what is left between others, for good."""
    with suppress(AttributeError):
        _close_gaps(ctypes.CDLL(None))


def _close_gaps(library: ctypes.CDLL) -> None:
    library.malloc.restype = library.sbrk.restype = ctypes.c_void_p
    library.malloc.argtypes, library.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
    library.malloc_trim(0)
    end = library.sbrk(0)
    for size in _SIZES:
        taken = library.malloc(size)
        while taken and taken + size <= end:
            taken = library.malloc(size)
        library.free(taken)
