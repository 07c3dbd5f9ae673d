"""QGIS itself, without a screen: it reads the items and draws the vector tiles. Run it with the system's Python, for
which Debian's python3-qgis is built: CLEARLINE_PROGRAM=target/release/clearline /usr/bin/python3 test_qgis.py"""

import json
import os
import tempfile
import threading
import unittest
import urllib.request
from http.server import ThreadingHTTPServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsAuthMethodConfig,
    QgsFeatureRequest,
    QgsMapBoxGlStyleConverter,
    QgsMarkerSymbol,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor  # noqa: E402

from drawn import Drawn  # noqa: E402
from noting import Noting  # noqa: E402
from served import Served  # noqa: E402

LACHIN = QgsRectangle(46.2, 39.3, 46.8, 40.0)


def setUpModule():
    global profile, qgis
    profile = tempfile.TemporaryDirectory()
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile.name
    qgis = QgsApplication([], False)
    qgis.initQgis()


def tearDownModule():
    qgis.exitQgis()
    profile.cleanup()


class Qgis(Served):

    def items(self, **parameters) -> QgsVectorLayer:
        """Creates the layer like the dialog, with the token as the connection's password."""
        given = {"url": self.url, "typename": "detections", "username": "me", "password": self.token, **parameters}
        layer = QgsVectorLayer(" ".join(f"{name}='{value}'" for name, value in given.items()), "detections", "OAPIF")
        self.assertTrue(layer.isValid(), layer.error().message())
        return layer

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

        # Zoomed in so far that tiles contain records instead of cells.
        lachin = ",".join(str(side) for side in LACHIN.toRectF().getCoords())
        x, y = self.features(f"bbox={lachin}&status=neutralised")[0]["geometry"]["coordinates"]
        near = QgsRectangle(x - 0.01, y - 0.01, x + 0.01, y + 0.01)
        box = ",".join(str(side) for side in near.toRectF().getCoords())
        neutralised = self.features(f"bbox={box}&status=neutralised")

        drawn = Drawn(layer, near)
        drawn.image.save(os.environ.get("CLEARLINE_PICTURE", f"{self.folder.name}/tiles.png"))
        self.assertGreater(len(neutralised), 5)
        for record in neutralised:
            self.assertEqual(drawn.colour(record["geometry"]["coordinates"]), "#ff0000", record)
        image = drawn.image
        blank = sum(image.pixelColor(x, y) == QColor("white") for x in range(0, 800, 4) for y in range(0, 800, 4))
        self.assertGreater(blank, 30_000)


