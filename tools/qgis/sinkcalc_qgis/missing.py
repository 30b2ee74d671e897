# SPDX-License-Identifier: Apache-2.0
"""Stands in the toolbox where a program is missing."""
from html import escape

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException


class MissingAlgorithm(QgsProcessingAlgorithm):
    """Says what is missing and how to set it: in its name, its help, and when it is run."""

    def __init__(self, program, problem):
        super().__init__()
        self.program, self.problem = program, problem

    def createInstance(self):                                                 # noqa: N802
        return MissingAlgorithm(self.program, self.problem)

    def name(self):
        return "missing"

    def displayName(self):                                                    # noqa: N802
        return f"{self.program} is not found: how to set its path"

    def shortHelpString(self):                                                # noqa: N802
        return escape(self.problem)

    def initAlgorithm(self, configuration=None):                              # noqa: N802
        pass

    def canExecute(self):                                                     # noqa: N802
        return True, ""

    def processAlgorithm(self, parameters, context, feedback):                # noqa: N802
        raise QgsProcessingException(self.problem)
