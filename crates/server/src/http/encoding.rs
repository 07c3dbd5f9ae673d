//! Content codings: which one a client prefers, and which one it sends.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use service::intake::Encoding;

use crate::http::problem::{Answer, Problem};

/// Returns the coding that the client prefers.
pub fn of_answer(request: &HeaderMap) -> Encoding {
    negotiate(request.get_all(header::ACCEPT_ENCODING))
}

/// Chooses a coding by `Accept-Encoding` (RFC 9110, 12.5.3): the highest quality, in our order among equals;
/// identity if none fits.
fn negotiate<'a>(accept: impl IntoIterator<Item = &'a HeaderValue>) -> Encoding {
    let (mut plain, mut others, mut named) = (None, None, [None; Encoding::COMPRESSED.len()]);
    for item in accept.into_iter().filter_map(|v| v.to_str().ok()).flat_map(|list| list.split(',')) {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let name = name.trim();
        let place = match Encoding::COMPRESSED.iter().position(|e| name.eq_ignore_ascii_case(e.name())) {
            Some(index) => &mut named[index],
            None if name == "*" => &mut others,
            None if name.eq_ignore_ascii_case(Encoding::Identity.name()) => &mut plain,
            None => continue,
        };
        place.get_or_insert(quality(parameters));
    }
    let mut best = (Encoding::Identity, plain.unwrap_or(0));
    for (encoding, named) in Encoding::COMPRESSED.into_iter().zip(named) {
        let quality = named.or(others).unwrap_or(0);
        // Prefer compression where a client prefers neither.
        if quality > best.1 || (quality > 0 && quality == best.1 && best.0 == Encoding::Identity) {
            best = (encoding, quality);
        }
    }
    best.0
}

/// Returns the coding named by `Content-Encoding` of a request.
///
/// # Errors
/// 415 for an unsupported coding.
pub fn of_request(headers: &HeaderMap) -> Answer<Encoding> {
    let given = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    Encoding::of_upload(given).ok_or_else(|| {
        let detail = "this Content-Encoding is not supported; use gzip, br or zstd";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding", detail)
    })
}

/// Returns the quality in the parameters of an item, in thousandths, the resolution of the standard.
fn quality(parameters: &str) -> u16 {
    let quality = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0_f32));
    (quality.clamp(0.0, 1.0) * 1000.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str, expected: Encoding) {
        assert_eq!(negotiate([&HeaderValue::from_str(accept).unwrap()]), expected, "{accept}");
    }

    #[test]
    fn the_coding_with_the_highest_quality_wins() {
        check("gzip, deflate, br, zstd", Encoding::Brotli);
        check("gzip;q=1.0, br;q=0.5", Encoding::Gzip);
        check("zstd, gzip", Encoding::Zstd);
        check("*", Encoding::Brotli);
        check("br;q=0, *;q=0.1", Encoding::Zstd);
        check("identity", Encoding::Identity);
        check("br;q=0", Encoding::Identity);
        check("br;q=0.1, gzip;q=0.1, identity;q=1", Encoding::Identity);
        check("gzip, identity", Encoding::Gzip);
    }
}
