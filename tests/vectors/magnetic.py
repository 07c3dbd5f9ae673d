"""Writes magnetic.json beside this file: declinations by the World Magnetic Model, computed by PyPI's `pygeomag`.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pygeomag==1.1.0 && /tmp/venv/bin/python magnetic.py

The page (npm `geomagnetism`) and the server compute the same and are tested against the file. Every entry names the model
of its date: WMM2020 is valid for 2020 to 2024, WMM2025 for 2025 to 2029. Heights are 0 km above the ellipsoid; the time is
noon UTC of the day.
"""

import datetime
import json
import pathlib

from pygeomag import GeoMag

REGION = {
    "Kalbajar": (46.0366, 40.1024),
    "Shusha": (46.749, 39.758),
    "Zangilan": (46.6526, 39.0852),
    "Jabrayil": (47.0261, 39.3987),
    "Aghdam": (46.9298, 39.9911),
    "Barda": (47.1262, 40.3744),
    "Nakhchivan": (45.4122, 39.2089),
    "Baku": (49.8671, 40.4093),
}
ELSEWHERE = {
    "Greenwich": (0.0, 51.4779),
    "Kabul": (69.1723, 34.5553),
    "Luanda": (13.2344, -8.8383),
    "Phnom Penh": (104.9282, 11.5564),
    "Bogota": (-74.0721, 4.711),
    "Stanley": (-57.8592, -51.6977),
    "Kharkiv": (36.2304, 49.9935),
    "Suva": (178.4419, -18.1416),
}
REGION_DAYS = ["2020-02-29", "2023-09-18", "2026-11-30", "2029-10-15"]
ELSEWHERE_DAYS = ["2022-07-01", "2027-03-10"]
MODELS = {2020: "WMM2020", 2025: "WMM2025"}
FILES = {"WMM2020": "wmm/WMM_2020.COF", "WMM2025": "wmm/WMM_2025.COF"}


def year_of(day: datetime.date) -> float:
    start = datetime.date(day.year, 1, 1)
    days = (datetime.date(day.year + 1, 1, 1) - start).days
    return day.year + ((day - start).days + 0.5) / days


def vectors():
    models = {name: GeoMag(coefficients_file=path) for name, path in FILES.items()}
    for places, days in [(REGION, REGION_DAYS), (ELSEWHERE, ELSEWHERE_DAYS)]:
        for place, (lon, lat) in places.items():
            for text in days:
                day = datetime.date.fromisoformat(text)
                model = MODELS[day.year // 5 * 5]
                result = models[model].calculate(glat=lat, glon=lon, alt=0, time=year_of(day))
                yield {"place": place, "lon": lon, "lat": lat, "day": text, "model": model, "declination": round(result.d, 4)}


lines = ",\n".join("  " + json.dumps(vector) for vector in vectors())
pathlib.Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
