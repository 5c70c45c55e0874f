"""The memory of a server: what is free is given back, gaps are filled before its workers part.

Of glibc; with another C library nothing of this happens. All threads of a process share one arena:
Python lets one thread run at a time anyway, and arenas of their own kept 6 MB of what each thread
had once freed. What is large, as the buffers of a compression are, is mapped and given back when it
is freed: glibc would raise that bound with the first of them and keep 1 MB. A worker that puts
something small into a gap between what it shares with the others copies the whole page, so that
gaps cost more than they save. What a worker's large answers leave free between what it keeps, 4 MB
after some boards at once, is given back now and then.

The master runs once through much of the libraries' code while it loads them, and hardly any of it
again: 45 MB of pages of files, which no worker inherits.
"""

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of <malloc.h>
_DONTNEED: Final = 4  # of <sys/mman.h>
_LARGE = 128 * 1024
_SIZES = (*(1 << power for power in range(16, 9, -1)), *range(496, 0, -16))
"""Of gaps in bytes, the largest first; none is so large that it would be mapped by itself."""
_MAPPING: Final = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) r-[x-]p [^/\n]*/.*\n(?:\w+: .*\n)*?Anonymous: +0 kB$", re.MULTILINE
)


def share_one_arena() -> None:
    """To be called before there are threads."""
    with suppress(AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)


class GivingBack:
    """A WSGI application that gives free pages back after every ``EVERY`` answers.

    That takes a third of a millisecond where little has changed, more where much is free.
    """

    EVERY = 32

    def __init__(self, wsgi_app: Wsgi) -> None:
        self._wsgi_app = wsgi_app
        self._answers = count(1)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer."""
        answer = self._wsgi_app(environ, start_response)
        if next(self._answers) % self.EVERY == 0:
            give_back()
        return answer


def give_back() -> None:
    """Give free pages back to the system."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def close_gaps() -> None:
    """Give free pages back to the system and take what is left between others, for good."""
    with suppress(AttributeError):
        _close_gaps(ctypes.CDLL(None))


def _close_gaps(library: ctypes.CDLL) -> None:
    library.malloc.restype = library.sbrk.restype = ctypes.c_void_p
    library.malloc.argtypes, library.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
    give_back()
    end = library.sbrk(0)
    for size in _SIZES:
        taken = library.malloc(size)
        while taken and taken + size <= end:
            taken = library.malloc(size)
        library.free(taken)


def let_code_go() -> None:
    """Give back the pages of libraries' code and constants; what runs again is read again.

    Only of mappings of which nothing was ever written: their pages are the file's own.
    """
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for start, end in _unwritten(Path("/proc/self/smaps").read_text()):
            library.madvise(start, end - start, _DONTNEED)


def _unwritten(mappings: str) -> Iterator[tuple[int, int]]:
    """Where private mappings of files begin and end that cannot be and were not written."""
    for found in _MAPPING.finditer(mappings):
        yield int(found[1], 16), int(found[2], 16)
