# SPDX-License-Identifier: Apache-2.0
"""What takes a QGIS from inside: layers with edits, cancel, styles of what was opened, the setting. Run by
test_qgis_plugin.py in a process of its own, since PyQGIS may crash at its end; prints {question: answer} as JSON.

Usage: plugin_session.py FOLDER (a small forest of plugin_world.py)."""
import json
import os
import pathlib
import shutil
import sqlite3
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = ["/usr/share/qgis/python/plugins", str(ROOT / "tools" / "qgis")]

from qgis.core import (QgsApplication, QgsFeature, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsProject,  # noqa: E402
                       QgsRasterLayer, QgsVectorLayer)

SAMPLE = ROOT / "raster_samples" / "inventory.toml"
QUESTIONS = {}
QUOTED = (r'a "b c"', r'"\\server\my maps\x.tif"', r'"C:\my maps\\" b', r'park="a \"b\""', r'""')


def question(function):
    QUESTIONS[function.__name__] = function
    return function


class Feedback(QgsProcessingFeedback):
    """Keeps what it is told; cancels once progress has come this far."""

    def __init__(self, cancel_at=None):
        super().__init__(False)
        self.cancel_at, self.texts, self.errors, self.warnings, self.progresses = cancel_at, [], [], [], []

    def setProgressText(self, text):                                          # noqa: N802
        self.texts.append(text)
        if self.cancel_at is not None and text == self.cancel_at:
            self.cancel()

    def setProgress(self, progress):                                          # noqa: N802
        self.progresses.append(progress)

    def reportError(self, error, fatalError=False):                           # noqa: N802, N803
        self.errors.append(error)

    def pushWarning(self, warning):                                           # noqa: N802
        self.warnings.append(warning)


def run(algorithm, parameters, feedback=None, context=None):
    """Results, or the words of the failure."""
    import processing
    feedback = feedback or Feedback()
    try:
        return processing.run(algorithm, {key: str(v) if isinstance(v, pathlib.Path) else v for key, v in parameters.items()},
                              feedback=feedback, context=context)
    except QgsProcessingException as error:
        return " / ".join([str(error), *feedback.errors])


def zonal(folder, zones, **more):
    return {"RASTER": [str(folder / "carbon_a.tif")], "ZONES": zones, "ZONE_ID": "code", "OUTPUT": str(folder / "never"), **more}


def a_copy(folder, name):
    """The zones once more: QGIS writes into a file that it edits or filters."""
    return str(shutil.copy(folder / "区 县.gpkg", folder / name))


@question
def memory_layer(folder):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4548&field=code:string", "scratch", "memory")
    return run("sinkcalc:zonal", zonal(folder, layer))


@question
def unsaved_edits(folder):
    layer = QgsVectorLayer(a_copy(folder, "edited.gpkg"), "edited", "ogr")
    layer.startEditing()
    layer.addFeature(QgsFeature(layer.fields()))
    answer = run("sinkcalc:zonal", zonal(folder, layer))
    layer.rollBack()
    return answer


@question
def saved_edits(folder):
    """A zone less, saved while the layer stays open."""
    path = a_copy(folder, "saved.gpkg")
    layer = QgsVectorLayer(path, "saved", "ogr")
    layer.startEditing()
    layer.deleteFeature(next(layer.getFeatures()).id())
    layer.commitChanges()
    results = run("sinkcalc:zonal", zonal(folder, layer, OUTPUT=folder / "saved"))
    alone = QgsVectorLayer(str(shutil.copy(path, folder / "alone.gpkg")), "alone", "ogr")      # without the log beside it
    return results, len(list(alone.getFeatures()))


@question
def filtered_layer(folder):
    layer = QgsVectorLayer(a_copy(folder, "filtered.gpkg"), "half", "ogr")
    layer.setSubsetString("\"code\" = '1'")
    return run("sinkcalc:zonal", zonal(folder, layer))


@question
def web_raster(folder):
    layer = QgsRasterLayer("type=xyz&url=https://tiles.invalid/%7Bz%7D/%7Bx%7D/%7By%7D.png", "tiles", "wms")
    return run("sinkcalc:stock", {"METHOD": ["agb"], "AGB": layer, "YEAR": 2020, "OUTPUT": folder / "never"})


