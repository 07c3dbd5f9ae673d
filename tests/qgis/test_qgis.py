"""QGIS itself, without a screen: it reads the items and draws the vector tiles. Runs with the system's Python, which is
the one that Debian's python3-qgis is for: CLEARLINE_PROGRAM=target/release/clearline /usr/bin/python3 test_qgis.py"""

import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

PROGRAM = Path(os.environ["CLEARLINE_PROGRAM"])
LACHIN = QgsRectangle(46.2, 39.3, 46.8, 40.0)


class Qgis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        store = f"{cls.folder.name}/qgis.gpkg"
        cls.process = subprocess.Popen(
            [PROGRAM, "serve", "--store", store, "--listen", "127.0.0.1:0", "--demo"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in cls.process.stdout)
        cls.url = next(filter(None, found)).group()
        make = [PROGRAM, "token", "create", "--role", "viewer", "--name", "QGIS", "--store", store]
        cls.token = subprocess.run(make, capture_output=True, text=True, check=True).stdout.strip()
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = cls.folder.name
        cls.qgis = QgsApplication([], False)
        cls.qgis.initQgis()

    @classmethod
    def tearDownClass(cls):
        cls.qgis.exitQgis()
        cls.process.terminate()
        cls.process.wait(timeout=30)
        cls.process.stdout.close()
        cls.folder.cleanup()

    def items(self, **parameters) -> QgsVectorLayer:
        """The layer as the dialog makes it, with the token as the password of the connection."""
        given = {"url": self.url, "typename": "detections", "username": "me", "password": self.token, **parameters}
        layer = QgsVectorLayer(" ".join(f"{name}='{value}'" for name, value in given.items()), "detections", "OAPIF")
        self.assertTrue(layer.isValid(), layer.error().message())
        return layer

    def features(self, query: str) -> list:
        request = urllib.request.Request(
            f"{self.url}/collections/detections/items?limit=10000&{query}",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["features"]

    def test_it_reads_every_record_once_with_its_values_and_place(self):
        expected = {feature["id"]: feature for feature in self.features("")}
        self.assertGreater(len(expected), 2_500)
        layer = self.items(pageSize="500")
        self.assertEqual(layer.featureCount(), len(expected))
        self.assertEqual(layer.wkbType(), QgsWkbTypes.Point)
        seen = set()
        for feature in layer.getFeatures():
            record = expected[feature["id"]]
            self.assertNotIn(feature["id"], seen)
            seen.add(feature["id"])
            place = feature.geometry().asPoint()
            self.assertEqual([place.x(), place.y()], record["geometry"]["coordinates"])
            for name in ("kind", "status", "operator", "quantity", "region"):
                self.assertEqual(feature[name], record["properties"][name])
            self.assertEqual(feature["detected_on"].toString("yyyy-MM-dd"), record["properties"]["detected_on"])
        self.assertEqual(seen, set(expected))

    def test_a_box_asks_the_server_for_what_lies_in_it(self):
        box = ",".join(str(side) for side in LACHIN.toRectF().getCoords())
        expected = {feature["id"] for feature in self.features(f"bbox={box}")}
        self.assertGreater(len(expected), 100)
        layer = self.items(restrictToRequestBBOX="1")
        found = [feature["id"] for feature in layer.getFeatures(QgsFeatureRequest().setFilterRect(LACHIN))]
        self.assertEqual(sorted(found), sorted(expected))

    def test_it_draws_the_public_tiles_where_the_records_are(self):
        layer = QgsVectorTileLayer(f"type=xyz&url={self.url}/tiles/detections/{{z}}/{{x}}/{{y}}.mvt&zmin=0&zmax=22", "tiles")
        self.assertTrue(layer.isValid(), layer.error().message())
        renderer = QgsVectorTileBasicRenderer()
        style = QgsVectorTileBasicRendererStyle("all", "", QgsWkbTypes.PointGeometry)
        style.setSymbol(QgsMarkerSymbol.createSimple({"color": "red", "outline_style": "no", "size": "2"}))
        style.setEnabled(True)
        renderer.setStyles([style])
        layer.setRenderer(renderer)

        # So near that tiles hold records, and no cells.
        lachin = ",".join(str(side) for side in LACHIN.toRectF().getCoords())
        x, y = self.features(f"bbox={lachin}&status=neutralised")[0]["geometry"]["coordinates"]
        near = QgsRectangle(x - 0.01, y - 0.01, x + 0.01, y + 0.01)
        box = ",".join(str(side) for side in near.toRectF().getCoords())
        neutralised = self.features(f"bbox={box}&status=neutralised")

        mercator = QgsCoordinateReferenceSystem("EPSG:3857")
        there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), mercator, QgsProject.instance())
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(mercator)
        settings.setBackgroundColor(QColor("white"))
        settings.setOutputSize(QSize(800, 800))
        settings.setExtent(there.transformBoundingBox(near))
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        image = job.renderedImage()
        image.save(os.environ.get("CLEARLINE_PICTURE", f"{self.folder.name}/tiles.png"))

        def is_drawn(place) -> bool:
            pixel = settings.mapToPixel().transform(there.transform(QgsPointXY(*place)))
            return image.pixelColor(int(pixel.x()), int(pixel.y())) != QColor("white")

        self.assertGreater(len(neutralised), 5)
        for record in neutralised:
            self.assertTrue(is_drawn(record["geometry"]["coordinates"]), record)
        blank = sum(image.pixelColor(x, y) == QColor("white") for x in range(0, 800, 4) for y in range(0, 800, 4))
        self.assertGreater(blank, 30_000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
