"""Open files in QGIS as a planner does who drags them in, draw them, and print as JSON what QGIS made of them.

Run by the system's Python, which holds QGIS: ``python3 open_in_qgis.py FOLDER_OF_PICTURES FILE...``.
"""

import json
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

PIXELS = 600


def look(layer):
    """What is the same for every layer."""
    return {"valid": layer.isValid(), "crs": layer.crs().authid(), "picture": "", "classes": []}


def draw(layer, path):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(PIXELS, PIXELS))
    extent = layer.extent()
    extent.grow(0.02 * max(extent.width(), extent.height()))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(path))
    return str(path)


def classes(renderer):
    if renderer.type() != "categorizedSymbol":
        return []
    return [[one.value(), one.label(), one.symbol().color().name()] for one in renderer.categories()]


def fields(layer):
    found = {}
    for n, one in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(n)
        values = setup.config().get("map", {}) if setup.type() == "ValueMap" else {}
        rows = values if isinstance(values, list) else [values]
        found[one.name()] = {"alias": one.alias(), "words": {word: code for row in rows for word, code in row.items()}}
    return found


def vector(address, folder):
    name = address.rpartition("layername=")[2]
    layer = QgsVectorLayer(address, name, "ogr")
    told = {**look(layer), "rows": layer.featureCount(), "fields": fields(layer)}
    told["styles"] = styles(layer)
    if layer.geometryType() != QgsWkbTypes.NullGeometry:
        told |= {"renderer": layer.renderer().type(), "classes": classes(layer.renderer())}
        told["labels"] = layer.labeling().settings().fieldName if layer.labelsEnabled() else ""
        told["picture"] = draw(layer, folder / f"{name}.png")
    return name, told


def styles(layer):
    """Names of the styles stored beside the layer, the default one first."""
    count, _keys, names, _descriptions, _fault = layer.listStylesInDatabase()
    return names[: max(count, 0)]


def raster(path, folder):
    layer = QgsRasterLayer(str(path), path.stem)
    told = {**look(layer), "renderer": layer.renderer().type()}
    if told["renderer"] == "paletted":
        told["classes"] = [[one.value, one.label, one.color.name()] for one in layer.renderer().classes()]
    if told["renderer"] == "singlebandpseudocolor":
        ramp = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
        told["classes"] = [[one.value, one.label, one.color.name()] for one in ramp]
    told["picture"] = draw(layer, folder / f"{path.stem}.png")
    return path.stem, told


def main(folder, *paths):
    application = QgsApplication([], False)
    application.initQgis()
    found = {}
    for path in map(Path, paths):
        if path.suffix == ".gpkg":
            parts = QgsProviderRegistry.instance().querySublayers(str(path))
            found |= dict(vector(one.uri(), Path(folder)) for one in parts)
        else:
            found |= dict([raster(path, Path(folder))])
    print(json.dumps(found, default=str))
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
