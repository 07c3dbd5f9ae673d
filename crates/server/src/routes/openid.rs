//! Signing in at a provider of identities. Both routes are for browsers, which go there and come back.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use store::Session;

use service::{access::SESSION_HOURS, background, journal};

use crate::{
    access::{SESSION_COOKIE, cookie},
    app::App,
    negotiate,
    openid::{Attempt, Failure, OpenId},
    origin::Client,
    pages::{self, Frame},
    params::Params,
    problem::{Answer, Problem},
    routes::session::set_cookie,
    wire::links,
};

/// Where signing in begins; the provider sends browsers back to `callback` below it.
pub const PATH: &str = "/session/openid";

/// What a browser keeps of an attempt to sign in.
const ATTEMPT_COOKIE: &str = "clearline_openid";

/// How long somebody may take at the provider.
const ATTEMPT_S: i64 = 600;

/// `GET /session/openid`: sends the browser to the provider.
pub async fn begin(State(app): State<Arc<App>>, params: Params, headers: HeaderMap) -> Answer {
    let begun = async {
        params.finish("none")?;
        let (url, attempt) = provider(&app)?.begin(callback(&app, &headers)).await?;
        let kept = set_cookie(&app, &headers, ATTEMPT_COOKIE, &attempt.text(), ATTEMPT_S)?;
        sent_on(&url, [kept])
    };
    begun.await.or_else(|problem| Ok(told(&app, &headers, problem)))
}

/// `GET /session/openid/callback`: the browser comes back. If the provider's answer is to be believed and gives a
/// role, a session begins as `POST /session` begins one.
pub async fn finish(
    State(app): State<Arc<App>>,
    known: Extensions,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    // Whatever becomes of it, the attempt was made.
    let forgotten = set_cookie(&app, &headers, ATTEMPT_COOKIE, "", 0)?;
    let signed_in = match signed_in(&app, params, &headers).await {
        Ok(secret) => set_cookie(&app, &headers, SESSION_COOKIE, &secret, SESSION_HOURS * 3600),
        Err(problem) => Err(problem),
    };
    match signed_in {
        Ok(session) => sent_on(&format!("{}/", links::base(&app, &headers)), [session, forgotten]),
        Err(problem) => {
            journal::not_signed_in("openid", Client::of(&known));
            let mut response = told(&app, &headers, problem);
            response.headers_mut().append(header::SET_COOKIE, forgotten);
            Ok(response)
        }
    }
}

/// What a browser holds of the session of somebody who comes back.
async fn signed_in(app: &App, mut params: Params, headers: &HeaderMap) -> Answer<String> {
    let provider = provider(app)?;
    let stale = || {
        let detail =
            "this browser began no such sign-in, or did more than ten minutes ago; begin again on the page";
        Problem::new(StatusCode::BAD_REQUEST, "sign-in", detail)
    };
    // What else a provider tells is not needed.
    let [state, code, error, issuer] = ["state", "code", "error", "iss"].map(|name| params.take(name));
    let attempt = cookie(headers, ATTEMPT_COOKIE).and_then(Attempt::read).ok_or_else(stale)?;
    if !state.is_some_and(|state| attempt.is_of(&state)) {
        return Err(stale());
    }
    // RFC 9207.
    if issuer.is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(Failure::Refused("it is another provider's").into());
    }
    let Some(code) = code else {
        let error: String = error.unwrap_or_default().chars().take(80).collect();
        let detail = format!("the provider did not sign you in: {error:?}");
        return Err(Problem::new(StatusCode::FORBIDDEN, "sign-in", detail));
    };
    let claims = provider.finish(callback(app, headers), code, attempt).await?;
    let reference = app.service.atlas.reference();
    let bearer = provider
        .claims()
        .person(&claims, |id| reference.region(id).is_some())
        .map_err(|stranger| Problem::new(StatusCode::FORBIDDEN, "sign-in", stranger.to_string()))?;
    let now = Timestamp::now();
    let expires_at = now + SignedDuration::from_hours(SESSION_HOURS);
    let session = Session { token: None, bearer, expires_at };
    let (path, bearer) = (app.service.store.clone(), session.bearer.clone());
    let secret = background::run("session", move || store::begin_session(path, &session, now)).await??;
    journal::signed_in(&bearer, "openid");
    Ok(secret)
}

fn provider(app: &App) -> Answer<&OpenId> {
    app.openid.as_ref().ok_or_else(|| Problem::not_found("nobody signs in by a provider of identities here"))
}

/// The address that the provider sends browsers back to.
fn callback(app: &App, headers: &HeaderMap) -> String {
    format!("{}{PATH}/callback", links::base(app, headers))
}

/// An answer that sends a browser elsewhere, with these cookies.
fn sent_on<const N: usize>(url: &str, cookies: [HeaderValue; N]) -> Answer {
    let location = HeaderValue::try_from(url).map_err(|e| Problem::internal(&e))?;
    let keep = HeaderValue::from_static("no-store");
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, keep)];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Why somebody is not signed in, as a page for a browser.
fn told(app: &App, headers: &HeaderMap, problem: Problem) -> Response {
    if negotiate::prefers_html(headers) {
        pages::refused(&Frame::of(app, headers), &problem)
    } else {
        problem.into_response()
    }
}
