//! The caller's identity, and signing in on the page.

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
use service::{
    Service,
    access::{Proof, session_hours},
    background, journal,
};
use store::Session;

use crate::{
    access::{AskedBy, SESSION_COOKIE, is_cross_site, set_cookie},
    http::{
        body::{BodyMemory, Incoming, SIGN_IN},
        params::Params,
        problem::{Answer, Problem},
        site::{Client, Site},
    },
    oidc::{OpenId, PATH},
};

/// `GET /me`: the caller, and what the public sees.
pub async fn me(
    State(service): State<Arc<Service>>,
    State(openid): State<Arc<Option<OpenId>>>,
    AskedBy(caller): AskedBy,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let bearer = caller.bearer();
    let body = json!({
        "name": bearer.map(|bearer| &bearer.name),
        "role": caller.role().word(),
        "operator": bearer.and_then(|bearer| bearer.operator.as_ref()),
        "regions": bearer.and_then(|bearer| bearer.regions.as_ref()),
        "expires_at": caller.expires_at().map(|at| at.to_string()),
        "signed_in": matches!(caller.proof(), Proof::Session(_)),
        "openid": openid.is_some().then_some(PATH),
        "public": {"sees": service.policy.public.word(), "fewest": service.policy.min_cell_count},
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The body of a sign-in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    token: String,
}

/// `POST /session`: signs in with a token; the browser keeps a cookie that scripts cannot read.
pub async fn begin(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    State(bodies): State<Arc<BodyMemory>>,
    known: Extensions,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    if is_cross_site(&headers) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross-site", "sign in on this site's own page"));
    }
    let bytes = body.receive_unpacked(&bodies.sign_in, SIGN_IN, &headers).await?;
    let SignIn { token } = serde_json::from_slice(&bytes).map_err(|error| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "unreadable",
            format!("the body is not {{\"token\": ...}}: {error}"),
        )
    })?;
    let now = Timestamp::now();
    let found = service.readers.run(move |reader| reader.find_token(token.trim(), now)).await?;
    let Some(token) = found else {
        journal::not_signed_in("token", Client::of(&known));
        let detail = "this token is unknown, has expired or was revoked";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    };
    let hours = session_hours(token.bearer.role);
    let end = now + SignedDuration::from_hours(hours);
    let expires_at = token.expires_at.map_or(end, |expires_at| expires_at.min(end));
    let session = Session { token: Some(token.id), bearer: token.bearer, expires_at };
    let path = service.store.clone();
    let bearer = session.bearer.clone();
    let secret = background::run("session", move || store::begin_session(path, &session, now)).await??;
    journal::signed_in(&bearer, "token");
    Ok(done(set_cookie(&site, &headers, SESSION_COOKIE, &secret, hours * 3600)?))
}

/// `DELETE /session`: signs out.
pub async fn end(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    headers: HeaderMap,
) -> Answer {
    if let Proof::Session(secret) = caller.proof().clone() {
        let path = service.store.clone();
        background::run("session", move || store::end_session(path, &secret)).await??;
        journal::signed_out(&caller);
        service.revocations.signed_out();
    }
    Ok(done(set_cookie(&site, &headers, SESSION_COOKIE, "", 0)?))
}

fn done(cookie: HeaderValue) -> Response {
    let keep = HeaderValue::from_static("no-store");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, keep)]).into_response()
}
