//! Phones that send while the server stops and restarts.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::{
        RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{
    phone::{Phone, hash_of, photo_of},
    plan::{Door, Plan, state},
};
use crate::program::{LACHIN, Server, feature, id, read};

const PHONES: u64 = 50;
/// The number of records of each phone while the server restarts.
const OF_PHONE: u64 = 4;
const RESTARTS: u64 = 24;

/// Counts uploads that are kept and not yet judged.
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
                    // Slower than the restarts, so that each restart interrupts some.
                    while !is_over.load(Ordering::Relaxed) && rng.random_range(0..4) > 0 {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
        for round in 0..RESTARTS {
            // The random moment is the subject of the test, not a wait for an event.
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
    // Uploads kept but not judged at the kill are judged after the start.
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
    // Without an id, only the response prevents a record from being sent twice.
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
                            202 if detail.contains("the upload is stored") => return n_kept + 1,
                            503 if detail.contains("nothing of this upload was stored") => return n_kept,
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
    // Uploads kept but not judged are judged immediately after a start, and every minute.
    server.kill_and_restart();
    assert!((0..200).any(|_| waiting(&server) == "0" || {
        thread::sleep(Duration::from_millis(50));
        false
    }));
    assert_eq!(state(&server).len() as u64, n_kept + 1, "what was acknowledged is there");
}
