//! Teams send what they have, again and again, over every door, in any order, while the server ends and comes
//! back: each record arrives once, as it was sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::{
        RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::{
    photos::photo,
    program::{LACHIN, Server, feature, id, read},
};

const HISTORIES: u64 = 40;
const RECORDS: u64 = 8;
const PHONES: u64 = 50;
/// Records of each phone while the server is being restarted.
const OF_PHONE: u64 = 4;
const RESTARTS: u64 = 24;

/// How a team sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// A file of records.
    File,
    /// A form in ODK Collect, or what `KoBoToolbox` sends on of the same.
    Form,
}

/// What one record of a history is, and becomes.
#[derive(Clone, Debug)]
struct Plan {
    n: u64,
    door: Door,
    has_photo: bool,
    is_dealt_with: bool,
}

/// Somebody with a token and an address that may change.
struct Phone<'a> {
    base: &'a RwLock<String>,
    token: String,
    agent: Agent,
}

/// A photo of a record, and of no other.
fn photo_of(n: u64) -> Vec<u8> {
    let mut bytes = photo();
    bytes.extend(Sha256::digest(n.to_le_bytes()));
    bytes
}

fn hash_of(n: u64) -> String {
    format!("{:x}", Sha256::digest(photo_of(n)))
}

impl<'a> Phone<'a> {
    fn new(server: &Server, base: &'a RwLock<String>) -> Self {
        let config = Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(20))).build().new_agent();
        Self { base, token: server.token().to_owned(), agent }
    }

    /// Sends until there is an answer that is not about the moment; the number of times is bounded.
    fn until_answered(&self, send: impl Fn(&str) -> Result<(u16, Value), ureq::Error>) -> (u16, Value) {
        for _ in 0..3_000 {
            let base = self.base.read().unwrap().clone();
            match send(&base) {
                // 409: it is kept and just being judged.
                Ok((503 | 409 | 429, _)) | Err(_) => thread::sleep(Duration::from_millis(10)),
                Ok(answer) => return answer,
            }
        }
        panic!("the server never answered")
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Value) {
        self.until_answered(|base| {
            let mut request = self.agent.post(format!("{base}{path}"));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.header("authorization", format!("Bearer {}", self.token));
            Ok(read(request.send(body)?))
        })
    }

    /// A record as a file, with or without a name of its own for the upload.
    fn file(&self, record: &Value, key: Option<&str>, is_update: bool) {
        let mut headers = vec![("content-type", "application/geo+json")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        let path = if is_update { "/uploads?update=true" } else { "/uploads" };
        let (status, told) = self.post(path, &headers, record.to_string().as_bytes());
        assert!(status == 200 && told["refused"] == 0, "{status} {told}");
    }

    /// The answers of a form, with files beside them; `is_last` when no other post of it follows.
    fn form(&self, xml: &str, files: &[(String, Vec<u8>)], is_last: bool) -> u16 {
        let mut body = Vec::new();
        let mut part = |name: &str, content: &[u8]| {
            let head = format!(
                "--b42\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        };
        part("xml_submission_file", xml.as_bytes());
        for (name, content) in files {
            part(name, content);
        }
        if !is_last {
            body.extend(b"--b42\r\nContent-Disposition: form-data; name=\"*isIncomplete*\"\r\n\r\nyes\r\n");
        }
        body.extend(b"--b42--\r\n");
        let path = format!("/openrosa/{}/submission", self.token);
        self.post(&path, &[("content-type", "multipart/form-data; boundary=b42")], &body).0
    }

    /// A photo in two parts.
    fn photo(&self, n: u64) {
        let (whole, path) = (photo_of(n), format!("/photos/{}", hash_of(n)));
        let total = whole.len().to_string();
        let mut offset = 0;
        for _ in 0..100 {
            let end = if offset < 60 { 60 } else { whole.len() };
            let (status, there) = self.until_answered_part(&path, offset, &total, &whole[offset..end]);
            if status == 201 {
                return;
            }
            offset = there;
        }
        panic!("the photo never came to its end")
    }

    /// How a part was answered, and where the photo goes on.
    fn until_answered_part(&self, path: &str, offset: usize, total: &str, part: &[u8]) -> (u16, usize) {
        for _ in 0..3_000 {
            let base = self.base.read().unwrap().clone();
            let request = self.agent.patch(format!("{base}{path}"));
            let request = request.header("authorization", format!("Bearer {}", self.token));
            let request = request.header("upload-offset", offset.to_string()).header("upload-length", total);
            if let Ok(answer) = request.header("content-type", "image/png").send(part)
                && let Some(there) = answer.headers().get("upload-offset")
            {
                return (answer.status().as_u16(), there.to_str().unwrap().parse().unwrap());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server never answered")
    }
}

/// 202: it is kept, and just being judged for somebody else who sent the same.
fn came(status: u16) {
    assert!([201, 202].contains(&status), "{status}");
}

/// The record of a plan as it is first sent in a file.
fn as_file(plan: &Plan) -> Value {
    let mut record = feature(plan.n, LACHIN.0, LACHIN.1);
    if plan.has_photo {
        record["properties"]["photos"] = json!([hash_of(plan.n)]);
    }
    record
}

/// The same as the answers of a form.
fn as_form(plan: &Plan) -> String {
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
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        if self.has_photo { vec![("a.png".to_owned(), photo_of(self.n))] } else { Vec::new() }
    }

    /// Sends the record as it was found; every time in one of the ways that there are.
    fn find(&self, phone: &Phone<'_>, rng: &mut impl Rng) {
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

    /// Sends that it is dealt with.
    fn deal_with(&self, phone: &Phone<'_>) {
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

/// Every record, by its id, without what tells when it was written.
fn state(server: &Server) -> BTreeMap<String, Value> {
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

fn plans(rng: &mut ChaCha8Rng, first: u64) -> Vec<Plan> {
    (first..first + RECORDS)
        .map(|n| Plan {
            n,
            door: if rng.random() { Door::File } else { Door::Form },
            has_photo: rng.random_range(0..3) == 0,
            is_dealt_with: rng.random(),
        })
        .collect()
}

#[test]
fn what_is_sent_in_any_order_and_again_ends_as_if_it_was_sent_in_order_and_once() {
    let [orderly, other] = [(), ()].map(|()| Server::start());
    let [one, two] = [&orderly, &other].map(|server| RwLock::new(server.base.clone()));
    let (tidy, phone) = (Phone::new(&orderly, &one), Phone::new(&other, &two));
    let rng = &mut ChaCha8Rng::seed_from_u64(11);
    for history in 0..HISTORIES {
        let plans = plans(rng, history * RECORDS);
        for plan in &plans {
            // In order and once, and without choices.
            match plan.door {
                Door::File => {
                    if plan.has_photo {
                        tidy.photo(plan.n);
                    }
                    tidy.file(&as_file(plan), None, false);
                }
                Door::Form => assert_eq!(tidy.form(&as_form(plan), &plan.files(), true), 201),
            }
            if plan.is_dealt_with {
                plan.deal_with(&tidy);
            }
        }
        // Three teams at once, each with some of the records and with what others have sent already or will send.
        thread::scope(|scope| {
            for team in 0..3 {
                let (phone, plans) = (&phone, &plans);
                let mut rng = ChaCha8Rng::seed_from_u64(history * 3 + team);
                scope.spawn(move || {
                    let mut plans: Vec<&Plan> = plans.iter().collect();
                    plans.shuffle(&mut rng);
                    for plan in plans {
                        let is_own = plan.n % 3 == team;
                        if is_own || rng.random() {
                            plan.find(phone, &mut rng);
                        }
                        if is_own && plan.is_dealt_with {
                            for _ in 0..rng.random_range(1..4) {
                                plan.deal_with(phone);
                            }
                        }
                        if rng.random_range(0..3) == 0 {
                            plan.find(phone, &mut rng);
                        }
                    }
                });
            }
        });
    }
    let (expected, seen) = (state(&orderly), state(&other));
    assert_eq!(expected.len() as u64, HISTORIES * RECORDS);
    for (id, record) in &expected {
        assert_eq!(seen.get(id), Some(record));
    }
    assert_eq!(seen.len(), expected.len());
    assert_eq!(other.json("/held")["records"], json!([]), "nothing was against anything");
}

/// Uploads that are kept and not judged yet.
fn waiting(server: &Server) -> String {
    let question = "SELECT count(*) FROM clearline_inbox WHERE NOT judged";
    let told = Command::new("sqlite3").arg(&server.store).arg(question).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).unwrap().trim().to_owned()
}

#[test]
fn fifty_phones_send_photos_and_records_while_the_server_ends_and_comes_back() {
    let mut server = Server::start();
    let base = RwLock::new(server.base.clone());
    let phones: Vec<Phone<'_>> = (0..PHONES).map(|_| Phone::new(&server, &base)).collect();
    let (n_done, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let rng = &mut ChaCha8Rng::seed_from_u64(12);
    thread::scope(|scope| {
        for (phone, at) in phones.iter().zip(0..) {
            let (n_done, is_over) = (&n_done, &is_over);
            scope.spawn(move || {
                let mut rng = ChaCha8Rng::seed_from_u64(at);
                for n in (0..OF_PHONE).map(|n| at * OF_PHONE + n) {
                    let door = if n % 2 == 0 { Door::File } else { Door::Form };
                    let plan = Plan { n, door, has_photo: true, is_dealt_with: false };
                    if door == Door::File {
                        phone.photo(n);
                    }
                    plan.find(phone, &mut rng);
                    n_done.fetch_add(1, Ordering::Relaxed);
                    // Slower than the restarts, so that each of them meets some on their way.
                    while !is_over.load(Ordering::Relaxed) && rng.random_range(0..4) > 0 {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
        for round in 0..RESTARTS {
            // The random moment is what is tried here, and no wait for something to happen.
            thread::sleep(Duration::from_millis(rng.random_range(5..120)));
            if round % 3 == 2 {
                assert!(server.stop().success());
            } else {
                server.kill();
            }
            server.restart();
            base.write().unwrap().clone_from(&server.base);
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let all = PHONES * OF_PHONE;
    assert_eq!(n_done.into_inner() as u64, all);
    // What was kept and not judged when it was killed is judged after a start.
    assert!((0..200).any(|_| waiting(&server) == "0" || {
        thread::sleep(Duration::from_millis(50));
        false
    }));
    let there = state(&server);
    assert_eq!(there.keys().cloned().collect::<BTreeSet<_>>(), (0..all).map(id).collect());
    for n in 0..all {
        let hash = hash_of(n);
        assert_eq!(there[&id(n)]["properties"]["photos"], json!([hash]), "{n}");
        let kept = format!("{}-photos/{}/{hash}", server.store.display(), &hash[..2]);
        assert_eq!(std::fs::read(kept).unwrap(), photo_of(n), "{n}");
    }
    assert_eq!(server.json("/held")["records"], json!([]));
}

#[test]
fn a_store_that_another_program_holds_is_told_and_heals() {
    let mut server = Server::start();
    let mut holder = Command::new("sqlite3")
        .arg(&server.store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sqlite3 is installed by make test");
    let mut said = holder.stdin.take().unwrap();
    // Without an id only what is told keeps a record from being sent twice.
    let mut record = feature(0, LACHIN.0, LACHIN.1);
    record.as_object_mut().unwrap().remove("id");
    let upload = || server.post("/uploads", "application/geo+json", record.to_string().as_bytes());
    let readiness = || read(server.public().get(server.url("/readyz")).call().unwrap());
    let n_kept = thread::scope(|scope| {
        let teams: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut n_kept = 0;
                    loop {
                        let (status, told) = upload();
                        let detail = told["detail"].as_str().unwrap_or_default();
                        match status {
                            200 => n_kept += 1,
                            202 if detail.contains("the upload is kept") => return n_kept + 1,
                            503 if detail.contains("nothing of this upload was kept") => return n_kept,
                            _ => panic!("{status} {told}"),
                        }
                    }
                })
            })
            .collect();
        said.write_all(b".timeout 20000\nBEGIN IMMEDIATE;\nSELECT 'held';\n").unwrap();
        let mut held = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut held).unwrap();
        assert_eq!(held.trim(), "held");
        teams.into_iter().map(|team| team.join().unwrap()).sum::<u64>()
    });
    let (status, told) = readiness();
    assert_eq!(status, 503, "{told}");
    assert_eq!(server.get("/summary").status(), 200, "who reads is served");
    said.write_all(b"ROLLBACK;\n").unwrap();
    drop(said);
    holder.wait().unwrap();
    assert_eq!(readiness().0, 200);
    assert_eq!(upload().0, 200);
    // What was kept and not judged is judged at once after a start, and every minute.
    server.kill_and_restart();
    assert!((0..200).any(|_| waiting(&server) == "0" || {
        thread::sleep(Duration::from_millis(50));
        false
    }));
    assert_eq!(state(&server).len() as u64, n_kept + 1, "what was told is so");
}