@question
def raster_without_its_band(folder):
    return run("sinkcalc:stock", {"METHOD": ["agb"], "AGB": folder / "stands.tif", "YEAR": 2020, "OUTPUT": folder / "never"})


@question
def year_that_is_none(folder):
    return run("sinkcalc:stock", {"METHOD": ["agb"], "AGB": folder / "carbon_a.tif", "YEAR": "soon", "OUTPUT": folder / "never"})


@question
def class_raster_zones(folder):
    """Of several bands: with its band and without; and polygons with a band."""
    out, never = folder / "class zones", folder / "never"
    return [run("sinkcalc:zonal", {"RASTER": [str(folder / "carbon_a.tif")], "ZONES": folder / zones, "ZONES_BAND": band, "OUTPUT": to})
            for zones, band, to in (("stands.tif", 1, out), ("stands.tif", None, never), ("towns.gpkg", 1, never))]


@question
def words_in_quotes(folder):
    from sinkcalc_qgis.arguments import words
    return {text: words(text) for text in QUOTED}


@question
def years_of_a_model(folder):
    """Which calculates with floating point."""
    return run("sinkcalc:sink", {"FROM": folder / "carbon_a.tif", "TO": folder / "carbon_b.tif", "YEARS": [2015.0, 2020.0],
                                 "OUTPUT": folder / "of a model"})


@question
def mistyped_size(folder):
    return run("sinkcalc:stands", {"FILE": str(folder / "stands.gpkg"), "YEAR": 2020, "RESOLUTION": "30 m", "OUTPUT": folder / "never"})


@question
def choice_that_is_the_default(folder):
    """A volume too high for a hectare is asked about, until one says that it is for a hectare."""
    shutil.copy(folder / "stands.gpkg", folder / "high.gpkg")
    with sqlite3.connect(folder / "high.gpkg") as data:
        data.execute("PRAGMA trusted_schema = off")
        for (trigger,) in data.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            data.execute(f'DROP TRIGGER "{trigger}"')           # they call functions of SpatiaLite
        data.execute("UPDATE zones SET \"m3 ha\" = '5000' WHERE kind = '11'")
    asked = {"FILE": folder / "high.gpkg", "YEAR": 2020, "LIKE": folder / "a.tif", "LEGEND": folder / "legend.csv",
             "FIELD": 'species=kind "volume=m3 ha"'}
    return (run("sinkcalc:stands", {**asked, "OUTPUT": folder / "never"}),
            run("sinkcalc:stands", {**asked, "VOLUME_UNIT": "per_ha", "OUTPUT": folder / "believed"}))


@question
def number_that_is_the_default(folder):
    """An inventory may say otherwise, so what is given is passed on."""
    results = run("sinkcalc:zonal", {"RASTER": [str(folder / "carbon_a.tif")], "ZONES": str(folder / "区 县.gpkg") + "|layername=zones",
                                     "ZONE_ID": "code", "THREADS": 0, "MEMORY": "512M", "OUTPUT": folder / "defaults"})
    return json.loads((pathlib.Path(results["OUTPUT"]) / "run.json").read_text("utf-8"))["timings"]["command_line"]


@question
def defaults(folder):
    """Labels of options with a default, and what they have to begin with."""
    stands = QgsApplication.processingRegistry().algorithmById("sinkcalc:stands")
    found = [stands.parameterDefinition(name) for name in ("VOLUME_UNIT", "MEMORY", "THREADS")]
    return [(parameter.description(), parameter.defaultValue()) for parameter in found]


@question
def loaded_layers(folder):
    """Layers of a project by object: the same as by path."""
    zones = QgsVectorLayer(str(folder / "区 县.gpkg") + "|layername=zones", "counties", "ogr")
    first, second = (QgsRasterLayer(str(folder / name), name) for name in ("carbon_a.tif", "carbon_b.tif"))
    QgsProject.instance().addMapLayers([zones, first, second])
    out = folder / "by object"
    results = run("sinkcalc:zonal", {"RASTER": [first.id(), second], "ZONES": zones, "ZONE_ID": "code", "ZONE_NAME": "name", "BY": folder / "b.tif",
                                     "OUTPUT": out})
    QgsProject.instance().clear()
    return results


@question
def two_zone_sets(folder):
    return run("sinkcalc:zonal", zonal(folder, str(folder / "区 县.gpkg"), OUTPUT=folder / "two sets",
                                       ZONES_MORE=[str(folder / "towns.gpkg"), "town", "", ""]))


