# SPDX-License-Identifier: Apache-2.0
"""scripts/slurm on a real Slurm of four nodes: the merged folder is that of a plain run byte for byte, also when tasks are
killed, requeued or lose their node, and only what is missing is computed again."""
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from slurm_there import queue, scontrol, start_requeued, start_slurm

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "slurm"
sys.path[:0] = [str(SCRIPTS), str(SCRIPTS.parents[1] / "tests" / "tools")]
from folders import contents, indices_of        # noqa: E402
from small_inventory import write_inventory     # noqa: E402

SINKCALC = os.environ["SINKCALC"]
TILES = 16
KILLS = 20



def tile_processes(plan):
    """{number: node} of the processes that compute a tile of this plan."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if words[1:2] != [b"run"] or not any(word.startswith(os.fsencode(plan)) for word in words):
                continue
            node = re.search(rb"\0SLURMD_NODENAME=([^\0]*)", (folder / "environ").read_bytes())
            found[int(folder.name)] = node.group(1).decode() if node else ""
        except OSError:
            pass                # it ended meanwhile
    return found


def send(process, kind):
    """False where it ended before."""
    try:
        os.kill(process, kind)
        return True
    except ProcessLookupError:
        return False


class SlurmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        start_slurm(nodes=4)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.inventory = write_inventory(cls.folder / "inputs", 2048)
        subprocess.run([SINKCALC, "run", cls.inventory, "-o", cls.folder / "plain", "-q"], check=True)
        cls.plain = contents(cls.folder / "plain")

    def script(self, name, *arguments, code=0):
        done = subprocess.run([SCRIPTS / name, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def submit(self, out, *more, **options):
        return self.script("submit", self.inventory, "-o", self.folder / out, "--tile", 512, *more, **options)

    def wait(self, each_time=lambda: None, seconds=90):
        """Until the queue is empty."""
        end = time.monotonic() + seconds
        while queue():
            self.assertLess(time.monotonic(), end, f"Slurm has not done with {queue()}")
            each_time()
            time.sleep(0.05)

    def logs(self, out):
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted((self.folder / f"{out}.tiles" / "logs").iterdir()))

    def test_dry_run_and_refusals(self):
        before = set(self.folder.iterdir())
        printed = self.submit("dry", "--dry-run", "--at-once", 3, "--threads", 2)
        calls = [line for line in printed.splitlines() if line.startswith("sbatch")]
        # This Slurm's arrays have indices to 9: the tiles from 10 on are another array.
        self.assertIn("--array=0-9%3 ", calls[0])
        self.assertIn("--array=0-5%3 ", calls[1])
        self.assertIn("--dependency=afterany:JOB1:JOB2 ", calls[2])
        self.assertEqual(len(calls), 3)
        for call in calls:
            self.assertIn("--cpus-per-task=2 ", call)
            self.assertIn(" --requeue --open-mode=append ", call)
            self.assertGreater(int(re.search(r"--mem=(\d+)M", call).group(1)), 40)
        same = self.submit("dry", "--dry-run", "--at-once=3", "--threads=2", "--memory=512M")
        estimates = r"--mem=\d+M "                  # they differ a little from time to time
        self.assertEqual(re.sub(estimates + "| 512M(?= )", "", same), re.sub(estimates, "", printed))
        self.assertIn("/100%%.tiles/logs/%A_%a.log ", self.submit("100%", "--dry-run"))
        self.assertEqual(set(self.folder.iterdir()), before)
        self.assertEqual(queue(), [])
        self.assertIn("is there already", self.submit("plain", code=2))
        self.assertIn("--threads none", self.submit("dry", "--threads", "none", code=2))
        self.assertIn("start with that", self.script("resume", self.folder / "dry", code=2))

    def test_sixteen_tiles_on_four_nodes(self):
        out = "100%A's 南平"               # of which Slurm would make a number
        self.submit(out, "--at-once", 4)
        self.wait()
        logs = self.logs(out)
        self.assertEqual(contents(self.folder / out), self.plain, logs)
        self.assertEqual(sorted(int(i) for i in re.findall(r"^tile (\d+), task", logs, re.M)), list(range(TILES)))
        self.assertEqual(set(re.findall(r" on (n\d), start 1$", logs, re.M)), {"n1", "n2", "n3", "n4"})
        self.assertIn("is there already", self.script("resume", self.folder / out, code=2))

    def test_several_inventories_as_one_array(self):
        """A folder each, also where tiles of both have to be run again."""
        small = write_inventory(self.folder / "350702", 1000, years=(2010, 2018, 2021), cell=25, seed=8)
        subprocess.run([SINKCALC, "run", small, "-o", self.folder / "plain_small", "-q"], check=True)
        out, parts = self.folder / "both", self.folder / "both.tiles" / "tiles" / "parts"
        printed = self.script("submit", self.inventory, small, "-o", out, "--tile", 1024)
        self.assertIn("array job", printed)
        self.assertEqual([i for part in re.findall(r"tiles (\S+)$", printed, re.M) for i in indices_of(part)], list(range(5)))

        def damage():
            """Of each inventory a tile, while the merge waits for the others."""
            for index in list(todo):
                if (parts / f"{index}.part").exists():
                    (parts / f"{index}.part").write_bytes(b"x")
                    todo.remove(index)

        todo = [0, 4]
        self.wait(damage)
        if not out.exists():
            self.assertEqual((self.folder / "both.tiles" / "missing").read_text(encoding="utf-8"), "0,4\n")
            self.script("resume", out)
            self.wait()
        self.assertEqual(todo, [])
        self.assertEqual(contents(out / "inputs"), self.plain, self.logs("both"))
        self.assertEqual(contents(out / "350702"), contents(self.folder / "plain_small"))
        self.assertEqual(sorted(path.name for path in out.iterdir()), ["350702", "inputs"])

    def test_a_full_disk(self):
        """Tiles that find no room end with 3 and leave nothing; with more room the rest is done."""
        out, tiles = self.folder / "full", self.folder / "full.tiles" / "tiles"
        subprocess.run([SINKCALC, "tiles", self.inventory, "--tile", "512", "-o", self.folder / "size.jsonl", "-q"], check=True)
        subprocess.run([SINKCALC, "run", "--tile", f"{self.folder}/size.jsonl:5", "-o", self.folder / "size", "-q"], check=True,
                       env={name: value for name, value in os.environ.items() if not name.startswith("SLURM_")})
        part = (self.folder / "size" / "parts" / "5.part").stat().st_size
        scontrol("update", "PartitionName=all", "State=DOWN")       # nothing starts before the disk is there
        self.addCleanup(scontrol, "update", "PartitionName=all", "State=UP")
        printed = self.submit("full")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={8 * part // 1024}k", "none", tiles], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, encoding="utf-8", check=False)
        if mounted.returncode != 0:
            subprocess.run(["scancel", "--user=root"], check=True)
            print("skipped: a small disk cannot be mounted here:", mounted.stdout.strip())
            self.skipTest(mounted.stdout)
        self.addCleanup(subprocess.run, ["umount", "--lazy", tiles], check=True)
        scontrol("update", "PartitionName=all", "State=UP")
        self.wait()
        logs = self.logs("full")
        self.assertIn("free some disk space", logs)
        self.assertFalse(out.exists(), logs)
        ended = "".join(scontrol("show", "job", job).stdout for job in re.findall(r"array job (\d+)", printed))
        left = sorted(path.name for path in (tiles / "parts").iterdir())
        whole = {path: path.stat().st_mtime_ns for path in (tiles / "parts").glob("*.part")}
        self.assertEqual(left, sorted(path.name for path in whole), "something half-written is left")
        self.assertEqual(len(re.findall(r"ExitCode=3:0", ended)), TILES - len(whole), ended)
        self.assertEqual(len(re.findall(r"ExitCode=0:0", ended)), len(whole), ended)
        self.assertGreater(len(whole), 0)
        subprocess.run(["mount", "-o", "remount,size=1g", tiles], check=True)
        self.script("resume", out)
        self.wait()
        self.assertEqual(contents(out), self.plain, self.logs("full"))
        self.assertEqual({path: path.stat().st_mtime_ns for path in whole}, whole, "a whole tile was written again")
        print(f"{len(whole)} of {TILES} tiles found room, the others once there was more")

    def lose(self, plan, node, how):
        """Holds a process of the node still, so that it is there for sure when `how` (of its number) ends its task."""
        end = time.monotonic() + 30
        while True:
            self.assertLess(time.monotonic(), end, f"no tile is computed on {node}")
            for process, there in tile_processes(plan).items():
                if there == node and send(process, signal.SIGSTOP):
                    return how(process)
            time.sleep(0.01)

    def requeue(self, process):
        environment = pathlib.Path(f"/proc/{process}/environ").read_bytes().decode(errors="replace")
        job = re.search("\0SLURM_JOB_ID=(\\d+)", "\0" + environment).group(1)
        done = scontrol("requeue", job)
        self.assertEqual(done.returncode, 0, done.stdout)

    def take_down(self, _):
        scontrol("update", "NodeName=n2", "State=DOWN", "Reason=test")
        self.addCleanup(scontrol, "update", "NodeName=n2", "State=RESUME")

    def test_killed_requeued_and_a_node_down(self):
        out, work = self.folder / "killed", self.folder / "killed.tiles"
        plan, chance, killed, rounds, seen = work / "plan.jsonl", random.Random(20), 0, 0, set()

        def kill_some():
            nonlocal killed
            for process in set(tile_processes(plan)) - seen:
                seen.add(process)
                if killed < KILLS and chance.random() < 0.7:
                    time.sleep(chance.random() * 0.2)
                    killed += send(process, signal.SIGKILL)
            start_requeued()

        self.submit("killed")
        self.lose(plan, "n1", self.requeue)
        self.lose(plan, "n2", self.take_down)
        while not out.exists():
            rounds += 1
            self.assertLess(rounds, 12, self.logs("killed"))
            if rounds > 1:
                # Only what is missing, in both chunks.
                whole = {path: path.stat().st_mtime_ns for path in (work / "tiles" / "parts").glob("*.part")}
                missing = [i for i in range(TILES) if work / "tiles" / "parts" / f"{i}.part" not in whole]
                self.assertEqual(indices_of((work / "missing").read_text(encoding="utf-8")), missing)
                self.assertRegex(self.logs("killed"), r"sinkcalc: error: .* of 16 tiles cannot be used")
                self.assertIn("resume", self.logs("killed"))
                printed = self.script("resume", out)
                self.assertEqual([i for part in re.findall(r"tiles (\S+)$", printed, re.M) for i in indices_of(part)], missing)
            self.wait(kill_some)
            if rounds > 1:
                self.assertEqual({path: path.stat().st_mtime_ns for path in whole}, whole, "a whole tile was written again")
        logs = self.logs("killed")
        print(f"{killed} tasks killed, {len(re.findall('start [2-9]', logs))} requeued, {rounds} rounds")
        self.assertGreaterEqual(len(re.findall("start [2-9]", logs)), 2, logs)
        self.assertGreater(killed, 5)
        self.assertEqual(contents(out), self.plain)


if __name__ == "__main__":
    unittest.main()
