# SPDX-License-Identifier: Apache-2.0
"""Where the programs are, and what they say of themselves."""
import json
import os
import shutil
import subprocess

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.PyQt.QtGui import QIcon

ICON = os.path.join(os.path.dirname(__file__), "icon.svg")
PROGRAMS = ("sinkcalc", "sinkchange")
GROUP = "sinkcalc"                      # of the setting, in Settings > Options > Processing > Providers
SETTING = "SINKCALC_FOLDER"
VARIABLE = "SINKCALC_PATH"              # folders, as in PATH
SLOWEST_ANSWER_S = 30
HOW_TO_SET = (f"Install the programs, then open Settings > Options > Processing > Providers > {GROUP} and give the folder they "
              f"are in; or set the environment variable {VARIABLE} to it, or put it on PATH, before QGIS starts.")


class ProgramMissing(Exception):
    """There is no program to run; the message says how to set its path."""


def add_setting():
    ProcessingConfig.settingIcons[GROUP] = QIcon(ICON)
    ProcessingConfig.addSetting(Setting(GROUP, SETTING, "Folder of the programs sinkcalc and sinkchange (blank: from PATH)", "",
                                        valuetype=Setting.FOLDER))
    ProcessingConfig.readSettings()


def remove_setting():
    ProcessingConfig.removeSetting(SETTING)


def find(program):
    """The path of a program: the setting goes before SINKCALC_PATH, that before PATH. Throws ProgramMissing."""
    folder = (ProcessingConfig.getSetting(SETTING) or "").strip()
    if os.path.isfile(folder):
        folder = os.path.dirname(folder)
    for where, folders in ((f"the folder of the setting, {folder}", folder), (VARIABLE, os.environ.get(VARIABLE, ""))):
        if folders:
            found = shutil.which(program, path=folders)
            if found:
                return os.path.abspath(found)
            raise ProgramMissing(f"{program} is not in {where}. {HOW_TO_SET}")
    found = shutil.which(program)
    if not found:
        raise ProgramMissing(f"{program} is not found. {HOW_TO_SET}")
    return os.path.abspath(found)


def describe(path):
    """What a program says of itself and its commands (`--describe`). Throws ProgramMissing where it cannot."""
    try:
        done = subprocess.run([path, "--describe"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", errors="replace", timeout=SLOWEST_ANSWER_S, check=False)
        if done.returncode == 0:
            description = json.loads(done.stdout)
            if description["commands"]:
                return description
        problem = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        problem = str(error)
    raise ProgramMissing(f"{path} --describe does not answer ({problem}): it is broken, or older than this plugin. {HOW_TO_SET}")
