# SPDX-License-Identifier: Apache-2.0
"""Several inventories in one plan: one array of tiles, a folder of results each, byte for byte those of plain runs."""
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "slurm"
sys.path.append(str(SCRIPTS))
from folders import contents, indices_of        # noqa: E402
from small_inventory import write_inventory     # noqa: E402
from tile_calls import TileCalls                # noqa: E402

# Other grids, years and cells, in one folder or each in its own; the last goes by its folder.
COUNTIES = {"east_2015": ("shared", 1100, {"years": (2015, 2020), "name": "east_2015.toml"}),
            "west": ("west", 700, {"years": (2010, 2016, 2021), "cell": 25, "seed": 8, "name": "west.toml"}),
            "350702": ("350702", 530, {"years": (2018,), "cell": 100, "seed": 9})}


class ManyTest(TileCalls):
    @classmethod
    def setUpClass(cls):
        cls.inputs = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        cls.addClassCleanup(shutil.rmtree, cls.inputs)
        cls.inventories = {name: write_inventory(cls.inputs / folder, side, **how) for name, (folder, side, how) in COUNTIES.items()}
        cls.plain = {}
        for name, inventory in cls.inventories.items():
            cls.succeed("run", inventory, "-o", cls.inputs / "plain" / name, "-q")
            for file, digest in contents(cls.inputs / "plain" / name).items():
                cls.plain[f"{name}/{file}"] = digest
            cls.plain[name] = ""

    def plan(self, *how, inventories=None, name="plan.jsonl"):
        """The plan's file, and its sections: [header, tile, tile, …] each."""
        file, sections = self.folder / name, []
        self.succeed("tiles", *(inventories or self.inventories.values()), *how, "-o", file, "-q")
        for line in file.read_text(encoding="utf-8").splitlines():
            line = json.loads(line)
            if "schema" in line:
                sections.append([])
            sections[-1].append(line)
        return file, sections

    def run_tiles(self, plan, indices):
        for index in indices:
            self.succeed("run", "--tile", f"{plan}:{index}", "-o", self.parts, "-q")

    def merge(self, plan, *extra, **options):
        return self.succeed("merge", plan, "--from", self.parts, "-o", self.out, *extra, **options)

    def assert_plain(self, names=COUNTIES):
        wanted = {file: digest for file, digest in self.plain.items() if file.split("/")[0] in names}
        got = contents(self.out)
        self.assert_same(got, wanted)