class Conditions(Served):
    """The requests of QGIS under a filter, and that it shows as many features as the server counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queries = []
        noting = type("", (Noting,), {"upstream": cls.url.removeprefix("http://"), "queries": cls.queries})
        cls.between = ThreadingHTTPServer(("127.0.0.1", 0), noting)
        threading.Thread(target=cls.between.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.between.shutdown()
        cls.between.server_close()
        super().tearDownClass()

    def shown(self, condition="", box=None) -> tuple[int, str]:
        """Returns the number of features of a new layer under a condition, and the query that QGIS sent."""
        port = self.between.server_address[1]
        uri = f"url='http://127.0.0.1:{port}' typename='detections' username='me' password='{self.token}'"
        layer = QgsVectorLayer(f"{uri} restrictToRequestBBOX='1' pageSize='10000'", "detections", "OAPIF")
        self.assertTrue(layer.isValid(), layer.error().message())
        self.assertTrue(layer.setSubsetString(condition), condition)
        self.queries.clear()
        request = QgsFeatureRequest()
        if box is not None:
            request.setFilterRect(box)
        found = len([feature["id"] for feature in layer.getFeatures(request)])
        self.assertEqual(layer.dataProvider().error().message(), "")
        return found, self.queries[-1]

    def check(self, condition: str, sent: str, meant: str, box=None):
        expected = self.page(meant, limit=1)["numberMatched"]
        with self.subTest(condition):
            found, query = self.shown(condition, box)
            self.assertEqual(query.removeprefix("limit=10000").removeprefix("&"), sent)
            self.assertEqual(found, expected)
            self.assertGreater(found, 0)

    def test_days_and_instants_go_to_the_server(self):
        first, last = "2022-12-01", "2023-01-31"
        for condition, sent, meant in [
            # From a day on, and up to one: QGIS writes the open end as a distant date.
            (f"\"detected_on\" >= '{first}'", f"datetime={first}%2F9999-12-31T00:00:00Z", f"datetime={first}/.."),
            (f"\"detected_on\" > '{first}'", f"datetime={first}%2F9999-12-31T00:00:00Z", f"datetime={first}/.."),
            (f"\"detected_on\" <= '{last}'", f"datetime=0000-01-01T00:00:00Z%2F{last}", f"datetime=../{last}"),
            (f"\"detected_on\" < '{last}'", f"datetime=0000-01-01T00:00:00Z%2F{last}", f"datetime=../{last}"),
            (
                f"\"detected_on\" >= '{first}' AND \"detected_on\" <= '{last}'",
                f"datetime={first}%2F{last}",
                f"datetime={first}/{last}",
            ),
            (f"\"detected_on\" = '{self.some_day()}'", f"datetime={self.some_day()}", f"datetime={self.some_day()}"),
        ]:
            self.check(condition, sent, meant)
        # Instants in the forms that people write.
        for time in ["T00:00:00Z", "T00:00:00.000Z", "T00:00:00", "T03:00:00+03:00", "T00:00:00-03:00", " 00:00:00"]:
            self.check(
                f"\"detected_on\" >= '{first}{time}'",
                f"datetime={first}{time.replace(' ', '%20')}%2F9999-12-31T00:00:00Z",
                f"datetime={first}/..",
            )

    def some_day(self) -> str:
        return self.features("")[0]["properties"]["detected_on"]

    def test_a_box_and_a_day_go_to_the_server_together(self):
        box = "bbox=46.20000000000000284,39.29999999999999716,46.79999999999999716,40"
        meant = "bbox=46.2,39.3,46.8,40"
        self.check("", box, meant, LACHIN)
        self.check(
            "\"detected_on\" >= '2022-08-01'",
            f"datetime=2022-08-01%2F9999-12-31T00:00:00Z&{box}",
            f"datetime=2022-08-01/..&{meant}",
            LACHIN,
        )
        # A box around all of them is not a condition.
        self.check("", "", "", QgsRectangle(-400, -200, 400, 200))

    def test_other_fields_are_compared_by_qgis(self):
        for condition, meant in [
            ("\"status\" = 'neutralised'", "status=neutralised"),
            ("\"kind\" IN ('ap_mine', 'av_mine')", "kind=ap_mine,av_mine"),
            ("\"quantity\" >= 2", "filter=quantity%20%3E%3D%202"),
            ("\"neutralised_on\" IS NULL", "filter=neutralised_on%20IS%20NULL"),
            ("\"region\" LIKE 'AZ-L%'", "filter=region%20LIKE%20'AZ-L%25'"),
        ]:
            self.check(condition, "", meant)
        self.check(
            "\"status\" = 'neutralised' AND \"detected_on\" >= '2022-08-01'",
            "datetime=2022-08-01%2F9999-12-31T00:00:00Z",
            "status=neutralised&datetime=2022-08-01/..",
        )


def found(n: int, place, status="detected", quantity=1) -> dict:
    cleared = {"neutralised_on": "2023-04-01", "disposal": "destroyed_in_situ"} if status == "neutralised" else {}
    return {
        "type": "Feature",
        "id": f"018f3c1e-7a44-7cc1-9d5e-{n:012d}",
        "geometry": {"type": "Point", "coordinates": list(place)},
        "properties": {"kind": "uxo", "detected_on": "2023-03-14", "status": status, "quantity": quantity, **cleared},
    }


class Style(Served):
    """The live map with the server's style, set up as described in docs/gis.md."""

    DETECTED, NEUTRALISED, PAPER = "#d55e00", "#0072b2", "#ffffff"
    # Close enough to be drawn as records.
    DETECTED_AT, NEUTRALISED_AT = (46.500, 39.600), (46.505, 39.600)
    # So far apart that they form separate cells when zoomed out, and away from tile edges, where QGIS cuts discs off:
    # quantity and status by place.
    CELLS = {
        (46.2, 39.23): (1, "detected"),
        (46.9, 39.23): (30, "detected"),
        (46.2, 39.77): (600, "detected"),
        (46.9, 39.77): (30, "neutralised"),
        (47.3, 39.23): (30, "both"),
    }
    records = [
        found(1, DETECTED_AT),
        found(2, NEUTRALISED_AT, "neutralised"),
        *(
            found(10 * n + m, place, status, quantity // len(statuses))
            for n, (place, (quantity, status)) in enumerate(CELLS.items(), 1)
            for statuses in [["detected", "neutralised"] if status == "both" else [status]]
            for m, status in enumerate(statuses)
        ),
    ]

    def layer(self, collection="detections") -> QgsVectorTileLayer:
        """Adds a vector tile layer with a new generic connection and Basic authentication with the token."""
        access = QgsAuthMethodConfig("Basic")
        access.setName(f"Clearline {self.url}")
        access.setConfigMap({"username": "me", "password": self.token})
        manager = QgsApplication.authManager()
        manager.setMasterPassword("a password of the profile", True)
        self.assertTrue(manager.storeAuthenticationConfig(access, True)[0])
        layer = QgsVectorTileLayer(
            f"type=xyz&url={self.url}/tiles/{collection}/{{z}}/{{x}}/{{y}}.mvt&zmin=0&zmax=22"
            f"&styleUrl={self.url}/style.json&authcfg={access.id()}",
            collection,
        )
        self.assertTrue(layer.isValid(), layer.error().message())
        # The next step of the dialog.
        error, loaded = layer.loadDefaultStyle()
        self.assertTrue(loaded, error)
        return layer

    def test_qgis_understands_the_whole_style(self):
        with urllib.request.urlopen(f"{self.url}/style.json", timeout=60) as answer:
            style = json.load(answer)
        converter = QgsMapBoxGlStyleConverter()
        self.assertEqual(converter.convert(style), QgsMapBoxGlStyleConverter.Success)
        # Fonts differ between machines.
        self.assertEqual([warning for warning in converter.warnings() if "font" not in warning], [])
        drawn = [style.styleName() for style in converter.renderer().styles()]
        known = {"water": "background"}
        layers = [layer["id"] for layer in style["layers"] if layer["type"] != "symbol"]
        self.assertEqual(drawn, [known.get(layer, layer) for layer in layers])

    def test_detected_and_neutralised_records_have_the_colours_of_the_legend(self):
        drawn = Drawn(self.layer(), QgsRectangle(46.49, 39.59, 46.515, 39.61), dpi=192)
        drawn.image.save(os.environ.get("CLEARLINE_PICTURE", f"{self.folder.name}/records.png"))
        self.assertEqual(drawn.colour(self.DETECTED_AT), self.DETECTED)
        self.assertEqual(drawn.colour(self.NEUTRALISED_AT), self.PAPER)
        around = [drawn.colours_around(place, 20) for place in (self.DETECTED_AT, self.NEUTRALISED_AT)]
        self.assertNotIn(self.NEUTRALISED, around[0])
        self.assertIn(self.NEUTRALISED, around[1])
        self.assertNotIn(self.DETECTED, around[1])

    def test_cells_differ_by_their_counts_and_by_what_became_of_them(self):
        drawn = Drawn(self.layer(), QgsRectangle(46.0, 39.0, 47.5, 40.1))
        drawn.image.save(os.environ.get("CLEARLINE_PICTURE_2", f"{self.folder.name}/cells.png"))
        one, thirty, many, cleared, both = self.CELLS
        for place in (one, thirty, many):
            self.assertEqual(drawn.colour(place), self.DETECTED)
        self.assertEqual(drawn.colour(cleared), self.NEUTRALISED)
        self.assertNotIn(drawn.colour(both), (self.DETECTED, self.NEUTRALISED, self.PAPER))
        # Radii of 4, 13 and 24 pixels in the style, within the lines around them.
        for place, width in [(one, 7), (thirty, 25), (many, 47), (cleared, 25), (both, 25)]:
            self.assertAlmostEqual(drawn.width(place), width, delta=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
