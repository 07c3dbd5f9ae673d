//! `GET /export/{collection}`: a download of the filtered records.

use std::{io, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use exchange::Format;
use futures::{StreamExt, TryStreamExt, future, stream};
use service::Service;

use crate::{
    access::AskedBy,
    export::{Export, Exports, Unsent, begun, failed},
    http::{
        cached_response::REVISION_HEADER,
        params::Params,
        party::PartyOf,
        problem::{Answer, Problem},
    },
    wire::records::Listed,
};

/// The bytes sent at a time: few, so that a slow client's progress is visible.
const STEP: usize = 64 << 10;

/// `GET /export/{collection}?f=`: streams the file as of one revision, with the filters of items. With
/// `bom=true`, a CSV file begins with a byte order mark.
pub async fn records<T: Listed>(
    State(service): State<Arc<Service>>,
    State(exports): State<Arc<Exports<Unsent>>>,
    AskedBy(caller): AskedBy,
    PartyOf(party): PartyOf,
    mut params: Params,
) -> Answer {
    let format = params.parse("f", |word| match word.parse::<Format>() {
        Ok(format) if format.is_exported() => Ok(format),
        Ok(format) => Err(format!("{format} is not an export format")),
        Err(error) => Err(error.to_string()),
    })?;
    let format = format.unwrap_or(Format::GeoJson);
    let bom = params.flag("bom")?;
    if bom && format != Format::Csv {
        return Err(Problem::parameter("bom", "true", &format!("requires f=csv, not {format}")));
    }
    let view = caller.view(&service.atlas);
    let filter = T::filter(&mut params, &view)?;
    params.finish(&format!("{}, f, bom", T::FILTERS))?;
    let place = exports.take(party).map_err(Problem::unavailable)?;
    let revision = view.revision().0;
    let name = format!("attachment; filename=\"{}-{revision}.{}\"", T::COLLECTION, format.file_ending());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|e| Problem::internal(&e))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Every request generates the file anew, so a range would cost as much as the whole.
        (header::ACCEPT_RANGES, HeaderValue::from_static("none")),
        (REVISION_HEADER, HeaderValue::from(revision)),
    ];
    let export = Export::new::<T>(view, filter, format).map_err(|error| failed(&service, &error))?;
    place.wait(Unsent { bytes: Bytes::new(), export });
    let pieces = stream::try_unfold(place, |place| async move {
        let Unsent { mut bytes, mut export } = place.resume()?;
        if bytes.is_empty() {
            // Run outside the async threads. An error breaks the body off, so no client mistakes a part for
            // the whole.
            let made = tokio::task::spawn_blocking(move || (export.next(), export)).await;
            let (piece, back) = made.map_err(io::Error::other)?;
            let Some(piece) = piece.transpose()? else { return Ok::<_, io::Error>(None) };
            (bytes, export) = (piece.into(), back);
        }
        let step = bytes.split_to(bytes.len().min(STEP));
        place.wait(Unsent { bytes, export });
        Ok(Some((step, place)))
    });
    // While a map is being generated there is nothing to send.
    let pieces = begun(&service, pieces.try_filter(|piece| future::ready(!piece.is_empty()))).await?;
    let mark = bom.then(|| Ok(Bytes::from(exchange::csv::BYTE_ORDER_MARK.to_vec())));
    Ok((headers, Body::from_stream(stream::iter(mark).chain(pieces))).into_response())
}
