# SPDX-License-Identifier: Apache-2.0
"""For tests that ask QGIS: whether it is there, and an environment for it without a screen."""
import functools
import importlib.util
import os
import sys


def skip_without_qgis(what):
    """A test method that is skipped, with the reason printed, where PyQGIS is missing. `what`: what is then not done."""
    def around(test):
        @functools.wraps(test)
        def run(self):
            if importlib.util.find_spec("qgis") is None:
                reason = f"PyQGIS is missing (apt-get install -y python3-qgis): {what}"
                print("skipped:", reason, file=sys.stderr)
                self.skipTest(reason)
            test(self)
        return run
    return around


def qgis_environment(home):
    """`home`: a folder of its own; mode 0700, as Qt wants it."""
    os.chmod(home, 0o700)
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"}
