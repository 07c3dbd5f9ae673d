//! Creating, replacing, changing and deleting detections.

use std::sync::Arc;

use atlas::{Found, Scope};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use demining::Expect;
use exchange::Fields;
use serde_json::{Value, json};
use service::{
    Service,
    intake::{self, Channel, InboundMessage, IntakeOutcome, Known, REASON, Replacing},
};
use uuid::Uuid;

use crate::{
    access::AskedBy,
    api::{
        answers::{answer, problem},
        asked,
        detections::items,
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
        features::{self, GEOJSON},
        merge_patch,
    },
};

/// `POST /collections/detections/items`: one Feature, or a FeatureCollection as an upload.
pub async fn post(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let said = uploads::said(&mut params, &headers)?;
    params.finish(&uploads::known())?;
    let options = asked::options_of_json(said, &headers)?;
    let key = asked::key(&headers)?;
    let bytes = body.receive(&service.intake.memory, UPLOAD).await?;
    if asked::is_xml(&headers) {
        asked::json_only(&headers, &bytes)?;
    }
    let conditions = Conditions::of(&headers);
    let hold = |found: Option<&Found>| let_by(&service, conditions, found);
    let known = conditions.are_there().then_some(&hold as Known<'_>);
    let atomic = options.upload_options.atomic;
    let message = InboundMessage { channel: Channel::Items(options), key, bytes };
    answer(&service, intake::take_items(&service.intake, &caller, message, known).await?, atomic)
}

/// `PUT /collections/detections/items/{id}`: replaces the whole record; with `If-None-Match: *`, creates it
/// if it does not exist.
pub async fn put(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let said = asked::said(&mut params, &headers, &[REASON, "crs", "columns", "dates"])?;
    params.finish("reason, crs, columns, dates")?;
    let (id, expect) = target(&service, &id, Conditions::of(&headers))?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    asked::json_only(&headers, &bytes)?;
    let (upload_options, reading) = (said.upload_options()?, said.reading()?);
    let replacing = Replacing {
        id,
        body: &bytes,
        upload_options: &upload_options,
        reading: &reading,
        expect,
        is_patch: false,
    };
    answer(&service, intake::replace(&service.intake, &caller, replacing).await?, false)
}

/// `PATCH /collections/detections/items/{id}`: a merge patch (RFC 7396) of the Feature.
pub async fn patch(
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
    let current = current(&service, &id, Conditions::of(&headers))?;
    let bytes = body.receive_unpacked(&service.intake.memory, FEATURE, &headers).await?;
    asked::json_only(&headers, &bytes)?;
    let patch = merge_patch::read(&bytes)
        .map_err(|reason| Problem::new(StatusCode::BAD_REQUEST, "unreadable", reason))?;
    let mut feature: Value = serde_json::from_slice(&features::detection(&current, Fields::All))
        .map_err(|e| Problem::internal(&e))?;
    if patch.get("geometry").is_some() {
        // The coordinates as given describe the old position.
        merge_patch::apply(&mut feature, &json!({"properties": {"location_as_given": null}}));
    }
    let is_given = |name: &str| patch.pointer(name).is_some_and(|value| !value.is_null());
    if is_given("/properties/neutralised_on") && patch.pointer("/properties/status").is_none() {
        // As in every upload, a day of neutralisation implies the status.
        merge_patch::apply(&mut feature, &json!({"properties": {"status": null}}));
    }
    merge_patch::apply(&mut feature, &patch);
    let moves = patch.pointer("/geometry/coordinates").is_some();
    let said = if moves { said } else { said.without(intake::CONTENT_CRS) };
    let patched = serde_json::to_vec(&feature).map_err(|e| Problem::internal(&e))?;
    // The patch was applied to this revision; on another it could mean something else.
    let expect = Expect::At(current.record.revision);
    let (id, upload_options, reading) = (current.record.content.id, said.upload_options()?, said.reading()?);
    let replacing = Replacing {
        id,
        body: &patched,
        upload_options: &upload_options,
        reading: &reading,
        expect,
        is_patch: true,
    };
    answer(&service, intake::replace(&service.intake, &caller, replacing).await?, false)
}

/// `DELETE /collections/detections/items/{id}`: deletes the record; its history remains.
pub async fn delete(
    State(service): State<Arc<Service>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let said = asked::said(&mut params, &headers, &[REASON])?;
    params.finish("reason")?;
    let current = current(&service, &id, Conditions::of(&headers))?;
    let expect = expected(Conditions::of(&headers), &current);
    let reason = said.upload_options()?.reason;
    let outcome = intake::delete(&service.intake, &caller, current.record.content.id, reason, expect).await?;
    answer(&service, outcome, false)
}

/// Returns the record that a PUT targets, and the revision that its sender expects.
fn target(service: &Service, id: &str, conditions: Conditions<'_>) -> Answer<(Uuid, Expect)> {
    if !conditions.want_nothing_there() {
        let current = current(service, id, conditions)?;
        return Ok((current.record.content.id, expected(conditions, &current)));
    }
    let wanted =
        Uuid::try_parse(id).map_err(|_| Problem::not_found(format!("{id:?} is not a detection id")))?;
    let found = service.atlas.view(Scope::Full).get(wanted);
    if !let_by(service, conditions, found.as_ref()) {
        return Err(problem(IntakeOutcome::Stale));
    }
    Ok((wanted, intake::NEW))
}

/// Returns the record if the request's conditions hold.
fn current(service: &Service, id: &str, conditions: Conditions<'_>) -> Answer<Found> {
    let found = items::find(&service.atlas.view(Scope::Full), id)?;
    if let_by(service, conditions, Some(&found)) { Ok(found) } else { Err(problem(IntakeOutcome::Stale)) }
}

/// Returns the revision that the sender of a request expects, once its conditions hold.
fn expected(conditions: Conditions<'_>, current: &Found) -> Expect {
    if conditions.want_the_known() { Expect::At(current.record.revision) } else { Expect::Any }
}

/// Returns whether a request's conditions permit a write to this record, or its creation if `None`.
fn let_by(service: &Service, conditions: Conditions<'_>, found: Option<&Found>) -> bool {
    let Some(found) = found else { return conditions.hold(None) };
    let revision = service.atlas.view(Scope::Full).revision();
    CachedResponse::new(GEOJSON, features::detection(found, Fields::All), revision).lets(conditions)
}
