//! Nothing acknowledged is lost and nothing is duplicated, however the program ends.

use std::{
    collections::HashMap,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use ureq::Agent;

use crate::program::{LACHIN, Server, collection, feature};

const KILLS: usize = 100;
const CLIENTS: u64 = 4;

/// Returns the ids of all records in the store, with the number of times each occurs.
fn ids(server: &Server) -> HashMap<String, u32> {
    let mut all = HashMap::new();
    let mut next = Some(server.url("/collections/detections/items?limit=10000"));
    while let Some(url) = next {
        let text = server
            .agent()
            .get(&url)
            .call()
            .unwrap()
            .body_mut()
            .with_config()
            .limit(256 << 20)
            .read_to_string()
            .unwrap();
        let page: Value = serde_json::from_str(&text).unwrap();
        for feature in page["features"].as_array().unwrap() {
            *all.entry(feature["id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let links = page["links"].as_array().unwrap();
        next = links.iter().find(|l| l["rel"] == "next").map(|l| l["href"].as_str().unwrap().to_owned());
    }
    all
}

/// Uploads small batches until stopped or the server is gone; returns what was acknowledged.
fn upload_until_stopped(
    base: &str,
    token: &str,
    stop: &AtomicBool,
    numbers: &AtomicU64,
    acknowledged: &Mutex<Vec<String>>,
) {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into();
    while !stop.load(Ordering::Relaxed) {
        let first = numbers.fetch_add(5, Ordering::Relaxed);
        let batch: Vec<Value> = (first..first + 5).map(|n| feature(n, LACHIN.0, LACHIN.1)).collect();
        let sent = agent
            .post(format!("{base}/collections/detections/items"))
            .header("authorization", format!("Bearer {token}"))
            .send(collection(&batch).to_string());
        // Unacknowledged records may exist or not: only acknowledged ones count.
        if let Ok(response) = sent
            && response.status() == 200
        {
            let ids = batch.iter().map(|f| f["id"].as_str().unwrap().to_owned());
            acknowledged.lock().unwrap().extend(ids);
        }
    }
}

/// Returns the output of `sqlite3` for a statement.
fn ask(store: &Path, sql: &str) -> String {
    let output = Command::new("sqlite3")
        .args(["-cmd", ".timeout 5000"])
        .arg(store)
        .arg(sql)
        .output()
        .expect("sqlite3 is installed by make test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn integrity_check(store: &Path) {
    assert_eq!(ask(store, "PRAGMA integrity_check"), "ok");
}

/// Waits until the server has judged the uploads received before it was killed.
fn wait_until_judged(store: &Path) {
    for _ in 0..600 {
        if ask(store, "SELECT count(*) FROM clearline_inbox WHERE NOT judged") == "0" {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("uploads still wait in the inbox a minute after the start");
}

#[test]
fn killed_a_hundred_times_under_uploads_it_keeps_all_it_acknowledged() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut server = Server::start();
    let numbers = Arc::new(AtomicU64::new(0));
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for kill in 0..KILLS {
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (base, token) = (server.base.clone(), server.token().to_owned());
                let (stop, numbers, acknowledged) =
                    (Arc::clone(&stop), Arc::clone(&numbers), Arc::clone(&acknowledged));
                std::thread::spawn(move || {
                    upload_until_stopped(&base, &token, &stop, &numbers, &acknowledged);
                })
            })
            .collect();
        // The random moment is the subject of the test, not a wait for an event.
        std::thread::sleep(Duration::from_millis(random.random_range(5..60)));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().unwrap();
        }
        server.kill_and_restart();
        if kill % 10 == 9 {
            integrity_check(&server.store);
        }
    }
    wait_until_judged(&server.store);
    let there = ids(&server);
    let acknowledged = acknowledged.lock().unwrap();
    // How many there are depends on the machine: each kill has to come among some.
    assert!(acknowledged.len() > 2 * KILLS, "the uploads went on between the kills: {}", acknowledged.len());
    let lost: Vec<_> = acknowledged.iter().filter(|id| !there.contains_key(*id)).collect();
    assert_eq!(lost.len(), 0, "{lost:?}");
    let doubled: Vec<_> = there.iter().filter(|(_, n)| **n > 1).collect();
    assert_eq!(doubled.len(), 0, "{doubled:?}");
    assert_eq!(server.json("/summary?by=status")["total"]["records"], there.len());
    integrity_check(&server.store);
}

#[test]
fn asked_to_stop_under_uploads_it_ends_well_and_keeps_all_it_acknowledged() {
    let mut server = Server::start();
    let (stop, numbers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let client = {
        let (base, token) = (server.base.clone(), server.token().to_owned());
        let (stop, numbers, acknowledged) =
            (Arc::clone(&stop), Arc::clone(&numbers), Arc::clone(&acknowledged));
        std::thread::spawn(move || upload_until_stopped(&base, &token, &stop, &numbers, &acknowledged))
    };
    while acknowledged.lock().unwrap().len() < 100 {
        std::thread::yield_now();
    }
    // An open event stream must not delay shutdown.
    let events = server.agent().get(server.url("/events")).call().unwrap();
    let status = server.stop();
    assert!(status.success(), "{status}");
    drop(events);
    stop.store(true, Ordering::Relaxed);
    client.join().unwrap();
    let again = Server::open(&server.store, &[]);
    let there = ids(&again);
    assert!(acknowledged.lock().unwrap().iter().all(|id| there.contains_key(id)));
}
