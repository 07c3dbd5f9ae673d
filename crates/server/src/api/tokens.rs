//! Creating, listing and revoking tokens, by an administrator.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use demining::Role;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Service, background, journal};
use store::{Bearer, Token};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    http::{
        body::{FEATURE, Incoming},
        params::{Params, Path},
        problem::{Answer, Problem},
    },
};

/// How many days a token is valid by default.
pub const DAYS: u32 = 365;

/// The request to create a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    role: String,
    #[serde(default)]
    operator: Option<String>,
    /// The ids of the regions where its holder may write.
    #[serde(default)]
    regions: Option<Vec<String>>,
    /// Whether its holder may write in every region, and outside of all regions.
    #[serde(default)]
    everywhere: bool,
    #[serde(default)]
    days: Option<u32>,
}

/// `GET /tokens`: every token ever created, without secrets.
pub async fn list(State(service): State<Arc<Service>>, params: Params) -> Answer {
    params.finish("none")?;
    let tokens = service.readers.run(|reader| reader.tokens()).await?;
    let tokens: Vec<Value> = tokens.iter().map(told).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({"tokens": tokens}))).into_response())
}

fn told(token: &Token) -> Value {
    let Token { id, bearer, created_at, expires_at, revoked_at } = token;
    json!({
        "id": id, "name": bearer.name, "role": bearer.role.word(), "operator": bearer.operator,
        "regions": bearer.regions, "created_at": created_at.to_string(),
        "expires_at": expires_at.map(|at| at.to_string()), "revoked_at": revoked_at.map(|at| at.to_string()),
    })
}

/// `POST /tokens`: creates a token. Only this response contains its secret.
pub async fn create(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    params.finish("none")?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    caller.confirm(&service.readers).await?;
    let wrong = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "token", detail);
    let wanted: Wanted = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "unreadable", error.to_string()))?;
    let role: Role = wanted.role.parse().map_err(|error| wrong(format!("role: {error}")))?;
    if role == Role::Public {
        return Err(wrong("role: the public needs no token".to_owned()));
    }
    let name = wanted.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 120 {
        return Err(wrong("name: must have 1 to 120 characters".to_owned()));
    }
    let regions = wanted.regions.filter(|ids| !ids.is_empty());
    match (&regions, wanted.everywhere) {
        (Some(_), true) => return Err(wrong("everywhere: cannot be combined with regions".to_owned())),
        (None, false) if matches!(role, Role::Field | Role::Manager) => {
            return Err(wrong(
                "regions: list the regions where the holder may write, or send everywhere: true".to_owned(),
            ));
        }
        _ => {}
    }
    let reference = service.atlas.reference();
    if let Some(unknown) = regions.iter().flatten().find(|id| reference.region(id).is_none()) {
        return Err(wrong(format!(
            "regions: {unknown:?} is not a region; /collections/regions/items lists all regions"
        )));
    }
    let now = Timestamp::now();
    let days = wanted.days.unwrap_or(DAYS);
    if !(1..=3650).contains(&days) {
        return Err(wrong("days: is outside 1..3650".to_owned()));
    }
    let expires_at = now + SignedDuration::from_hours(24 * i64::from(days));
    let operator = wanted.operator.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let bearer = Bearer { name, role, operator, regions };
    let (path, made) = (service.store.clone(), bearer.clone());
    let (id, token) =
        background::run("token", move || store::create_token(path, &made, Some(expires_at), now)).await??;
    journal::made_token(&caller, id, &bearer.name, bearer.role);
    let mut body =
        told(&Token { id, bearer, created_at: now, expires_at: Some(expires_at), revoked_at: None });
    body["token"] = json!(token);
    let location = format!("/tokens/{id}");
    let headers = [(header::CACHE_CONTROL, "no-store".to_owned()), (header::LOCATION, location)];
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

/// `DELETE /tokens/{id}`: revokes a token and the sessions begun with it.
pub async fn revoke(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("no valid token has the id {id:?}"));
    let token = Uuid::try_parse(&id).map_err(|_| missing())?;
    let path = service.store.clone();
    let revoked =
        background::run("token", move || store::revoke_token(path, token, Timestamp::now())).await??;
    if !revoked {
        return Err(missing());
    }
    service.revocations.revoked(token);
    journal::revoked_token(&caller, token);
    Ok(StatusCode::NO_CONTENT.into_response())
}
