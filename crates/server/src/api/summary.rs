//! Figures: in total, by region, and for an area that the caller draws.

use std::sync::Arc;

use atlas::{Dates, Events, Filter, Recorded, View};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::IntoResponse,
};
use demining::Details;
use serde_json::json;
use service::{Service, access::Caller};

use crate::{
    access::AskedBy,
    http::{
        address::Address,
        body::{AREA, BodyMemory, Incoming},
        cached_response::{CachedResponse, REVISION_HEADER},
        params::{Params, Path},
        problem::{Answer, Problem},
        site::Site,
    },
    wire::{filter, records, regions, summary as wire},
};

/// The default groups of counts.
const DEFAULT_GROUPS: [&str; 2] = ["region", "status"];

/// Returns the figures at an address, cached until the next change of any record.
pub(super) async fn kept(
    service: &Service,
    site: &Site,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    make: impl FnOnce(&View, Params) -> Answer<CachedResponse> + Send,
) -> Answer {
    let changed = || caller.view(&service.atlas).revision();
    let address = Address::of(uri, changed())?;
    let make = || make(&caller.view(&service.atlas), address.params()?);
    let answer = site.responses.get((caller.scope(), address.name()), headers, changed(), make).await?;
    Ok(answer.respond(headers, address.keep(changed())))
}

/// Reads `f`: whether the counts are requested as CSV.
pub(super) fn take_csv(params: &mut Params) -> Answer<bool> {
    let csv = params.parse("f", |f| match f {
        "json" => Ok(false),
        "csv" => Ok(true),
        _ => Err("is not json or csv".to_owned()),
    })?;
    Ok(csv.unwrap_or(false))
}

/// Builds the response with counts as CSV.
pub(super) fn table(csv: Vec<u8>, view: &View) -> CachedResponse {
    CachedResponse::new("text/csv; charset=utf-8; header=present", csv, view.revision())
}

/// Reads what to count: the filtered records, or the events in a period.
fn take(params: &mut Params, view: &View) -> Answer<(Filter, Option<Dates>)> {
    Ok((records::take_as_of::<Details>(params, view)?, filter::events(params)?))
}

