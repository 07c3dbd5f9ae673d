//! Sends parcels, reads back what became of their rows, and reports what did not hold.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::Request;

use super::{
    entry::{Entry, Language},
    form::{kobo, xform},
    format::{Workshop, collection},
    row::{Check, PLACE, Packing, Parcel, REASON, Row, SEEDED},
};
use crate::{
    formats::is_same,
    program::{KALBAJAR, Server, binary, clearline, read},
};

const ITEMS: &str = "/collections/detections/items";

/// Parcels on their way.
pub struct Engine {
    folder: TempDir,
    parcels: Vec<Parcel>,
    n_rows: u64,
}

/// What an entry point answered.
#[derive(Debug, Default)]
struct Told {
    /// Whether nothing was taken.
    is_refused: bool,
    /// The whole answer.
    text: String,
    /// What it says of each row, by id.
    rows: HashMap<String, String>,
}

/// What holds after everything was sent.
pub struct Report {
    /// By field or parameter and what is wrong with it.
    failures: BTreeMap<(String, String), Failure>,
    n_rows: usize,
}

/// What is wrong in several cells.
#[derive(Default)]
struct Failure {
    cells: Vec<String>,
    /// What the last of them was answered.
    told: String,
}

impl Engine {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), parcels: Vec::new(), n_rows: 0 }
    }

    /// Adds a parcel; its rows get their ids.
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

    /// Sends all of it: what is imported first, then the rest to a server on the same store.
    pub fn run(self) -> Report {
        let store = self.folder.path().join("store.gpkg");
        let seeds: Vec<Value> = self.parcels.iter().flat_map(|p| &p.rows).filter_map(Row::seed).collect();
        let seeded = self.folder.path().join("seeds.geojson");
        std::fs::write(&seeded, collection(seeds.into_iter())).unwrap();
        // Every store has a first revision, even of a table that changes nothing.
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

/// A store, and a server on it once it is open.
struct Doors {
    store: PathBuf,
    folder: PathBuf,
    server: Option<Server>,
    /// The token of a field team of another district.
    team: String,
}

impl Doors {
    fn open(self) -> Self {
        let server = Server::open(&self.store, &[]);
        let store = self.store.to_str().unwrap();
        let made = clearline(&[
            "token", "create", "--role", "field", "--name", "Team 7", "--region", "AZ-LAC", "--store", store,
        ]);
        let team = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        Self { server: Some(server), team, ..self }
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// The bytes of a parcel's file.
    fn bytes(&self, parcel: &Parcel) -> Vec<u8> {
        let Language::File(format) = parcel.language else { panic!("{:?} is no file", parcel.language) };
        Workshop { folder: &self.folder, system: parcel.system }.file(format, &parcel.rows)
    }

    fn import(&self, parcel: &Parcel) -> Told {
        let Language::File(format) = parcel.language else { panic!("{:?} is no file", parcel.language) };
        let ending = match parcel.packing {
            Packing::None | Packing::Marked => String::new(),
            Packing::Gzip => ".gz".to_owned(),
            Packing::Zstd => ".zst".to_owned(),
            Packing::Brotli => ".br".to_owned(),
        };
        let file = self.folder.join(format!("sent.{}{ending}", format.file_ending()));
        std::fs::write(&file, packed(parcel.packing, self.bytes(parcel))).unwrap();
        let mut arguments = vec![file.to_str().unwrap().to_owned()];
        for (name, value) in &parcel.asked {
            let flag = format!("--{}", name.replace('_', "-"));
            match (*name, serde_json::from_str::<BTreeMap<String, String>>(value)) {
                ("columns", Ok(columns)) => arguments.extend(
                    columns
                        .into_iter()
                        .flat_map(|(column, field)| ["--column".to_owned(), format!("{column}={field}")]),
                ),
                _ if value == "true" => arguments.push(flag),
                _ => arguments.extend([flag, value.clone()]),
            }
        }
        self.imported(&arguments)
    }

    fn imported(&self, arguments: &[String]) -> Told {
        let output = Command::new(binary())
            .args(["import", "--store"])
            .arg(&self.store)
            .args(arguments)
            .output()
            .unwrap();
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Told { is_refused: !output.status.success(), text, rows: HashMap::new() }
    }

    fn send_file(&self, parcel: &Parcel) -> Told {
        let Language::File(format) = parcel.language else { panic!("{:?} is no file", parcel.language) };
        let path = if parcel.entry == Entry::Uploads { "/uploads" } else { ITEMS };
        let body = packed(parcel.packing, self.bytes(parcel));
        self.ask("POST", path, format.content_type(), parcel, &parcel.asked, body)
    }

    fn send_one(&self, parcel: &Parcel, row: &Row) -> Told {
        let mut asked = parcel.asked.clone();
        let item = format!("{ITEMS}/{}", row.id);
        let json = "application/geo+json";
        let is_correction = matches!(parcel.entry, Entry::Put | Entry::Patch);
        if is_correction
            && !row.properties.contains_key("reason")
            && !asked.iter().any(|(name, _)| *name == "reason")
        {
            asked.push(("reason", REASON.to_owned()));
        }
        let form = |row: &Row| match parcel.language {
            Language::KoboJson => (kobo(row).to_string(), "application/json"),
            _ => (xform(row), "text/xml"),
        };
        let (method, path, kind, body) = match parcel.entry {
            Entry::Item => ("POST", ITEMS.to_owned(), json, row.feature().to_string()),
            Entry::Put => ("PUT", item, json, row.feature().to_string()),
            Entry::Patch => {
                let mut patch = json!({"properties": row.properties});
                if row.place != PLACE {
                    patch["geometry"] = row.feature()["geometry"].clone();
                }
                ("PATCH", item, "application/merge-patch+json", patch.to_string())
            }
            Entry::Delete => ("DELETE", item, json, String::new()),
            Entry::OpenRosa => {
                let path = format!("/openrosa/{}/submission?deviceID=table", self.server().token());
                let body = format!(
                    "--b42\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"a.xml\"\r\n\
                     Content-Type: text/xml\r\n\r\n{}\r\n--b42--\r\n",
                    xform(row)
                );
                ("POST", path, "multipart/form-data; boundary=b42", body)
            }
            Entry::Kobo => {
                let (body, kind) = form(row);
                ("POST", "/hooks/kobo".to_owned(), kind, body)
            }
            Entry::Central => {
                let data = json!({"xml": xform(row)});
                let event =
                    json!({"type": "submission.create", "id": format!("uuid:{}", row.id), "data": data});
                ("POST", "/hooks/central".to_owned(), "application/json", event.to_string())
            }
            Entry::Review => {
                let mut body = json!({"decision": "has_issues", "reason": REASON, "records": [{"id": row.id, "revision": 1}]});
                stated(&mut body, row);
                ("POST", "/review".to_owned(), "application/json", body.to_string())
            }
            Entry::Held => {
                let confirms = ["replaces_approved", "empties", "nowhere", "far", "future"];
                let mut body = json!({"decision": "accepted", "reason": REASON, "confirms": confirms});
                stated(&mut body, row);
                ("POST", self.quarantined(row), "application/json", body.to_string())
            }
            Entry::Refused => {
                let mut body = json!({"reason": REASON});
                stated(&mut body, row);
                ("POST", self.unreadable(row), "application/json", body.to_string())
            }
            Entry::Uploads | Entry::Items | Entry::Import => panic!("{:?} takes files", parcel.entry),
        };
        self.ask(method, &path, kind, parcel, &asked, packed(parcel.packing, body.into_bytes()))
    }

    /// Has a plain record with the id of the row quarantined, and gives the address of the decision on it.
    fn quarantined(&self, row: &Row) -> String {
        let mut plain = Row { id: row.id.clone(), ..Row::plain() };
        plain.place = [KALBAJAR.0, KALBAJAR.1];
        let request = self.server().agent().post(self.server().url("/uploads"));
        let request = request.header("authorization", format!("Bearer {}", self.team));
        let (status, told) = read(request.send(plain.feature().to_string()).unwrap());
        assert_eq!((status, &told["held"]), (200, &json!(1)), "{told}");
        let held = self.server().json("/held?limit=200");
        let own =
            held["records"].as_array().unwrap().iter().find(|held| held["feature"]["id"] == json!(row.id));
        format!("/held/{}", own.unwrap()["number"])
    }

    /// Has a submission refused, and gives the address of the note on it.
    fn unreadable(&self, row: &Row) -> String {
        let mut spoon = Row { id: row.id.clone(), ..Row::plain() }.with("kind", json!("spoon"));
        spoon.is_seeded = false;
        let request = self.server().agent().post(self.server().url("/hooks/kobo"));
        let (status, told) = read(request.send(kobo(&spoon).to_string()).unwrap());
        assert_eq!(status, 202, "{told}");
        let detail = told["detail"].as_str().unwrap();
        let upload = detail.rsplit("upload ").next().unwrap().trim_end_matches(')');
        format!("/refused/{upload}")
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        parcel: &Parcel,
        asked: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Told {
        let query: Vec<String> =
            asked.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mut path = path.to_owned();
        if !query.is_empty() {
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(&query.join("&"));
        }
        let mut request = Request::builder().method(method).uri(self.server().url(&path));
        if !parcel.headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", kind);
        }
        for (name, value) in &parcel.headers {
            request = request.header(*name, value);
        }
        let coding = match parcel.packing {
            Packing::None | Packing::Marked => None,
            Packing::Gzip => Some("gzip"),
            Packing::Zstd => Some("zstd"),
            Packing::Brotli => Some("br"),
        };
        if let Some(coding) = coding {
            request = request.header("content-encoding", coding);
        }
        let agent = self.server().agent();
        let answer = if body.is_empty() {
            agent.run(request.body(()).unwrap())
        } else {
            agent.run(request.body(body).unwrap())
        };
        let answer = answer.unwrap();
        let (status, told) = read(answer);
        let mut rows: HashMap<String, String> = HashMap::new();
        for list in ["problems", "errors", "notices"] {
            for entry in told[list].as_array().into_iter().flatten() {
                if let Some(id) = entry["id"].as_str() {
                    let said = rows.entry(id.to_owned()).or_default();
                    said.push_str(&entry.to_string());
                }
            }
        }
        let text = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
        Told { is_refused: status >= 400, text: format!("{status} {text}"), rows }
    }

    /// Every record by id.
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

    fn judge(&self, sent: &[(Parcel, Vec<Told>)]) -> Report {
        let records = self.records();
        let mut report = Report { failures: BTreeMap::new(), n_rows: 0 };
        for (parcel, told) in sent {
            for (nth, row) in parcel.rows.iter().enumerate() {
                report.n_rows += 1;
                let told = &told[if told.len() == 1 { 0 } else { nth }];
                // Lists leave out what proved to be none.
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

    /// What does not hold of a row.
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

    /// The reason of the last change of a record.
    fn reason(&self, row: &Row) -> Option<String> {
        let history = self.server().get(&format!("{ITEMS}/{}/history", row.id));
        let (_, told) = read(history);
        Some(told["revisions"][0]["reason"].as_str().unwrap_or("").to_owned())
    }
}

/// Puts what a row states into a decision.
fn stated(body: &mut Value, row: &Row) {
    for (name, value) in &row.properties {
        if name != "kind" && name != "detected_on" || *value != Row::plain().properties[name] {
            body[name] = value.clone();
        }
    }
}

/// Whether a text names something, or one of several with bars between, whatever the case and the signs between
/// its words.
fn names(text: &str, words: &str) -> bool {
    let folded = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
    let text = folded(text);
    words.split('|').any(|word| text.contains(&folded(word)))
}

fn packed(packing: Packing, body: Vec<u8>) -> Vec<u8> {
    match packing {
        Packing::None => body,
        Packing::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
            out.write_all(&body).unwrap();
            out.finish().unwrap()
        }
        Packing::Zstd => zstd::encode_all(body.as_slice(), 3).unwrap(),
        Packing::Brotli => {
            let mut out = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
            out.write_all(&body).unwrap();
            out.into_inner()
        }
        Packing::Marked => [b"\xef\xbb\xbf", body.as_slice()].concat(),
    }
}

/// Text for a query.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(byte.into());
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    })
}

impl Report {
    /// Notes a row that does not hold.
    fn note(&mut self, row: &Row, fault: &str, told: &Told) {
        let said = told.rows.get(&row.id).unwrap_or(&told.text);
        let failure = self.failures.entry((format!("{:?}", row.states), fault.to_owned())).or_default();
        failure.told = said.chars().take(300).collect();
        failure.cells.push(row.cell.clone());
    }

    /// Fails with all cells that do not hold, by what is wrong with them.
    pub fn report(self) {
        let mut told = String::new();
        for ((label, fault), Failure { cells, told: said }) in &self.failures {
            writeln!(told, "{label}: {fault}\n    {}\n    such as: {said}", cells.join(", ")).unwrap();
        }
        let n = self.failures.values().map(|failure| failure.cells.len()).sum::<usize>();
        assert!(n == 0, "{n} of {} rows do not hold:\n{told}", self.n_rows);
    }
}
