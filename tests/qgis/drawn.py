"""Renders layers with QGIS, without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")


class Drawn:
    """The image of a layer in a box of longitudes and latitudes."""

    def __init__(self, layer, box: QgsRectangle, dpi=96):
        self.there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), MERCATOR, QgsProject.instance())
        self.settings = QgsMapSettings()
        self.settings.setLayers([layer])
        self.settings.setDestinationCrs(MERCATOR)
        self.settings.setBackgroundColor(QColor("white"))
        self.settings.setOutputSize(QSize(800, 800))
        self.settings.setOutputDpi(dpi)
        self.settings.setExtent(self.there.transformBoundingBox(box))
        job = QgsMapRendererParallelJob(self.settings)
        job.start()
        job.waitForFinished()
        self.image = job.renderedImage()

    def pixel(self, place) -> tuple[int, int]:
        at = self.settings.mapToPixel().transform(self.there.transform(QgsPointXY(*place)))
        return int(at.x()), int(at.y())

    def colour(self, place) -> str:
        return self.image.pixelColor(*self.pixel(place)).name()

    def colours_around(self, place, radius: int) -> set[str]:
        x, y = self.pixel(place)
        span = range(-radius, radius + 1)
        return {self.image.pixelColor(x + i, y + j).name() for i in span for j in span}

    def width(self, place) -> int:
        """Returns how many pixels beside the place have its colour."""
        x, y = self.pixel(place)
        here = self.image.pixelColor(x, y)
        right = next(i for i in range(400) if self.image.pixelColor(x + i, y) != here)
        left = next(i for i in range(400) if self.image.pixelColor(x - i, y) != here)
        return left + right - 1
