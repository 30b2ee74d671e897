# SPDX-License-Identifier: Apache-2.0
"""What a run leaves: numbers from its JSON, layers from its folder, opened with the styles that lie beside or in them."""
import json
import os

from qgis.core import (QgsProcessingContext, QgsProcessingOutputMultipleLayers, QgsProcessingOutputNumber, QgsProviderRegistry,
                       QgsRasterLayer, QgsVectorLayer, QgsWkbTypes)

from .options import key_of

LAYERS, WARNINGS = "RESULT_LAYERS", "WARNINGS"      # LAYERS is the option --layers


def declare_outputs(algorithm, command):
    """Outputs of a command that fills a folder: its layers, the number of warnings, the numbers that its JSON has."""
    algorithm.addOutput(QgsProcessingOutputMultipleLayers(LAYERS, "Rasters and vector layers in the folder"))
    algorithm.addOutput(QgsProcessingOutputNumber(WARNINGS, "Number of warnings"))
    for number in command.get("numbers", []):
        unit = f" ({number['unit']})" if number["unit"] not in ("", "1") else ""
        algorithm.addOutput(QgsProcessingOutputNumber(key_of(number["name"]), number["help"] + unit))


def summary_of(printed):
    """What `--json` printed; blank where that is no JSON object."""
    try:
        summary = json.loads(printed)
    except ValueError:
        return {}
    return summary if isinstance(summary, dict) else {}


def numbers_of(summary, command):
    """The declared numbers of a summary; one that the program does not know is left out."""
    if not summary:
        return {}
    found = {WARNINGS: len(summary.get("warnings", []))}
    for number in command.get("numbers", []):
        value = at_pointer(summary, number["pointer"])
        if isinstance(value, (int, float)):
            found[key_of(number["name"])] = value
    return found


def at_pointer(value, pointer):
    for part in pointer.strip("/").split("/"):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def sources_in(folder, summary):
    """[(source, name, whether it is a raster)] of what can be shown of the files that the run says it wrote, whatever else lies in
    its folder: rasters, and the layers of GeoPackages that have shapes."""
    sources = []
    for name in sorted(output["file"] for output in summary.get("outputs", [])):
        path = os.path.join(folder, name)
        stem, extension = os.path.splitext(name)
        if extension == ".tif":
            sources.append((path, stem, True))
        elif extension == ".gpkg":
            layers = QgsProviderRegistry.instance().providerMetadata("ogr").querySublayers(path)
            shown = [layer for layer in layers if layer.wkbType() not in (QgsWkbTypes.NoGeometry, QgsWkbTypes.Unknown)]
            for layer in shown:
                title = stem if len(shown) == 1 and layer.name() == stem else f"{stem}: {layer.name()}"
                sources.append((f"{path}|layername={layer.name()}", title, False))
    return sources


def open_in_project(sources, context):
    """Has layers added to the map when the algorithm is done. Called on the main thread: layers opened here have their own
    style, which those that Processing opens by path do not."""
    for source, title, is_raster in sources:
        layer = QgsRasterLayer(source, title) if is_raster else QgsVectorLayer(source, title, "ogr")
        if not layer.isValid():
            continue
        context.temporaryLayerStore().addMapLayer(layer)
        context.addLayerToLoadOnCompletion(layer.id(), QgsProcessingContext.LayerDetails(title, context.project(), ""))
