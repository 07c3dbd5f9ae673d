//! The client of a request.

use std::fs;

use super::asking::{base_told, say};
use crate::program::*;

/// Sends these requests in one burst; returns how many are accepted.
fn answered(server: &Server, clients: &[&str]) -> usize {
    let ask = |client: &&&str| {
        let header = format!("X-Forwarded-For: {client}");
        say(server, &["GET /healthz HTTP/1.1", "Host: a", &header]).0 == 200
    };
    clients.iter().filter(ask).count()
}

#[test]
fn an_address_is_the_same_however_it_is_written() {
    let one_each = "public_a_second = 1\npublic_at_once = 1\n";
    let same = ["198.51.100.7", "198.51.100.7:4711", "::ffff:198.51.100.7", "[::ffff:198.51.100.7]:80"];
    for (listen, proxy) in [("127.0.0.1:0", "::ffff:127.0.0.1"), ("[::]:0", "127.0.0.1")] {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("clearline.toml");
        fs::write(&config, format!("[limits]\ntrusted_proxies = [\"{proxy}\"]\n{one_each}")).unwrap();
        let arguments = ["--config", config.to_str().unwrap()];
        let server = Server::listening(listen, &folder.path().join("store.gpkg"), &arguments);
        assert_eq!(answered(&server, &same), 1, "{listen}: one client");
        assert_eq!(
            answered(&server, &["2001:db8::1", "[2001:db8::1]:9", "[2001:db8:0:0::2]"]),
            1,
            "{listen}"
        );
        assert_eq!(answered(&server, &["192.0.2.1", "192.0.2.2"]), 2, "{listen}: two clients");
        assert_eq!(
            base_told(&server, &["Host: a", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.3"]),
            "https://a"
        );
    }
}

#[test]
fn a_program_on_the_machine_itself_is_not_counted_on_any_socket() {
    let limits = "[limits]\npublic_a_second = 1\npublic_at_once = 1\n";
    for listen in ["127.0.0.1:0", "[::]:0"] {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("clearline.toml");
        fs::write(&config, limits).unwrap();
        let arguments = ["--config", config.to_str().unwrap()];
        let server = Server::listening(listen, &folder.path().join("store.gpkg"), &arguments);
        // Its claims about other clients are not trusted.
        assert_eq!(answered(&server, &["192.0.2.1"; 5]), 5, "{listen}");
    }
}
