# SPDX-License-Identifier: Apache-2.0
"""Loops marked "// vectorises" are vector loops, as the compiler itself reports with the flags of this build."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest

BUILD = pathlib.Path(os.environ["SINK_BUILD"])
SOURCES = pathlib.Path(__file__).resolve().parents[2] / "libsink"
MARK = "// vectorises"


class Vectors(unittest.TestCase):
    def test_marked_loops(self):
        marked = {path: {number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if MARK in line}
                  for path in SOURCES.rglob("*.cpp")}
        marked = {path: lines for path, lines in marked.items() if lines}
        self.assertGreater(len(marked), 3, "no loop is marked any more: this check would check nothing")
        commands = {pathlib.Path(entry["file"]): entry
                    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))}
        for path, lines in sorted(marked.items()):
            entry = commands[path]
            words = shlex.split(entry["command"])
            if words[0].endswith("ccache"):
                words = words[1:]
            words[words.index("-o") + 1] = os.devnull
            done = subprocess.run([*words, "-fopt-info-vec-optimized"], cwd=entry["directory"], capture_output=True,
                                  encoding="utf-8", timeout=300, check=True)
            found = {int(number) for name, number in re.findall(r"([\w./-]+):(\d+):\d+: optimized: +loop vectorized", done.stderr)
                     if pathlib.Path(name).name == path.name}
            with self.subTest(file=path.name):
                self.assertEqual(sorted(lines - found), [], "marked lines that are no vector loops")


if __name__ == "__main__":
    unittest.main()
