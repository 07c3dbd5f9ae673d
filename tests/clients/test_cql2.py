"""Compares CQL2 filters, as text and JSON, with an independent engine: SQLite, which has three-valued logic, with GEOS
for spatial functions. Each filter is generated three times from one seed: as text, as JSON and as SQL."""

import json
import random
import re
import sqlite3
import uuid
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import shapely

N_RECORDS = 1_000
N_FILTERS = 3_000
SEED = 20230919

KINDS = ["ap_mine", "av_mine", "submunition", "uxo", "ied", "other"]
MODELS = ["PMN-2", "pmn-2", "TM-62M", "O'Brien", "50%_off", "Şirkət ƏÖ", "back\\slash", ""]
TEXTS = {
    "model": MODELS,
    "operator": ["ANAMA", "anama", "HALO", "Şirkət"],
    "team": ["North 1", "North 2", "south", "7"],
}
NUMBERS = {
    "quantity": [1, 2, 3, 12],
    "made_in_year": [1985, 1999, 2021],
    "depth_cm": [0, 2.5, 10, 12.25],
    "accuracy_m": [0.5, 2, 5],
}
FIRST, DAYS = date(2022, 1, 1), 700
PREDICATES = {
    "INTERSECTS": shapely.intersects,
    "DISJOINT": shapely.disjoint,
    "WITHIN": shapely.within,
    "EQUALS": shapely.equals,
    "TOUCHES": shapely.touches,
}


def make_records(rng: random.Random) -> list[dict]:
    def maybe(choices):
        return rng.choice(choices) if rng.random() < 0.7 else None

    records = []
    for nth in range(N_RECORDS):
        found = FIRST + timedelta(days=rng.randrange(DAYS))
        properties = {"kind": rng.choice(KINDS), "detected_on": str(found)}
        for name, choices in (TEXTS | NUMBERS).items():
            value = maybe(choices)
            if value not in (None, ""):
                properties[name] = value
        properties.setdefault("quantity", 1)
        if rng.random() < 0.6:
            properties |= {
                "status": "neutralised",
                "neutralised_on": str(found + timedelta(days=rng.choice([0, 0, 1, 30]))),
                "disposal": rng.choice(["destroyed_in_situ", "burned"]),
            }
        # A grid of tenths, so that places fall on corners and edges of the filters' geometries.
        at = [round(rng.randrange(455, 479) / 10, 1), round(rng.randrange(388, 406) / 10, 1)]
        records.append(
            {
                "type": "Feature",
                "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
                "geometry": {"type": "Point", "coordinates": at},
                "properties": properties,
            }
        )
    return records


COLUMNS = ["kind", "status", "disposal", "detected_on", "neutralised_on", *TEXTS, *NUMBERS]


