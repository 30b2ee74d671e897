# SPDX-License-Identifier: Apache-2.0
"""A QGIS of one's own for a test: its settings, its home, no screen, and the plugin from the source tree."""
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Debian's /usr/bin/qgis_process hands on an option that it does not know itself.
QGIS_PROCESS = "/usr/bin/qgis_process.bin"
SKIPPED = 77


def exit_without_qgis():
    """Ends a test program, with the reason, where QGIS is not installed."""
    missing = [name for name, there in ((QGIS_PROCESS, os.path.exists(QGIS_PROCESS)),
                                        ("python3-qgis", importlib.util.find_spec("qgis") is not None)) if not there]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed (scripts/install_dependencies test installs them)")
        sys.exit(SKIPPED)


class Qgis:
    """A QGIS whose home is `folder`. `programs` is the folder of sinkcalc and sinkchange, None for none at all."""

    def __init__(self, folder, programs):
        self.home = pathlib.Path(folder)
        self.home.mkdir(mode=0o700)
        self.environment = {**os.environ, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home), "QT_QPA_PLATFORM": "offscreen",
                            "QGIS_CUSTOM_CONFIG_PATH": str(self.home / "config"), "QGIS_PLUGINPATH": str(ROOT / "tools" / "qgis"),
                            "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
        self.environment.pop("SINKCALC_PATH", None)
        if programs:
            self.environment["SINKCALC_PATH"] = str(programs)
        enabled = self.process("plugins", "enable", "sinkcalc_qgis")
        assert enabled.returncode == 0, enabled.stderr + enabled.stdout

    def process(self, *arguments):
        return subprocess.run([QGIS_PROCESS, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", errors="replace", timeout=300, check=False)

    def run(self, algorithm, parameters):
        """The finished process of `run`; a list is given as QGIS wants it, the parameter again for each value."""
        typed = []
        for key, value in parameters.items():
            typed += [f"--{key}={one}" for one in (value if isinstance(value, list) else [value])]
        return self.process("--json", "run", algorithm, *typed)

    def session(self, folder):
        """What plugin_session.py finds in one PyQGIS process: {name of a question: answer}."""
        script = pathlib.Path(__file__).with_name("plugin_session.py")
        done = subprocess.run(["/usr/bin/python3", str(script), str(folder)], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace", timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def close(self):
        shutil.rmtree(self.home)
