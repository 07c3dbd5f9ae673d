//! Sends parcels through an entry point.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    process::Command,
};

use serde_json::{Value, json};
use ureq::http::Request;

use super::{
    entry::{Entry, Language},
    form::{kobo, xform},
    format::Workshop,
    row::{PLACE, Packing, Parcel, REASON, Row},
    told::Told,
};
use crate::program::{KALBAJAR, Server, binary, clearline, read};

pub const ITEMS: &str = "/collections/detections/items";

/// A store, and a server on it once started.
pub struct Doors {
    pub store: PathBuf,
    pub folder: PathBuf,
    pub server: Option<Server>,
    /// The token of a field team of another district.
    pub team: String,
}

impl Doors {
    pub fn open(self) -> Self {
        let server = Server::open(&self.store, &[]);
        let store = self.store.to_str().unwrap();
        let made = clearline(&[
            "token", "create", "--role", "field", "--name", "Team 7", "--region", "AZ-LAC", "--store", store,
        ]);
        let team = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        Self { server: Some(server), team, ..self }
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// Returns the bytes of a parcel's file.
    pub fn bytes(&self, parcel: &Parcel) -> Vec<u8> {
        let Language::File(format) = parcel.language else { panic!("{:?} is no file", parcel.language) };
        Workshop { folder: &self.folder, system: parcel.system }.file(format, &parcel.rows)
    }

    pub fn import(&self, parcel: &Parcel) -> Told {
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

    pub fn imported(&self, arguments: &[String]) -> Told {
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

    pub fn send_file(&self, parcel: &Parcel) -> Told {
        let Language::File(format) = parcel.language else { panic!("{:?} is no file", parcel.language) };
        let path = if parcel.entry == Entry::Uploads { "/uploads" } else { ITEMS };
        let body = packed(parcel.packing, self.bytes(parcel));
        self.ask("POST", path, format.content_type(), parcel, &parcel.asked, body)
    }

    pub fn send_one(&self, parcel: &Parcel, row: &Row) -> Told {
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

    /// Quarantines a plain record with the row's id; returns the address of its decision.
    pub fn quarantined(&self, row: &Row) -> String {
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

    /// Sends a submission that is refused; returns the address for settling it.
    pub fn unreadable(&self, row: &Row) -> String {
        let mut spoon = Row { id: row.id.clone(), ..Row::plain() }.with("kind", json!("spoon"));
        spoon.is_seeded = false;
        let request = self.server().agent().post(self.server().url("/hooks/kobo"));
        let (status, told) = read(request.send(kobo(&spoon).to_string()).unwrap());
        assert_eq!(status, 202, "{told}");
        let detail = told["detail"].as_str().unwrap();
        let upload = detail.rsplit("upload ").next().unwrap().trim_end_matches(')');
        format!("/refused/{upload}")
    }

    pub fn ask(
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
}

/// Adds a row's statements to a decision.
pub fn stated(body: &mut Value, row: &Row) {
    for (name, value) in &row.properties {
        if name != "kind" && name != "detected_on" || *value != Row::plain().properties[name] {
            body[name] = value.clone();
        }
    }
}

pub fn packed(packing: Packing, body: Vec<u8>) -> Vec<u8> {
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

/// Encodes text for a query.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(byte.into());
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    })
}
