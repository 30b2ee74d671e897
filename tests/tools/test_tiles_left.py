# SPDX-License-Identifier: Apache-2.0
"""Runs in tiles after accidents: what killed processes leave is cleared and what living ones work in is not; broken plans, full
and read-only disks, signals in the first moments."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "slurm"))
from folders import contents                    # noqa: E402
from small_inventory import write_inventory     # noqa: E402
from tile_calls import NO_TASK, TileCalls       # noqa: E402

BOOT = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


class LeftTest(TileCalls):
    @classmethod
    def setUpClass(cls):
        cls.inputs = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.inputs)
        cls.inventory = write_inventory(cls.inputs / "inputs", 1600)
        cls.plan = cls.inputs / "plan.jsonl"
        cls.succeed("tiles", cls.inventory, "--tile", 1024, "-o", cls.plan, "-q")
        cls.succeed("run", cls.inventory, "-o", cls.inputs / "plain", "-q")
        cls.plain = contents(cls.inputs / "plain")

    def tile(self, index, plan=None):
        return ("run", "--tile", f"{plan or self.plan}:{index}", "-o", self.parts)

    def merge(self, *extra):
        return ("merge", self.plan, "--from", self.parts, "-o", self.out, *extra)

    def at(self, stage, *arguments):
        """A process that has come to this stage, and is held still."""
        process = self.start(*arguments)
        self.addCleanup(process.stderr.close)
        for line in process.stderr:
            if json.loads(line)["stage"] == stage:
                process.send_signal(signal.SIGSTOP)
                return process
        self.fail(f"{arguments} ended with {process.wait()} before {stage}")

    def killed_at(self, stage, *arguments):
        process = self.at(stage, *arguments)
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)

    def goes_on(self, process):
        process.send_signal(signal.SIGCONT)
        messages = process.stderr.read()
        self.assertEqual(process.wait(), 0, messages)

    def hidden(self, folder):
        return {path.name for path in folder.glob(".sinkcalc-*")}


class Leftovers(LeftTest):
    def test_of_a_killed_run(self):
        run = ("run", self.inventory, "-o", self.out)
        self.killed_at("computing", *run)
        left = self.hidden(self.out)
        self.assertEqual(len(left), 1)
        living = self.at("computing", *run)
        (alive,) = self.hidden(self.out) - left
        self.succeed(*run, "-q")
        self.assertEqual(self.hidden(self.out), {alive})
        self.goes_on(living)
        self.assert_same(contents(self.out), self.plain)

    def test_of_a_killed_merge(self):
        for index in range(4):
            self.succeed(*self.tile(index), "-q")
        self.killed_at("merging", *self.merge())
        self.assertEqual(len(self.hidden(self.out)), 1)
        self.assertEqual(set(os.listdir(self.out)), self.hidden(self.out), "something appeared before all was there")
        self.succeed(*self.merge("-q"))
        self.assert_same(contents(self.out), self.plain)

    def test_what_may_belong_to_others_stays(self):
        """Of another machine, of a file system without locks, of another kind."""
        stays = {f".sinkcalc-{BOOT[::-1]}-1-2/lock", f".sinkcalc-{BOOT}-1-3/no_lock", ".sinkcalc-mine/lock"}
        goes = {f".sinkcalc-{BOOT}-1-4/lock", f".sinkcalc-{BOOT}-1-4/carbon.tif", f".sinkcalc-{BOOT}-1-5/lock"}
        for name in stays | goes:
            (self.out / name).parent.mkdir(parents=True, exist_ok=True)
            (self.out / name).write_text("")
        (self.out / f".sinkcalc-{BOOT}-1-6").mkdir()                # killed before it had its lock
        (self.out / f".sinkcalc-{BOOT}-1-7").symlink_to(self.inputs)
        self.succeed("run", self.inventory, "-o", self.out, "-q")
        self.assertEqual({str(path.relative_to(self.out)) for path in self.out.glob(".sinkcalc-*/*") if not path.parent.is_symlink()}, stays)
        self.assertEqual(len(self.hidden(self.out)), 4)
        self.assertTrue(self.inventory.is_file())

    def test_a_living_duplicate_of_a_tile(self):
        twin = self.at("computing", *self.tile(0))
        alive = self.hidden(self.parts / "parts")
        self.killed_at("computing", *self.tile(1))
        for index in range(4):
            self.succeed(*self.tile(index), "-q")
        self.succeed(*self.merge("-q"))
        self.assertEqual(self.hidden(self.parts / "parts"), alive)
        self.goes_on(twin)
        self.assertEqual(self.hidden(self.parts / "parts"), set())
        self.succeed(*self.merge("-q", "--overwrite"))
        self.assert_same(contents(self.out), self.plain)

    def test_signals_in_the_first_moments(self):
        """Before main the system ends the process by the signal, which shells and schedulers call 143 too."""
        codes, chance = [], random.Random(4)
        for at in range(16):
            process = self.start(*self.tile(at % 4))
            time.sleep(chance.uniform(0, 0.6))
            process.terminate()
            messages = process.communicate(timeout=10)[1]
            codes.append(process.returncode)
            self.assertIn(process.returncode, (143, -signal.SIGTERM, 0), messages)
            if process.returncode != 0:
                self.assertEqual(self.hidden(self.parts / "parts"), set())
        self.assertGreater(len([code for code in codes if code != 0]), 3, "hardly any was stopped: the test tells nothing")


class Plans(LeftTest):
    def test_a_broken_one_is_replaced(self):
        plan, text = self.folder / "plan.jsonl", self.plan.read_text(encoding="utf-8")
        make = ("tiles", self.inventory, "--tile", 1024, "-q", "-o", plan)
        hash_of = lambda made: json.loads(made.splitlines()[0])["hash"]
        for broken in ("", text[:40], text[:-40], text.splitlines()[0], text.replace("sinkcalc tiles 1", "sinkcalc tiles 9"),
                       json.dumps(json.loads(text.splitlines()[0]), indent=2)):
            plan.write_text(broken, encoding="utf-8")
            self.refuse(2, ["plan.jsonl", "--overwrite"], *make)
            self.assertEqual(plan.read_text(encoding="utf-8"), broken)
            self.succeed(*make, "--overwrite")
            self.assertEqual(hash_of(plan.read_text(encoding="utf-8")), hash_of(text))
        for other in ("mine\n", "{}\n", '{"schema": "tiles of a bath"}\n', "\n", '[{"schema":"sinkcalc tiles 1"}]'):
            plan.write_text(other, encoding="utf-8")
            self.refuse(2, ["plan.jsonl", "no plan of tiles"], *make, "--overwrite")
            self.assertEqual(plan.read_text(encoding="utf-8"), other)
        self.assertEqual(os.listdir(self.folder), ["plan.jsonl"])

    def test_windows_and_hashes_that_somebody_made_up(self):
        forged = self.folder / "forged.jsonl"
        header, *tiles = map(json.loads, self.plan.read_text(encoding="utf-8").splitlines())
        for windows in ([[-128, 0, 128, 128]], [[100000, 0, 128, 128]], [[0, 0, 1 << 40, 1 << 40]], [[1024, 0, 1024, 1024]], [[0, 0, 0, 0]],
                        [[0, 0, -5, 3]], [[2**63 - 1, 0, 2**63 - 1, 1]]):
            tiles[0]["windows"] = windows
            lines = "".join(json.dumps(tile, separators=(",", ":")) + "\n" for tile in tiles)
            header["lines_sha256"] = hashlib.sha256(lines.encode()).hexdigest()
            forged.write_text(json.dumps(header, separators=(",", ":")) + "\n" + lines, encoding="utf-8")
            with self.subTest(windows):
                self.refuse(2, ["forged.jsonl", "outside the maps"], *self.tile(0, forged))
                self.refuse(2, ["forged.jsonl", "was changed"], "merge", forged, "--from", self.parts, "-o", self.out)
        self.assertFalse(self.parts.exists())

    def test_blank_lines(self):
        plan = self.folder / "plan.jsonl"
        plan.write_text(self.plan.read_text(encoding="utf-8").replace("\n", "\r\n") + "\n  \n", encoding="utf-8")
        self.succeed(*self.tile(3, plan), "-q")

    def test_one_that_is_not_there(self):
        none = self.folder / "none.jsonl"
        for tile in (none, f"{none}:0"):
            self.refuse(2, [str(none), "o such file"], "run", "--tile", tile, "-o", self.parts)
        self.refuse(2, [str(none), "o such file"], "merge", none, "--from", self.parts, "-o", self.out)

    def test_a_finished_tile_of_inputs_that_changed(self):
        inputs = self.folder / "inputs"
        shutil.copytree(self.inventory.parent, inputs)
        plan = self.folder / "plan.jsonl"
        self.succeed("tiles", inputs / "inventory.toml", "--tile", 1024, "-o", plan, "-q")
        self.succeed(*self.tile(0, plan), "-q")
        self.assertIn("was there already", self.succeed(*self.tile(0, plan)).stderr)
        os.utime(inputs / "age_2020.tif", ns=(0, 0))
        self.refuse(2, ["age_2020.tif", "another time stamp", "make the plan anew"], *self.tile(0, plan))


class Disks(LeftTest):
    def mounted(self, options, *command):
        """A call with a small file system of memory as `self.folder`/disk, which is gone afterwards."""
        disk = self.folder / "disk"
        disk.mkdir(exist_ok=True)
        script = 'mount -t tmpfs -o "$1" none "$2" || exit 77; shift 2; "$@"; status=$?; ls -A "$DISK" "$DISK/tiles/parts" >&3; exit $status'
        with open(self.folder / "left", "w+", encoding="utf-8") as left:
            os.set_inheritable(left.fileno(), True)
            done = subprocess.run(["unshare", "-m", "bash", "-c", f'exec 3>&{left.fileno()}; ' + script, "-", options, str(disk), *map(str, command)],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                                  check=False, env={**NO_TASK, "DISK": str(disk)}, pass_fds=[left.fileno()])
            left.seek(0)
            if done.returncode == 77 or (done.returncode == 1 and "unshare" in done.stderr):
                self.skipTest("mounting is not allowed here: " + " ".join(done.stderr.split()))
            return done, left.read()

    def test_read_only(self):
        disk = self.folder / "disk"
        for into in (("run", "--tile", f"{self.plan}:0", "-o", disk / "tiles"), ("run", self.inventory, "-o", disk / "out"),
                     ("tiles", self.inventory, "--tile", 1024, "-o", disk / "plan.jsonl")):
            done, left = self.mounted("ro", os.environ["SINKCALC"], *into)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]*disk[^\n]*Read-only file system[^\n]*\n(ls:.*\n)*\Z")

    def test_full(self):
        """Exit 3, and nothing is left, as the tile's room is asked for."""
        disk = self.folder / "disk"
        for size in ("64k", "300k", "900k"):
            done, left = self.mounted(f"size={size}", os.environ["SINKCALC"], "run", "--tile", f"{self.plan}:0", "-o", disk / "tiles", "-q")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("free some disk space", done.stderr)
            self.assertEqual([line for line in left.split("\n") if "part" in line and not line.endswith(("parts:", "parts"))], [])
            self.assertNotIn(".sinkcalc-", left)