class Merged(ManyTest):
    def check(self, *how):
        plan, sections = self.plan(*how)
        self.assertEqual([section[0]["name"] for section in sections], list(COUNTIES))
        self.assertEqual([(section[0]["section"], section[0]["sections"]) for section in sections], [(0, 3), (1, 3), (2, 3)])
        tiles = [tile for section in sections for tile in section[1:]]
        self.assertEqual([tile["index"] for tile in tiles], list(range(len(tiles))))
        self.assertEqual([tile["outputs"] for tile in tiles], [[f"parts/{i}.part"] for i in range(len(tiles))])
        order = list(range(len(tiles)))
        random.Random(3).shuffle(order)
        for at, index in enumerate(order):
            # By the variable of an array job, by the index; with the inventory and without.
            owner = next(section[0]["inventory"] for section in sections if any(t["index"] == index for t in section[1:]))
            named = [owner] if at % 2 else []
            if at % 3 == 0:
                self.succeed("run", *named, "--tile", plan, "-o", self.parts, "-q", env={"SLURM_ARRAY_TASK_ID": str(index)})
            else:
                self.succeed("run", *named, "--tile", f"{plan}:{index}", "-o", self.parts, "-q", "--threads", 1 + at % 3)
        done = self.merge(plan)
        for name in COUNTIES:
            self.assertIn(f"\n{name}\n", "\n" + done.stdout)
            self.assertIn(f"{self.out}/{name} ", done.stderr)
        self.assert_plain()
        self.assertEqual(sorted(path.name for path in (self.parts / "parts").iterdir()), sorted(f"{i}.part" for i in order))

    def test_squares(self):
        self.check("--tile", 512)

    def test_zones(self):
        self.check("--by", "quarter")

    def test_a_plan_of_one_is_a_section(self):
        """The hash of a section is that of the inventory's own plan, so one that comes last leaves the parts as they are."""
        _, sections = self.plan("--tile", 512)
        for name, section in zip(COUNTIES, sections):
            _, (own,) = self.plan("--tile", 512, inventories=[self.inventories[name]], name=f"{name}.jsonl")
            self.assertEqual(own[0]["hash"], section[0]["hash"])
            self.assertEqual([t["windows"] for t in own[1:]], [t["windows"] for t in section[1:]])
        first, _ = self.plan("--tile", 512, inventories=[self.inventories["east_2015"]], name="first.jsonl")
        self.run_tiles(first, range(9))
        both, _ = self.plan("--tile", 512, inventories=list(self.inventories.values())[:2], name="both.jsonl")
        for index in range(9):
            self.assertIn("was there already", self.succeed("run", "--tile", f"{both}:{index}", "-o", self.parts).stderr)
        self.run_tiles(both, range(9, 13))
        self.merge(both, "-q")
        self.assert_plain(["east_2015", "west"])

    def test_json_and_relative_paths(self):
        typed = [str(path.relative_to(self.inputs)) for path in self.inventories.values()]
        plan = self.folder / "plan.jsonl"
        told = self.succeed("tiles", *typed, "--tile", 2048, "-o", plan, cwd=self.inputs).stderr
        self.assertIn("3 tiles of 3 inventories, 0 to 2", told)
        self.run_tiles(plan, range(3))
        summary = json.loads(self.merge(plan, "--json", "-q", cwd=self.folder).stdout)
        self.assertEqual([(i["name"], i["inventory"]) for i in summary["inventories"]], list(zip(COUNTIES, typed)))
        for output in summary["outputs"]:
            self.assertTrue((self.out / output["file"]).is_file())
        for entry in summary["inventories"]:
            self.assertEqual(entry["record"], json.loads((self.out / entry["name"] / "run.json").read_text(encoding="utf-8")))
        self.assert_plain()


