//! Signing in with an identity provider. Both routes are for browsers, which leave for the provider and
//! return.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use service::{Service, access::SESSION_HOURS, background, journal};
use store::Session;

use crate::{
    access::{SESSION_COOKIE, cookie, set_cookie},
    html::{self, Frame},
    http::{
        negotiate,
        params::Params,
        problem::{Answer, Problem},
        site::{Client, Site},
    },
    oidc::{Attempt, Failure, OpenId, PATH},
};

/// The cookie that stores a sign-in attempt.
const ATTEMPT_COOKIE: &str = "clearline_openid";

/// How long a person may take at the provider, in seconds.
const ATTEMPT_S: i64 = 600;

/// `GET /session/openid`: sends the browser to the provider.
pub async fn begin(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    State(openid): State<Arc<Option<OpenId>>>,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    let begun = async {
        params.finish("none")?;
        let (url, attempt) = provider(openid.as_ref().as_ref())?.begin(callback(&site, &headers)).await?;
        let kept = set_cookie(&site, &headers, ATTEMPT_COOKIE, &attempt.text(), ATTEMPT_S)?;
        sent_on(&url, [kept])
    };
    begun.await.or_else(|problem| Ok(told(&service, &site, &headers, problem)))
}

/// `GET /session/openid/callback`: handles the browser's return. If the provider's response is valid and
/// grants a role, a session begins as with `POST /session`.
pub async fn finish(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    State(openid): State<Arc<Option<OpenId>>>,
    known: Extensions,
    params: Params,
    headers: HeaderMap,
) -> Answer {
    // An attempt is used once, whatever the outcome.
    let forgotten = set_cookie(&site, &headers, ATTEMPT_COOKIE, "", 0)?;
    let signed_in = match signed_in(&service, &site, openid.as_ref().as_ref(), params, &headers).await {
        Ok(secret) => set_cookie(&site, &headers, SESSION_COOKIE, &secret, SESSION_HOURS * 3600),
        Err(problem) => Err(problem),
    };
    match signed_in {
        Ok(session) => sent_on(&format!("{}/", site.base(&headers)), [session, forgotten]),
        Err(problem) => {
            journal::not_signed_in("openid", Client::of(&known));
            let mut response = told(&service, &site, &headers, problem);
            response.headers_mut().append(header::SET_COOKIE, forgotten);
            Ok(response)
        }
    }
}

/// Verifies a returning browser and begins a session; returns the session's secret.
async fn signed_in(
    service: &Service,
    site: &Site,
    openid: Option<&OpenId>,
    mut params: Params,
    headers: &HeaderMap,
) -> Answer<String> {
    let provider = provider(openid)?;
    let stale = || {
        let detail = "this browser started no such sign-in in the last ten minutes; sign in again";
        Problem::new(StatusCode::BAD_REQUEST, "sign-in", detail)
    };
    // Other parameters of the provider are ignored.
    let [state, code, error, issuer] = ["state", "code", "error", "iss"].map(|name| params.take(name));
    let attempt = cookie(headers, ATTEMPT_COOKIE).and_then(Attempt::read).ok_or_else(stale)?;
    if !state.is_some_and(|state| attempt.is_of(&state)) {
        return Err(stale());
    }
    // RFC 9207.
    if issuer.is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(Failure::Refused("it comes from another provider").into());
    }
    let Some(code) = code else {
        let error: String = error.unwrap_or_default().chars().take(80).collect();
        let detail = format!("the provider did not sign you in: {error:?}");
        return Err(Problem::new(StatusCode::FORBIDDEN, "sign-in", detail));
    };
    let claims = provider.finish(callback(site, headers), code, attempt).await?;
    let reference = service.atlas.reference();
    let bearer = provider
        .claims()
        .person(&claims, |id| reference.region(id).is_some())
        .map_err(|stranger| Problem::new(StatusCode::FORBIDDEN, "sign-in", stranger.to_string()))?;
    let now = Timestamp::now();
    let expires_at = now + SignedDuration::from_hours(SESSION_HOURS);
    let session = Session { token: None, bearer, expires_at };
    let (path, bearer) = (service.store.clone(), session.bearer.clone());
    let secret = background::run("session", move || store::begin_session(path, &session, now)).await??;
    journal::signed_in(&bearer, "openid");
    Ok(secret)
}

fn provider(openid: Option<&OpenId>) -> Answer<&OpenId> {
    openid.ok_or_else(|| Problem::not_found("this server has no identity provider"))
}

/// Returns the address to which the provider redirects browsers.
fn callback(site: &Site, headers: &HeaderMap) -> String {
    format!("{}{PATH}/callback", site.base(headers))
}

/// Builds a redirect that sets these cookies.
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

/// Shows a failed sign-in to a browser as a page.
fn told(service: &Service, site: &Site, headers: &HeaderMap, problem: Problem) -> Response {
    if negotiate::prefers_html(headers) {
        html::refused(&Frame::of(service, site, headers), &problem)
    } else {
        problem.into_response()
    }
}
