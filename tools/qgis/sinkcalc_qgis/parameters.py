# SPDX-License-Identifier: Apache-2.0
"""Options as Processing parameters."""
from qgis.core import (
    QgsProcessing, QgsProcessingParameterBand, QgsProcessingParameterBoolean, QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum, QgsProcessingParameterField, QgsProcessingParameterFile, QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination, QgsProcessingParameterMapLayer, QgsProcessingParameterMatrix,
    QgsProcessingParameterMultipleLayers, QgsProcessingParameterNumber, QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString, QgsProcessingParameterVectorLayer)

from .options import FILES, NUMBERS, is_set

FILTERS = {"table": "CSV (*.csv);;All files (*)", "legend": "CSV (*.csv);;All files (*)",
           "inventory": "Inventory (*.toml);;All files (*)", "file": "All files (*)"}
BANDS_HELP = "With commas: one for all, or one for each. Blank: files of one band."
ORDER_HELP = "Their order is that of the list: drag them."
WORDS_HELP = "Several with spaces between; one that holds a space in double quotes."


def band_key(option):
    """Of a zone set it is that of the first: further ones stand in a table, as FILE:BAND."""
    return option.key + ("_BANDS" if option.several and not is_set(option) else "_BAND")


def more_key(option):
    return option.key + "_MORE"


def parameters_of(option, options):
    """The parameters for one option: mostly one; a raster has its band too, a zone set a table for further ones."""
    made = make(option, options)
    made.setHelp(help_of(option, options, made))
    if option.advanced:
        made.setFlags(made.flags() | advanced())
    result = [made]
    if option.type == "raster" and option.several:
        label = f"Bands of {option.key.lower()}, where its files have several"
        result.append(extra(QgsProcessingParameterString(band_key(option), label, optional=True), BANDS_HELP))
    elif option.type == "raster":
        result.append(QgsProcessingParameterBand(band_key(option), "    its band, where the file has several",
                                                 parentLayerParameterName=option.key, optional=True))
    elif option.type == "zones":
        result.append(zones_band(option))
    if is_set(option):
        headers = [option.key, *(follower.key for follower in options.of(option))]
        result.append(extra(QgsProcessingParameterMatrix(more_key(option), "More zone sets, a row each", numberRows=0,
                                                         hasFixedNumberRows=False, headers=headers, optional=True),
                            "Files with their fields, where the results are wanted for several sets at once."))
    elif option.type == "legend" and option.several:
        label = f"More of {option.key.lower()}: one for each map"
        result.append(extra(QgsProcessingParameterString(more_key(option), label, optional=True), WORDS_HELP))
    return result


def zones_band(option):
    """A number, since QGIS's own field for a band wants a raster beside it and zones may be polygons."""
    parameter = QgsProcessingParameterNumber(band_key(option), "    its band, for a class raster of several", optional=True, minValue=1)
    parameter.setHelp("Blank: polygons, or a raster of one band.")
    return parameter


def advanced():
    return QgsProcessingParameterDefinition.FlagAdvanced


def extra(parameter, help_text):
    """An advanced parameter beside the one it belongs to."""
    parameter.setHelp(help_text)
    parameter.setFlags(parameter.flags() | advanced())
    return parameter


def help_of(option, options, parameter):
    lines = [f"{option.name}: {option.help}"]
    if option.unit:
        lines.append(f"Unit: {option.unit}")
    if option.several and option.type == "raster":
        lines.append(ORDER_HELP)
    if isinstance(parameter, QgsProcessingParameterString) and option.several and not options.rides_with_sets(option):
        lines.append(WORDS_HELP)
    return "\n".join(lines)


def make(option, options):
    """The parameter that takes the option's value, or its values."""
    if option.output:
        return destination(option)
    if option.several and not options.rides_with_sets(option):
        several = make_several(option)
        if several:
            return several
    return make_single(option, options)


def destination(option):
    if option.type == "directory":
        return QgsProcessingParameterFolderDestination(option.key, option.label, optional=not option.required)
    return QgsProcessingParameterFileDestination(option.key, option.label, FILTERS.get(option.type, FILTERS["file"]),
                                                 optional=not option.required)


def make_several(option):
    optional = not option.required
    if option.type == "raster":
        return multiple(option, QgsProcessing.TypeRaster)
    if option.type == "vector":
        return multiple(option, QgsProcessing.TypeVector)
    if option.type in ("file", "table", "inventory"):
        return multiple(option, QgsProcessing.TypeFile)
    if option.type == "choice":
        return choice(option, several=True)
    if option.type in ("zones", "legend"):
        return None     # one, with a parameter for more beside it
    return QgsProcessingParameterString(option.key, with_default(option), None, optional=optional)


def multiple(option, layer_type):
    parameter = QgsProcessingParameterMultipleLayers(option.key, option.label, layer_type, optional=not option.required)
    parameter.setMinimumNumberInputs(option.least if option.required else 0)
    return parameter


def make_single(option, options):
    key, label, optional, kind = option.key, option.label, not option.required, option.type
    if kind == "flag":
        return QgsProcessingParameterBoolean(key, label, False)
    if kind == "choice":
        return choice(option, several=False)
    if kind in NUMBERS and not option.must_be_typed:
        return number(option)
    if kind == "raster":
        return QgsProcessingParameterRasterLayer(key, label, optional=optional)
    if kind == "zones":
        return QgsProcessingParameterMapLayer(key, label, optional=optional,
                                              types=[QgsProcessing.TypeVectorPolygon, QgsProcessing.TypeRaster])
    if kind in ("vector", "sample"):
        return QgsProcessingParameterVectorLayer(key, label, [QgsProcessing.TypeVector], optional=optional)
    if kind == "directory":
        return QgsProcessingParameterFile(key, label, QgsProcessingParameterFile.Folder, optional=optional)
    if kind in FILES:
        return QgsProcessingParameterFile(key, label, optional=optional, fileFilter=FILTERS[kind], defaultValue=option.default)
    owner = next((other for other in options.offered if other.name == option.owner), None)
    if kind == "field" and owner is not None:
        return QgsProcessingParameterField(key, label, option.default, owner.key, optional=optional)
    return QgsProcessingParameterString(key, with_default(option), None, optional=optional)


def with_default(option):
    """The label, with what the program takes by itself. Nothing is filled in to begin with, and what is given is passed on, even
    where it is the default: an inventory may say otherwise, and a program may ask back about a unit that it took by itself."""
    return option.label if option.default is None else f"{option.label} [blank: {option.default}]"


def choice(option, several):
    return QgsProcessingParameterEnum(option.key, with_default(option), option.choices, allowMultiple=several, defaultValue=None,
                                      optional=not option.required, usesStaticStrings=True)


def number(option):
    whole = option.type == "integer"
    parameter = QgsProcessingParameterNumber(
        option.key, with_default(option),
        QgsProcessingParameterNumber.Integer if whole else QgsProcessingParameterNumber.Double,
        defaultValue=None, optional=not option.required)
    if option.minimum is not None:
        parameter.setMinimum(option.minimum)
    if option.maximum is not None:
        parameter.setMaximum(option.maximum)
    return parameter
