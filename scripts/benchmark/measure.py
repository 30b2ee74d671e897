"""Runs a program and says what it took: os.wait4 counts the child and the children it waited for."""

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass


class Failed(Exception):
    """A program ended badly."""


@dataclass(frozen=True)
class Cost:
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mib: float = 0.0         # of the largest process

    def __add__(self, other):
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s, max(self.peak_mib, other.peak_mib))


def run(command, environment=None):
    """Cost of one command; its output is shown only if it fails."""
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                                 stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        wall_s = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            log.seek(0)
            text = log.read().decode(errors="replace").strip()[-1500:]
            raise Failed(f"{' '.join(map(str, command))}\n  exit {child.returncode}: {text}")
    return Cost(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run_all(commands, environment=None):
    """Cost of commands one after the other."""
    return sum((run(command, environment) for command in commands), Cost())


def warm(paths):
    """Reads files once, so that they lie in the page cache."""
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass
