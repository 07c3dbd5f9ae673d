//! Crates, and the modules within a crate, depend only on lower ones.

mod imports;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use cargo_metadata::{DependencyKind, MetadataCommand};

use imports::{Crate, code_of, sources};

/// The crates, each with the crates that it may import.
const CRATES: [(&str, &[&str]); 9] = [
    ("geometry", &[]),
    ("demining", &["geometry"]),
    ("exchange", &["demining", "geometry"]),
    ("store", &["demining", "geometry"]),
    ("atlas", &["demining", "geometry"]),
    ("service", &["atlas", "demining", "exchange", "geometry", "store"]),
    ("server", &["atlas", "demining", "exchange", "geometry", "service", "store"]),
    ("clearline", &["atlas", "demining", "exchange", "geometry", "server", "service", "store"]),
    ("blackbox", &[]),
];

/// The modules of `service`, lowest first: each imports only those before it.
const SERVICE: [&str; 19] = [
    "fault",
    "background",
    "pool",
    "fingerprint",
    "start_error",
    "readers",
    "collections",
    "access",
    "memory",
    "journal",
    "replay",
    "integrity",
    "snapshot",
    "photos",
    "events",
    "log",
    "intake",
    "service",
    "review",
];

/// The modules of `server`, lowest first.
const SERVER: [&str; 14] = [
    "http", "access", "wire", "html", "export", "oidc", "basemap", "share", "api", "openrosa", "hooks",
    "ogc", "app", "routes",
];

#[test]
fn crates_import_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = CRATES.into();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let crates: Vec<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(crates.len(), allowed.len(), "{crates:?}");
    for package in &metadata.packages {
        let below = allowed[package.name.as_str()];
        for dependency in package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development) {
            let name = dependency.name.as_str();
            assert!(!crates.contains(&name) || below.contains(&name), "{} imports {name}", package.name);
        }
    }
}

#[test]
fn modules_import_only_those_before_them() {
    for (name, order) in [("service", &SERVICE[..]), ("server", &SERVER[..])] {
        let place = |module: &str| {
            let at = order.iter().position(|known| *known == module);
            at.unwrap_or_else(|| panic!("{module} of {name} has no place in the order"))
        };
        let read = Crate::read(&src(name));
        for (module, named) in read.named() {
            let Some(own) = module.first() else { continue };
            for other in named.iter().filter_map(|other| other.first()) {
                let is_below = other == own || place(other) < place(own);
                assert!(is_below, "{name}: {} imports {other}, which lies above", module.join("::"));
            }
        }
    }
}

/// The crates whose modules must not import each other in cycles.
const ONE_WAY: [&str; 8] =
    ["geometry", "demining", "exchange", "store", "atlas", "service", "server", "clearline"];

/// Checks that imports between siblings, including everything below them, go one way. A module and its parent
/// or children may use each other.
#[test]
fn no_modules_import_each_other() {
    let mut found = Vec::new();
    for name in ONE_WAY {
        let read = Crate::read(&src(name));
        let mut edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
        for (module, named) in read.named() {
            for other in named {
                let shared = module.iter().zip(&other).take_while(|(a, b)| a == b).count();
                edges.entry(module[..=shared].to_vec()).or_default().insert(other[..=shared].to_vec());
            }
        }
        for (from, to) in &edges {
            let back = |other: &&Vec<String>| reaches(&edges, other, from);
            found.extend(
                to.iter().filter(back).map(|o| format!("{name}: {} and {}", from.join("::"), o.join("::"))),
            );
        }
    }
    assert!(found.is_empty(), "these import each other:\n{}", found.join("\n"));
}

/// Returns whether imports lead from one module to another.
fn reaches(
    edges: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
    from: &Vec<String>,
    to: &Vec<String>,
) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(module) = next.pop() {
        if module == to {
            return true;
        }
        if seen.insert(module) {
            next.extend(edges.get(module).into_iter().flatten());
        }
    }
    false
}

#[test]
fn crates_without_io_name_no_files_clocks_or_runtimes() {
    let words = ["std::fs", "std::net", "SystemTime::now", "Timestamp::now", "Zoned::now", "tokio::"];
    holds_none("geometry", &words);
    holds_none("demining", &words);
    holds_none("atlas", &words);
}

/// The service does not depend on HTTP or on an async runtime.
#[test]
fn the_service_knows_no_http() {
    holds_none("service", &["axum", "hyper", "http::", "StatusCode", "HeaderMap", "Runtime::"]);
}

fn holds_none(name: &str, words: &[&str]) {
    for file in sources(&src(name)) {
        let code = code_of(&file);
        for word in words {
            assert!(!code.contains(word), "{} has {word}", file.display());
        }
    }
}

fn src(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "crates", name, "src"].iter().collect()
}
