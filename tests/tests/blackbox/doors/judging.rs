//! Reads back the outcomes of rows and checks them.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{
    row::{Check, Parcel, Row, SEEDED},
    sending::{Doors, ITEMS},
    told::{Report, Told},
};
use crate::{formats::is_same, program::read};

impl Doors {
    /// Returns every record by id.
    fn records(&self) -> HashMap<String, Value> {
        let mut records = HashMap::new();
        let mut next = Some(self.server().url(&format!("{ITEMS}?limit=10000")));
        while let Some(url) = next {
            let (status, page) = read(self.server().agent().get(&url).call().unwrap());
            assert_eq!(status, 200, "{page}");
            for feature in page["features"].as_array().unwrap() {
                records.insert(feature["id"].as_str().unwrap().to_owned(), feature.clone());
            }
            let links = page["links"].as_array().unwrap();
            next = links.iter().find(|l| l["rel"] == "next").map(|l| l["href"].as_str().unwrap().to_owned());
        }
        records
    }

    pub fn judge(&self, sent: &[(Parcel, Vec<Told>)]) -> Report {
        let records = self.records();
        let mut report = Report { failures: BTreeMap::new(), n_rows: 0 };
        for (parcel, told) in sent {
            for (nth, row) in parcel.rows.iter().enumerate() {
                report.n_rows += 1;
                let told = &told[if told.len() == 1 { 0 } else { nth }];
                // Lists omit discounted records.
                let alone = || read(self.server().get(&format!("{ITEMS}/{}", row.id)));
                let record = records
                    .get(&row.id)
                    .cloned()
                    .or_else(|| Some(alone()).filter(|a| a.0 == 200).map(|a| a.1));
                if let Some(fault) = self.fault(row, record.as_ref(), told) {
                    report.note(row, &fault, told);
                }
            }
        }
        report
    }

    /// Returns what is wrong with the outcome of a row.
    fn fault(&self, row: &Row, record: Option<&Value>, told: &Told) -> Option<String> {
        let is_untouched = match record {
            None => !row.is_seeded,
            Some(record) => row.is_seeded && record["properties"]["model"] == SEEDED,
        };
        let is_refused = |naming: &str| told.is_refused && is_untouched && names(&told.text, naming);
        if row.or_refused.is_some_and(is_refused) {
            return None;
        }
        row.checks.iter().find_map(|check| {
            let property = |name: &str| record.map(|record| &record["properties"][name]);

            match check {
                Check::Stands => record.is_none().then(|| "is not there".to_owned()),
                Check::At(place) => match record {
                    None => Some("is not there".to_owned()),
                    Some(record) => {
                        let at = |nth: usize| record["geometry"]["coordinates"][nth].as_f64().unwrap();
                        let is_off = (0..2).any(|nth| (at(nth) - place[nth]).abs() > 1.5e-7);
                        is_off.then(|| format!("lies at {}", record["geometry"]["coordinates"]))
                    }
                },
                Check::Has(name, value) => match property(name) {
                    None => Some("is not there".to_owned()),
                    Some(found) => {
                        (!is_same(found, value)).then(|| format!("{name} is {found}, not {value}"))
                    }
                },
                Check::Lacks(name) => {
                    property(name).filter(|v| !v.is_null()).map(|v| format!("{name} is {v}"))
                }
                Check::Absent => record.map(|_| "was written".to_owned()),
                Check::Reason(reason) => self
                    .reason(row)
                    .filter(|found| !found.contains(reason))
                    .map(|found| format!("the reason of the last change is {found:?}")),
                Check::Told(word) => {
                    let said = told.rows.get(&row.id).unwrap_or(&told.text);
                    (!names(said, word)).then(|| format!("nothing was said of {word}"))
                }
                Check::Refused(word) => {
                    (!is_refused(word)).then(|| format!("was not refused with a word about {word}"))
                }
            }
        })
    }

    /// Returns the reason of the last change of a record.
    fn reason(&self, row: &Row) -> Option<String> {
        let history = self.server().get(&format!("{ITEMS}/{}/history", row.id));
        let (_, told) = read(history);
        Some(told["revisions"][0]["reason"].as_str().unwrap_or("").to_owned())
    }
}

/// Returns whether a text contains a phrase, or one of several separated by bars, ignoring case and
/// punctuation.
fn names(text: &str, words: &str) -> bool {
    let folded = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
    let text = folded(text);
    words.split('|').any(|word| text.contains(&folded(word)))
}
