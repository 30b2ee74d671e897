# SPDX-License-Identifier: Apache-2.0
"""What tests of runs in tiles share: the program called outside any array job, with a folder for tiles."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from cli import SINKCALC

NO_TASK = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "PBS_", "SGE_"))}


class TileCalls(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.parts, self.out = self.folder / "tiles", self.folder / "merged"

    @staticmethod
    def call(*arguments, env=None, cwd=None):
        return subprocess.run([SINKCALC, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False, env={**NO_TASK, **(env or {})}, cwd=cwd)

    @staticmethod
    def start(*arguments):
        """A process that tells its progress on stderr as JSON."""
        return subprocess.Popen([SINKCALC, *map(str, arguments), "--progress", "json"], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=NO_TASK)

    @classmethod
    def succeed(cls, *arguments, **options):
        done = cls.call(*arguments, **options)
        assert done.returncode == 0, (arguments, done.stderr)
        return done

    def refuse(self, code, words, *arguments, stdout="", **options):
        """One line of error with all of `words`, and this on stdout."""
        done = self.call(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, stdout)
        self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]+\n\Z")
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, done.stderr)

    def assert_same(self, got, expected):
        self.assertEqual({n for n in got.keys() | expected.keys() if got.get(n) != expected.get(n)}, set())
