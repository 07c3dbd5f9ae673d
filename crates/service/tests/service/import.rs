//! A file of accidents is imported without a running server.

use atlas::Scope;
use demining::Collection;
use exchange::{Format, ReadOptions};
use service::intake::{File, Import, UploadOptions};
use store::{Reader, Store};

use crate::world::DAY;

#[test]
fn a_table_of_accidents_is_imported_and_imported_again_without_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.gpkg");
    let row = |n: u32| format!("018f3c1e-7a44-7cc1-9000-0000000000{n:02},46.{n:02},40.1,mine,{DAY},{n}\n");
    let rows: String = (0..50).map(row).collect();
    let table = format!("id,lon,lat,class,occurred_on,injured\n{rows}0,46.5,40.1,mine,{DAY},1\n");
    let mut store = Store::open(&path).unwrap();
    let (upload_options, reading) = (
        UploadOptions::default(),
        ReadOptions { collection: Collection::Accidents, ..ReadOptions::default() },
    );
    let mut import = || {
        let file = File { name: "accidents.csv".into(), bytes: table.len() as u64 };
        let import = Import {
            store: &mut store,
            by: "an import",
            upload_options: &upload_options,
            reading: &reading,
            format: Format::Csv,
        };
        let (report, broken) = import.run(file, table.as_bytes(), |_| ()).unwrap();
        assert!(broken.is_none());
        (report.created, report.unchanged, report.refused)
    };
    assert_eq!(import(), (50, 0, 1));
    assert_eq!(import(), (0, 50, 1));
    store.close().unwrap();
    let view = service::replay(|| Reader::open(&path)).unwrap().view(Scope::Full);
    assert_eq!(view.accidents().all().count(), 50);
    let injured = view.accidents().all().filter_map(|located| located.record.content.injured);
    assert_eq!(injured.sum::<u32>(), (0..50).sum::<u32>());
}
