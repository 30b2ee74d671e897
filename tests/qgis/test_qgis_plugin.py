# SPDX-License-Identifier: Apache-2.0
"""The QGIS plugin in a real QGIS without a screen: every command of both programs, against the command line byte for byte."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from qgis_process import Qgis, exit_without_qgis

exit_without_qgis()

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import folders                                                                                  # noqa: E402
from plugin_cases import CASES, FIRST, in_folder                                                       # noqa: E402
from plugin_world import make_world                                                             # noqa: E402

PROGRAMS = {"sinkcalc": os.environ["SINKCALC"], "sinkchange": os.environ["SINKCHANGE"]}
HELPERS = 2         # a call of qgis_process takes seconds, mostly of loading


def described(program):
    """{command: what --describe says of it}."""
    done = subprocess.run([PROGRAMS[program], "--describe"], stdout=subprocess.PIPE, check=True)
    return {command["command"]: command for command in json.loads(done.stdout)["commands"]}


def plan(path):
    """Lines of a plan of tiles, without the time that a tile is expected to take, which was measured."""
    lines = [json.loads(line) for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in line.items() if key not in ("estimated", "lines_sha256")} for line in lines]


def contents(path):
    """What a folder of results holds, or a plan says. Paths of inputs are in a record as they were given, and both sides give the
    same."""
    return plan(path) if pathlib.Path(path).is_file() else folders.contents(pathlib.Path(path))


class EveryCommand(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_qgis_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.world = make_world(cls.folder)
        cls.before = contents(cls.world)
        cls.qgis = Qgis(cls.folder / "home", pathlib.Path(PROGRAMS["sinkcalc"]).parent)
        cls.commands = {f"{program} {command}" for program in PROGRAMS for command in described(program)}
        cls.cases = [name for name in CASES if name in cls.commands]
        for name in set(FIRST) & cls.commands:
            for program, *typed in FIRST[name]:
                subprocess.run([PROGRAMS[program], *(in_folder(word, cls.world) for word in typed)], check=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with ThreadPoolExecutor(HELPERS) as helpers:
            cls.done = dict(zip(cls.cases, helpers.map(cls.call, cls.cases)))

    @classmethod
    def call(cls, name):
        """One case through qgis_process: the process, and where its result is."""
        program, command = name.split()
        prints = not any(parameter.get("output") for parameter in described(program)[command]["parameters"])
        out = cls.world / f"QGIS {program} {command}"
        parameters = {key: in_folder(value, cls.world) for key, value in CASES[name][1].items()}
        parameters["PRINTED" if prints else "OUTPUT"] = out
        return cls.qgis.run(f"{program}:{command}", parameters), out, prints

    def test_every_command_has_a_case_here(self):
        self.assertEqual(self.commands - set(CASES), set(), "add a case to plugin_cases.py")

    def test_algorithms_are_the_commands(self):
        listed = self.qgis.process("list").stdout
        for program in PROGRAMS:
            found = {line.split()[0].split(":")[1] for line in listed.splitlines() if line.strip().startswith(program + ":")}
            self.assertEqual(found, set(described(program)))

    def test_output_is_that_of_the_command_line(self):
        for name in self.cases:
            program, command = name.split()
            typed = CASES[name][0]
            done, out, prints = self.done[name]
            with self.subTest(name):
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
                here = self.world / f"typed {program} {command}"
                typed = [PROGRAMS[program], command, *(in_folder(word, self.world) for word in typed)]
                expected = subprocess.run(typed if prints else [*typed, "-o", here], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                          check=False)
                self.assertEqual(expected.returncode, 0, expected.stderr)
                if prints:
                    self.assertEqual(out.read_bytes(), expected.stdout)
                else:
                    self.assertEqual(contents(out), contents(here))

    def test_inputs_are_as_they_were(self):
        now = contents(self.world)
        self.assertEqual({name: now.get(name) for name in self.before}, self.before)

    def test_results_are_told(self):
        answer = json.loads(self.done["sinkchange accuracy"][0].stdout)["results"]
        accuracy = json.loads((self.done["sinkchange accuracy"][1] / "accuracy.json").read_text(encoding="utf-8"))
        self.assertEqual(answer["OVERALL_ACCURACY"], accuracy["overall_accuracy"]["value"])
        self.assertEqual((answer["UNITS"], answer["WARNINGS"]), (accuracy["units"], len(accuracy["warnings"])))
        answer = json.loads(self.done["sinkcalc run"][0].stdout)["results"]
        names = {os.path.basename(source) for source in answer["RESULT_LAYERS"]}
        self.assertEqual(names, {"carbon_2015.tif", "carbon_2020.tif", "sink_2015_2020.tif", "zones.gpkg|layername=county"})


if __name__ == "__main__":
    unittest.main()