@question
def temporary_folder(folder):
    results = run("sinkcalc:zonal", zonal(folder, str(folder / "区 县.gpkg"), OUTPUT="TEMPORARY_OUTPUT"))
    return sorted(os.listdir(results["OUTPUT"]))


@question
def failing_tool(folder):
    return run("sinkcalc:run", {"INVENTORY": folder / "nowhere.toml", "OUTPUT": folder / "never"})


@question
def check_that_finds(folder):
    text = (folder / "i.toml").read_text(encoding="utf-8").replace("volume_2020.tif", "nowhere.tif")
    (folder / "broken.toml").write_text(text, encoding="utf-8")
    return run("sinkcalc:check", {"INVENTORY": folder / "broken.toml"})


@question
def opened_with_styles(folder):
    """What Processing adds to the project of the window, and how it is drawn."""
    from processing.gui.Postprocessing import handleAlgorithmResults
    context, feedback = QgsProcessingContext(), Feedback()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("sinkcalc:run")
    parameters = {"INVENTORY": str(folder / "i.toml"), "OUTPUT": str(folder / "opened")}
    (folder / "opened").mkdir()
    shutil.copy(folder / "a.tif", folder / "opened" / "my own.tif")
    results, good = algorithm.run(parameters, context, feedback)
    (folder / "opened" / "my own.tif").unlink()
    handleAlgorithmResults(algorithm, context, feedback)
    found = {layer.name(): type(layer.renderer()).__name__ for layer in QgsProject.instance().mapLayers().values()}
    QgsProject.instance().clear()
    return {"good": good, "layers": found, "sources": [os.path.basename(source) for source in results["RESULT_LAYERS"]],
            "progress": [min(feedback.progresses), max(feedback.progresses)], "texts": feedback.texts, "warnings": feedback.warnings}


@question
def cancel(folder):
    """The sample, stopped once it computes."""
    out, feedback = folder / "cancelled", Feedback("computing")
    start = time.monotonic()
    answer = run("sinkcalc:run", {"INVENTORY": SAMPLE, "OUTPUT": out, "THREADS": 1}, feedback)
    children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return {"answer": answer, "seconds": time.monotonic() - start, "left": out.exists() or any(folder.glob("**/.sinkcalc-*")),
            "children": len(children)}


@question
def types(folder):
    """Of the parameters, as a person sees them."""
    stock = QgsApplication.processingRegistry().algorithmById("sinkcalc:stock")
    return {definition.name(): [definition.type(), definition.isOptional() if hasattr(definition, "isOptional") else
                                bool(definition.flags() & definition.FlagOptional), bool(definition.flags() & definition.FlagAdvanced)]
            for definition in stock.parameterDefinitions()}


@question
def setting(folder):
    """A folder without programs in the setting, and the way back."""
    from processing.core.ProcessingConfig import ProcessingConfig
    provider = QgsApplication.processingRegistry().providerById("sinkcalc")
    ProcessingConfig.setSettingValue("SINKCALC_FOLDER", str(folder))
    provider.refreshAlgorithms()
    without = [a.id() for a in provider.algorithms()], provider.warningMessage(), run("sinkcalc:missing", {})
    ProcessingConfig.setSettingValue("SINKCALC_FOLDER", os.environ["SINKCALC_PATH"])
    provider.refreshAlgorithms()
    return {"without": without, "with": [a.id() for a in provider.algorithms()], "problem": provider.warningMessage()}


def main():
    folder = pathlib.Path(sys.argv[1])
    application = QgsApplication([], False)
    application.initQgis()
    from processing.core.Processing import Processing
    Processing.initialize()
    from sinkcalc_qgis import classFactory
    plugin = classFactory(None)
    plugin.initProcessing()
    answers = {}
    for name, ask in QUESTIONS.items():
        try:
            answers[name] = ask(folder)
        except Exception:                       # one question must not silence the others
            answers[name] = traceback.format_exc()
    plugin.unload()
    answers["after_unload"] = [p.id() for p in QgsApplication.processingRegistry().providers() if p.id().startswith("sink")]
    print(json.dumps(answers, default=str))
    sys.stdout.flush()
    os._exit(0)


main()
