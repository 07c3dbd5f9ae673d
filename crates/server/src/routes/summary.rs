//! Figures: of everything, of each region, of an area that the caller draws.

use std::sync::Arc;

use atlas::View;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::IntoResponse,
};
use serde_json::json;

use crate::{
    access::Caller,
    address::Address,
    app::App,
    body::AREA,
    params::{Params, Path},
    problem::{Answer, Problem},
    sendable::{REVISION_HEADER, Sendable},
    wire::{filter, regions, summary as wire},
};

/// How counts are grouped when the caller does not say.
const DEFAULT_GROUPS: [&str; 2] = ["region", "status"];

/// The figures at this address: kept ready until the next change of any record.
async fn kept(
    app: &App,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    make: impl FnOnce(&View, Params) -> Answer<Sendable> + Send,
) -> Answer {
    let changed = || caller.view(app).revision();
    let address = Address::of(uri, changed())?;
    let make = || make(&caller.view(app), address.params()?);
    let answer = app.answers.get((caller.scope(), address.name()), headers, changed(), make).await?;
    Ok(answer.respond(headers, address.keep(changed())))
}

fn groups(params: &mut Params) -> Answer<Vec<&'static str>> {
    Ok(params.list("by", wire::group)?.unwrap_or_else(|| DEFAULT_GROUPS.to_vec()))
}

/// `GET /summary?by=...`
pub async fn summary(State(app): State<Arc<App>>, caller: Caller, uri: Uri, headers: HeaderMap) -> Answer {
    kept(&app, &caller, &uri, &headers, |view, mut params| {
        let by = groups(&mut params)?;
        let csv = params.parse("f", |f| match f {
            "json" => Ok(false),
            "csv" => Ok(true),
            _ => Err("is not json or csv".to_owned()),
        })?;
        let filter = filter::take_as_of(&mut params, view)?;
        params.finish(&format!("by, f, {}", filter::NAMES_AS_OF))?;
        let summary = view.summary(&filter, wire::grouping(&by));
        if csv == Some(true) {
            let text = wire::csv(&summary, &by);
            return Ok(Sendable::new("text/csv; charset=utf-8; header=present", text, view.revision()));
        }
        Sendable::json(&wire::json(&summary, &by, view.revision(), None), view.revision())
    })
    .await
}

/// `GET /summary/regions`
pub async fn regions(State(app): State<Arc<App>>, caller: Caller, uri: Uri, headers: HeaderMap) -> Answer {
    kept(&app, &caller, &uri, &headers, |view, mut params| {
        let filter = filter::take_as_of(&mut params, view)?;
        params.finish(filter::NAMES_AS_OF)?;
        let (ground, all) = (view.ground(), view.regions(&filter));
        let rows: Vec<_> = all
            .regions
            .iter()
            .zip(ground.regions())
            .map(|(recorded, info)| regions::region(ground, info, recorded))
            .collect();
        let body = json!({
            "revision": view.revision().0,
            "demonstration": view.has_operator(demining::demonstration::OPERATOR),
            "updated": all.total.latest.map(|d| d.to_string()),
            "regions": rows,
            "outside": regions::recorded(&all.outside),
            "total": regions::recorded(&all.total),
        });
        Sendable::json(&body, view.revision())
    })
    .await
}

/// `GET /summary/regions/{id}`
pub async fn region(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    kept(&app, &caller, &uri, &headers, |view, mut params| {
        let filter = filter::take_as_of(&mut params, view)?;
        params.finish(filter::NAMES_AS_OF)?;
        let missing =
            || Problem::not_found(format!("there is no region {id:?}; /summary/regions lists them"));
        let info = view.ground().region(&id).ok_or_else(missing)?;
        let ground = view.ground();
        let figures = view.region(&id, &filter).ok_or_else(missing)?;
        let at = |index: &usize| ground.regions().get(*index);
        let ancestors: Vec<_> = info
            .ancestors
            .iter()
            .filter_map(at)
            .map(|info| json!({"id": info.region.id, "names": regions::names(&info.region.names)}))
            .collect();
        let children: Vec<_> = figures
            .children
            .iter()
            .filter_map(|(index, recorded)| Some(regions::region(ground, at(index)?, recorded)))
            .collect();
        let body = json!({
            "revision": view.revision().0,
            "region": regions::region(ground, info, &figures.recorded),
            "ancestors": ancestors,
            "children": children,
            "kinds": figures.kinds.iter().map(regions::kind).collect::<Vec<_>>(),
            "months": figures.months.iter().map(regions::month).collect::<Vec<_>>(),
            "reported": ground.figures_for(&id).iter().map(regions::figure).collect::<Vec<_>>(),
        });
        Sendable::json(&body, view.revision())
    })
    .await
}

/// `POST /summary/area`: the counts inside a polygon in the body.
pub async fn area(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let view = caller.view(&app);
    let by = groups(&mut params)?;
    let mut filter = filter::take_as_of(&mut params, &view)?;
    params.finish(&format!("by, {}", filter::NAMES_AS_OF))?;
    let bytes = app.public_memory.receive_unpacked(AREA, &headers, body).await?;
    let unreadable = |reason: String| Problem::new(StatusCode::BAD_REQUEST, "area", reason);
    // Checking a polygon of many corners takes its time, as does looking at what lies near its edges.
    let work = move || -> Answer<_> {
        let shape = exchange::read_area(&bytes).map_err(|e| unreadable(e.to_string()))?;
        let area = Arc::new(geometry::Area::new(shape).map_err(|e| unreadable(e.to_string()))?);
        let area_m2 = area.area_m2();
        filter.area = Some(area);
        let summary = view.summary(&filter, wire::grouping(&by));
        let body = wire::json(&summary, &by, view.revision(), Some(area_m2));
        let body = serde_json::to_vec(&body).map_err(|e| Problem::internal(&e))?;
        Ok((body, view.revision()))
    };
    let (body, revision) = tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal(&e))??;
    let headers = [
        (REVISION_HEADER, HeaderValue::from(revision.0)),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    Ok((headers, body).into_response())
}
