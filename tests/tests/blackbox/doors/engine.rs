//! Collects parcels, sends them all, and reports what failed.

use serde_json::Value;
use tempfile::TempDir;

use super::{
    entry::Entry,
    format::collection,
    row::{Parcel, Row},
    sending::Doors,
    told::Report,
};

/// The parcels to send.
pub struct Engine {
    folder: TempDir,
    parcels: Vec<Parcel>,
    n_rows: u64,
}

impl Engine {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), parcels: Vec::new(), n_rows: 0 }
    }

    /// Adds a parcel and assigns ids to its rows.
    pub fn send(&mut self, mut parcel: Parcel) {
        for row in &mut parcel.rows {
            self.n_rows += 1;
            row.id = crate::program::id(self.n_rows);
            row.cell = format!("{} by {:?}", parcel.language, parcel.entry);
            row.is_seeded |= parcel.entry.only_changes();
        }
        if !parcel.rows.is_empty() {
            self.parcels.push(parcel);
        }
    }

    /// Sends everything: imports first, then the rest to a server on the same store.
    pub fn run(self) -> Report {
        let store = self.folder.path().join("store.gpkg");
        let seeds: Vec<Value> = self.parcels.iter().flat_map(|p| &p.rows).filter_map(Row::seed).collect();
        let seeded = self.folder.path().join("seeds.geojson");
        std::fs::write(&seeded, collection(seeds.into_iter())).unwrap();
        // Every store has a first revision, even if a cell changes nothing.
        let doors = Doors { store, folder: self.folder.path().to_owned(), server: None, team: String::new() };
        let told = doors.imported(&[seeded.to_str().unwrap().to_owned()]);
        assert!(!told.is_refused, "{}", told.text);

        let (imported, served): (Vec<_>, Vec<_>) =
            self.parcels.into_iter().partition(|parcel| parcel.entry == Entry::Import);
        let mut sent = Vec::new();
        for parcel in imported {
            let told = doors.import(&parcel);
            sent.push((parcel, vec![told]));
        }
        let doors = doors.open();
        for parcel in served {
            let told = if parcel.entry.is_single() {
                parcel.rows.iter().map(|row| doors.send_one(&parcel, row)).collect()
            } else {
                vec![doors.send_file(&parcel)]
            };
            sent.push((parcel, told));
        }
        doors.judge(&sent)
    }
}
