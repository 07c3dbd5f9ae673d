//! Content codings: encodes and decodes bodies.

use std::io::{self, BufReader, Read, Write};

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Not encoded.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Encoding {
    /// All but identity, in order of preference where a client has none.
    pub const COMPRESSED: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// Returns the name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Encodes a body.
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

    /// Returns the coding that the `Content-Encoding` of an upload names.
    pub fn of_upload(given: Option<&str>) -> Option<Self> {
        match given.map(|name| name.trim().to_lowercase()).as_deref() {
            None | Some("" | "identity") => Some(Self::Identity),
            Some("gzip" | "x-gzip") => Some(Self::Gzip),
            Some("zstd") => Some(Self::Zstd),
            Some("br") => Some(Self::Brotli),
            Some(_) => None,
        }
    }

    /// Returns a reader of the decoded body. It fails after `max_bytes`, which bounds the cost of a
    /// decompression bomb.
    ///
    /// # Errors
    /// If the body is not in this coding.
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

/// A reader that fails at a limit instead of ending there, so that nothing is truncated silently.
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
