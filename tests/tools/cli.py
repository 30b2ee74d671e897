# SPDX-License-Identifier: Apache-2.0
"""Runs the real sinkcalc for tests. Its path comes from the environment variable SINKCALC, set by CMake."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SINKCALC = os.environ["SINKCALC"]


class CliTest(unittest.TestCase):
    """A test with an empty folder of its own, where the program runs."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_test_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        """A text file in the test's folder."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def run_sinkcalc(self, *arguments, **options):
        """The finished process, its output as text."""
        return subprocess.run(
            [SINKCALC, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
            check=False,
            **options,
        )

    def output_of(self, *arguments):
        """What a successful call prints; it says nothing on stderr."""
        done = self.run_sinkcalc(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def assert_fails(self, code, words, *arguments):
        """The call ends with `code` and one line of error that has all of `words`, prints and writes nothing."""
        before = sorted(self.folder.rglob("*"))
        done = self.run_sinkcalc(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Asinkcalc: error: [^\n]+\n\Z")
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, done.stderr)
        self.assertEqual(sorted(self.folder.rglob("*")), before, "the call left something behind")