/// Validates the groups of events. Found and neutralised are counted separately anyway, and a record's
/// current status does not describe what happened to it in a period.
fn groups_of_events(by: Option<Vec<&'static str>>) -> Answer<Vec<&'static str>> {
    let by = by.unwrap_or_else(|| vec!["region"]);
    if by.contains(&"status") {
        let reason = "cannot be combined with events, which counts found and neutralised separately";
        return Err(Problem::parameter("by", "status", reason));
    }
    Ok(by)
}

/// `GET /summary?by=...`
pub async fn summary(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    kept(&service, &site, &caller, &uri, &headers, |view, mut params| {
        let by = params.list("by", wire::group)?;
        let is_csv = take_csv(&mut params)?;
        let (filter, events) = take(&mut params, view)?;
        params.finish(&format!("by, f, events, {}", records::names_as_of::<Details>()))?;
        if let Some(dates) = events {
            let by = groups_of_events(by)?;
            let summary = view.events(&filter, dates, wire::grouping(&by));
            if is_csv {
                return Ok(table(wire::csv(&summary, &by), view));
            }
            return CachedResponse::json(
                &wire::json_of_events(&summary, &by, dates, view.revision(), None),
                view.revision(),
            );
        }
        let by = by.unwrap_or_else(|| DEFAULT_GROUPS.to_vec());
        let summary = view.summary(&filter, wire::grouping(&by));
        if is_csv {
            return Ok(table(wire::csv(&summary, &by), view));
        }
        CachedResponse::json(&wire::json(&summary, &by, view.revision(), None), view.revision())
    })
    .await
}

/// `GET /summary/regions`
pub async fn regions(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    kept(&service, &site, &caller, &uri, &headers, |view, mut params| {
        let (filter, events) = take(&mut params, view)?;
        params.finish(&format!("events, {}", records::names_as_of::<Details>()))?;
        let reference = view.reference();
        let mut body = json!({
            "revision": view.revision().0,
            "demonstration": view.has_operator(demining::demonstration::OPERATOR),
        });
        if let Some(dates) = events {
            let all = view.regions_events(&filter, dates);
            let rows = reference.regions().iter().zip(all.regions);
            let rows: Vec<_> =
                rows.map(|(info, events)| regions::region_events(reference, info, events)).collect();
            body["events"] = regions::period(dates);
            body["regions"] = json!(rows);
            body["outside"] = regions::events(all.outside);
            body["total"] = regions::events(all.total);
        } else {
            let all = view.regions(&filter);
            let rows = reference.regions().iter().zip(&all.regions);
            let rows: Vec<_> =
                rows.map(|(info, recorded)| regions::region(reference, info, recorded)).collect();
            body["updated"] = json!(all.total.latest.map(|d| d.to_string()));
            body["regions"] = json!(rows);
            body["outside"] = regions::recorded(&all.outside);
            body["total"] = regions::recorded(&all.total);
        }
        CachedResponse::json(&body, view.revision())
    })
    .await
}

/// `GET /summary/regions/{id}`
pub async fn region(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    kept(&service, &site, &caller, &uri, &headers, |view, mut params| {
        let (filter, events) = take(&mut params, view)?;
        params.finish(&format!("events, {}", records::names_as_of::<Details>()))?;
        let missing =
            || Problem::not_found(format!("region not found: {id:?}; /summary/regions lists all regions"));
        let reference = view.reference();
        let info = reference.region(&id).ok_or_else(missing)?;
        let at = |index: &usize| reference.regions().get(*index);
        let mut body = json!({
            "revision": view.revision().0,
            "ancestors": regions::ancestors(reference, info),
            "reported": reference.figures_for(&id).iter().map(regions::figure).collect::<Vec<_>>(),
        });
        if let Some(dates) = events {
            let figures = view.region_events(&id, &filter, dates).ok_or_else(missing)?;
            let child = |(index, events): &(usize, Events)| {
                Some(regions::region_events(reference, at(index)?, *events))
            };
            body["events"] = regions::period(dates);
            body["region"] = regions::region_events(reference, info, figures.events);
            body["children"] = figures.children.iter().filter_map(child).collect();
            body["kinds"] = figures.kinds.iter().map(regions::kind_events).collect();
            body["months"] = figures.months.iter().map(regions::month_events).collect();
        } else {
            let figures = view.region(&id, &filter).ok_or_else(missing)?;
            let child = |(index, recorded): &(usize, Recorded)| {
                Some(regions::region(reference, at(index)?, recorded))
            };
            body["region"] = regions::region(reference, info, &figures.recorded);
            body["children"] = figures.children.iter().filter_map(child).collect();
            body["kinds"] = figures.kinds.iter().map(regions::kind).collect();
            body["months"] = figures.months.iter().map(regions::month).collect();
        }
        CachedResponse::json(&body, view.revision())
    })
    .await
}

/// `POST /summary/area`: the counts inside a polygon in the body.
pub async fn area(
    State(service): State<Arc<Service>>,
    State(bodies): State<Arc<BodyMemory>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
    body: Incoming,
) -> Answer {
    let view = caller.view(&service.atlas);
    let by = params.list("by", wire::group)?;
    let (mut filter, events) = take(&mut params, &view)?;
    params.finish(&format!("by, events, {}", records::names_as_of::<Details>()))?;
    let by =
        if events.is_some() { groups_of_events(by)? } else { by.unwrap_or_else(|| DEFAULT_GROUPS.to_vec()) };
    let bytes = body.receive_unpacked(&bodies.public, AREA, &headers).await?;
    caller.confirm(&service.readers).await?;
    let unreadable = |reason: String| Problem::new(StatusCode::BAD_REQUEST, "area", reason);
    // Validating a polygon with many corners takes time, as does checking records near its edges.
    let work = move || -> Answer<_> {
        let shape = exchange::read_area(&bytes).map_err(|e| unreadable(e.to_string()))?;
        let area = Arc::new(geometry::Area::new(shape).map_err(|e| unreadable(e.to_string()))?);
        let area_m2 = area.area_m2();
        filter.area = Some(area);
        let (grouping, revision) = (wire::grouping(&by), view.revision());
        let body = if let Some(dates) = events {
            let summary = view.events(&filter, dates, grouping);
            serde_json::to_vec(&wire::json_of_events(&summary, &by, dates, revision, Some(area_m2)))
        } else {
            serde_json::to_vec(&wire::json(&view.summary(&filter, grouping), &by, revision, Some(area_m2)))
        };
        Ok((body.map_err(|e| Problem::internal(&e))?, revision))
    };
    let (body, revision) = tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal(&e))??;
    let headers = [
        (REVISION_HEADER, HeaderValue::from(revision.0)),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    Ok((headers, body).into_response())
}
