//! Content codings: which one a client likes, how a body is packed, how an upload is unpacked.

use std::io::{self, BufReader, Read, Write};

use axum::http::HeaderValue;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// The position in [`Self::COMPRESSED`].
    pub fn compressed_index(self) -> Option<usize> {
        Self::COMPRESSED.iter().position(|e| *e == self)
    }

    /// The coding that `Accept-Encoding` asks for (RFC 9110, 12.5.3): the highest quality, ours
    /// first among equals; identity when nothing fits.
    pub fn negotiate<'a>(accept: impl IntoIterator<Item = &'a HeaderValue>) -> Self {
        let mut best = (Self::Identity, 0.0);
        let words: Vec<(String, f32)> = accept
            .into_iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(|item| {
                let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
                let quality = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
                (name.trim().to_lowercase(), quality)
            })
            .collect();
        for encoding in Self::COMPRESSED {
            let named = words.iter().find(|(name, _)| name == encoding.name());
            let quality =
                named.or_else(|| words.iter().find(|(name, _)| name == "*")).map_or(0.0, |(_, q)| *q);
            if quality > best.1 {
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
    pub fn of_upload(header: Option<&HeaderValue>) -> Option<Self> {
        match header.map(|h| h.to_str().unwrap_or("?").trim().to_lowercase()).as_deref() {
            None | Some("" | "identity") => Some(Self::Identity),
            Some("gzip" | "x-gzip") => Some(Self::Gzip),
            Some("zstd") => Some(Self::Zstd),
            Some("br") => Some(Self::Brotli),
            Some(_) => None,
        }
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