class Strange(LeftTest):
    def test_new_time_stamps_are_read_in_steps(self):
        """Content is read where only a stamp is new, which takes minutes of large inputs: a signal is heard meanwhile."""
        inputs, plan = self.folder / "inputs", self.folder / "plan.jsonl"
        shutil.copytree(self.inventory.parent, inputs)
        self.succeed("tiles", inputs / "inventory.toml", "--tile", 2048, "-o", plan, "-q")
        self.succeed(*self.tile(0, plan), "-q")
        os.utime(inputs / "age_2020.tif", ns=(0, 0))
        merge = ("merge", plan, "--from", self.parts, "-o", self.out)
        process = self.at("hashing inputs with new time stamps", *merge)
        process.terminate()
        process.send_signal(signal.SIGCONT)
        process.stderr.read()
        self.assertEqual(process.wait(), 143)
        self.assertFalse(self.out.exists())
        self.succeed(*merge, "-q")
        self.assert_same(contents(self.out), self.plain)

    def test_parts_that_are_no_files(self):
        """A pipe is not waited for, and is replaced as damaged parts are; a folder is told."""
        (self.parts / "parts").mkdir(parents=True)
        os.mkfifo(self.parts / "parts" / "1.part")
        (self.parts / "parts" / "2.part").mkdir()
        self.refuse(2, ["4 of 4 tiles"], *self.merge(), stdout="0-3\n")
        self.succeed(*self.tile(1), "-q")
        self.refuse(3, ["2.part", "not a file", "move it away"], *self.tile(2))
        self.refuse(2, ["3 of 4 tiles", "tile 0 is not there"], *self.merge(), stdout="0,2-3\n")

    def test_a_folder_where_a_result_will_be(self):
        """Told before anything is computed, and nothing of another inventory is published."""
        other, plan = self.folder / "other", self.folder / "plan.jsonl"
        shutil.copytree(self.inventory.parent, other)
        self.succeed("tiles", self.inventory, other / "inventory.toml", "--tile", 2048, "-o", plan, "-q")
        for index in range(2):
            self.succeed(*self.tile(index, plan), "-q")
        (self.out / "other" / "carbon_2015.tif").mkdir(parents=True)
        self.refuse(3, ["carbon_2015.tif", "move it away"], "merge", plan, "--from", self.parts, "-o", self.out, "--overwrite")
        self.assertEqual([str(p.relative_to(self.out)) for p in self.out.rglob("*")], ["other", "other/carbon_2015.tif"])
        done = self.call("run", self.inventory, "-o", self.out / "other", "--overwrite", "--progress", "json")
        self.assertEqual(done.returncode, 3)
        self.assertNotIn('"stage"', done.stderr)

    def test_names_that_a_plan_cannot_hold(self):
        """JSON is UTF-8: a folder called in GBK would have another name in the plan."""
        folder = self.folder / os.fsdecode("南平".encode("gbk"))
        shutil.copytree(self.inventory.parent, folder)
        for inventory, cwd in ((folder / "inventory.toml", None), ("inventory.toml", folder)):
            done = subprocess.run([os.environ["SINKCALC"], "tiles", inventory, "--tile", "1024"], stdin=subprocess.DEVNULL,
                                  capture_output=True, check=False, cwd=cwd)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"is not in UTF-8", done.stderr)

    def test_a_tile_side_that_fits_is_offered(self):
        blocks = ("--of", "GTiff", "--co", "BLOCKXSIZE=48", "--co", "BLOCKYSIZE=32")
        for side, offered in ((40, 96), (48, 96), (512, 576)):
            self.refuse(2, f"such as {offered}", "tiles", self.inventory, "--tile", side, *blocks)
            self.succeed("tiles", self.inventory, "--tile", offered, *blocks)

    def test_a_blank_name_of_a_plan(self):
        """That of a variable that is not set: the plan would be lost on stdout."""
        self.refuse(2, ["-o", "blank"], "tiles", self.inventory, "--tile", 1024, "-o", "")


if __name__ == "__main__":
    unittest.main()
