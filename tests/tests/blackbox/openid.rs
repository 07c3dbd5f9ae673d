//! Signing in with an identity provider, in a browser that does not follow redirects itself.

use std::{cell::RefCell, collections::BTreeMap, fs, path::PathBuf, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::{Agent, Body, http::Response};

use crate::{
    program::*,
    provider::{CLIENT, Flaw, Provider, SECRET},
};

const ITEMS: &str = "/collections/detections/items";

/// A server with an identity provider.
struct World {
    provider: Provider,
    server: Server,
    log: PathBuf,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let (provider, folder) = (Provider::start(), tempfile::tempdir().unwrap());
        let at = |name: &str| folder.path().join(name);
        fs::write(at("secret"), format!("{SECRET}\n")).unwrap();
        let config = format!(
            "[openid]\nissuer = \"{}\"\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"secret\"\n\
             role_claim = \"realm_access.roles\"\nregions_claim = \"regions\"\noperator_claim = \"org\"\n\
             [openid.roles]\nmine-team = \"field\"\nmine-boss = \"manager\"\n",
            provider.issuer
        );
        fs::write(at("clearline.toml"), config).unwrap();
        let log = fs::File::create(at("log")).unwrap();
        let config = at("clearline.toml");
        let arguments = ["--config", config.to_str().unwrap()];
        let server = Server::logging(&at("store.gpkg"), &arguments, "trace", Stdio::from(log));
        Self { provider, server, log: at("log"), _folder: folder }
    }

    /// Goes to the provider and back; returns the address of the return.
    fn went(&self, browser: &Browser) -> String {
        let sent = browser.get(&self.server.url("/session/openid"));
        assert_eq!(sent.status(), 303);
        let back = browser.get(&location(&sent));
        assert_eq!(back.status(), 303);
        location(&back)
    }

    fn me(&self, browser: &Browser) -> Value {
        read(browser.get(&self.server.url("/me"))).1
    }

    /// Signs in with these claims and a flaw of the token; returns the final status, detail and browser.
    fn signs_in(&self, claims: Value, flaw: Flaw) -> (u16, String, Browser) {
        self.provider.signs_in(claims, flaw);
        let browser = Browser::new();
        let (status, told) = read(browser.get(&self.went(&browser)));
        (status, told["detail"].as_str().unwrap_or_default().to_owned(), browser)
    }
}

/// A minimal browser: it stores cookies.
struct Browser {
    agent: Agent,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    fn new() -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.timeout_global(Some(Duration::from_secs(30))).build().new_agent();
        Self { agent, cookies: RefCell::default() }
    }

    fn get(&self, url: &str) -> Response<Body> {
        self.accepting(url, "application/json")
    }

    fn accepting(&self, url: &str, accept: &str) -> Response<Body> {
        let answer =
            self.agent.get(url).header("accept", accept).header("cookie", self.shown()).call().unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                assert!(attributes.contains(attribute), "{attributes}");
            }
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                assert!(attributes.contains("Max-Age=0"), "{attributes}");
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn shown(&self) -> String {
        let pairs = self.cookies.borrow();
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn has(&self, name: &str) -> bool {
        self.cookies.borrow().contains_key(name)
    }
}

fn location(answer: &Response<Body>) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn boss() -> Value {
    json!({
        "preferred_username": "a.manager", "name": "A. Manager", "email": "a@example.org", "email_verified": "true",
        "realm_access": {"roles": ["offline_access", "mine-boss"]}, "regions": ["AZ-LAC", "AZ-NOWHERE"],
    })
}

#[test]
fn somebody_with_an_account_signs_in_and_may_what_its_claims_say() {
    let world = World::new();
    assert_eq!(world.me(&Browser::new())["openid"], "/session/openid");
    world.provider.signs_in(boss(), Flaw::None);
    let browser = Browser::new();
    let back = world.went(&browser);
    assert!(browser.has("clearline_openid") && !browser.has("clearline_session"));
    assert_eq!(back.split('?').next().unwrap(), world.server.url("/session/openid/callback"));
    let answer = browser.get(&back);
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, world.server.url("/")));
    assert!(!browser.has("clearline_openid") && browser.has("clearline_session"));

    let me = world.me(&browser);
    assert_eq!((&me["name"], &me["role"]), (&json!("a.manager"), &json!("manager")));
    assert_eq!((&me["regions"], &me["signed_in"]), (&json!(["AZ-LAC"]), &json!(true)));
    let post = |n: u64, (lon, lat): (f64, f64)| {
        let request = browser.agent.post(world.server.url(ITEMS)).header("sec-fetch-site", "same-origin");
        let body = feature(n, lon, lat).to_string();
        request.header("cookie", browser.shown()).send(body).unwrap().status().as_u16()
    };
    assert_eq!((post(1, LACHIN), post(2, KALBAJAR)), (201, 403));
    let request = browser.agent.delete(world.server.url("/session")).header("sec-fetch-site", "same-origin");
    assert_eq!(request.header("cookie", browser.shown()).call().unwrap().status(), 204);
    assert_eq!(world.me(&browser)["role"], "public");
}

#[test]
fn an_answer_that_proves_nothing_begins_no_session() {
    let world = World::new();
    for (flaw, told) in [
        (Flaw::Nonce, "belongs to another sign-in"),
        (Flaw::NoNonce, "belongs to another sign-in"),
        (Flaw::Audience, "for another server"),
        (Flaw::Issuer, "issued by another provider"),
        (Flaw::Expired, "has expired"),
        (Flaw::Key, "not signed by one of its keys"),
        (Flaw::Signature, "not signed by one of its keys"),
        (Flaw::Unsigned, "not signed by one of its keys"),
        (Flaw::AccessToken, "its token is invalid"),
    ] {
        let (status, detail, browser) = world.signs_in(boss(), flaw);
        assert!(status == 403 && detail.contains(told), "{flaw:?}: {status} {detail}");
        assert!(!browser.has("clearline_session") && !browser.has("clearline_openid"), "{flaw:?}");
        assert_eq!(world.me(&browser)["role"], "public", "{flaw:?}");
    }
    assert_eq!(world.signs_in(boss(), Flaw::None).0, 303, "without a flaw all is well");
}

