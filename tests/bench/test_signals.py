"""A benchmark that is told to end ends what it started."""

import signal
import subprocess
import sys

PROGRAM = """
import time
from bench.serving import exit_on_signal
exit_on_signal()
try:
    print("begun", flush=True)
    time.sleep(60)
finally:
    print("ended", flush=True)
"""


def test_a_signal_is_an_ordinary_exit() -> None:
    program = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None and program.stdout.readline() == "begun\n"
    program.send_signal(signal.SIGTERM)
    assert program.communicate(timeout=30)[0] == "ended\n"
    assert program.returncode == 128 + signal.SIGTERM
