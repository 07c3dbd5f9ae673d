//! TLS terminated by the server: what clients see, and how a certificate is renewed.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::program::*;

/// A self-signed certificate for this machine and its key, in files.
struct Files {
    folder: TempDir,
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn new() -> (Self, Agent) {
        let folder = tempfile::tempdir().unwrap();
        let certificate = folder.path().join("chain.pem");
        let files = Self { certificate, key: folder.path().join("key.pem"), folder };
        let agent = files.renew();
        (files, agent)
    }

    /// Connects to `address` and shakes hands, as a client that trusts the certificate in the file.
    fn connect(&self, address: &str) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        let certificates = CertificateDer::pem_file_iter(&self.certificate).unwrap();
        roots.add_parsable_certificates(certificates.map(Result::unwrap));
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        StreamOwned::new(connection, TcpStream::connect(address).unwrap())
    }

    /// Writes a new certificate; returns a client that trusts only this one.
    fn renew(&self) -> Agent {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        fs::write(&self.certificate, made.cert.pem()).unwrap();
        fs::write(&self.key, made.signing_key.serialize_pem()).unwrap();
        let roots = RootCerts::new_with_certs(&[Certificate::from_der(made.cert.der()).to_owned()]);
        let config = Agent::config_builder().http_status_as_error(false);
        let config = config.timeout_global(Some(Duration::from_secs(20))).max_idle_connections(0);
        config.tls_config(TlsConfig::builder().root_certs(roots).build()).build().new_agent()
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store.gpkg")
    }

    fn flags(&self) -> [&str; 4] {
        ["--tls-certificate", text(&self.certificate), "--tls-key", text(&self.key)]
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn who_trusts_the_certificate_is_served_by_tls_and_nobody_otherwise() {
    let (files, agent) = Files::new();
    let config = files.folder.path().join("clearline.toml");
    fs::write(&config, "[tls]\ncertificate = \"chain.pem\"\nkey = \"key.pem\"\n").unwrap();
    let server = Server::open(&files.store(), &["--config", text(&config)]);
    assert!(server.base.starts_with("https://"), "{}", server.base);
    // A client that never shakes hands does not delay others.
    let address = server.base.strip_prefix("https://").unwrap();
    let _silent: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(address).unwrap()).collect();

    let landing = agent.get(server.url("/?f=json")).call().unwrap();
    assert_eq!(landing.headers()["strict-transport-security"], "max-age=31536000");
    let (_, landing) = read(landing);
    assert_eq!(landing["links"][0]["href"], server.url("/?f=json"));
    let request = agent.post(server.url("/session")).header("sec-fetch-site", "same-origin");
    let signed_in = request.send(json!({"token": server.token()}).to_string()).unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");

    assert!(Files::new().1.get(server.url("/healthz")).call().is_err(), "who trusts another certificate");
    assert!(server.public().get(format!("http://{address}/healthz")).call().is_err(), "without TLS");
    let check = |arguments: &[&str]| {
        clearline(&[&["healthcheck", "--listen", address], arguments].concat()).status.success()
    };
    assert_eq!((check(&["--tls"]), check(&[])), (true, false));
}

#[test]
fn over_tls_too_nobody_holds_a_connection_without_a_request() {
    let (files, agent) = Files::new();
    let server = Server::open(&files.store(), &files.flags());
    let address = server.base.strip_prefix("https://").unwrap();
    let began = Instant::now();
    let mut silent = TcpStream::connect(address).unwrap();
    let mut unfinished = files.connect(address);
    unfinished.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: ").unwrap();
    unfinished.flush().unwrap();
    for stream in [&silent, &unfinished.sock] {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    }
    assert_eq!(silent.read(&mut [0; 64]).unwrap(), 0, "a client that never shakes hands");
    // A close without notification is enough: the server owes a stalled client nothing.
    let _ = unfinished.read(&mut [0; 64]);
    assert!(began.elapsed() < Duration::from_secs(25), "after {:?}", began.elapsed());
    assert_eq!(agent.get(server.url("/readyz")).call().unwrap().status(), 200);
}

#[test]
fn a_server_without_tls_tells_browsers_nothing_of_it() {
    let server = Server::start();
    assert_eq!(server.header("/healthz", "strict-transport-security"), "");
}

#[test]
fn a_renewed_certificate_is_shown_once_the_server_is_told() {
    let (files, old) = Files::new();
    let server = Server::open(&files.store(), &files.flags());
    let is_served = |agent: &Agent| agent.get(server.url("/healthz")).call().is_ok();
    let tell = || {
        let told = Command::new("kill").args(["-HUP", &server.pid().to_string()]).status().unwrap();
        assert!(told.success());
    };
    let new = files.renew();
    assert_eq!((is_served(&old), is_served(&new)), (true, false));
    tell();
    let is_there = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        is_served(&new)
    });
    assert!(is_there && !is_served(&old));
    // A half-written pair does not replace the old one.
    fs::write(&files.key, "").unwrap();
    tell();
    std::thread::sleep(Duration::from_millis(200));
    assert!(is_served(&new));
}

#[test]
fn files_that_are_no_certificate_keep_the_server_from_starting() {
    let (files, _) = Files::new();
    let (other, _) = Files::new();
    let nothing = files.folder.path().join("empty.pem");
    fs::write(&nothing, "nothing\n").unwrap();
    let missing = files.folder.path().join("missing.pem");
    for (certificate, key, named) in [
        (&missing, &files.key, &missing),
        (&files.certificate, &missing, &missing),
        (&nothing, &files.key, &nothing),
        (&files.certificate, &nothing, &nothing),
        (&files.certificate, &other.key, &other.key),
    ] {
        let store = files.store();
        let output = clearline(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--store",
            text(&store),
            "--tls-certificate",
            text(certificate),
            "--tls-key",
            text(key),
        ]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(text(named)), "{told}");
        assert!(!store.exists(), "nothing is made before that is known");
    }
}
