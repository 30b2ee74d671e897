# SPDX-License-Identifier: Apache-2.0
"""Layers of QGIS as the files that the programs read. What QGIS shows and the file does not hold is refused, not ignored."""
import os

from qgis.core import QgsMapLayerType, QgsProviderRegistry
from qgis.PyQt.QtCore import QUrl


class Refusal(Exception):
    """A value that the programs cannot take; the message says what to do."""


def file_of(layer, what, band=None):
    """FILE, FILE:BAND or FILE:LAYER of a layer. `what` names the parameter in messages; throws Refusal."""
    if layer.type() == QgsMapLayerType.RasterLayer:
        return raster_file(layer, what, band)
    if layer.type() == QgsMapLayerType.VectorLayer:
        return vector_file(layer, what)
    raise Refusal(f"{what}: the layer '{layer.name()}' is neither raster nor vector: choose another")


def raster_file(layer, what, band=None):
    if layer.providerType() != "gdal":
        raise no_file(layer, what, "raster")
    path = QgsProviderRegistry.instance().decodeUri("gdal", layer.source()).get("path") or layer.source()
    if not os.path.exists(path):
        raise no_file(layer, what, "raster")
    if band is None and layer.bandCount() > 1:
        raise Refusal(f"{what}: '{layer.name()}' has {layer.bandCount()} bands: choose the band, in the field below it")
    return path if band is None else f"{path}:{band}"


def vector_file(layer, what):
    if layer.isEditable() and layer.isModified():
        raise Refusal(f"{what}: the layer '{layer.name()}' has unsaved edits, which its file does not hold: save them "
                      "(Layer > Save Layer Edits) or drop them")
    if layer.providerType() == "delimitedtext":
        path, name = QUrl(layer.source().split("?")[0]).toLocalFile(), ""
    elif layer.providerType() == "ogr":
        parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
        path, name = parts.get("path") or "", parts.get("layerName") or ""
    else:
        raise no_file(layer, what, "vector")
    if not os.path.exists(path):
        raise no_file(layer, what, "vector")
    if layer.subsetString():
        raise Refusal(f"{what}: the layer '{layer.name()}' has a filter, {layer.subsetString()}, which its file does not know: take "
                      "it away (Layer > Filter), and choose with WHERE, or export the features first")
    return f"{path}:{name}" if name and layers_in(path) > 1 else path


def layers_in(path):
    metadata = QgsProviderRegistry.instance().providerMetadata("ogr")
    return len(metadata.querySublayers(path))


def no_file(layer, what, kind):
    source = layer.providerType() if kind == "vector" or layer.providerType() != "gdal" else "source"
    where = {"memory": "a temporary layer in memory", "wms": "a web map", "postgres": "a database table", "WFS": "a web service"}.get(
        source, f"of provider '{source}'" if source != "source" else "not on this computer")
    return Refusal(f"{what}: the layer '{layer.name()}' is {where}, not a file: export it first "
                   f"(Layer > Save As, {'GeoTIFF' if kind == 'raster' else 'GeoPackage'}) and choose the file")
