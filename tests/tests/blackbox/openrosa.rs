//! ODK Collect and KoBoCollect: forms, the list of detections, and posts in Collect's format.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::{
    photos::photo,
    program::{KALBAJAR, LACHIN, Server, binary, clearline, collection, feature, id, read},
};

pub const FIRST: &str = "0b5e6f0e-5e7c-4f2b-8b1a-1d1f6f7a9c01";

/// A phone configured only with an address.
pub struct Phone {
    pub agent: Agent,
    base: String,
}

/// A response: status, headers by name, text.
type Told = (u16, ureq::http::HeaderMap, String);

impl Phone {
    pub fn new(server: &Server, role: &str, name: &str) -> Self {
        let store = server.store.to_str().unwrap();
        let arguments =
            ["token", "create", "--role", role, "--name", name, "--region", "AZ-LAC", "--store", store];
        let made = clearline(&arguments);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self::with_token(&server.base, String::from_utf8(made.stdout).unwrap().trim())
    }

    fn with_token(base: &str, token: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(20))).build().new_agent();
        Self { agent, base: format!("{base}/openrosa/{token}") }
    }

    fn ask(&self, method: &str, address: &str, content_type: &str, body: Vec<u8>) -> Told {
        let request = ureq::http::Request::builder().method(method).uri(address);
        let request = request.header("X-OpenRosa-Version", "1.0").header("content-type", content_type);
        let mut answer = self.agent.run(request.body(body).unwrap()).unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        assert_eq!(headers["x-openrosa-version"], "1.0", "{method} {address}");
        assert!(headers["x-openrosa-accept-content-length"].to_str().unwrap().parse::<u32>().unwrap() > 0);
        assert!(headers.contains_key("date"));
        (status, headers, answer.body_mut().read_to_string().unwrap())
    }

    pub fn get(&self, path: &str) -> String {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let (status, _, text) = self.ask("GET", &address, "text/plain", Vec::new());
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// Posts answers and files; `is_last` unless another post follows.
    pub fn post(&self, xml: &str, files: &[(&str, &[u8])], is_last: bool) -> (u16, String) {
        let mut body = Vec::new();
        let mut part = |name: &str, file: bool, content: &[u8]| {
            let file = if file { format!("; filename=\"{name}\"") } else { String::new() };
            let head = format!("--b42\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        };
        part("xml_submission_file", true, xml.as_bytes());
        for (name, content) in files {
            part(name, true, content);
        }
        if !is_last {
            part("*isIncomplete*", false, b"yes");
        }
        body.extend(b"--b42--\r\n");
        let address = format!("{}/submission?deviceID=collect:1", self.base);
        let (status, _, text) = self.ask("POST", &address, "multipart/form-data; boundary=b42", body);
        assert!(text.contains("<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"), "{text}");
        (status, text)
    }

    /// Returns its token for other entry points.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.base.rsplit('/').next().unwrap())
    }

    pub fn send(&self, xml: &str) -> (u16, String) {
        self.post(xml, &[], true)
    }
}

pub fn detection(id: &str, (lon, lat): (f64, f64), kind: &str) -> String {
    format!(
        "<?xml version='1.0' ?><data id=\"clearline_detection\" version=\"1\" \
         xmlns:orx=\"http://openrosa.org/xforms\"><location>{lat} {lon} 1203.5 4.2</location><kind>{kind}</kind>\
         <model>PMN-2</model><quantity>2</quantity><depth_cm/><detected_on>2023-03-14</detected_on><operator/>\
         <team>Team 7</team><note/><photo>a.jpg</photo>\
         <orx:meta><orx:instanceID>uuid:{id}</orx:instanceID></orx:meta></data>"
    )
}

/// Builds the neutralisation of a record, with the attributes of its entity.
pub fn neutralisation(instance: u64, record: &str, versions: &str, disposal: &str) -> String {
    format!(
        "<data id=\"clearline_neutralisation\" version=\"1\"><detection>{record}</detection>\
         <neutralised_on>2023-03-15</neutralised_on><disposal>{disposal}</disposal><note>seen</note><photo/>\
         <meta><entity dataset=\"detections\" update=\"1\" id=\"{record}\" {versions}/>\
         <instanceID>uuid:{}</instanceID></meta></data>",
        id(instance)
    )
}

pub fn hash_of(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

pub fn record(server: &Server, id: &str) -> Value {
    server.json(&format!("/collections/detections/items/{id}"))["properties"].clone()
}

/// Returns the text of the first element with this name after a text.
pub fn element<'a>(xml: &'a str, after: &str, name: &str) -> &'a str {
    let from = xml.find(after).unwrap_or_else(|| panic!("no {after} in {xml}"));
    let (_, rest) = xml[from..].split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0
}

