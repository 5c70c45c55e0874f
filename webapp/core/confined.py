"""A stranger's file is opened in a child process that can do little harm.

The child is a module of our own, run as ``python -m``. It gets the file on its standard input, no
secret in its environment, little memory and little time, and answers with JSON on its standard
output. It calls ``restrain`` before it reads anything.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

MEMORY_BYTES: Final = 512 * 1024 * 1024
SECONDS: Final = 10
_NICENESS: Final = 10
_ROOT: Final = Path(__file__).resolve().parents[2]
# Nothing of our own environment: keys and passwords stay here. One memory arena, because each
# further one reserves 64 MB of the address space that is counted.
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class ChildFailed(Exception):
    """The child gave no answer: out of memory or time, or ended by what it read."""


def ask_child(module: str, data: bytes) -> bytes:
    """What the module says of these bytes, in seconds of wall time at most SECONDS.

    Raises ChildFailed.
    """
    child = subprocess.Popen(  # noqa: S603 # our own module, no shell
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_ENVIRONMENT,
        start_new_session=True,
    )
    with child:
        try:
            answer, _ = child.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ChildFailed from error
        finally:
            _kill_group(child)
    if child.returncode != 0:
        raise ChildFailed
    return answer


def restrain() -> None:
    """Limit memory, time and files of this process; for the child, before it reads."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: 0,
        # A dump would be the file in clear, where nobody looks for it.
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, (limit, limit))
    os.nice(_NICENESS)


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    # Once the child has been waited for, its number may belong to somebody else.
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
