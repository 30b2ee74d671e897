# SPDX-License-Identifier: Apache-2.0
"""A provider for each program, so that `sinkcalc stock` is sinkcalc:stock."""
from qgis.core import Qgis, QgsMessageLog, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from . import programs
from .algorithm import CommandAlgorithm
from .missing import MissingAlgorithm


class ProgramProvider(QgsProcessingProvider):
    """The commands of a program; where there is none, one algorithm that says how to set its path."""

    def __init__(self, program):
        super().__init__()
        self.program = program
        self.problem = ""
        self.version = ""

    def id(self):
        return self.program

    def name(self):
        return self.program

    def longName(self):                                                       # noqa: N802
        return f"{self.program} {self.version}".strip()

    def versionInfo(self):                                                    # noqa: N802
        return self.version

    def icon(self):
        return QIcon(programs.ICON)

    def warningMessage(self):                                                 # noqa: N802
        return self.problem

    def loadAlgorithms(self):                                                 # noqa: N802
        """Also after the setting was changed: what the program says now."""
        self.problem, self.version = "", ""
        try:
            path = programs.find(self.program)
            description = programs.describe(path)
        except programs.ProgramMissing as missing:
            self.problem = str(missing)
            QgsMessageLog.logMessage(self.problem, "sinkcalc", Qgis.Warning)
            self.addAlgorithm(MissingAlgorithm(self.program, self.problem))
            return
        self.version = description.get("version", "")
        for command in description["commands"]:
            self.addAlgorithm(CommandAlgorithm(path, command))
