//! A small world with seeded records, and naive checks of every record.

use atlas::{Atlas, Counts, Grouping, Scope, View};
use demining::{
    AsGiven, Details, Detection, Disposal, Fix, InformationReliability, Kind, Level, Names, Place, Record,
    Region, Review, Revision, SourceReliability, Status,
};
use geo::{MultiPolygon, polygon};
use geometry::LonLat;
use jiff::{Timestamp, ToSpan, civil::date};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// Districts are squares of half a degree, three by three, from here to the east and the north.
pub const WEST: f64 = 46.0;
pub const SOUTH: f64 = 39.0;
const OPERATORS: [Option<&str>; 4] = [None, Some("ANAMA"), Some("demonstration"), Some("Əməliyyat")];

pub fn lonlat(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn square(column: i32, row: i32) -> MultiPolygon<f64> {
    let (west, south) = (WEST + 0.5 * f64::from(column), SOUTH + 0.5 * f64::from(row));
    let (east, north) = (west + 0.5, south + 0.5);
    let ring = polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
    MultiPolygon::new(vec![ring])
}

fn region(id: &str, level: Level, parent: Option<&str>, boundary: MultiPolygon<f64>) -> Region {
    let names = Names { by_language: vec![("en".into(), format!("Name of {id}"))], aliases: Vec::new() };
    Region {
        id: id.into(),
        level,
        parent: parent.map(Into::into),
        names,
        label: lonlat(WEST + 0.7, SOUTH + 0.7),
        boundary,
        valid_from: None,
        valid_to: None,
        source: "made up".into(),
    }
}

/// Returns a country of two economic regions: the western column of districts, and the two others.
pub fn regions() -> Vec<Region> {
    let columns = |columns: &[i32]| {
        let squares = columns.iter().flat_map(|c| (0..3).map(|r| square(*c, r)));
        MultiPolygon::new(squares.flat_map(|shape| shape.0).collect())
    };
    let mut all = vec![
        region("C", Level::Country, None, columns(&[0, 1, 2])),
        region("C-west", Level::EconomicRegion, Some("C"), columns(&[0])),
        region("C-east", Level::EconomicRegion, Some("C"), columns(&[1, 2])),
    ];
    for column in 0..3 {
        for row in 0..3 {
            let parent = if column == 0 { "C-west" } else { "C-east" };
            all.push(region(&format!("D{column}{row}"), Level::District, Some(parent), square(column, row)));
        }
    }
    all
}

pub fn places() -> Vec<Place> {
    let names = |en: &str, az: &str| Names {
        by_language: vec![("en".into(), en.into()), ("az".into(), az.into())],
        aliases: Vec::new(),
    };
    vec![
        Place {
            id: 1,
            names: names("Kalbajar", "Kəlbəcər"),
            location: lonlat(46.2, 39.2),
            population: 7_246,
            country: "AZ".into(),
        },
        Place {
            id: 2,
            names: names("Lachin", "Laçın"),
            location: lonlat(46.7, 39.7),
            population: 2_190,
            country: "AZ".into(),
        },
    ]
}

/// Returns the district at a position, by the rule that an edge belongs to the east and the north.
pub fn district(at: LonLat) -> Option<String> {
    let (column, row) = (((at.lon() - WEST) / 0.5).floor(), ((at.lat() - SOUTH) / 0.5).floor());
    let inside = (0.0..3.0).contains(&column) && (0.0..3.0).contains(&row);
    inside.then(|| format!("D{column}{row}"))
}

/// Returns a value one time in three.
pub fn some<T>(rng: &mut ChaCha8Rng, make: impl FnOnce(&mut ChaCha8Rng) -> T) -> Option<T> {
    (rng.random_range(0..3) == 0).then(|| make(rng))
}

/// A generator of seeded records.
pub struct Maker(pub ChaCha8Rng);

impl Maker {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Returns a place mostly in and around the country, in clusters; some on edges, on one spot, or far
    /// away.
    pub fn place(&mut self) -> LonLat {
        let rng = &mut self.0;
        match rng.random_range(0..20) {
            0 => lonlat(rng.random_range(-180.0..=180.0), rng.random_range(-90.0..=90.0)),
            1 => lonlat(WEST + 0.5 * f64::from(rng.random_range(0..4)), rng.random_range(38.9..40.6)),
            2 => lonlat(rng.random_range(45.9..47.6), SOUTH + 0.5 * f64::from(rng.random_range(0..4))),
            3 => lonlat(46.75, 39.25),
            4..10 => {
                let spot = f64::from(rng.random_range(0..5));
                lonlat(
                    46.1 + spot * 0.3 + rng.random_range(0.0..0.002),
                    39.1 + spot * 0.2 + rng.random_range(0.0..0.002),
                )
            }
            _ => lonlat(rng.random_range(45.9..47.6), rng.random_range(38.9..40.6)),
        }
    }

    /// Returns a record with this number.
    pub fn record(&mut self, number: u32, revision: u64) -> Record {
        let location = self.place();
        let rng = &mut self.0;
        let detected_on = date(2020, 1, 1) + i64::from(rng.random_range(0..1_200)).days();
        let status = [Status::Detected, Status::Neutralised, Status::Neutralised, Status::Discounted]
            [rng.random_range(0..4)];
        let neutralised = status == Status::Neutralised;
        let details = Details {
            id: Uuid::from_u128(
                u128::from(number) << 64 | 0x7000_8000_0000_0000_0000 | (u128::from(number) * 0x9e37),
            ),
            location,
            location_as_given: some(rng, |rng| AsGiven {
                coordinates: format!("{} N", rng.random_range(0..9_999)),
                crs: "EPSG:28408".into(),
            }),
            accuracy_m: some(rng, |rng| {
                if rng.random() {
                    f64::from(rng.random_range(0..500)) / 100.0
                } else {
                    rng.random_range(0.0..9e4)
                }
            }),
            fix: some(rng, |rng| Fix::ALL[rng.random_range(0..Fix::ALL.len())]),
            kind: Kind::ALL[rng.random_range(0..Kind::ALL.len())],
            model: some(rng, |rng| format!("PMN-{}", rng.random_range(0..4))),
            made_in_year: some(rng, |rng| rng.random_range(1940..2021)),
            quantity: rng.random_range(1..5),
            depth_cm: some(rng, |rng| f64::from(rng.random_range(0..400)) / 10.0),
            detected_on,
            status,
            neutralised_on: neutralised.then(|| detected_on + i64::from(rng.random_range(0..60)).days()),
            disposal: neutralised.then_some(Disposal::Burned),
            operator: OPERATORS[rng.random_range(0..4)].map(Into::into),
            team: some(rng, |rng| format!("Dəstə {}", rng.random_range(0..200))),
            hazard_area: some(rng, |rng| format!("HA-{}", rng.random_range(0..9_999))),
            source_reliability: some(rng, |rng| SourceReliability::ALL[rng.random_range(0..3)]),
            information_reliability: InformationReliability::ALL.get(number as usize % 7).copied(),
            note: some(rng, |rng| "Qeyd ✓ ".repeat(rng.random_range(0..40))),
            photos: (0..rng.random_range(0..3)).map(|i| format!("{number}-{i}.jpg")).collect(),
            extra: some(rng, |rng| format!("{{\"zone\":{}}}", rng.random_range(0..99))),
        };
        Record {
            content: Detection::new(details, date(2030, 1, 1)).unwrap(),
            number,
            // Rejected records have separate tests.
            review: [Review::Submitted, Review::Approved, Review::HasIssues][rng.random_range(0..3)],
            revision: Revision(revision),
            updated_at: Timestamp::new(
                1_700_000_000 + revision.cast_signed(),
                rng.random_range(0..2) * 1_000_000,
            )
            .unwrap(),
            updated_by: format!("token {}", rng.random_range(0..3)),
        }
    }

    pub fn records(&mut self, n: u32) -> Vec<Record> {
        (1..=n).map(|number| self.record(number, 1)).collect()
    }
}

pub fn atlas_of(records: &[Record], revision: u64) -> Atlas {
    let atlas = Atlas::new(regions(), places(), Vec::new()).unwrap();
    atlas.load(records.iter().cloned(), Revision(revision));
    atlas
}

pub fn view_of(records: &[Record]) -> View {
    atlas_of(records, 1).view(Scope::Full)
}

/// Returns every grouping.
pub fn groupings() -> impl Iterator<Item = Grouping> {
    (0..32).map(|bits| Grouping {
        region: bits & 1 != 0,
        status: bits & 2 != 0,
        kind: bits & 4 != 0,
        month: bits & 8 != 0,
        operator: bits & 16 != 0,
    })
}

/// Counts records and items one by one.
pub fn count<'a>(records: impl IntoIterator<Item = &'a Record>) -> Counts {
    records.into_iter().fold(Counts::default(), |sum, record| Counts {
        records: sum.records + 1,
        quantity: sum.quantity + u64::from(record.content.quantity),
    })
}
