//! Benchmarks of the atlas: `cargo bench -p atlas`. Records are seeded; half are in belts, as mines are.
//!
//! `CLEARLINE_BENCH_RECORDS` sets the number of records (default 1,000,000).
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::{Arc, LazyLock};

use atlas::{Atlas, Dates, Filter, Grouping, Scope, Set};
use demining::{Change, Details, Detection, Kind, Level, Names, Record, Region, Review, Revision, Status};
use divan::{Bencher, black_box};
use geo::{MultiPolygon, polygon};
use geometry::{Area, LonLat, TileId};
use jiff::{Timestamp, ToSpan, civil::date};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

fn main() {
    divan::main();
}

/// Built on first use, so that a run that filters out all benchmarks is fast.
static ATLAS: LazyLock<Atlas> = LazyLock::new(|| {
    let atlas = empty();
    atlas.load(records(n_records()), Revision(1));
    atlas
});

fn n_records() -> u32 {
    std::env::var("CLEARLINE_BENCH_RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

/// 8 by 10 districts over the bounds of the records.
fn empty() -> Atlas {
    let names = Names { by_language: vec![("en".into(), "District".into())], aliases: Vec::new() };
    let districts = (0..80).map(|i| {
        let (west, south) = (45.4 + f64::from(i % 8) * 0.325, 38.7 + f64::from(i / 8) * 0.2);
        let (east, north) = (west + 0.325, south + 0.2);
        let ring =
            polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
        Region {
            id: format!("D{i}"),
            level: Level::District,
            parent: None,
            names: names.clone(),
            boundary: MultiPolygon::new(vec![ring]),
            label: LonLat::new(west + 0.1, south + 0.1).unwrap(),
            valid_from: None,
            valid_to: None,
            source: String::new(),
        }
    });
    Atlas::new(districts.collect(), Vec::new(), Vec::new()).unwrap()
}

fn records(n: u32) -> impl Iterator<Item = Record> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let belts: Vec<(f64, f64, f64)> = (0..200)
        .map(|_| {
            (
                rng.random_range(45.5..47.9),
                rng.random_range(38.8..40.6),
                rng.random_range(0.0..std::f64::consts::TAU),
            )
        })
        .collect();
    (1..=n).map(move |number| record(&mut rng, &belts, number))
}

fn record(rng: &mut ChaCha8Rng, belts: &[(f64, f64, f64)], number: u32) -> Record {
    let (lon, lat) = if rng.random_bool(0.7) {
        let (lon, lat, turn) = belts[rng.random_range(0..belts.len())];
        let (along, across) = (rng.random_range(-0.08..0.08), rng.random_range(-0.001..0.001));
        (lon + along * turn.cos() + across, lat + along * turn.sin() - across)
    } else {
        (rng.random_range(45.4..48.0), rng.random_range(38.7..40.7))
    };
    let detected_on = date(2021, 1, 1) + i64::from(rng.random_range(0..1_400)).days();
    let neutralised = rng.random_bool(0.8);
    let details = Details {
        id: Uuid::from_u128(rng.random()),
        location: LonLat::new(lon, lat).unwrap(),
        accuracy_m: Some(3.0),
        kind: Kind::ALL[rng.random_range(0..10)],
        model: Some("PMN-2".into()),
        quantity: rng.random_range(1..3),
        depth_cm: Some(8.0),
        detected_on,
        status: if neutralised { Status::Neutralised } else { Status::Detected },
        neutralised_on: neutralised.then(|| detected_on + i64::from(rng.random_range(0..30)).days()),
        operator: Some(format!("operator {}", rng.random_range(0..6))),
        team: Some(format!("team {}", rng.random_range(0..60))),
        ..Details::blank(Uuid::nil(), LonLat::from_e7(0, 0).expect("a position"))
    };
    Record {
        content: Detection::new(details, date(2030, 1, 1)).unwrap(),
        number,
        review: Review::Approved,
        revision: Revision(1),
        updated_at: Timestamp::UNIX_EPOCH,
        updated_by: "bench".into(),
    }
}

fn tile(z: u8) -> TileId {
    TileId::at(LonLat::new(46.75, 39.82).unwrap(), z)
}

/// Returns the fullest tile of this zoom, found by descending from its ancestors.
fn fullest(z: u8) -> TileId {
    let view = ATLAS.view(Scope::Full);
    let mut tile = TileId::new(0, 0, 0).unwrap();
    while tile.z() < z {
        tile = tile
            .children()
            .max_by_key(|child| {
                view.count(&Filter { bounds: vec![child.bounds()], ..Filter::default() }).records
            })
            .unwrap();
    }
    tile
}

fn status_kind_date_region() -> Filter {
    let regions = (0..40).map(|i| ATLAS.reference().districts(&format!("D{}", i * 2)).unwrap().clone());
    Filter {
        statuses: Set::of([Status::Neutralised]),
        kinds: Set::of([Kind::ApMine, Kind::AvMine, Kind::Uxo]),
        regions: regions.reduce(|a, b| a.union(&b)),
        ..days()
    }
}

fn days() -> Filter {
    Filter { dates: Dates { from: Some(date(2022, 3, 5)), to: Some(date(2023, 2, 11)) }, ..Filter::default() }
}

const ZOOMS: [u8; 8] = [0, 5, 7, 9, 10, 11, 12, 14];

#[divan::bench(args = ZOOMS)]
fn tile_unfiltered(bencher: Bencher, z: u8) {
    let (view, filter, tile) = (ATLAS.view(Scope::Full), Filter::default(), fullest(z));
    bencher.bench_local(|| view.detections_tile(black_box(tile), &filter));
}

#[divan::bench(args = ZOOMS)]
fn tile_by_status_kind_date_region(bencher: Bencher, z: u8) {
    let (view, filter, tile) = (ATLAS.view(Scope::Full), status_kind_date_region(), fullest(z));
    bencher.bench_local(|| view.detections_tile(black_box(tile), &filter));
}

#[divan::bench(args = ZOOMS)]
fn tile_by_date(bencher: Bencher, z: u8) {
    let (view, filter, tile) = (ATLAS.view(Scope::Full), days(), fullest(z));
    bencher.bench_local(|| view.detections_tile(black_box(tile), &filter));
}

#[divan::bench(args = [5, 9])]
fn tile_of_regions(bencher: Bencher, z: u8) {
    let view = ATLAS.view(Scope::Full);
    bencher.bench_local(|| view.regions_tile(black_box(tile(z)), &Filter::default()));
}

#[divan::bench(args = ["", "region status", "month kind", "region status kind month operator"])]
fn summary(bencher: Bencher, by: &str) {
    let view = ATLAS.view(Scope::Full);
    let has = |word| by.split(' ').any(|w| w == word);
    let by = Grouping {
        region: has("region"),
        status: has("status"),
        kind: has("kind"),
        month: has("month"),
        operator: has("operator"),
    };
    bencher.bench_local(|| view.summary(&Filter::default(), black_box(by)));
}

#[divan::bench]
fn summary_by_region_of_some_days(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    let by = Grouping { region: true, status: true, ..Grouping::default() };
    bencher.bench_local(|| view.summary(&days(), black_box(by)));
}

#[divan::bench]
fn summary_of_an_area(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    let ring = polygon![(x: 46.1, y: 39.0), (x: 47.3, y: 39.3), (x: 46.7, y: 40.3), (x: 46.3, y: 40.0)];
    let area = Arc::new(Area::new(MultiPolygon::new(vec![ring])).unwrap());
    let filter = Filter { area: Some(area), ..Filter::default() };
    let by = Grouping { status: true, kind: true, ..Grouping::default() };
    bencher.bench_local(|| view.summary(&filter, black_box(by)));
}

#[divan::bench]
fn figures_of_all_regions(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    bencher.bench_local(|| view.regions(black_box(&Filter::default())));
}

#[divan::bench]
fn figures_of_one_region(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    bencher.bench_local(|| view.region(black_box("D33"), &Filter::default()));
}

#[divan::bench]
fn page_of_1000_in_the_middle(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    bencher.bench_local(|| view.page(&Filter::default(), black_box(Some(n_records() / 2)), 1_000));
}

#[divan::bench]
fn page_of_1000_of_a_small_box(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    let filter = Filter { bounds: vec![fullest(12).bounds()], ..Filter::default() };
    bencher.bench_local(|| view.page(&filter, black_box(None), 1_000));
}

#[divan::bench(args = [1, 1_000], sample_count = 20)]
fn fold(bencher: Bencher, n: u32) {
    let atlas = &*ATLAS;
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let view = atlas.view(Scope::Full);
    bencher
        .with_inputs(|| {
            let after = rng.random_range(0..n_records() - n * 2);
            let some = view.page(&Filter::default(), Some(after), n as usize);
            let changed = some.records.into_iter().map(|found| {
                let mut details = found.record.content.clone().into_details();
                details.quantity += 1;
                let detection = Detection::new(details, date(2030, 1, 1)).unwrap();
                let record = Record { content: detection, ..(*found.record).clone() };
                Change {
                    revision: Revision(2),
                    shown: Revision(2),
                    at: Timestamp::UNIX_EPOCH,
                    by: "bench".into(),
                    reason: None,
                    id: record.content.id,
                    number: record.number,
                    after: Some(Arc::new(record)),
                }
            });
            changed.collect::<Vec<_>>()
        })
        .bench_local_values(|changes| atlas.fold(&changes));
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn load(bencher: Bencher) {
    bencher.with_inputs(|| (empty(), records(n_records()).collect::<Vec<_>>())).bench_local_values(
        |(atlas, records)| {
            atlas.load(records, Revision(1));
            atlas
        },
    );
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn save(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    bencher.bench_local(|| view.saved().map(|block| black_box(block).len()).sum::<usize>());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn load_saved_on_two_cores(bencher: Bencher) {
    let view = ATLAS.view(Scope::Full);
    let blocks: Vec<Vec<u8>> = view.saved().collect();
    bencher.with_inputs(empty).bench_local_values(|atlas| {
        let loading = atlas.loading();
        std::thread::scope(|scope| {
            for half in blocks.chunks(blocks.len().div_ceil(2)) {
                scope.spawn(|| half.iter().for_each(|block| loading.add_saved(block).unwrap()));
            }
        });
        atlas.loaded(loading, Revision(1), Revision(1)).unwrap();
        atlas
    });
}
