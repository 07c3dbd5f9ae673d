//! Generates records for benchmarks: as GeoJSON lines for `clearline import`, as rows for `COPY` of
//! `PostgreSQL`, and the list of the fullest tiles.
//!
//! `cargo run --release -p clearline --example made_records -- --records 1000000 --geojson made.geojsonl`

use std::{
    collections::HashMap,
    error::Error,
    f64::consts::{FRAC_PI_4, TAU},
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Parser;
use demining::{Details, Detection, Kind, Level, Region, Status};
use exchange::{Format, Writer};
use geometry::{Districts, LonLat, TileId};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

#[derive(Parser)]
struct Arguments {
    /// Number of records to generate
    #[arg(long)]
    records: u32,
    /// The same seed generates the same records
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Newline-delimited GeoJSON, for `clearline import`
    #[arg(long)]
    geojson: Option<PathBuf>,
    /// Rows of text, for `COPY` of `PostgreSQL`
    #[arg(long)]
    copy: Option<PathBuf>,
    /// The fullest tiles of each zoom, as JSON
    #[arg(long)]
    tiles: Option<PathBuf>,
}

/// The zoom levels that are measured.
const ZOOMS: [u8; 7] = [0, 5, 7, 9, 10, 12, 14];

/// How many tiles to list for each zoom level.
const FULLEST: usize = 64;

/// The last day of any record, so that none is in the future.
const LAST_DAY: Date = date(2024, 12, 31);

/// Radius of the sphere of Web Mercator (EPSG:3857), metres.
const RADIUS_M: f64 = 6_378_137.0;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let ground = Ground::built_in()?;
    let mut geojson = open(arguments.geojson.as_deref())?;
    let mut copy = open(arguments.copy.as_deref())?;
    let (mut writer, mut line) = (Writer::new(Format::GeoJsonLines)?, Vec::new());
    let mut tiles = Tiles::default();
    for (number, detection) in detections(arguments.seed, arguments.records).enumerate() {
        let detection = detection?;
        if let Some(file) = &mut geojson {
            line.clear();
            writer.content_to(&detection, &mut line)?;
            file.write_all(&line)?;
        }
        if let Some(file) = &mut copy {
            copy_row(file, number + 1, &detection, ground.district(detection.location))?;
        }
        if arguments.tiles.is_some() {
            tiles.add(detection.location);
        }
    }
    if let Some(mut file) = open(arguments.tiles.as_deref())? {
        tiles.write(&mut file)?;
        file.flush()?;
    }
    for mut file in [geojson, copy].into_iter().flatten() {
        file.flush()?;
    }
    Ok(())
}

fn open(path: Option<&Path>) -> Result<Option<BufWriter<File>>, String> {
    let create = |path: &Path| {
        let file = File::create(path).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
        Ok(BufWriter::with_capacity(1 << 20, file))
    };
    path.map(create).transpose()
}

/// Places seven in ten records in belts some 15 km long, like minefields, and scatters the others over the
/// country.
fn detections(seed: u64, n: u32) -> impl Iterator<Item = Result<Detection, String>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let belts: Vec<(f64, f64, f64)> = (0..200)
        .map(|_| (rng.random_range(45.5..47.9), rng.random_range(38.8..40.6), rng.random_range(0.0..TAU)))
        .collect();
    (0..n).map(move |_| detection(&mut rng, &belts))
}

