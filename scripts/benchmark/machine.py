"""What the figures were measured on: machine, versions, settings, date."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from .contenders import STORED


def said_by(*command):
    """First line a program prints."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else "unknown"


def cpu_model():
    info = Path("/proc/cpuinfo").read_text()
    name, number = re.search(r"model name\s*: (.*)", info), re.search(r"model\s*: (.*)", info)
    return f"{name[1] if name else 'unknown CPU'} (model {number[1] if number else '?'})"


def memory_gib():
    return int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20


def load():
    return os.getloadavg()[0]


def describe(options, load_before):
    repository = Path(__file__).resolve().parents[2]
    commit = said_by("git", "-C", repository, "describe", "--always", "--dirty")
    numpy = said_by(sys.executable, "-c", "import numpy; print(numpy.__version__)")
    return [
        f"* {date.today()}, commit {commit}; {said_by(options.sinkcalc, '--version')}",
        f"* {len(os.sched_getaffinity(0))} cores, {cpu_model()}, {memory_gib():.0f} GiB; Linux {os.uname().release}; "
        f"load before {load_before:.1f}, after {load():.1f}",
        f"* {said_by('gdalinfo', '--version')}; Python {sys.version.split()[0]}, numpy {numpy}",
        f"* outputs of all: Float32, {' '.join(STORED[:-2])}; sinkcalc with {options.threads} threads",
        f"* inputs warm in the page cache; {options.rounds} rounds in alternation; wall: median (least to most), CPU: "
        "median; peak memory of the largest process, the most of all rounds",
        "* maps: SYNTHETIC stands of about 34 px, 8 % pixel texture, 0.1 m3/ha steps, 40 % nodata, 10 m, EPSG:4548",
    ]
