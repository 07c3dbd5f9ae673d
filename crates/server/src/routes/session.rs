//! Who is asking, and signing in on the page.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use store::Session;

use service::{
    access::{Proof, session_hours},
    background, journal,
};

use crate::{
    access::{AskedBy, SESSION_COOKIE, is_cross_site},
    app::App,
    body::{Incoming, SIGN_IN},
    origin::Client,
    params::Params,
    problem::{Answer, Problem},
    routes::openid,
    wire::links,
};

/// `GET /me`: who is asking, and what the public sees.
pub async fn me(State(app): State<Arc<App>>, AskedBy(caller): AskedBy, params: Params) -> Answer {
    params.finish("none")?;
    let bearer = caller.bearer();
    let body = json!({
        "name": bearer.map(|bearer| &bearer.name),
        "role": caller.role().word(),
        "operator": bearer.and_then(|bearer| bearer.operator.as_ref()),
        "regions": bearer.and_then(|bearer| bearer.regions.as_ref()),
        "expires_at": caller.expires_at().map(|at| at.to_string()),
        "signed_in": matches!(caller.proof(), Proof::Session(_)),
        "openid": app.openid.as_ref().map(|_| openid::PATH),
        "public": {"sees": app.service.policy.public.word(), "fewest": app.service.policy.fewest},
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// What is sent to sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    token: String,
}

/// `POST /session`: signs in with a token; the browser keeps a cookie that scripts cannot read.
pub async fn begin(
    State(app): State<Arc<App>>,
    known: Extensions,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    if is_cross_site(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-site", "sign in on the page itself"));
    }
    let bytes = body.receive_unpacked(&app.sign_in_memory, SIGN_IN, &headers).await?;
    let SignIn { token } = serde_json::from_slice(&bytes).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "unreadable", format!("is not {{\"token\": ...}}: {error}"))
    })?;
    let now = Timestamp::now();
    let found = app.service.readers.run(move |reader| reader.find_token(token.trim(), now)).await?;
    let Some(token) = found else {
        journal::not_signed_in("token", Client::of(&known));
        let detail = "this token is unknown, has expired or was revoked";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    };
    let hours = session_hours(token.bearer.role);
    let end = now + SignedDuration::from_hours(hours);
    let expires_at = token.expires_at.map_or(end, |expires_at| expires_at.min(end));
    let session = Session { token: Some(token.id), bearer: token.bearer, expires_at };
    let path = app.service.store.clone();
    let bearer = session.bearer.clone();
    let secret = background::run("session", move || store::begin_session(path, &session, now)).await??;
    journal::signed_in(&bearer, "token");
    Ok(done(set_cookie(&app, &headers, SESSION_COOKIE, &secret, hours * 3600)?))
}

/// `DELETE /session`: signs out.
pub async fn end(State(app): State<Arc<App>>, AskedBy(caller): AskedBy, headers: HeaderMap) -> Answer {
    if let Proof::Session(secret) = caller.proof().clone() {
        let path = app.service.store.clone();
        background::run("session", move || store::end_session(path, &secret)).await??;
        journal::signed_out(&caller);
        app.service.revocations.signed_out();
    }
    Ok(done(set_cookie(&app, &headers, SESSION_COOKIE, "", 0)?))
}

/// A cookie that scripts cannot read and other sites' pages do not send, but by a link; gone when it lives for
/// no time.
pub fn set_cookie(
    app: &App,
    headers: &HeaderMap,
    name: &str,
    value: &str,
    max_age_s: i64,
) -> Answer<HeaderValue> {
    let secure = if links::base(app, headers).starts_with("https:") { "; Secure" } else { "" };
    let text = format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_s}{secure}");
    let mut cookie = HeaderValue::try_from(text).map_err(|e| Problem::internal(&e))?;
    cookie.set_sensitive(true);
    Ok(cookie)
}

fn done(cookie: HeaderValue) -> Response {
    let keep = HeaderValue::from_static("no-store");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, keep)]).into_response()
}
