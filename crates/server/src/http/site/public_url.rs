//! The server's public URL, set by its administrator.

use std::fmt;

use super::Authority;

/// The address at which clients reach the server, without a trailing slash: `https://mines.example.org`,
/// optionally with a path that a proxy adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// The reason, when it is not `http://` or `https://`, a host and optionally a path.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once("://").ok_or("it must begin with https:// or http://")?;
        let scheme = super::scheme(scheme).ok_or("it must begin with https:// or http://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = Authority::parse(authority)?.at(scheme);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        if !path.bytes().all(is_plain) {
            return Err(
                "its path may contain only letters, digits, slashes, hyphens, dots, underscores and tildes",
            );
        }
        let path = path.trim_end_matches('/');
        if path.split('/').skip(1).any(|part| part.is_empty() || part == "." || part == "..") {
            return Err("its path contains an empty part, . or ..");
        }
        Ok(Self(format!("{scheme}://{authority}{path}")))
    }

    /// Returns the path that a proxy adds; empty if the server has the whole site.
    pub fn path(&self) -> &str {
        let (_, rest) = self.0.split_once("://").unwrap_or_default();
        rest.find('/').map_or("", |at| &rest[at..])
    }

    /// Returns the address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_site_and_perhaps_a_path() {
        for (given, kept) in [
            ("https://mines.example.org", "https://mines.example.org"),
            ("HTTPS://Mines.example.org:443/", "https://mines.example.org"),
            ("http://10.0.0.1:8080/clearline//", "http://10.0.0.1:8080/clearline"),
        ] {
            assert_eq!(PublicUrl::parse(given).unwrap().as_str(), kept, "{given}");
        }
        let path = |url: &str| PublicUrl::parse(url).unwrap().path().to_owned();
        assert_eq!(path("https://mines.example.org"), "");
        assert_eq!(path("http://10.0.0.1:8080/a/clearline/"), "/a/clearline");
        for odd in [
            "",
            "mines.example.org",
            "ftp://a",
            "https://",
            "https:///a",
            "https://a/?b",
            "https://a/#b",
            "https://u@a",
            "https://a/b c",
            "https://a//b",
            "https://a/../b",
            "javascript://a",
            " https://a",
        ] {
            assert!(PublicUrl::parse(odd).is_err(), "{odd:?}");
        }
    }
}
