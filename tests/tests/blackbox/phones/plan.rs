//! The records of a history, and the ways to send them.

use std::collections::BTreeMap;

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::phone::{Phone, came, hash_of, photo_of};
use crate::program::{LACHIN, Server, feature, id};

pub const RECORDS: u64 = 8;

/// How a team sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A file of records.
    File,
    /// A form in ODK Collect, or the same forwarded by `KoBoToolbox`.
    Form,
}

/// The content and fate of one record of a history.
#[derive(Clone, Debug)]
pub struct Plan {
    pub n: u64,
    pub door: Door,
    pub has_photo: bool,
    pub is_dealt_with: bool,
}

/// Builds the record of a plan as first sent in a file.
pub fn as_file(plan: &Plan) -> Value {
    let mut record = feature(plan.n, LACHIN.0, LACHIN.1);
    if plan.has_photo {
        record["properties"]["photos"] = json!([hash_of(plan.n)]);
    }
    record
}

/// Builds the same as the answers of a form.
pub fn as_form(plan: &Plan) -> String {
    let photo = if plan.has_photo { "<photo>a.png</photo>" } else { "" };
    format!(
        "<data id=\"clearline_detection\" version=\"1\"><location>{} {} 0 4</location><kind>uxo</kind>\
         <detected_on>2023-03-14</detected_on>{photo}<meta><instanceID>uuid:{}</instanceID></meta></data>",
        LACHIN.1,
        LACHIN.0,
        id(plan.n)
    )
}

impl Plan {
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        if self.has_photo { vec![("a.png".to_owned(), photo_of(self.n))] } else { Vec::new() }
    }

    /// Sends the record as found, each time in a random way.
    pub fn find(&self, phone: &Phone<'_>, rng: &mut impl Rng) {
        match self.door {
            Door::File => {
                if self.has_photo && rng.random() {
                    phone.photo(self.n);
                }
                let key = format!("key-{}", self.n);
                phone.file(&as_file(self), rng.random::<bool>().then_some(&*key), false);
            }
            Door::Form if !self.has_photo && rng.random() => {
                let headers = [("content-type", "application/xml")];
                came(phone.post("/hooks/kobo", &headers, as_form(self).as_bytes()).0);
            }
            Door::Form => {
                if rng.random() {
                    came(phone.form(&as_form(self), &[], false));
                }
                came(phone.form(&as_form(self), &self.files(), true));
            }
        }
    }

    /// Sends that the record is dealt with.
    pub fn deal_with(&self, phone: &Phone<'_>) {
        match self.door {
            Door::File => {
                let mut record = as_file(self);
                for (name, value) in
                    [("status", "neutralised"), ("neutralised_on", "2023-03-15"), ("disposal", "burned")]
                {
                    record["properties"][name] = json!(value);
                }
                phone.file(&record, Some(&format!("done-{}", self.n)), true);
            }
            Door::Form => {
                let answers = json!({"_uuid": id(5_000_000 + self.n), "detection": id(self.n),
                                     "neutralised_on": "2023-03-15", "disposal": "burned"});
                let headers = [("content-type", "application/json")];
                came(phone.post("/hooks/kobo", &headers, answers.to_string().as_bytes()).0);
            }
        }
    }
}

/// Returns every record by id, without the time of writing.
pub fn state(server: &Server) -> BTreeMap<String, Value> {
    let page = server.json("/collections/detections/items?limit=10000");
    let features = page["features"].as_array().unwrap().iter();
    let all: BTreeMap<String, Value> = features
        .map(|feature| {
            let mut feature = feature.clone();
            let properties = feature["properties"].as_object_mut().unwrap();
            properties.retain(|name, _| !["revision", "updated_at"].contains(&name.as_str()));
            (feature["id"].as_str().unwrap().to_owned(), feature)
        })
        .collect();
    assert_eq!(page["numberReturned"], all.len(), "each once");
    all
}

pub fn plans(rng: &mut ChaCha8Rng, first: u64) -> Vec<Plan> {
    (first..first + RECORDS)
        .map(|n| Plan {
            n,
            door: if rng.random() { Door::File } else { Door::Form },
            has_photo: rng.random_range(0..3) == 0,
            is_dealt_with: rng.random(),
        })
        .collect()
}
