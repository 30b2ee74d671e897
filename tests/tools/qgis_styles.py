# SPDX-License-Identifier: Apache-2.0
"""Opens layers in QGIS without a screen and prints what it made of them, as JSON: run by test_styles.py in a process of
its own, since PyQGIS may crash at its end, with an environment of its own.

Usage: qgis_styles.py FOLDER < JSON. The JSON lists {"layer": NAME.tif or FILE.gpkg|layername=NAME, "values": [...]}; the
answer has renderer, classes and labels, the colour of each value, and the colours of a picture on magenta, four screen
pixels by four to a raster's pixel.
"""
import json
import os
import pathlib
import sys

from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

ZOOM = 4


def picture(layer, columns, rows):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(columns * ZOOM, rows * ZOOM))
    settings.setBackgroundColor(QColor("#ff00ff"))
    settings.setFlag(QgsMapSettings.Antialiasing, False)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return [[image.pixelColor(c * ZOOM + ZOOM // 2, r * ZOOM + ZOOM // 2).name() for c in range(columns)] for r in range(rows)]


def raster(path, values):
    layer = QgsRasterLayer(path, "r")
    found = {"valid": layer.isValid() and layer.crs().isValid(), "renderer": type(layer.renderer()).__name__, "bands": layer.bandCount(),
             "crs": layer.crs().authid(), "nodata": layer.dataProvider().sourceHasNoDataValue(1)}
    if found["renderer"] == "QgsPalettedRasterRenderer":
        found.update(classes=[[c.value, c.label, c.color.name(), c.color.alpha()] for c in layer.renderer().classes()],
                     picture=picture(layer, layer.width(), layer.height()) if layer.width() <= 100 else None)
    if found["renderer"] != "QgsSingleBandPseudoColorRenderer":
        return found
    shader = layer.renderer().shader().rasterShaderFunction()
    items = shader.colorRampItemList()
    shades = [shader.shade(value) for value in values]
    found.update(discrete=int(shader.colorRampType()) == 1, labels=[item.label for item in items], bounds=[str(item.value) for item in items],
                 colours=["#%02x%02x%02x" % tuple(shade[1:4]) if shade[0] else None for shade in shades],
                 picture=picture(layer, layer.width(), layer.height()) if layer.width() <= 100 else None)
    return found


def by_style(layer):
    """{name of a style in the file: a picture in it}; then the style by default again."""
    _, ids, names, _, _ = layer.listStylesInDatabase()
    pictures = {}
    for style, name in zip(ids, names):
        xml, _ = layer.getStyleFromDatabase(style)
        document = QDomDocument()
        document.setContent(xml)
        layer.importNamedStyle(document)
        pictures[name] = picture(layer, 60, 60)
    layer.loadDefaultStyle()
    return pictures


def vector(path, values):
    layer = QgsVectorLayer(path, "v", "ogr")
    renderer = layer.renderer()
    found = {"valid": layer.isValid() and layer.crs().isValid(), "renderer": type(renderer).__name__}
    if found["renderer"] != "QgsGraduatedSymbolRenderer":
        return found
    found["by_style"] = by_style(layer)
    renderer = layer.renderer()
    found.update(attribute=renderer.classAttribute(), labels=[range.label() for range in renderer.ranges()],
                 colours=[renderer.symbolForValue(value).color().name() for value in values],
                 picture=picture(layer, 60, 60))
    return found


def main():
    folder = pathlib.Path(sys.argv[1])
    application = QgsApplication([], False)
    application.initQgis()
    answers = []
    for question in json.load(sys.stdin):
        path = str(folder / question["layer"])
        answers.append((vector if ".gpkg" in path else raster)(path, question["values"]))
    print(json.dumps(answers))
    sys.stdout.flush()
    os._exit(0)


main()
