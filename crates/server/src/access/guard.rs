//! The guard in front of every handler: it admits callers to whom the table of rights grants something.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use demining::Role;
use service::{
    Service,
    access::{Caller, Grant, PublicSees, Rates, TooMany},
    journal,
};
use store::Proof;
use tokio::time::timeout;

use super::{
    PathToken, RouteGrants,
    caller::{bearer_of, caller_of, party},
};

use crate::http::{
    cache_control,
    problem::{Answer, Problem, unauthorised},
    sending::Sending,
    site::Client,
};

/// How long a read may take until its response begins.
const PATIENCE: Duration = Duration::from_mins(1);

/// The header in which browsers state where a request comes from (W3C Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a route grants to each role, in the order of [`Role::ALL`].
pub type Grants = [Grant; Role::ALL.len()];

/// State shared by every request: identification, rate limits, and the limit on slow readers.
pub struct Gate {
    /// The service.
    pub service: Arc<Service>,
    /// The recent requests, for rate limits.
    pub rates: Rates,
    /// The responses being sent.
    pub sending: Sending,
}

/// The state of one route's guard.
#[derive(Clone)]
struct Guard {
    gate: Arc<Gate>,
    grants: Grants,
    ignores_cookies: bool,
}

/// Puts the handler of an entry behind its guard.
pub fn guarded<S>(entry: RouteGrants<S>, gate: &Arc<Gate>) -> (&'static str, MethodRouter<S>)
where
    S: Clone + Send + Sync + 'static,
{
    let RouteGrants { path, grants, ignores_cookies, handler, .. } = entry;
    let guard = Guard { gate: Arc::clone(gate), grants, ignores_cookies };
    (path, handler.route_layer(middleware::from_fn_with_state(guard, check)))
}

async fn check(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    if guard.ignores_cookies {
        request.headers_mut().remove(header::COOKIE);
    }
    let caller = match admitted(&guard, request.method(), request.headers(), request.extensions()).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let is_somebody = *caller.proof() != Proof::None;
    let party = party(&caller, request.extensions());
    request.extensions_mut().insert(party.clone());
    request.extensions_mut().insert(caller);
    let is_read = request.method().is_safe();
    let answer = next.run(request);
    let mut answer = if is_read {
        timeout(PATIENCE, answer).await.unwrap_or_else(|_| {
            Problem::unavailable("the request took too long; request less at once").into_response()
        })
    } else {
        // Request bodies have their own limits, see `body`.
        answer.await
    };
    // The response to a write is always sent: the client must learn the outcome.
    if is_read {
        answer = guard.gate.sending.hold(&party, answer);
    }
    cache_control::guarded(answer.headers_mut(), guard.ignores_cookies, is_somebody);
    answer
}

/// Identifies the caller and counts the request against its rate.
///
/// # Errors
/// 401 for an invalid token, 429 above the rate, 503 when the store cannot be read.
pub async fn identify(gate: &Gate, headers: &HeaderMap, known: &Extensions) -> Answer<Caller> {
    let caller = match known.get::<PathToken>() {
        Some(token) => bearer_of(&gate.service.readers, token.secret().to_owned()).await,
        None => caller_of(&gate.service.readers, headers).await,
    };
    let caller = match caller {
        Ok(caller) => caller,
        Err(problem) => {
            // Requests with an invalid token count against the anonymous rate limit.
            gate.rates.count(&Proof::None, Client::of(known)).map_err(too_many)?;
            if problem.status() == StatusCode::UNAUTHORIZED {
                journal::refused_token(Client::of(known));
            }
            return Err(problem);
        }
    };
    gate.rates.count(caller.proof(), Client::of(known)).map_err(too_many)?;
    Ok(caller)
}

fn too_many(TooMany { wait_s }: TooMany) -> Problem {
    let detail = "too many requests; retry after the time in Retry-After";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from(wait_s))
}

/// Returns what a route grants to a caller under the server's policy; [`Grant::No`] denies access.
pub fn granted(gate: &Gate, caller: &Caller, grants: Grants) -> Grant {
    let grant = grants[caller.role().index()];
    let is_closed = grant == Grant::Shown
        && caller.role() == Role::Public
        && gate.service.policy.public == PublicSees::Nothing;
    if is_closed { Grant::No } else { grant }
}

async fn admitted(guard: &Guard, method: &Method, headers: &HeaderMap, known: &Extensions) -> Answer<Caller> {
    let caller = identify(&guard.gate, headers, known).await?;
    if matches!(caller.proof(), Proof::Session(_)) && !method.is_safe() && !is_of_the_page(headers) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "cross-site",
            "the request comes from another site's page; sign in on this site, or use a token",
        ));
    }
    let grant = granted(&guard.gate, &caller, guard.grants);
    if grant != Grant::No {
        return Ok(caller.granted(grant));
    }
    Err(if caller.role() == Role::Public {
        unauthorised("a token is required: Authorization: Bearer TOKEN")
    } else {
        let detail = format!("the role {} is not allowed to do this", caller.role());
        Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
    })
}

/// Returns whether a browser sent a request for this server's own page, so that no other page can use the
/// cookie. `Sec-Fetch-Site` decides; browsers without that header send `Origin`.
fn is_of_the_page(headers: &HeaderMap) -> bool {
    told_site(headers).unwrap_or(false)
}

/// Returns whether a browser sent a request for a page of another site. Clients other than browsers send
/// neither header and are not cross-site.
pub fn is_cross_site(headers: &HeaderMap) -> bool {
    !told_site(headers).unwrap_or(true)
}

/// Returns whether the request comes from this server's own page; `None` if the headers do not state it.
fn told_site(headers: &HeaderMap) -> Option<bool> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(SEC_FETCH_SITE) {
        return Some(site == "same-origin");
    }
    let origin = text(header::ORIGIN)?;
    Some(origin.split_once("://").map(|(_, host)| host) == text(header::HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_of_the_page(&pairs.collect())
    }

    #[test]
    fn only_the_page_of_this_server_uses_its_cookie() {
        assert!(is_own(&[("sec-fetch-site", "same-origin")]));
        assert!(is_own(&[("origin", "https://mines.example"), ("host", "mines.example")]));
        for other in ["cross-site", "same-site", "none"] {
            assert!(!is_own(&[("sec-fetch-site", other), ("origin", "https://a.b"), ("host", "a.b")]));
        }
        assert!(!is_own(&[("origin", "https://evil.example"), ("host", "mines.example")]));
        assert!(!is_own(&[("host", "mines.example")]));
    }
}
