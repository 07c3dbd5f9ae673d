//! Benchmarks of the store: commits of 1, 300 and 10,000 new records to a large store, opening, and loading
//! all records.
//!
//! Ids are random, as phones make them: the worst case for the index of ids. Stores are in the temporary
//! folder or in `STORE_BENCH_DIR`, because the cost of a sync depends on the disk.

use std::{cell::RefCell, hint::black_box, path::PathBuf};

use demining::{Action, Details, Detection, Disposal, Expect, Fix, Kind, SourceReliability, Status, Write};
use divan::{Bencher, counter::ItemsCount};
use geometry::LonLat;
use jiff::{Timestamp, ToSpan, civil::date};
use store::{Store, Upload};
use tempfile::TempDir;
use uuid::Uuid;

fn main() {
    divan::main();
}

/// A seeded generator: the `SplitMix64` of Steele, Lea and Flood (2014).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn write(&mut self) -> Write {
        let detected_on = date(2020, 11, 10) + self.below(1_000).cast_signed().days();
        let neutralised = self.below(4) > 0;
        let details = Details {
            id: Uuid::from_u64_pair(self.next(), self.next()),
            location: LonLat::from_e7(
                462_000_000 + self.below(14_000_000) as i32,
                393_000_000 + self.below(12_000_000) as i32,
            )
            .expect("is in Karabakh"),
            accuracy_m: Some(2.5),
            fix: Some(Fix::Gnss),
            kind: Kind::ALL[self.below(5) as usize],
            model: Some("PMN-2".to_owned()),
            made_in_year: Some(2021),
            quantity: 1 + self.below(3) as u32,
            depth_cm: Some(10.0),
            detected_on,
            status: if neutralised { Status::Neutralised } else { Status::Detected },
            neutralised_on: neutralised.then_some(detected_on + 1.day()),
            disposal: neutralised.then_some(Disposal::DestroyedInSitu),
            operator: Some("demonstration".to_owned()),
            team: Some(format!("team {}", self.below(40))),
            source_reliability: Some(SourceReliability::Direct),
            ..Details::blank(Uuid::nil(), LonLat::from_e7(0, 0).expect("a position"))
        };
        let detection = Detection::new(details, date(2026, 1, 1)).expect("breaks no rule");
        Write { row: 1, action: Action::Put(Box::new(detection)), expect: Expect::Same, reason: None }
    }

    fn upload(&mut self, n: usize) -> Upload {
        Upload::new("bench", (0..n).map(|_| self.write()).collect::<Vec<_>>())
    }
}

/// Creates a store of `n` records.
fn filled(n: usize, seeded: &mut Seeded) -> (TempDir, Store) {
    let folder = std::env::var_os("STORE_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let mut store = Store::open(folder.path().join("bench.gpkg")).expect("a new store");
    for _ in 0..n / 10_000 {
        store.commit(vec![seeded.upload(10_000)], Timestamp::UNIX_EPOCH).expect("a commit");
    }
    (folder, store)
}

fn commit(bencher: Bencher<'_, '_>, standing: usize, n: usize) {
    let mut seeded = Seeded(7);
    let (_folder, store) = filled(standing, &mut seeded);
    let store = RefCell::new(store);
    bencher
        .counter(ItemsCount::new(n))
        .with_inputs(|| {
            store.borrow_mut().tidy().expect("a disk that works");
            seeded.upload(n)
        })
        .bench_local_values(|upload| {
            store.borrow_mut().commit(vec![upload], Timestamp::UNIX_EPOCH).expect("a commit")
        });
}

#[divan::bench(args = [1, 300, 10_000], sample_size = 1, sample_count = 20)]
fn commit_to_100_000(bencher: Bencher<'_, '_>, n: usize) {
    commit(bencher, 100_000, n);
}

#[divan::bench(args = [1, 300, 10_000], sample_size = 1, sample_count = 20)]
fn commit_to_1_000_000(bencher: Bencher<'_, '_>, n: usize) {
    commit(bencher, 1_000_000, n);
}

#[divan::bench(args = [100_000, 1_000_000], sample_size = 1, sample_count = 5)]
fn load(bencher: Bencher<'_, '_>, n: usize) {
    let (_folder, store) = filled(n, &mut Seeded(7));
    let reader = store.reader().expect("a reader");
    bencher.counter(ItemsCount::new(n)).bench_local(|| {
        let mut quantity = 0;
        reader
            .records::<Details>(|record| quantity += black_box(record).content.quantity)
            .expect("a whole store");
        quantity
    });
}

#[divan::bench(args = [100_000, 1_000_000], sample_size = 1, sample_count = 5)]
fn open_and_check(bencher: Bencher<'_, '_>, n: usize) {
    let (_folder, store) = filled(n, &mut Seeded(7));
    let path = store.path().to_owned();
    store.close().expect("a disk that works");
    bencher.counter(ItemsCount::new(n)).bench_local(|| Store::open(&path).expect("a whole store"));
}
