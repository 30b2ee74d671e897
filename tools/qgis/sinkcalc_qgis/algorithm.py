# SPDX-License-Identifier: Apache-2.0
"""One command of a program as a Processing algorithm, from what the program says of it."""
from html import escape

from qgis.core import (QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingOutputString, QgsProcessingParameterBoolean,
                       QgsProcessingParameterFileDestination)

from .arguments import argument_vector, destination
from .layers import Refusal
from .options import CommandOptions
from .parameters import extra, parameters_of
from .process import run
from .results import LAYERS, declare_outputs, numbers_of, open_in_project, sources_in, summary_of

OPEN, JSON, PRINTED, TEXT = "OPEN_RESULTS", "JSON", "PRINTED", "TEXT"


class CommandAlgorithm(QgsProcessingAlgorithm):
    def __init__(self, path, command):
        super().__init__()
        self.path, self.command = path, command
        self.options = CommandOptions(command)
        self.arguments, self.sources, self.output = [], [], ""

    def createInstance(self):                                                 # noqa: N802
        return CommandAlgorithm(self.path, self.command)

    def name(self):
        return self.command["command"]

    def displayName(self):                                                    # noqa: N802
        return f"{self.name()}: {self.command['summary']}"

    def shortDescription(self):                                               # noqa: N802
        return self.command["summary"]

    def shortHelpString(self):                                                # noqa: N802
        example = " ".join(self.command["example"].replace("\\\n", " ").split())
        return (f"<p>The same as <b>{escape(self.command['program'])} {escape(self.name())}</b> in a terminal, for example:</p>"
                f"<p><tt>{escape(example)}</tt></p>"
                "<p>Hold the pointer over a field for the whole of its meaning. A field left blank is left to the program.</p>"
                f"<p>{escape(self.where_results_go())}</p>")

    def where_results_go(self):
        if self.options.prints:
            return "The answer is shown in the log; it goes to a file too where one is given."
        return "The results go to a folder, and open in the map with their styles; warnings and the list of files are in the log."

    def initAlgorithm(self, configuration=None):                              # noqa: N802
        for option in self.options.offered:
            for parameter in parameters_of(option, self.options):
                self.addParameter(parameter)
        if self.options.prints:
            if self.options.has("--json"):
                self.addParameter(extra(QgsProcessingParameterBoolean(JSON, "As JSON", False), "--json: for another program"))
            self.addParameter(QgsProcessingParameterFileDestination(
                PRINTED, "File for what is printed", "Text (*.txt);;CSV (*.csv);;JSON (*.json)", optional=True,
                createByDefault=False))
            self.addOutput(QgsProcessingOutputString(TEXT, "What is printed"))
        else:
            self.addParameter(QgsProcessingParameterBoolean(OPEN, "Open the results in the map", True))
            declare_outputs(self, self.command)

    def checkParameterValues(self, parameters, context):                      # noqa: N802
        """Also whether all layers are files as they stand: asked before the run, so that the dialog stays open."""
        good, message = super().checkParameterValues(parameters, context)
        if good:
            try:
                argument_vector(self, self.options, parameters, context)
            except Refusal as refusal:
                return False, str(refusal)
        return good, message

    def prepareAlgorithm(self, parameters, context, feedback):                # noqa: N802
        """Layers may be looked at on the main thread only: here."""
        if not self.options.prints:
            self.output = destination(self, self.options.output, parameters, context)
        try:
            typed = argument_vector(self, self.options, parameters, context, self.output)
        except Refusal as refusal:
            raise QgsProcessingException(str(refusal)) from refusal
        own = ["--progress", "json"] if self.options.has("--progress") else []
        if self.options.has("--json") and (not self.options.prints or self.parameterAsBoolean(parameters, JSON, context)):
            own.append("--json")
        self.arguments = [self.path, self.name(), *own, *typed]
        return True

    def processAlgorithm(self, parameters, context, feedback):                # noqa: N802
        printed = run(self.arguments, feedback, echo=self.options.prints or not self.output)
        if self.options.prints:
            return self.printed_results(printed, parameters, context)
        summary = summary_of(printed)
        results = {**numbers_of(summary, self.command), self.options.output.key: self.output, LAYERS: []}
        if self.options.output.type == "directory":
            sources = sources_in(self.output, summary)
            results[LAYERS] = [source for source, _, _ in sources]
            if self.parameterAsBoolean(parameters, OPEN, context):
                self.sources = sources
        return results

    def printed_results(self, printed, parameters, context):
        results = {TEXT: printed.decode("utf-8", "replace")}
        path = self.parameterAsFileOutput(parameters, PRINTED, context)
        if path:
            try:
                with open(path, "wb") as file:
                    file.write(printed)
            except OSError as error:
                raise QgsProcessingException(f"{path}: {error.strerror}: choose another file") from error
            results[PRINTED] = path
        return results

    def postProcessAlgorithm(self, context, feedback):                        # noqa: N802
        open_in_project(self.sources, context)
        return {}
