//! The table of doors: every field and parameter, in every format, through every entry point, in, out, and
//! back in through GDAL.
//!
//! A statement means the same wherever it is made. The table is a product of enums whose matches are
//! exhaustive, so a new field, parameter, format or entry point does not compile until it has a row. All
//! cells are tried before any is judged, and all failures are printed as one report.
#![allow(
    clippy::too_many_lines,
    clippy::match_same_arms,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::unnecessary_wraps,
    clippy::approx_constant,
    reason = "long tables, whose arms are rows, and small builders of files"
)]

mod cases;
mod engine;
mod entry;
mod field;
mod form;
mod format;
mod judging;
mod parameter;
mod round_trip;
mod row;
mod sending;
mod told;

use engine::Engine;
use entry::{Entry, Language};
use field::Field;
use parameter::Parameter;
use row::{Parcel, Statement};

use crate::program::Server;

/// An enum with the list of its variants.
macro_rules! every {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
        }
    };
}
use every;

#[test]
fn every_field_comes_in_by_every_door() {
    let mut engine = Engine::new();
    for &entry in Entry::ALL {
        for language in Language::all() {
            let mut together = Vec::new();
            for &field in Field::ALL {
                let Ok(mut rows) = field.cell(language, entry) else { continue };
                for row in &mut rows {
                    row.states = Some(Statement::Field(field));
                }
                if field.is_alone() {
                    for row in rows {
                        engine.send(Parcel::new(entry, language, vec![row]));
                    }
                } else {
                    together.extend(rows);
                }
            }
            engine.send(Parcel::new(entry, language, together));
        }
    }
    engine.run().report();
}

#[test]
fn every_parameter_means_the_same_at_every_door() {
    let mut engine = Engine::new();
    for &entry in Entry::ALL {
        for language in Language::all() {
            for &parameter in Parameter::ALL {
                let Ok(parcels) = parameter.cell(language, entry) else { continue };
                for mut parcel in parcels {
                    for row in &mut parcel.rows {
                        row.states = Some(Statement::Parameter(parameter));
                    }
                    engine.send(parcel);
                }
            }
        }
    }
    engine.run().report();
}

/// The paths that write but accept no records.
const WITHOUT_RECORDS: [&str; 8] = [
    "/summary/area",
    "/me/records",
    "/me/claims/{number}",
    "/session",
    "/tokens",
    "/tokens/{id}",
    "/photos/{hash}",
    "/review/{revision}/undo",
];

#[test]
fn the_table_has_every_column_parameter_and_path_that_there_is() {
    let known: Vec<&str> = Field::ALL.iter().flat_map(|field| field.columns()).copied().collect();
    let content = demining::Detection::FIELDS.iter().map(|field| field.name);
    let common = demining::COMMON_FIELDS.iter().map(|field| field.name);
    for column in content.chain(common).chain(["longitude", "latitude"]) {
        assert!(known.contains(&column) || column == "location", "no field has the column {column}");
    }
    let server = Server::start();
    let stated: Vec<&str> = Parameter::ALL.iter().flat_map(|parameter| parameter.name().split('|')).collect();
    for path in ["/uploads", "/collections/detections/items"] {
        let (status, told) = server.post(&format!("{path}?colour=red"), "application/geo+json", b"{}");
        let detail = told["detail"].as_str().unwrap();
        let (_, names) = detail.split_once("this path accepts: ").unwrap();
        assert_eq!(status, 400, "{told}");
        for name in names.split(", ") {
            // The table is about detections; `accidents` tests what `collection` selects.
            assert!(stated.contains(&name) || name == "collection", "no parameter is called {name}");
        }
    }
    // The manual's page ends with the table of routes; a test of the server checks that.
    let routes = include_str!("../../../../docs/access.md").lines().filter_map(|line| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        Some((cells.next()?.to_lowercase(), cells.next()?.strip_prefix('`')?.strip_suffix('`')?))
    });
    let writing = routes.filter(|(method, _)| matches!(method.as_str(), "post" | "put" | "patch" | "delete"));
    let mut n = 0;
    for (method, path) in writing.filter(|(_, path)| !path.starts_with("/collections/accidents/")) {
        let is_entry = Entry::ALL.iter().any(|entry| entry.path() == Some((method.as_str(), path)));
        assert!(is_entry || WITHOUT_RECORDS.contains(&path), "the table has no entry point {method} {path}");
        n += 1;
    }
    assert!(n > Entry::ALL.len(), "{n} routes write");
}