#[test]
fn a_phone_fetches_forms_and_the_detections_that_wait() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let waits = [feature(1, LACHIN.0, LACHIN.1), feature(2, KALBAJAR.0, KALBAJAR.1)];
    assert_eq!(server.post_json("/uploads", &collection(&waits)).0, 200);
    let list = phone.get("/formList?deviceID=collect%3A1");
    assert_eq!(list.matches("<xform>").count(), 3, "{list}");
    assert!(list.contains("<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">"));
    for id in ["clearline_detection", "clearline_neutralisation"] {
        assert!(element(&list, id, "hash").starts_with("md5:"));
        let form = phone.get(element(&list, id, "downloadUrl"));
        assert!(form.contains(&format!("id=\"{id}\" version=\"{}\"", element(&list, id, "version"))));
    }
    let manifest = phone.get(element(&list, "clearline_neutralisation", "manifestUrl"));
    assert!(manifest.contains("<mediaFile type=\"entityList\"><filename>detections.csv</filename>"));
    let entities = phone.get(element(&manifest, "mediaFile", "downloadUrl"));
    let row = format!(
        "{},\"Anti-personnel mine PMN-2 × 1, Lachin, 2023-03-14 · 39.70110 46.29600\",39.7011 46.296 0 0,detected,ap_mine,Lachin,1\n",
        id(1)
    );
    assert_eq!(
        entities,
        format!("name,label,geometry,status,kind,district,__version\n{row}"),
        "what lies elsewhere is not its work"
    );
    let (status, ..) = phone.ask("HEAD", &format!("{}/submission", phone.base), "text/plain", Vec::new());
    assert_eq!(status, 204);
}

#[test]
fn a_submission_in_several_posts_is_one_record_with_all_its_photos() {
    let mut server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let xml = detection(FIRST, LACHIN, "ap_mine");
    let (one, mut two) = (photo(), photo());
    // A PNG may contain anything after its end.
    two.extend(b"another");
    assert_eq!(phone.post(&xml, &[("a.jpg", &one)], false).0, 201);
    assert_eq!(phone.post(&xml, &[("a.jpg", &one)], false).0, 201, "sent again");
    assert_eq!(record(&server, FIRST)["photos"], json!([hash_of(&one)]));
    assert_eq!(phone.post(&xml, &[("b.jpg", &two)], true).0, 201);
    assert_eq!(phone.send(&xml).0, 201);
    let made = record(&server, FIRST);
    assert_eq!(made["photos"], json!([hash_of(&one), hash_of(&two)]));
    assert_eq!((&made["accuracy_m"], &made["fix"]), (&json!(4.2), &json!("gnss")));
    assert_eq!(
        (&made["quantity"], &made["team"], &made["operator"]),
        (&json!(2), &json!("Team 7"), &Value::Null)
    );
    assert_eq!(server.get(&format!("/photos/{}", hash_of(&two))).status(), 200);
    let before = server.revision();
    server.kill_and_restart();
    let moved = Phone {
        base: phone.base.replace(phone.base.split("/openrosa").next().unwrap(), &server.base),
        ..phone
    };
    assert_eq!(moved.post(&xml, &[("b.jpg", &two), ("a.jpg", &one)], true).0, 201);
    assert_eq!(server.revision(), before, "all of it was there");
    // An invalid photo is kept for a manager, and the message names it.
    let (status, told) = moved.post(&xml, &[("c.jpg", b"la la")], true);
    assert!(status == 202 && told.contains("c.jpg"), "{status} {told}");
    let (_, upload) = told.split_once("(upload ").unwrap();
    let path = format!("/uploads/{}", upload.split_once(')').unwrap().0);
    assert_eq!(server.bytes(&format!("{path}/received")), b"la la");
    assert_eq!(server.json(&path)["problems"][0]["value"], "c.jpg");
    assert_eq!(server.revision(), before);
}

#[test]
fn what_cannot_stand_is_kept_and_blocks_nothing() {
    let server = Server::start();
    let phone = Phone::new(&server, "field", "Team 7");
    let (status, told) = phone.send(&detection(FIRST, LACHIN, "spoon"));
    assert!(status == 202 && told.contains("kind spoon"), "{status} {told}");
    assert_eq!(phone.send(&detection(FIRST, LACHIN, "spoon")), (status, told), "the answer that it had");
    assert_eq!(phone.send(&detection(FIRST, LACHIN, "uxo")).0, 201, "mended");
    let (status, told) = phone.send(&detection(FIRST, LACHIN, "ied"));
    assert_eq!(status, 202, "the same id with other content: {told}");
    assert_eq!(record(&server, FIRST)["kind"], "uxo");
    assert_eq!(phone.send(&detection(&id(2), KALBAJAR, "uxo")).0, 202, "outside its regions");
    let held = server.json("/held")["records"].clone();
    let why: Vec<_> = held.as_array().unwrap().iter().map(|held| held["why"].clone()).collect();
    assert_eq!(why, [json!("conflict"), json!("outside")]);
    let (status, told) = phone.send(&neutralisation(9, &id(77), "baseVersion=\"1\"", "burned"));
    assert!(status == 202 && told.contains("no record has this id"), "{status} {told}");
    for bad in ["no xml", "<data/>", "<data><meta><instanceID>1</instanceID></meta></data>"] {
        let (status, told) = phone.send(bad);
        assert!(status == 400 && told.contains("nature=\"error\""), "{bad}: {status} {told}");
    }
}

#[test]
fn a_neutralisation_is_an_update_or_a_conflict_as_its_versions_say() {
    let server = Server::start();
    let one = Phone::new(&server, "field", "Team 7");
    let two = Phone::new(&server, "field", "Team 8");
    assert_eq!(one.send(&detection(FIRST, LACHIN, "ap_mine")).0, 201);
    let base = record(&server, FIRST)["revision"].as_u64().unwrap();
    let known = format!("baseVersion=\"{base}\" trunkVersion=\"\" branchId=\"\"");
    let burned = neutralisation(10, FIRST, &known, "burned");
    // A colleague deals with it, and its photo arrives later.
    assert_eq!(two.post(&burned, &[], false).0, 201);
    let picture = photo();
    assert_eq!(two.post(&burned, &[("p.jpg", &picture)], true).0, 201);
    let done = record(&server, FIRST);
    assert_eq!((&done["status"], &done["neutralised_on"]), (&json!("neutralised"), &json!("2023-03-15")));
    assert_eq!((&done["disposal"], &done["note"]), (&json!("burned"), &json!("seen")));
    assert_eq!(done["photos"], json!([hash_of(&picture)]));
    assert_eq!(two.send(&burned).0, 201, "sent again");
    // Another person sends it based on the earlier version.
    assert_eq!(one.send(&neutralisation(11, FIRST, &known, "removed")).0, 202);
    assert_eq!(record(&server, FIRST)["disposal"], "burned");
    assert_eq!(server.json("/held")["records"][0]["why"], "conflict");
    // Two updates by one phone without a network: the second is based on the first.
    let second = id(3);
    assert_eq!(one.send(&detection(&second, LACHIN, "uxo")).0, 201);
    let trunk = record(&server, &second)["revision"].as_u64().unwrap();
    let update = |n: u64, version: u64, disposal: &str| {
        let branch = format!("baseVersion=\"{version}\" trunkVersion=\"{trunk}\" branchId=\"{}\"", id(50));
        one.send(&neutralisation(n, &second, &branch, disposal)).0
    };
    assert_eq!((update(12, trunk, "other"), update(13, trunk + 1, "other")), (201, 201));
    assert_eq!(record(&server, &second)["note"], "seen\nseen");
    assert!(!one.get("/entities/detections.csv").contains(FIRST), "it waits no more");
}

#[test]
fn without_a_good_token_nothing_is_told_and_the_phone_can_ask_for_another() {
    let server = Server::start();
    let field = Phone::new(&server, "field", "Team 7");
    let revoked = Phone::with_token(&server.base, "none");
    for path in ["/formList", "/forms/detection.xml", "/entities/detections.csv"] {
        let (status, headers, text) =
            revoked.ask("GET", &format!("{}{path}", revoked.base), "text/plain", Vec::new());
        assert_eq!((status, headers.contains_key("www-authenticate")), (401, true), "{path}: {text}");
    }
    let submission = format!("{}/submission", revoked.base);
    assert_eq!(revoked.ask("HEAD", &submission, "text/plain", Vec::new()).0, 401);
    assert_eq!(revoked.send(&detection(FIRST, LACHIN, "uxo")).0, 401);
    let (status, _, text) =
        field.ask("GET", &format!("{}/forms/none.xml", field.base), "text/plain", Vec::new());
    assert!(status == 404 && text.contains("<message nature=\"error\">"), "{text}");
}

#[test]
fn no_log_tells_a_token_that_stands_in_an_address() {
    let folder = tempfile::tempdir().unwrap();
    let (store, log) = (folder.path().join("store.gpkg"), folder.path().join("log"));
    let mut child = Command::new(binary())
        .args(["serve", "--listen", "127.0.0.1:0", "--store"])
        .arg(&store)
        .env("CLEARLINE_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut told = Vec::new();
    let base = loop {
        let line = lines.next().expect("the server says where it listens");
        match line.strip_prefix("Clearline is listening on ") {
            Some(base) => break base.to_owned(),
            None => told.push(line),
        }
    };
    let phone = Phone::with_token(&base, "cl_SECRET");
    let (status, ..) =
        phone.ask("GET", &format!("{}/formList?deviceID=1", phone.base), "text/plain", Vec::new());
    assert_eq!(status, 401);
    let other = phone.agent.get(format!("{base}/openrosa/cl_SECRET/other")).call().unwrap();
    assert_eq!(read(other).0, 404);
    let mistyped = phone.agent.get(format!("{base}/openrossa/clearline_SECRET/formList")).call().unwrap();
    assert_eq!(read(mistyped).0, 404);
    child.kill().unwrap();
    child.wait().unwrap();
    told.extend(lines);
    let log = format!("{}{}", told.join("\n"), std::fs::read_to_string(&log).unwrap());
    assert!(log.contains("/formList"), "requests are logged at this level: {log}");
    assert!(!log.contains("cl_SECRET") && !log.contains("clearline_SECRET"), "{log}");
}
