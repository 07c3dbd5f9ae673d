"""A running server, and its records according to its responses."""

import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

PROGRAM = Path(os.environ["CLEARLINE_PROGRAM"])


class Served(unittest.TestCase):
    """A running server with the features of a class, or with the demonstration."""

    records = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        store = f"{cls.folder.name}/qgis.gpkg"
        if cls.records is not None:
            lines = Path(cls.folder.name, "records.ndjson")
            lines.write_text("".join(json.dumps(record) + "\n" for record in cls.records))
            subprocess.run([PROGRAM, "import", lines, "--store", store], capture_output=True, check=True)
        cls.process = subprocess.Popen(
            [PROGRAM, "serve", "--store", store, "--listen", "127.0.0.1:0", *([] if cls.records else ["--demo"])],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in cls.process.stdout)
        cls.url = next(filter(None, found)).group()
        make = [PROGRAM, "token", "create", "--role", "viewer", "--name", "QGIS", "--store", store]
        cls.token = subprocess.run(make, capture_output=True, text=True, check=True).stdout.strip()

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(timeout=30)
        cls.process.stdout.close()
        cls.folder.cleanup()

    def page(self, query: str, limit=10000) -> dict:
        request = urllib.request.Request(
            f"{self.url}/collections/detections/items?limit={limit}&{query}",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def features(self, query: str) -> list:
        return self.page(query)["features"]
