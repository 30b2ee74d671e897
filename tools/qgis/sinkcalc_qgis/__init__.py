# SPDX-License-Identifier: Apache-2.0
"""The commands of sinkcalc and sinkchange in the QGIS Processing toolbox, made from what the programs say of themselves."""


def classFactory(iface):                                                      # noqa: N802  QGIS calls it so
    from .plugin import SinkcalcPlugin
    return SinkcalcPlugin(iface)
