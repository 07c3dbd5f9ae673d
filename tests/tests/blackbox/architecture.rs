//! The rooms know only the rooms below them.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, MetadataCommand};

#[test]
fn rooms_import_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = [
        ("geometry", &[][..]),
        ("demining", &["geometry"]),
        ("exchange", &["demining", "geometry"]),
        ("store", &["demining", "geometry"]),
        ("atlas", &["demining", "geometry"]),
        ("server", &["atlas", "demining", "exchange", "geometry", "store"]),
        ("clearline", &["atlas", "demining", "exchange", "geometry", "server", "store"]),
        ("blackbox", &[]),
    ]
    .into();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let rooms: Vec<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(rooms.len(), allowed.len(), "{rooms:?}");
    for package in &metadata.packages {
        let below = allowed[package.name.as_str()];
        for dependency in package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development) {
            let name = dependency.name.as_str();
            assert!(!rooms.contains(&name) || below.contains(&name), "{} imports {name}", package.name);
        }
    }
}

#[test]
fn rooms_without_io_name_no_files_clocks_or_runtimes() {
    for room in ["geometry", "demining", "atlas"] {
        let folder = format!("{}/../crates/{room}/src", env!("CARGO_MANIFEST_DIR"));
        for file in files(folder.as_ref()) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for word in ["std::fs", "std::net", "SystemTime::now", "Timestamp::now", "Zoned::now", "tokio::"]
            {
                assert!(!code.contains(word), "{} has {word}", file.display());
            }
        }
    }
}

/// The one way in can be moved below HTTP: it names no status, no header and none of the parts that do.
#[test]
fn the_intake_knows_no_http() {
    let folder = format!("{}/../crates/server/src/intake", env!("CARGO_MANIFEST_DIR"));
    for file in files(folder.as_ref()) {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in [
            "axum",
            "http::",
            "StatusCode",
            "HeaderMap",
            "status()",
            "Runtime::",
            "crate::problem",
            "crate::routes",
            "crate::wire",
            "crate::params",
        ] {
            assert!(!text.contains(word), "{} has {word}", file.display());
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            all.push(path);
        }
    }
    assert!(!all.is_empty(), "{} holds no code", folder.display());
    all
}
