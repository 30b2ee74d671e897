# SPDX-License-Identifier: Apache-2.0
"""Opens a project in QGIS without a screen, draws its map and its print layout, and prints what it found, as JSON: run by
test_project.py in a process of its own.

Usage: qgis_project.py PROJECT.qgz OUTPUT_FOLDER. Writes map.png (layers that are shown, on magenta) and layout.png.
"""
import json
import os
import pathlib
import sys

from qgis.core import (QgsApplication, QgsDateTimeRange, QgsLayoutExporter, QgsLayoutItemAttributeTable, QgsLayoutItemLegend,
                       QgsLayoutItemMap, QgsLayoutItemScaleBar, QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings, QgsProject)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt, QTime
from qgis.PyQt.QtGui import QColor

GROUND = "#ff00ff"


def draw(project, layers, years=None, width=480):
    extent = project.viewSettings().defaultViewExtent()
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(width, round(width * extent.height() / extent.width())))
    settings.setBackgroundColor(QColor(GROUND))
    settings.setTransformContext(project.transformContext())
    if years:
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(moment(years[0], 1, 1), moment(years[1], 12, 31)))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def moment(year, month, day):
    return QDateTime(QDate(year, month, day), QTime(0, 0), Qt.UTC)


def coverage(image):
    """The share of a picture that is not its ground, and its colours with the pixels of each."""
    colours = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = image.pixelColor(x, y).name()
            colours[name] = colours.get(name, 0) + 1
    all_pixels = image.width() * image.height()
    return 1 - colours.get(GROUND, 0) / all_pixels, colours


def years_of(time):
    return [time.begin().toUTC().toString(Qt.ISODate), time.end().toUTC().toString(Qt.ISODate)] if not time.isInfinite() else None


def describe(node, project):
    layer = node.layer()
    parent = node.parent()
    found = {"name": node.name(), "group": parent.name(), "shown": node.itemVisibilityChecked(), "valid": bool(layer and layer.isValid())}
    if not found["valid"]:
        return found
    raster = layer.type() == QgsMapLayer.RasterLayer
    found.update(source=layer.source(), crs=layer.crs().authid(), raster=raster,
                 renderer=type(layer.renderer()).__name__ if layer.isSpatial() else None, id=layer.id())
    if raster:
        time = layer.temporalProperties()
        found["years"] = years_of(time.fixedTemporalRange()) if time.isActive() else None
        found["drawn"] = coverage(draw(project, [layer], width=120))[0]
        if time.isActive():
            first = time.fixedTemporalRange().begin().date().year()
            found["drawn_before"] = coverage(draw(project, [layer], (first - 2, first - 1), width=120))[0]
            found["drawn_then"] = coverage(draw(project, [layer], (first, first), width=120))[0]
    elif layer.isSpatial():
        found["drawn"] = coverage(draw(project, [layer], width=120))[0]
        found["features"] = layer.featureCount()
    return found


def contents_of(table):
    table.refresh()
    return table.contents()


def layout(project, output):
    page = project.layoutManager().layouts()[0]
    items = page.items()
    maps = [item for item in items if isinstance(item, QgsLayoutItemMap)]
    legends = [item for item in items if isinstance(item, QgsLayoutItemLegend)]
    bars = [item for item in items if isinstance(item, QgsLayoutItemScaleBar)]
    tables = [frame for frame in page.multiFrames() if isinstance(frame, QgsLayoutItemAttributeTable)]
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 120
    settings.exportMetadata = False
    result = QgsLayoutExporter(page).exportToImage(str(output / "layout.png"), settings)
    return {"name": page.name(), "result": int(result), "pages": page.pageCollection().pageCount(),
            "maps": [[layer.name() for layer in item.layers()] for item in maps],
            "legends": [[node.name() for node in item.model().rootGroup().findLayers()] for item in legends],
            "legend_of": [item.linkedMap() == maps[0] for item in legends],
            "bars": [{"km": item.unitsPerSegment(), "of_map": item.linkedMap() == maps[0]} for item in bars],
            "tables": [{"layer": table.vectorLayer().name() if table.vectorLayer() else None,
                        "headings": [column.heading() for column in table.columns()],
                        "rows": [[str(cell) for cell in row] for row in contents_of(table)]} for table in tables]}


def main():
    file, output = sys.argv[1], pathlib.Path(sys.argv[2])
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    read = project.read(file)
    root = project.layerTreeRoot()
    shown = [layer for layer in root.layerOrder() if layer.isValid() and root.findLayer(layer).isVisible()]
    image = draw(project, shown, width=900)
    image.save(str(output / "map.png"))
    share, colours = coverage(image)
    extent = project.viewSettings().defaultViewExtent()
    print(json.dumps({"read": read, "title": project.title(), "crs": project.crs().authid(), "crs_valid": project.crs().isValid(),
                      "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
                      "time": years_of(project.timeSettings().temporalRange()), "step": project.timeSettings().timeStep(),
                      "layers": [describe(node, project) for node in root.findLayers()],
                      "coverage": share, "colours": len(colours), "layout": layout(project, output)}))
    sys.stdout.flush()
    os._exit(0)


main()
