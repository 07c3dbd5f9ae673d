//! Content codings: which one a client likes, how a body is packed, how an upload is unpacked.

use std::io::{self, BufReader, Read, Write};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::problem::{Answer, Problem};

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Encoding {
    /// All but identity, best first where a client likes them equally.
    pub const COMPRESSED: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// The word in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The coding that the caller of this request likes best.
    pub fn of_answer(request: &HeaderMap) -> Self {
        Self::negotiate(request.get_all(header::ACCEPT_ENCODING))
    }

    /// The coding that `Accept-Encoding` asks for (RFC 9110, 12.5.3): the highest quality, ours
    /// first among equals; identity when nothing fits.
    fn negotiate<'a>(accept: impl IntoIterator<Item = &'a HeaderValue>) -> Self {
        let (mut plain, mut others, mut named) = (None, None, [None; Self::COMPRESSED.len()]);
        for item in accept.into_iter().filter_map(|v| v.to_str().ok()).flat_map(|list| list.split(',')) {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let name = name.trim();
            let place = match Self::COMPRESSED.iter().position(|e| name.eq_ignore_ascii_case(e.name())) {
                Some(index) => &mut named[index],
                None if name == "*" => &mut others,
                None if name.eq_ignore_ascii_case(Self::Identity.name()) => &mut plain,
                None => continue,
            };
            place.get_or_insert(quality(parameters));
        }
        let mut best = (Self::Identity, plain.unwrap_or(0));
        for (encoding, named) in Self::COMPRESSED.into_iter().zip(named) {
            let quality = named.or(others).unwrap_or(0);
            // Packed beats plain where a client likes them equally.
            if quality > best.1 || (quality > 0 && quality == best.1 && best.0 == Self::Identity) {
                best = (encoding, quality);
            }
        }
        best.0
    }

    /// The body in this coding.
    pub fn compress(self, body: &[u8]) -> Vec<u8> {
        let packed = match self {
            Self::Identity => Ok(body.to_vec()),
            Self::Gzip => {
                let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
                out.write_all(body).and_then(|()| out.finish())
            }
            Self::Brotli => {
                let mut out = brotli::CompressorWriter::new(Vec::new(), 32 * 1024, 5, 22);
                out.write_all(body).and_then(|()| out.flush()).map(|()| out.into_inner())
            }
            Self::Zstd => zstd::encode_all(body, 3),
        };
        packed.expect("packing into memory cannot fail")
    }

    /// The coding that `Content-Encoding` of an upload names.
    pub fn of_upload(given: Option<&str>) -> Option<Self> {
        match given.map(|name| name.trim().to_lowercase()).as_deref() {
            None | Some("" | "identity") => Some(Self::Identity),
            Some("gzip" | "x-gzip") => Some(Self::Gzip),
            Some("zstd") => Some(Self::Zstd),
            Some("br") => Some(Self::Brotli),
            Some(_) => None,
        }
    }

    /// The same, for a request.
    ///
    /// # Errors
    /// 415 for a coding that is not read here.
    pub fn of_request(headers: &HeaderMap) -> Answer<Self> {
        let given = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
        Self::of_upload(given).ok_or_else(|| {
            let detail = "this Content-Encoding is not read here; gzip, br and zstd are";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding", detail)
        })
    }

    /// A reader of the unpacked body. It fails once more than `max_bytes` came out, so a bomb
    /// costs no more than that.
    ///
    /// # Errors
    /// When the body is not in this coding.
    pub fn unpack(self, body: &[u8], max_bytes: u64) -> io::Result<impl io::BufRead + '_> {
        let source: Box<dyn Read> = match self {
            Self::Identity => Box::new(body),
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(body)),
            Self::Brotli => Box::new(brotli::Decompressor::new(body, 16 * 1024)),
            Self::Zstd => Box::new(zstd::Decoder::with_buffer(body)?),
        };
        Ok(BufReader::with_capacity(64 * 1024, Limited { source, left: max_bytes, max_bytes }))
    }
}

/// The quality in the parameters of an item, in thousandths, as the standard writes it.
fn quality(parameters: &str) -> u16 {
    let quality = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0_f32));
    (quality.clamp(0.0, 1.0) * 1000.0) as u16
}

/// A reader that fails past a limit instead of ending there, so that nothing is cut in silence.
struct Limited<R> {
    source: R,
    left: u64,
    max_bytes: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        let Some(left) = self.left.checked_sub(n as u64) else {
            let reason = format!("the unpacked body is larger than {} bytes", self.max_bytes);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
        };
        self.left = left;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str, expected: Encoding) {
        assert_eq!(Encoding::negotiate([&HeaderValue::from_str(accept).unwrap()]), expected, "{accept}");
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

    #[test]
    fn what_was_packed_comes_out_again_and_a_bomb_stops_at_the_limit() {
        let body = vec![b'x'; 200_000];
        for encoding in Encoding::COMPRESSED {
            let packed = encoding.compress(&body);
            let mut out = Vec::new();
            encoding.unpack(&packed, 200_000).unwrap().read_to_end(&mut out).unwrap();
            assert_eq!(out, body, "{encoding:?}");
            let cut = encoding.unpack(&packed, 100_000).unwrap().read_to_end(&mut Vec::new());
            assert_eq!(cut.unwrap_err().kind(), io::ErrorKind::FileTooLarge, "{encoding:?}");
        }
    }
}