class Refused(ManyTest):
    def test_missing_in_two_sections(self):
        plan, sections = self.plan("--tile", 512)
        total = sum(len(section) - 1 for section in sections)
        self.assertEqual([len(section) - 1 for section in sections], [9, 4, 4])
        self.run_tiles(plan, set(range(total)) - {3, 8, 9, 14})
        merge = ("merge", plan, "--from", self.parts, "-o", self.out)
        self.refuse(2, ["4 of 17 tiles", "tile 3 is not there"], *merge, stdout="3,8-9,14\n")
        self.assertFalse(self.out.exists())
        self.run_tiles(plan, [8, 9, 14])
        # The part of another section's tile under this name.
        shutil.copy(self.parts / "parts" / "10.part", self.parts / "parts" / "3.part")
        self.refuse(2, "tile 3 is of another plan or tile", *merge, stdout="3\n")
        self.refuse(2, ["of another plan", "--overwrite"], "run", "--tile", f"{plan}:3", "-o", self.parts)
        (self.parts / "parts" / "3.part").unlink()
        self.run_tiles(plan, indices_of("3"))
        self.merge(plan, "-q")
        self.assert_plain()

    def test_results_that_are_there(self):
        """Refused before any work, whichever folder holds them, and nothing is touched; replaced one by one with --overwrite."""
        plan, _ = self.plan("--tile", 2048)
        self.run_tiles(plan, range(3))
        shutil.copytree(self.inputs / "plain" / "west", self.out / "350702")
        (self.out / "note.txt").write_text("mine")
        before = contents(self.out)
        (self.parts / "parts" / "0.part").rename(self.folder / "0.part")
        merge = ("merge", plan, "--from", self.parts, "-o", self.out)
        self.refuse(2, ["350702", "--overwrite"], *merge)
        self.assertEqual(contents(self.out), before)
        (self.folder / "0.part").rename(self.parts / "parts" / "0.part")
        self.merge(plan, "--overwrite", "-q")
        self.assertEqual((self.out / "note.txt").read_text(), "mine")
        (self.out / "note.txt").unlink()
        self.assert_plain()

    def test_nothing_appears_where_a_later_inventory_fails(self):
        inputs = self.folder / "inputs"
        for name in ("shared", "west"):
            shutil.copytree(self.inputs / name, inputs / name)
        plan, _ = self.plan("--tile", 2048, inventories=[inputs / "shared/east_2015.toml", inputs / "west/west.toml"])
        self.run_tiles(plan, range(2))
        volume = inputs / "west" / "volume_2016.tif"
        data, stamp = bytearray(volume.read_bytes()), volume.stat()
        data[-20] ^= 1
        volume.write_bytes(data)
        os.utime(volume, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        self.refuse(2, ["volume_2016.tif", "was changed since"], "merge", plan, "--from", self.parts, "-o", self.out)
        self.assertFalse(self.out.exists())

    def test_two_of_one_name(self):
        other = self.inputs / "west" / "again"
        self.addCleanup(shutil.rmtree, other)
        again = write_inventory(other, 300, name="west.toml")
        plan = self.folder / "plan.jsonl"
        self.refuse(2, ["west.toml", "folder west", "rename"], "tiles", self.inventories["west"], again, "--tile", 512, "-o", plan)
        west = self.inventories["west"]
        self.refuse(2, ["folder west", "rename"], "tiles", west, west, "--tile", 512, "-o", plan)
        self.assertFalse(plan.exists())

    def test_an_option_that_does_not_fit_one_of_them(self):
        other = self.inputs / "zoned"
        self.addCleanup(shutil.rmtree, other)
        zoned = write_inventory(other, 300, name="zoned.toml")
        zoned.write_text(zoned.read_text(encoding="utf-8").replace('"quarter"', '"half"'), encoding="utf-8")
        self.refuse(2, ["zoned.toml", "no such zone set", "half"], "tiles", self.inventories["west"], zoned, "--by", "quarter",
                    "-o", self.folder / "plan.jsonl")

    def test_the_inventory_of_another_section(self):
        plan, sections = self.plan("--tile", 512)
        of = [section[0]["inventory"] for section in sections]
        run = lambda inventory, index: ("run", inventory, "--tile", f"{plan}:{index}", "-o", self.parts)
        self.refuse(2, ["tile 9 is of " + of[1], "not of " + of[0], "or none"], *run(of[0], 9))
        self.refuse(2, ["tile 0 is of " + of[0], "not of " + of[2]], *run(of[2], 0))
        # Of that very name, and yet another's.
        other = self.inputs / "350703"
        self.addCleanup(shutil.rmtree, other)
        same = write_inventory(other, 300)
        two, _ = self.plan("--tile", 512, inventories=[self.inventories["350702"], same], name="two.jsonl")
        self.refuse(2, ["tile 4 is of " + str(same)], "run", of[2], "--tile", f"{two}:4", "-o", self.parts)
        self.refuse(2, ["has no tile 17", "0 to 16"], "run", "--tile", f"{plan}:17", "-o", self.parts)
        self.assertFalse(self.parts.exists())
        # A link to it, and a copy elsewhere with its stamps, are it.
        (self.folder / "link").symlink_to(self.inputs / "west")
        shutil.copytree(self.inputs / "west", self.folder / "copy")
        for index, folder in ((9, "link"), (10, "copy")):
            self.succeed(*run(self.folder / folder / "west.toml", index), "-q")

    def test_without_a_plan_an_inventory_is_needed(self):
        self.refuse(2, "INVENTORY", "run", "-o", self.out)

    def test_a_plan_cut_off_between_inventories(self):
        plan, sections = self.plan("--tile", 512)
        lines = plan.read_text(encoding="utf-8").splitlines(keepends=True)
        for changed, word in ((lines[:len(sections[0])], "cut off"), (lines[len(sections[0]):], "not in order"),
                              (lines[:5] + lines[len(sections[0]):], "cut off"),
                              ([line.replace('"name":"west"', '"name":"../west"') for line in lines], "no plan"),
                              ([line.replace('"name":"west"', '"name":".."') for line in lines], "no plan")):
            plan.write_text("".join(changed), encoding="utf-8")
            self.refuse(2, [word, "plan.jsonl"], "run", "--tile", f"{plan}:0", "-o", self.parts)


if __name__ == "__main__":
    unittest.main()
