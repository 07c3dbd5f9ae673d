//! Requests that state a parameter, with the expected effect when it is honoured.

use exchange::Format;
use serde_json::json;

use super::Parameter;
use crate::doors::{
    entry::{Entry, Language},
    row::{Check, PLACE, PLACE_IN_28408, Packing, Parcel, REASON, Row, SEEDED},
};

impl Parameter {
    /// Returns requests that state it, with the expected effect when it is honoured.
    pub fn parcels(self, language: Language, entry: Entry) -> Vec<Parcel> {
        let one = |row: Row| Parcel::new(entry, language, vec![row]);
        let plain = || arriving(entry);
        // The first of several names is the parameter's.
        let name = self.name().split('|').next().unwrap_or_default();
        match self {
            Self::Crs => {
                let projected = || Row { place: PLACE_IN_28408, ..plain() };
                let system = |parcel: Parcel| Parcel { system: "EPSG:28408", ..parcel };
                let mut parcels = vec![one(plain().checked(Check::At(PLACE))).asking(name, "EPSG:4326")];
                match own_system(language) {
                    Own::None => {
                        parcels.push(system(
                            one(projected().checked(Check::At(PLACE))).asking(name, "EPSG:28408"),
                        ));
                    }
                    Own::Named => {
                        parcels.push(system(
                            one(projected().checked(Check::At(PLACE))).asking(name, "EPSG:28408"),
                        ));
                        parcels.push(
                            one(Row::plain().checked(Check::Refused("28408"))).asking(name, "EPSG:28408"),
                        );
                    }
                    Own::Always => {
                        parcels.push(
                            one(Row::plain().checked(Check::Refused("28408"))).asking(name, "EPSG:28408"),
                        );
                    }
                }
                parcels
            }
            // GeoJSON coordinates follow the axis order of the definition; other formats have their own
            // order.
            Self::ContentCrs => {
                let place = if is_geojson(language) { [PLACE[1], PLACE[0]] } else { PLACE };
                let row = Row { place, ..plain() }.checked(Check::At(PLACE)).or_refused(name);
                vec![one(row).headed(name, "<http://www.opengis.net/def/crs/EPSG/0/4326>")]
            }
            Self::Columns => {
                let renamed = plain()
                    .without("kind")
                    .without("detected_on")
                    .with("Cihaz", json!("uxo"))
                    .with("Tarix", json!("2023-03-15"))
                    .with("Sahe", json!("secret"));
                let renamed = renamed
                    .checked(Check::Has("kind", json!("uxo")))
                    .checked(Check::Has("detected_on", json!("2023-03-15")))
                    .checked(Check::Lacks("Sahe"));
                let mapping = r#"{"Cihaz": "kind", "Tarix": "detected_on", "Sahe": "-"}"#;
                let uid = Row { id_as: Some("uid"), ..plain() }.checked(Check::Stands);
                vec![
                    one(renamed).asking(name, mapping),
                    one(uid).asking(name, r#"{"uid": "id"}"#),
                    one(Row::plain().checked(Check::Refused("knid"))).asking(name, r#"{"uid": "knid"}"#),
                ]
            }
            Self::Dates => {
                let found = |text: &str, day: &str| {
                    plain().with("detected_on", json!(text)).checked(Check::Has("detected_on", json!(day)))
                };
                vec![
                    one(found("03/04/2023", "2023-04-03")).asking(name, "dmy"),
                    one(found("03/04/2023", "2023-03-04")).asking(name, "mdy"),
                    one(found("14.03.2023", "2023-03-14")).asking(name, "dmy"),
                    one(found("2023-03-14", "2023-03-14")).asking(name, "dmy"),
                    one(Row::plain().checked(Check::Refused(name))).asking(name, "ymd?"),
                ]
            }
            Self::Update => {
                let changed = || Row::change().checked(Check::Has("model", json!("as changed")));
                let kept = || Row::change().checked(Check::Has("model", json!(SEEDED)));
                let mut parcels = vec![
                    one(changed()).asking(name, "true").asking("reason", REASON),
                    one(kept()).asking("reason", REASON),
                ];
                // A command-line flag has no value.
                if entry != Entry::Import {
                    parcels.push(one(kept().checked(Check::Refused(name))).asking(name, "perhaps"));
                }
                parcels
            }
            Self::Atomic => {
                let bad = Row::plain().with("kind", json!("spoon")).checked(Check::Absent);
                vec![
                    Parcel::new(entry, language, vec![Row::plain().checked(Check::Absent), bad])
                        .asking(name, "true"),
                ]
            }
            Self::DryRun => vec![one(Row::plain().checked(Check::Absent)).asking(name, "true")],
            Self::Reason => {
                let row = match entry {
                    Entry::Delete => Row { is_seeded: true, ..Row::plain() }.checked(Check::Absent),
                    _ => Row::change().checked(Check::Has("model", json!("as changed"))),
                };
                let parcel = one(row.checked(Check::Reason("as told"))).asking(name, "as told");
                let updates = matches!(entry, Entry::Uploads | Entry::Items | Entry::Item | Entry::Import);
                vec![if updates { parcel.asking("update", "true") } else { parcel }]
            }
            Self::FormatName => {
                let word = match language {
                    Language::File(format) => format.word(),
                    Language::XForm | Language::KoboJson | Language::Decision | Language::Nothing => "csv",
                };
                let parcel = one(Row::plain().checked(Check::Stands)).asking(name, word);
                vec![if entry == Entry::Uploads {
                    parcel.headed("content-type", "application/octet-stream")
                } else {
                    parcel
                }]
            }
            Self::IdempotencyKey => {
                let key = format!("{language:?} {entry:?}").replace([' ', '(', ')'], "-");
                let first = Row::plain().checked(Check::Stands).or_refused(name);
                let other = Row::plain().with("kind", json!("uxo")).checked(Check::Absent);
                vec![one(first).headed(name, &key), one(other).headed(name, &key)]
            }
            Self::IfMatch => {
                let is_one = matches!(entry, Entry::Item | Entry::Put | Entry::Patch | Entry::Delete);
                let kept = Row::change().checked(Check::Has("model", json!(SEEDED)));
                let row = if is_one { kept } else { Row::plain().checked(Check::Absent) };
                let row = match entry {
                    Entry::Delete => Row { checks: vec![Check::Stands], ..row },
                    _ => row,
                };
                vec![one(row).headed(name, "\"stale\"").asking("reason", REASON)]
            }
            Self::Gzip => vec![one(plain()).packed(Packing::Gzip)],
            Self::Zstd => vec![one(plain()).packed(Packing::Zstd)],
            Self::Brotli => vec![one(plain()).packed(Packing::Brotli)],
            Self::ByteOrderMark => vec![one(plain()).packed(Packing::Marked)],
            Self::Unknown => vec![one(plain()).asking(name, "red")],
        }
    }
}

/// Returns a row whose arrival is visible.
fn arriving(entry: Entry) -> Row {
    if entry.only_changes() {
        Row::change().checked(Check::Has("model", json!("as changed")))
    } else {
        Row::plain().checked(Check::Stands)
    }
}

/// How a file states the reference system of its coordinates.
enum Own {
    /// It states none.
    None,
    /// It names one.
    Named,
    /// Its format implies one.
    Always,
}

fn own_system(language: Language) -> Own {
    match language {
        Language::File(format) => match format {
            Format::GeoJson | Format::GeoJsonSeq | Format::GeoJsonLines | Format::Csv | Format::Xlsx => {
                Own::None
            }
            Format::GeoPackage | Format::FlatGeobuf | Format::Shapefile | Format::GeoParquet => Own::Named,
            Format::Kml | Format::Kmz | Format::Gpx | Format::PmTiles => Own::Always,
        },
        Language::XForm | Language::KoboJson | Language::Decision | Language::Nothing => Own::Always,
    }
}

fn is_geojson(language: Language) -> bool {
    matches!(language, Language::File(Format::GeoJson | Format::GeoJsonSeq | Format::GeoJsonLines))
}
