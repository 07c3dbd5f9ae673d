//! `POST /uploads`: a file of records in any input format.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use exchange::{Mapping, ReadOptions};
use uuid::Uuid;

use crate::{
    access::{Caller, Grant},
    app::App,
    body::UPLOAD,
    params::{Params, Path},
    problem::{Answer, Problem},
    upload::{self, Wishes},
    wire::upload::Report,
};

/// Takes the parameters that all uploads share.
///
/// # Errors
/// 400 for a value that cannot be read.
pub fn wishes(params: &mut Params) -> Answer<(Wishes, ReadOptions)> {
    let wishes = Wishes {
        atomic: params.flag("atomic")?,
        dry_run: params.flag("dry_run")?,
        update: params.flag("update")?,
        reason: reason(params)?,
        operator: None,
    };
    Ok((wishes, read_options(params)?))
}

/// Takes the reason for a change.
///
/// # Errors
/// 400 when it is empty or too long.
pub fn reason(params: &mut Params) -> Answer<Option<String>> {
    params.parse(upload::REASON, upload::reason_of)
}

/// Takes the reference system of the coordinates in a body, and what its columns mean.
///
/// # Errors
/// 400 when a system or a field is unknown.
pub fn read_options(params: &mut Params) -> Answer<ReadOptions> {
    let crs = params.parse("crs", |text| exchange::Reference::parse(text, exchange::AxisOrder::Defined))?;
    let columns = params.parse("columns", columns)?.unwrap_or_default();
    Ok(ReadOptions { crs, columns, ..ReadOptions::default() })
}

/// What columns mean, as a JSON object: `{"Cihaz": "kind"}`.
fn columns(text: &str) -> Result<Mapping, String> {
    let pairs: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|error| format!("is no JSON object of columns and their fields: {error}"))?;
    Mapping::new(pairs)
}

/// What [`wishes`] understands.
pub const KNOWN: &str = "atomic, dry_run, update, reason, crs, columns";

/// `POST /uploads`
pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let (wishes, options) = wishes(&mut params)?;
    let format = upload::format(params.take("format").as_deref(), &headers)?;
    params.finish(&format!("{KNOWN}, format"))?;
    let bytes = app.memory.receive(UPLOAD, &headers, body).await?;
    let judged = upload::judge((&app, &caller), &headers, bytes, format, options, &wishes).await?;
    let report = upload::commit(&app, &caller, judged, &wishes).await?;
    Ok(reply(&report))
}

/// A report as a response.
pub fn reply(report: &Report) -> Response {
    let mut response = Json(report).into_response();
    response.headers_mut().insert(crate::sendable::REVISION_HEADER, HeaderValue::from(report.revision));
    if let Some(id) = report.upload
        && let Ok(location) = HeaderValue::from_str(&format!("/uploads/{id}"))
    {
        response.headers_mut().insert(header::CONTENT_LOCATION, location);
    }
    response
}

/// `GET /uploads/{id}`: the report once more, for those who may upload.
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    params.finish("none")?;
    let missing = || Problem::not_found(format!("there is no upload {id:?}"));
    let upload = Uuid::try_parse(&id).map_err(|_| missing())?;
    let kept = app.readers.run(move |reader| reader.find_upload(upload)).await?;
    // A field team sees its own.
    let is_shown = |by: &str| caller.grant() != Grant::Own || by == caller.name();
    let kept = kept.filter(|kept| is_shown(&kept.by)).ok_or_else(missing)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], kept.report).into_response())
}