def make_engine(records: list[dict]) -> sqlite3.Connection:
    engine = sqlite3.connect(":memory:")
    engine.execute("PRAGMA case_sensitive_like = ON")
    engine.create_function("casei", 1, lambda text: text and text.casefold(), deterministic=True)
    engine.execute(f"CREATE TABLE records (id, lon, lat, {', '.join(COLUMNS)})")
    for record in records:
        properties = {"status": "detected"} | record["properties"]
        row = [record["id"], *record["geometry"]["coordinates"], *(properties.get(name) for name in COLUMNS)]
        engine.execute(f"INSERT INTO records VALUES ({', '.join('?' * len(row))})", row)
    return engine


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Maker:
    """Generates a filter as text, as JSON and as SQL."""

    def __init__(self, rng: random.Random, engine: sqlite3.Connection):
        self.rng, self.engine, self.n_shapes = rng, engine, 0

    def make(self, depth: int):
        if depth == 0 or self.rng.random() < 0.3:
            return self.rng.choice(
                [self.compare, self.compare, self.word, self.between, self.among, self.like, self.null, self.folded]
                + [self.day, self.time, self.period, self.place, self.place]
            )()
        if self.rng.random() < 0.25:
            text, js, sql = self.make(depth - 1)
            return f"NOT ({text})", {"op": "not", "args": [js]}, f"NOT ({sql})"
        op = self.rng.choice(["and", "or"])
        parts = [self.make(depth - 1) for _ in range(self.rng.choice([2, 2, 3]))]
        texts, jsons, sqls = zip(*parts, strict=True)
        join = f" {op.upper()} "
        return (
            join.join(f"({text})" for text in texts),
            {"op": op, "args": list(jsons)},
            join.join(f"({sql})" for sql in sqls),
        )

    def operand(self):
        """Returns a text or number property, and a value to compare it with."""
        name = self.rng.choice([*TEXTS, *NUMBERS])
        value = self.rng.choice((TEXTS | NUMBERS)[name])
        if name in NUMBERS and self.rng.random() < 0.3:
            value += 0.5
        literal = quoted(value) if isinstance(value, str) else repr(value)
        return name, value, literal

    def compare(self):
        name, value, literal = self.operand()
        op = self.rng.choice(["=", "<>", "<", "<=", ">", ">="])
        return f"{name} {op} {literal}", {"op": op, "args": [{"property": name}, value]}, f"{name} {op} {literal}"

    def word(self):
        name, words = self.rng.choice([("kind", KINDS), ("status", ["detected", "neutralised"])])
        word, op = self.rng.choice(words), self.rng.choice(["=", "<>"])
        text = f"{name} {op} '{word}'"
        return text, {"op": op, "args": [{"property": name}, word]}, text

    def between(self):
        name = self.rng.choice(list(NUMBERS))
        low, high = self.rng.choice(NUMBERS[name]), self.rng.choice(NUMBERS[name])
        negated = self.rng.random() < 0.3
        text = f"{name} {'NOT ' * negated}BETWEEN {low!r} AND {high!r}"
        return text, self.negate(negated, {"op": "between", "args": [{"property": name}, low, high]}), text

    def among(self):
        name, choices = self.rng.choice([("kind", KINDS), *TEXTS.items(), *NUMBERS.items()])
        values = self.rng.sample(choices, self.rng.randint(1, 3))
        literals = ", ".join(quoted(v) if isinstance(v, str) else repr(v) for v in values)
        negated = self.rng.random() < 0.3
        text = f"{name} {'NOT ' * negated}IN ({literals})"
        return text, self.negate(negated, {"op": "in", "args": [{"property": name}, values]}), text

    def like(self):
        name = self.rng.choice(list(TEXTS))
        pattern = self.rng.choice(["%", "PMN%", "%-2", "_MN-_", "50\\%%", "%\\_off", "back\\\\%", "%ə%", "North _", "x"])
        negated = self.rng.random() < 0.3
        text = f"{name} {'NOT ' * negated}LIKE {quoted(pattern)}"
        sql = text + " ESCAPE '\\'"
        return text, self.negate(negated, {"op": "like", "args": [{"property": name}, pattern]}), sql

    def null(self):
        name, negated = self.rng.choice(COLUMNS), self.rng.random() < 0.5
        text = f"{name} IS {'NOT ' * negated}NULL"
        return text, self.negate(negated, {"op": "isNull", "args": [{"property": name}]}), text

    def folded(self):
        name = self.rng.choice(list(TEXTS))
        value = self.rng.choice([choice for choice in TEXTS[name] if choice]).swapcase()
        text = f"CASEI({name}) = CASEI({quoted(value)})"
        folded = [{"op": "casei", "args": [{"property": name}]}, {"op": "casei", "args": [value]}]
        return text, {"op": "=", "args": folded}, f"casei({name}) = casei({quoted(value)})"

    def some_day(self) -> str:
        return str(FIRST + timedelta(days=self.rng.randrange(DAYS)))

    def day(self):
        name = self.rng.choice(["detected_on", "neutralised_on"])
        day, op = self.some_day(), self.rng.choice(["=", "<>", "<", "<=", ">", ">="])
        js = {"op": op, "args": [{"property": name}, {"date": day}]}
        return f"{name} {op} DATE('{day}')", js, f"{name} {op} '{day}'"

    def time(self):
        name, day = self.rng.choice(["detected_on", "neutralised_on"]), self.some_day()
        op, sign = self.rng.choice([("after", ">"), ("before", "<"), ("equals", "="), ("disjoint", "<>")])
        js = {"op": f"t_{op}", "args": [{"property": name}, {"date": day}]}
        return f"T_{op.upper()}({name}, DATE('{day}'))", js, f"{name} {sign} '{day}'"

    def period(self):
        """Compares the time from find to disposal with a period: the standard's table of temporal functions."""
        start, end = sorted([self.some_day(), self.some_day()])
        a, z = "detected_on", "neutralised_on"
        op, sql = self.rng.choice(
            [
                ("after", f"{a} > '{end}'"),
                ("before", f"{z} < '{start}'"),
                ("during", f"{a} > '{start}' AND {z} < '{end}'"),
                ("contains", f"{a} < '{start}' AND {z} > '{end}'"),
                ("intersects", f"{a} <= '{end}' AND {z} >= '{start}'"),
                ("disjoint", f"{z} < '{start}' OR {a} > '{end}'"),
                ("meets", f"{z} = '{start}'"),
                ("metBy", f"{a} = '{end}'"),
                ("overlaps", f"{a} < '{start}' AND {z} > '{start}' AND {z} < '{end}'"),
                ("starts", f"{a} = '{start}' AND {z} < '{end}'"),
                ("finishes", f"{z} = '{end}' AND {a} > '{start}'"),
            ]
        )
        text = f"T_{op.upper()}(INTERVAL({a}, {z}), INTERVAL('{start}', '{end}'))"
        js = {"op": f"t_{op}", "args": [{"interval": [{"property": a}, {"property": z}]}, {"interval": [start, end]}]}
        return text, js, sql

    def place(self):
        west, south = self.rng.randrange(455, 475) / 10, self.rng.randrange(388, 402) / 10
        east, north = round(west + self.rng.randint(1, 8) / 10, 1), round(south + self.rng.randint(1, 8) / 10, 1)
        shape = self.rng.choice(
            [
                shapely.box(west, south, east, north),
                shapely.Polygon([(west, south), (east, south), (east, north)]),
                shapely.Polygon(
                    shapely.box(west, south, west + 1, south + 1).exterior.coords,
                    [shapely.box(west + 0.3, south + 0.3, west + 0.6, south + 0.6).exterior.coords],
                ),
                shapely.MultiPolygon([shapely.box(45.5, 38.8, 46, 39.2), shapely.box(west, 39.5, east, 40.5)]),
                shapely.LineString([(west, south), (east, south), (east, north)]),
                shapely.Point(west, south),
                shapely.MultiPoint([(west, south), (east, north)]),
            ]
        )
        shape = shapely.transform(shape, lambda corners: corners.round(1))
        op = self.rng.choice(list(PREDICATES))
        self.n_shapes += 1
        name = f"place_{self.n_shapes}"
        holds = PREDICATES[op]
        self.engine.create_function(name, 2, lambda lon, lat: bool(holds(shapely.Point(lon, lat), shape)))
        js = {"op": f"s_{op.lower()}", "args": [{"property": "geometry"}, shapely.geometry.mapping(shape)]}
        text = f"S_{op}(geometry, {shape.wkt})"
        if self.rng.random() < 0.3:
            # The same, with the shape as the subject.
            op = {"WITHIN": "CONTAINS"}.get(op, op)
            js = {"op": f"s_{op.lower()}", "args": js["args"][::-1]}
            text = f"S_{op}({shape.wkt}, geometry)"
        return text, js, f"{name}(lon, lat)"

    @staticmethod
    def negate(negated: bool, js: dict) -> dict:
        return {"op": "not", "args": [js]} if negated else js


