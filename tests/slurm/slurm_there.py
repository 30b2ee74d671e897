# SPDX-License-Identifier: Apache-2.0
"""A Slurm of one's own on this machine, for tests; where it cannot be had they end as skipped, with the reason."""
import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
SCRIPT = pathlib.Path(__file__).with_name("one_machine_slurm")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def start_slurm(nodes):
    """Sets SLURM_CONF for this process; the Slurm is stopped when it ends."""
    path = os.environ["PATH"] = os.environ["PATH"] + ":/usr/sbin:/sbin"
    missing = [name for name in ("slurmctld", "slurmd", "munged", "sbatch") if shutil.which(name, path=path) is None]
    if missing:
        skip(f"{', '.join(missing)} not installed (scripts/install_dependencies test installs them)")
    if os.geteuid() != 0:
        skip("a Slurm with several nodes on one machine needs root")
    # Not in a long TMPDIR: the name of a socket has at most 107 characters.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_slurm_", dir="/tmp"))
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")

    def stop():
        subprocess.run([SCRIPT, "stop", folder], stdin=subprocess.DEVNULL, check=False, timeout=60)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    # To a file: daemons keep the ends of pipes open.
    with open(folder / "start.log", "w+", encoding="utf-8") as log:
        started = subprocess.run([SCRIPT, "start", folder, str(nodes)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 check=False, timeout=120)
        log.seek(0)
        if started.returncode != 0:
            skip("Slurm does not start here: " + " ".join(log.read().split()))


def scontrol(*arguments):
    return subprocess.run(["scontrol", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", check=False, timeout=60)


def queue():
    """The tasks that Slurm has not done with, [job or job_task, state, reason] each."""
    done = subprocess.run(["squeue", "--noheader", "--array", "--format=%i|%T|%r"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          encoding="utf-8", check=True, timeout=60)
    return [line.split("|") for line in done.stdout.splitlines()]


def start_requeued():
    """What was requeued need not wait the two minutes that Slurm gives it."""
    for job, _, reason in queue():
        if reason == "BeginTime":
            scontrol("update", f"JobId={job}", "StartTime=now")
