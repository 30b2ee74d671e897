# SPDX-License-Identifier: Apache-2.0
"""What QGIS loads: the two providers and the setting that they share."""
from qgis.core import Qgis, QgsApplication

from . import programs
from .provider import ProgramProvider


class SinkcalcPlugin:
    """`initProcessing` is all that a QGIS without windows calls."""

    def __init__(self, iface):
        self.iface = iface
        self.providers = []

    def initProcessing(self):                                                 # noqa: N802
        programs.add_setting()
        for program in programs.PROGRAMS:
            provider = ProgramProvider(program)
            if QgsApplication.processingRegistry().addProvider(provider):
                self.providers.append(provider)

    def initGui(self):                                                        # noqa: N802
        self.initProcessing()
        problems = {provider.warningMessage() for provider in self.providers} - {""}
        for problem in sorted(problems)[:1]:
            self.iface.messageBar().pushMessage("sinkcalc", problem, Qgis.Warning, 30)

    def unload(self):
        for provider in self.providers:
            QgsApplication.processingRegistry().removeProvider(provider)
        self.providers = []
        programs.remove_setting()
