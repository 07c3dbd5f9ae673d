//! Sends requests to the provider: over connections that nobody can intercept, within limits, without
//! redirects.

use std::{path::Path, time::Duration};

use openidconnect::{
    HttpRequest, HttpResponse,
    url::{Host, Url},
};
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::http::tls::{TlsError, certificates};

/// How long the provider may take to respond.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most bytes of a provider's response.
const LARGEST: u64 = 1 << 20;

/// Creates an agent that trusts the certificates in a PEM file, or those that browsers trust if `None`.
///
/// # Errors
/// When the file contains no certificates.
pub fn agent(authorities: Option<&Path>) -> Result<Agent, TlsError> {
    let mut tls = TlsConfig::builder();
    if let Some(path) = authorities {
        let roots: Vec<_> =
            certificates(path)?.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        tls = tls.root_certs(RootCerts::new_with_certs(&roots));
    }
    // A redirect could lead to any address the provider chooses.
    let config = Agent::config_builder().tls_config(tls.build()).timeout_global(Some(PATIENCE));
    Ok(config.http_status_as_error(false).max_redirects(0).build().new_agent())
}

/// Sends a request and returns the response.
///
/// # Errors
/// When the provider does not respond, or the connection could be intercepted.
pub fn ask(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let url: Url = request.uri().to_string().parse().map_err(|_| ureq::Error::HostNotFound)?;
    if !is_private(&url) {
        return Err(ureq::Error::RequireHttpsOnly(url.into()));
    }
    let response =
        if request.body().is_empty() { agent.run(request.map(|_| ())) } else { agent.run(request) };
    let (head, mut body) = response?.into_parts();
    let bytes = body.with_config().limit(LARGEST).read_to_vec()?;
    Ok(HttpResponse::from_parts(head, bytes))
}

/// Returns whether nobody can intercept a connection to this address: it uses TLS or stays on this machine.
pub fn is_private(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(ip))) => ip.is_loopback(),
        ("http", Some(Host::Ipv6(ip))) => ip.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, future::pending};

    use axum::{Router, routing::get};
    use tokio::net::TcpListener;

    use super::*;
    use crate::http::{connections::serve, tls::Tls};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_provider_is_asked_by_tls_and_believed_by_its_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let [certificate, key] = ["certificate", "key"].map(|name| folder.path().join(name));
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}/", listener.local_addr().unwrap());
        let tls = Tls::load(&certificate, &key).unwrap();
        let router = Router::new().route("/", get("here"));
        tokio::spawn(serve(listener, Some(tls), router, Default::default(), pending()));
        let ask = |authorities: Option<&Path>| {
            let agent = agent(authorities).unwrap();
            let request = http::Request::get(&address).body(Vec::new()).unwrap();
            tokio::task::block_in_place(|| ask(&agent, request))
        };
        assert_eq!(ask(Some(&certificate)).unwrap().body(), b"here");
        assert!(ask(None).is_err(), "browsers do not know who signed it");
        assert!(agent(Some(&key)).is_err(), "which holds no certificate");
    }

    #[test]
    fn only_what_nobody_can_listen_to_is_asked() {
        for (address, wanted) in [
            ("https://id.example.org/realms/mines", true),
            ("http://127.0.0.1:9000", true),
            ("http://[::1]:9000/", true),
            ("http://localhost/", true),
            ("http://id.example.org/", false),
            ("http://localhost.example.org/", false),
            ("ftp://127.0.0.1/", false),
        ] {
            assert_eq!(is_private(&address.parse().unwrap()), wanted, "{address}");
        }
    }
}