@pytest.fixture(scope="module")
def world(serve):
    rng = random.Random(SEED)
    records = make_records(rng)
    engine = make_engine(records)
    return SimpleNamespace(rng=rng, engine=engine, server=serve(records))


def asked(server, **filter_: str) -> set[str]:
    body = server.get("/collections/detections/items", limit="10000", **filter_)
    return set(re.findall(r'"Feature","id":"([0-9a-f-]{36})"', body.decode()))


def test_filters_give_the_records_that_sqlite_and_geos_give(world):
    maker = Maker(world.rng, world.engine)
    sizes = []
    for nth in range(N_FILTERS):
        text, js, sql = maker.make(depth=nth % 4)
        expected = {row[0] for row in world.engine.execute(f"SELECT id FROM records WHERE {sql}")}
        as_text = asked(world.server, filter=text)
        as_json = asked(world.server, **{"filter": json.dumps(js), "filter-lang": "cql2-json"})
        assert as_text == expected, f"{text}\n{sql}\n{len(as_text)} instead of {len(expected)}"
        assert as_json == expected, f"{json.dumps(js)}\n{sql}\n{len(as_json)} instead of {len(expected)}"
        sizes.append(len(expected))
    some = sum(0 < size < N_RECORDS for size in sizes)
    assert some > N_FILTERS / 2, f"only {some} filters tell records apart"


def test_places_may_be_given_in_another_system(world):
    maker = Maker(world.rng, world.engine)
    for _ in range(200):
        text, js, _ = maker.place()
        expected = asked(world.server, filter=text)
        (shape,) = [argument for argument in js["args"] if "type" in argument]
        swapped = shapely.transform(shapely.geometry.shape(shape), lambda corners: corners[:, ::-1])
        text = text.replace(shapely.geometry.shape(shape).wkt, swapped.wkt)
        assert asked(world.server, filter=text, **{"filter-crs": "EPSG:4326"}) == expected, text


def test_figures_and_hits_count_what_the_filter_leaves(world):
    maker = Maker(world.rng, world.engine)
    for _ in range(100):
        text, _, sql = maker.make(depth=2)
        (expected,) = world.engine.execute(f"SELECT count(*) FROM records WHERE {sql}").fetchone()
        assert world.server.json("/summary", filter=text)["total"]["records"] == expected, text
        hits = world.server.json("/collections/detections/items", filter=text, resultType="hits")
        assert hits["numberMatched"] == expected, text
