//! An identity provider on this machine, which signs in anyone with the claims and the flaw that a test
//! chooses.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::*};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey, rand_core::OsRng, traits::PublicKeyParts};
use serde_json::{Value, json};

pub const CLIENT: &str = "clearline";
pub const SECRET: &str = "a-secret-of-the-server";

type Fields = HashMap<String, String>;

/// A flaw of the provider's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    Nonce,
    NoNonce,
    Audience,
    Issuer,
    Expired,
    Key,
    Signature,
    Unsigned,
    AccessToken,
}

/// The provider. It stops with the test.
pub struct Provider {
    pub issuer: String,
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
}

struct Shared {
    issuer: String,
    now: Mutex<Now>,
}

struct Now {
    /// The id of the signing key.
    kid: u32,
    key: Key,
    claims: Value,
    flaw: Flaw,
    /// The authorization requests, by the code issued for each.
    codes: HashMap<String, Fields>,
    /// Secrets that only the server may read.
    secrets: Vec<String>,
}

impl Provider {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let now = Now {
            kid: 1,
            key: Key::elliptic(),
            claims: json!({}),
            flaw: Flaw::None,
            codes: HashMap::new(),
            secrets: vec![SECRET.to_owned(), BASE64_STANDARD.encode(format!("{CLIENT}:{SECRET}"))],
        };
        let shared = Arc::new(Shared { issuer: issuer.clone(), now: Mutex::new(now) });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(description))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&shared));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(async {
            axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
        });
        Self { issuer, shared, runtime: Some(runtime) }
    }

    /// Signs in a person with these claims from now on, with this flaw in the token.
    pub fn signs_in(&self, claims: Value, flaw: Flaw) {
        let mut now = self.shared.now.lock().unwrap();
        (now.claims, now.flaw) = (claims, flaw);
    }

    /// Changes to a new key and forgets the old one.
    pub fn change_key(&self) {
        let mut now = self.shared.now.lock().unwrap();
        (now.kid, now.key) = (now.kid + 1, Key::elliptic());
    }

    /// Changes to a new key of the type that most providers use.
    pub fn change_to_rsa(&self) {
        let mut now = self.shared.now.lock().unwrap();
        (now.kid, now.key) = (now.kid + 1, Key::rsa());
    }

    /// Returns all secrets so far.
    pub fn secrets(&self) -> Vec<String> {
        self.shared.now.lock().unwrap().secrets.clone()
    }

    /// Stops it.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A signing key.
enum Key {
    Elliptic(Box<EcdsaKeyPair>),
    Rsa(Box<(RsaKeyPair, RsaPrivateKey)>),
}

impl Key {
    fn elliptic() -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self::Elliptic(EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap().into())
    }

    fn rsa() -> Self {
        let made = RsaPrivateKey::new(&mut OsRng, 2_048).unwrap();
        let signing = RsaKeyPair::from_pkcs8(made.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        Self::Rsa(Box::new((signing, made)))
    }

    /// Creates another key of the same type.
    fn another(&self) -> Self {
        match self {
            Self::Elliptic(_) => Self::elliptic(),
            Self::Rsa(_) => Self::rsa(),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Elliptic(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    /// Returns the public part as JSON Web Key.
    fn public(&self) -> Value {
        match self {
            Self::Elliptic(key) => {
                // An uncompressed point: 4, x, y.
                let point = key.public_key().as_ref();
                let (x, y) = (base64url(&point[1..33]), base64url(&point[33..]));
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "x": x, "y": y})
            }
            Self::Rsa(key) => {
                let [n, e] = [key.1.n(), key.1.e()].map(|number| base64url(number.to_bytes_be()));
                json!({"kty": "RSA", "use": "sig", "alg": "RS256", "n": n, "e": e})
            }
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Elliptic(key) => key.sign(&random, text).unwrap().as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.0.public().modulus_len()];
                key.0.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).unwrap();
                signature
            }
        }
    }
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn random() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

async fn description(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let issuer = &shared.issuer;
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"], "code_challenge_methods_supported": ["S256"],
    }))
}

async fn keys(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let now = shared.now.lock().unwrap();
    let mut key = now.key.public();
    key["kid"] = json!(now.kid.to_string());
    Json(json!({"keys": [key]}))
}

async fn authorize(State(shared): State<Arc<Shared>>, Query(asked): Query<Fields>) -> Response {
    let scopes: Vec<&str> = asked["scope"].split(' ').collect();
    assert!(scopes.contains(&"openid"), "{scopes:?}");
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
    assert_eq!(asked["code_challenge_method"], "S256");
    let (code, back) = (random(), format!("{}?state={}", asked["redirect_uri"], asked["state"]));
    let mut now = shared.now.lock().unwrap();
    now.secrets.extend([code.clone(), asked["state"].clone(), asked["nonce"].clone()]);
    now.codes.insert(code.clone(), asked);
    Redirect::to(&format!("{back}&code={code}&session_state=of-no-interest")).into_response()
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, Form(sent): Form<Fields>) -> Response {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    let shown = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    if headers[header::AUTHORIZATION] != shown.as_str() {
        return refused("invalid_client");
    }
    let mut now = shared.now.lock().unwrap();
    let Some(asked) = now.codes.remove(&sent["code"]) else { return refused("invalid_grant") };
    let challenge = base64url(digest(&SHA256, sent["code_verifier"].as_bytes()));
    if sent["grant_type"] != "authorization_code"
        || sent["redirect_uri"] != asked["redirect_uri"]
        || challenge != asked["code_challenge"]
    {
        return refused("invalid_grant");
    }
    let access_token = random();
    let id_token = now.signed(&shared.issuer, &asked["nonce"], &access_token);
    now.secrets.extend([sent["code_verifier"].clone(), access_token.clone(), id_token.clone()]);
    Json(json!({"access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": id_token}))
        .into_response()
}

impl Now {
    /// Creates a token for the person who signs in, with the chosen flaw.
    fn signed(&self, issuer: &str, nonce: &str, access_token: &str) -> String {
        let flaw = |wanted| self.flaw == wanted;
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let end = if flaw(Flaw::Expired) { at - 60 } else { at + 300 };
        let hashed = if flaw(Flaw::AccessToken) { "another" } else { access_token };
        let mut claims = json!({
            "iss": if flaw(Flaw::Issuer) { "https://id.example.org" } else { issuer },
            "aud": if flaw(Flaw::Audience) { "another" } else { CLIENT },
            "nonce": if flaw(Flaw::Nonce) { "another" } else { nonce },
            "sub": "7", "iat": at - 120, "exp": end,
            "at_hash": base64url(&digest(&SHA256, hashed.as_bytes()).as_ref()[..16]),
        });
        let members = claims.as_object_mut().unwrap();
        if flaw(Flaw::NoNonce) {
            members.remove("nonce");
        }
        members.extend(self.claims.as_object().unwrap().clone());
        let kid = if flaw(Flaw::Key) { "unknown".to_owned() } else { self.kid.to_string() };
        let alg = if flaw(Flaw::Unsigned) { "none" } else { self.key.algorithm() };
        let head = json!({"alg": alg, "typ": "JWT", "kid": kid});
        let text = format!("{}.{}", base64url(head.to_string()), base64url(claims.to_string()));
        let other = self.key.another();
        let key = if matches!(self.flaw, Flaw::Key | Flaw::Signature) { &other } else { &self.key };
        let signature =
            if flaw(Flaw::Unsigned) { String::new() } else { base64url(key.sign(text.as_bytes())) };
        format!("{text}.{signature}")
    }
}