#[test]
fn somebody_without_a_role_is_nobody_and_told_so() {
    let world = World::new();
    let with = |name: &str, value: Value| {
        let mut claims = boss();
        claims[name] = value;
        claims
    };
    let team = json!({"roles": ["mine-team"]});
    for (claims, told) in [
        (with("realm_access", json!({"roles": ["offline_access"]})), "no role here"),
        (with("realm_access", Value::Null), "no role here"),
        (with("preferred_username", json!("")), "no name"),
        (with("realm_access", team.clone()), "no operator"),
    ] {
        let (status, detail, browser) = world.signs_in(claims, Flaw::None);
        assert!(status == 403 && detail.contains(told), "{status} {detail}");
        assert!(!browser.has("clearline_session"));
    }
    let mut claims = with("realm_access", team);
    claims["org"] = json!("ANAMA");
    claims["regions"] = Value::Null;
    let (_, _, browser) = world.signs_in(claims, Flaw::None);
    let me = world.me(&browser);
    assert_eq!(
        (&me["role"], &me["operator"], &me["regions"]),
        (&json!("field"), &json!("ANAMA"), &json!([]))
    );
    // People get a page.
    world.provider.signs_in(json!({"preferred_username": "nobody"}), Flaw::None);
    let browser = Browser::new();
    let mut page = browser.accepting(&world.went(&browser), "text/html");
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (403, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(page.body_mut().read_to_string().unwrap().contains("your account has no role here"));
}

#[test]
fn only_the_browser_that_began_comes_back() {
    let world = World::new();
    world.provider.signs_in(boss(), Flaw::None);
    let (browser, other) = (Browser::new(), Browser::new());
    let (own, others) = (world.went(&browser), world.went(&other));
    for (who, back) in [
        (&Browser::new(), own.clone()),
        (&browser, others),
        (&browser, own.replace("state=", "state=x")),
        (&browser, own.replace("state=", "other=")),
    ] {
        // A failed return ends the attempt, so use a copy of the browser.
        let copy = Browser { agent: who.agent.clone(), cookies: who.cookies.clone() };
        let (status, told) = read(copy.get(&back));
        assert!(
            status == 400 && told["detail"].as_str().unwrap().contains("this browser started no such"),
            "{told}"
        );
        assert!(!copy.has("clearline_session") && !copy.has("clearline_openid"));
    }
    // A code is valid once, and the provider may refuse.
    let copy = Browser { agent: browser.agent.clone(), cookies: browser.cookies.clone() };
    assert_eq!(browser.get(&own).status(), 303);
    let (status, told) = read(copy.get(&own));
    assert!(status == 403 && told["detail"].as_str().unwrap().contains("rejected this sign-in"), "{told}");
    let back = world.went(&browser);
    for (replaced, told) in [
        ("error=access_denied", "access_denied"),
        ("iss=https%3A%2F%2Fother.example&code", "another provider"),
    ] {
        let copy = Browser { agent: browser.agent.clone(), cookies: browser.cookies.clone() };
        copy.cookies.borrow_mut().remove("clearline_session");
        let (status, problem) = read(copy.get(&back.replace("code", replaced)));
        assert!(status == 403 && problem["detail"].as_str().unwrap().contains(told), "{problem}");
        assert!(!copy.has("clearline_session"));
    }
}

#[test]
fn a_provider_may_change_its_keys_and_be_away() {
    let mut world = World::new();
    assert_eq!(world.signs_in(boss(), Flaw::None).0, 303);
    world.provider.change_key();
    assert_eq!(world.signs_in(boss(), Flaw::None).0, 303);
    world.provider.change_to_rsa();
    for (flaw, answered) in [(Flaw::None, 303), (Flaw::Signature, 403), (Flaw::Key, 403), (Flaw::Nonce, 403)]
    {
        assert_eq!(world.signs_in(boss(), flaw).0, answered, "{flaw:?}");
    }
    let browser = Browser::new();
    let back = world.went(&browser);
    world.provider.stop();
    let (status, told) = read(browser.get(&back));
    assert!(status == 502 && told["detail"].as_str().unwrap().contains("is unavailable"), "{told}");
    assert!(!browser.has("clearline_session"));
    assert_eq!(world.server.get("/readyz").status(), 200);
}

#[test]
fn secrets_stay_out_of_the_log() {
    let world = World::new();
    for flaw in [Flaw::None, Flaw::Key, Flaw::Nonce] {
        let (_, _, browser) = world.signs_in(boss(), flaw);
        world.me(&browser);
        let log = fs::read_to_string(&world.log).unwrap();
        assert!(log.len() > 1000, "it logs what it does");
        let kept: Vec<String> = browser.cookies.borrow().values().cloned().collect();
        for secret in world.provider.secrets().into_iter().chain(kept) {
            let lines: Vec<&str> = log.lines().filter(|line| line.contains(&secret)).collect();
            assert!(lines.is_empty(), "{secret} is in the log: {lines:#?}");
        }
    }
}

#[test]
fn without_a_provider_nobody_is_sent_to_one() {
    let server = Server::start();
    assert_eq!(server.json("/me")["openid"], Value::Null);
    for path in ["/session/openid", "/session/openid/callback?state=a&code=b"] {
        assert_eq!(server.get(path).status(), 404);
    }
}
