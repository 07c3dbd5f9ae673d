//! Creating, replacing, changing and deleting records.

use std::sync::Arc;

use atlas::{Found, Scope};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use demining::{Expect, Judged, Revision};
use exchange::Fields;
use serde_json::{Value, json};
use service::{
    FoundOf, Service,
    access::Caller,
    intake::{
        self, COLLECTION, Channel, InboundMessage, IntakeOutcome, Known, REASON, Replacing, Statements,
    },
};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::{
        answers::{answer, problem},
        asked,
        records::items,
        uploads,
    },
    http::{
        body::{FEATURE, Incoming, UPLOAD},
        cached_response::CachedResponse,
        conditions::Conditions,
        params::{Params, Path},
        problem::{Answer, Problem},
    },
    wire::{
        collection::noun,
        features::{self, GEOJSON},
        merge_patch,
        records::Listed,
    },
};

/// `POST /collections/{collection}/items`: one Feature, or a FeatureCollection as an upload.
pub async fn post<T: Listed>(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let said = uploads::said(&mut params, &headers)?.and(COLLECTION, T::COLLECTION.name());
    params.finish(&uploads::known())?;
    let options = asked::options_of_json(said, &headers)?;
    let key = asked::key(&headers)?;
    let bytes = body.receive(&service.intake.memory, UPLOAD).await?;
    if asked::is_xml(&headers) {
        asked::json_only(&headers, &bytes)?;
    }
    let conditions = Conditions::of(&headers);
    let hold = |found: Option<&FoundOf>| {
        let_by(&service, conditions, found.map(|found| features::record(found, Fields::All)))
    };
    let known = conditions.are_there().then_some(&hold as Known<'_>);
    let atomic = options.upload_options.atomic;
    let message = InboundMessage { channel: Channel::Items(options), key, bytes };
    answer(intake::take_items(&service.intake, &caller, message, known).await?, atomic)
}

/// `PUT /collections/{collection}/items/{id}`: replaces the whole record; with `If-None-Match: *`, creates it
/// if it does not exist.
pub async fn put<T: Listed>(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let said = asked::said(&mut params, &headers, &[REASON, "crs", "columns", "dates"])?;
    params.finish("reason, crs, columns, dates")?;
    let (id, expect) = target::<T>(&service, &id, Conditions::of(&headers))?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    asked::json_only(&headers, &bytes)?;
    replace::<T>((&service, &caller), said, (id, expect), &bytes, false).await
}

/// `PATCH /collections/{collection}/items/{id}`: a merge patch (RFC 7396) of the Feature.
pub async fn patch<T: Listed>(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    // No `crs` parameter: values that the patch leaves unchanged are in WGS84. `Content-Crs` applies to the
    // coordinates in the patch.
    let said = asked::said(&mut params, &headers, &[REASON])?;
    params.finish("reason")?;
    let current = current::<T>(&service, &id, Conditions::of(&headers))?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    asked::json_only(&headers, &bytes)?;
    let patch = merge_patch::read(&bytes)
        .map_err(|reason| Problem::new(StatusCode::BAD_REQUEST, "unreadable", reason))?;
    let mut feature: Value = serde_json::from_slice(&features::feature(&current, Fields::All))
        .map_err(|e| Problem::internal(&e))?;
    if patch.get("geometry").is_some() {
        // The coordinates as given describe the old position.
        merge_patch::apply(&mut feature, &json!({"properties": {"location_as_given": null}}));
    }
    T::before_patch(&mut feature, &patch);
    merge_patch::apply(&mut feature, &patch);
    let moves = patch.pointer("/geometry/coordinates").is_some();
    let said = if moves { said } else { said.without(intake::CONTENT_CRS) };
    let patched = serde_json::to_vec(&feature).map_err(|e| Problem::internal(&e))?;
    // The patch was applied to this revision; on another it could mean something else.
    let target = (current.record.content.id(), Expect::At(current.record.revision));
    replace::<T>((&service, &caller), said, target, &patched, true).await
}

/// Replaces a record by the Feature in a body.
async fn replace<T: Listed>(
    (service, caller): (&Service, &Caller),
    said: Statements,
    (id, expect): (Uuid, Expect),
    body: &[u8],
    is_patch: bool,
) -> Answer {
    let said = said.and(COLLECTION, T::COLLECTION.name());
    let (upload_options, reading) = (said.upload_options()?, said.reading()?);
    let replacing =
        Replacing { id, body, upload_options: &upload_options, reading: &reading, expect, is_patch };
    answer(intake::replace(&service.intake, caller, replacing).await?, false)
}

/// `DELETE /collections/{collection}/items/{id}`: deletes the record; its history remains.
pub async fn delete<T: Listed>(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let said = asked::said(&mut params, &headers, &[REASON])?;
    params.finish("reason")?;
    let current = current::<T>(&service, &id, Conditions::of(&headers))?;
    let expect = expected(Conditions::of(&headers), current.record.revision);
    let reason = said.upload_options()?.reason;
    let target = (T::COLLECTION, current.record.content.id());
    let outcome = intake::delete(&service.intake, &caller, target, reason, expect).await?;
    answer(outcome, false)
}

/// Returns the record that a PUT targets, and the revision that its sender expects.
fn target<T: Listed>(service: &Service, id: &str, conditions: Conditions<'_>) -> Answer<(Uuid, Expect)> {
    if !conditions.want_nothing_there() {
        let current = current::<T>(service, id, conditions)?;
        return Ok((current.record.content.id(), expected(conditions, current.record.revision)));
    }
    let wanted = Uuid::try_parse(id)
        .map_err(|_| Problem::not_found(format!("{id:?} is not the id of any {}", noun(T::COLLECTION))))?;
    let found = T::find(&service.atlas.view(Scope::Full), wanted);
    if !let_by(service, conditions, found.map(|found| features::feature(&found, Fields::All))) {
        return Err(problem(IntakeOutcome::Stale));
    }
    Ok((wanted, intake::NEW))
}

/// Returns the record if the request's conditions hold.
fn current<T: Listed>(service: &Service, id: &str, conditions: Conditions<'_>) -> Answer<Found<Judged<T>>> {
    let found = items::find::<T>(&service.atlas.view(Scope::Full), id)?;
    let is_let = let_by(service, conditions, Some(features::feature(&found, Fields::All)));
    if is_let { Ok(found) } else { Err(problem(IntakeOutcome::Stale)) }
}

/// Returns the revision that the sender of a request expects, once its conditions hold.
fn expected(conditions: Conditions<'_>, current: Revision) -> Expect {
    if conditions.want_the_known() { Expect::At(current) } else { Expect::Any }
}

/// Returns whether a request's conditions permit a write to the record with this Feature, or its creation if
/// `None`.
fn let_by(service: &Service, conditions: Conditions<'_>, feature: Option<Vec<u8>>) -> bool {
    let Some(feature) = feature else { return conditions.hold(None) };
    let revision = service.atlas.view(Scope::Full).revision();
    CachedResponse::new(GEOJSON, feature, revision).lets(conditions)
}
