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
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10
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
    """The child gave no answer.

    ``reason`` is ``timeout``, ``cpu_limit`` (what it read is at fault: a second try ends the same
    way) or ``failed``, which covers every other end.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def child_command(module: str) -> tuple[str, ...]:
    """The command that runs a module of ours as a child."""
    return (sys.executable, "-m", module)


def ask_child(command: Sequence[str], data: bytes, *words: Path | str) -> bytes:
    """What the child says of these bytes, in seconds of wall time at most SECONDS.

    The words are added to its command, paths whole: it stands in a folder of its own. Raises
    ChildFailed.
    """
    child = subprocess.Popen(  # noqa: S603 # our own module, no shell
        [*command, *(str(word.resolve()) if isinstance(word, Path) else word for word in words)],
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
            raise ChildFailed("timeout") from error
        finally:
            _kill_group(child)
    if child.returncode == -signal.SIGXCPU:
        raise ChildFailed("cpu_limit")
    if child.returncode != 0:
        raise ChildFailed("failed")
    return answer


def restrain(*, largest_file: int) -> None:
    """Limit memory, time and files of this process; for the child, before it reads.

    ``largest_file`` is what it may write into one file, in bytes; 0 for one that writes none.
    There is no way back.
    """
    limits = {
        resource.RLIMIT_AS: (MEMORY_BYTES, MEMORY_BYTES),
        # The soft limit kills with a signal of its own, which tells this end from others.
        resource.RLIMIT_CPU: (SECONDS, SECONDS + 1),
        resource.RLIMIT_FSIZE: (largest_file, largest_file),
        # A dump would be the file in clear, where nobody looks for it.
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, limit)
    os.nice(_NICENESS)


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    # Once the child has been waited for, its number may belong to somebody else.
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