fn detection(rng: &mut ChaCha8Rng, belts: &[(f64, f64, f64)]) -> Result<Detection, String> {
    let (lon, lat) = if rng.random_bool(0.7) {
        let (lon, lat, turn) = belts[rng.random_range(0..belts.len())];
        let (along, across): (f64, f64) = (rng.random_range(-0.08..0.08), rng.random_range(-0.001..0.001));
        (lon + along * turn.cos() + across, lat + along * turn.sin() - across)
    } else {
        (rng.random_range(45.4..48.0), rng.random_range(38.7..40.7))
    };
    let detected_on = date(2021, 1, 1) + i64::from(rng.random_range(0..1_400)).days();
    let neutralised = rng.random_bool(0.8);
    let details = Details {
        id: Uuid::from_u128(rng.random()),
        location: LonLat::new(lon, lat).map_err(|e| e.to_string())?,
        kind: Kind::ALL[rng.random_range(0..10)],
        quantity: rng.random_range(1..3),
        detected_on,
        status: if neutralised { Status::Neutralised } else { Status::Detected },
        neutralised_on: neutralised.then(|| detected_on + i64::from(rng.random_range(0..30)).days()),
        operator: Some(format!("operator {}", rng.random_range(0..6))),
        team: Some(format!("team {}", rng.random_range(0..60))),
        ..Details::blank(Uuid::nil(), LonLat::from_e7(0, 0).expect("a position"))
    };
    Detection::new(details, LAST_DAY).map_err(|problems| format!("{problems:?}"))
}

/// The districts built into the program.
struct Ground {
    regions: Vec<Region>,
    districts: Districts,
}

impl Ground {
    fn built_in() -> Result<Self, Box<dyn Error>> {
        let mut regions = exchange::read_regions(include_bytes!("../../../data/regions.geojson"))?;
        regions.retain(|region| region.level == Level::District);
        let districts = Districts::new(regions.iter().map(|region| &region.boundary))?;
        Ok(Self { regions, districts })
    }

    fn district(&self, at: LonLat) -> Option<&str> {
        self.districts.locate(at).map(|i| self.regions[i].id.as_str())
    }
}

/// Writes the columns of `detections` in `scripts/bench/peer/schema.sql`, in order; the place is EWKB in
/// hexadecimal, as `PostGIS` reads it.
fn copy_row(
    out: &mut impl Write,
    number: usize,
    d: &Detection,
    district: Option<&str>,
) -> std::io::Result<()> {
    let (x, y) =
        (d.location.lon().to_radians(), (FRAC_PI_4 + d.location.lat().to_radians() / 2.0).tan().ln());
    let hex = |metres: f64| format!("{:016x}", metres.to_bits().swap_bytes());
    writeln!(
        out,
        "{number}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t0101000020110f0000{}{}",
        d.id,
        district.unwrap_or("\\N"),
        d.status,
        d.kind,
        d.quantity,
        d.detected_on,
        d.neutralised_on.map_or_else(|| "\\N".to_owned(), |day| day.to_string()),
        d.operator.as_deref().unwrap_or("\\N"),
        d.team.as_deref().unwrap_or("\\N"),
        hex(RADIUS_M * x),
        hex(RADIUS_M * y),
    )
}

/// The number of records in each tile of the deepest zoom level.
#[derive(Default)]
struct Tiles(HashMap<(u32, u32), u32>);

impl Tiles {
    const DEEPEST: u8 = ZOOMS[ZOOMS.len() - 1];

    fn add(&mut self, at: LonLat) {
        let tile = TileId::at(at, Self::DEEPEST);
        *self.0.entry((tile.x(), tile.y())).or_default() += 1;
    }

    /// Writes `{"9": [[x, y, records], ...], ...}`, the fullest first.
    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        for (i, zoom) in ZOOMS.into_iter().enumerate() {
            let up = Self::DEEPEST - zoom;
            let mut counts = HashMap::<(u32, u32), u32>::new();
            for ((x, y), n) in &self.0 {
                *counts.entry((x >> up, y >> up)).or_default() += n;
            }
            let mut fullest: Vec<_> = counts.into_iter().map(|((x, y), n)| (n, x, y)).collect();
            fullest.sort_unstable_by(|a, b| b.cmp(a));
            fullest.truncate(FULLEST);
            let shown: Vec<_> = fullest.iter().map(|(n, x, y)| format!("[{x}, {y}, {n}]")).collect();
            write!(out, "{}\"{zoom}\": [{}]", if i == 0 { "{" } else { ",\n " }, shown.join(", "))?;
        }
        writeln!(out, "}}")
    }
}
