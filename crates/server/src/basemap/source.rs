//! The address of a base map on another host.

use super::BaseMapError;

/// An `https://` address whose host browsers may load from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    text: String,
    origin_len: usize,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is not `https://` and a host, contains characters that would end a source of the content security
    /// policy, or names only some of `{z}`, `{x}` and `{y}`.
    pub fn parse(given: &str) -> Result<Self, BaseMapError> {
        let wrong = |reason| BaseMapError::Address { given: given.to_owned(), reason };
        let (scheme, rest) = given.split_once("://").ok_or_else(|| wrong("it must begin with https://"))?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let name = host.split(':').next().unwrap_or_default();
        if scheme != "https" && !(scheme == "http" && ["localhost", "127.0.0.1"].contains(&name)) {
            return Err(wrong("it must begin with https://"));
        }
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
        if host.is_empty() || !host.chars().all(is_host) {
            return Err(wrong("it has no valid host"));
        }
        if given.chars().any(|c| c.is_whitespace() || c.is_control() || "\"'<>\\;,".contains(c)) {
            return Err(wrong("it contains a space or a character that an address must not contain"));
        }
        let n_parts = ["{z}", "{x}", "{y}"].iter().filter(|part| given.contains(*part)).count();
        if ![0, 3].contains(&n_parts) {
            return Err(wrong("a template of tiles must contain {z}, {x} and {y}"));
        }
        Ok(Self { text: given.to_owned(), origin_len: scheme.len() + "://".len() + host.len() })
    }

    /// Returns whether it is a template of tiles, not one document.
    pub fn is_template(&self) -> bool {
        self.text.contains("{z}")
    }

    /// Returns the scheme, the host and the port.
    pub fn origin(&self) -> &str {
        &self.text[..self.origin_len]
    }

    /// Returns the address as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_host_over_tls() {
        let style = Address::parse("https://tiles.example.org:8443/style.json?key=a").unwrap();
        assert_eq!((style.origin(), style.is_template()), ("https://tiles.example.org:8443", false));
        assert!(Address::parse("https://a.example/{z}/{x}/{y}.png").unwrap().is_template());
        assert!(Address::parse("http://127.0.0.1:7000/style.json").is_ok());
        for bad in [
            "http://tiles.example.org/style.json",
            "ftp://a.example/x",
            "https:///style.json",
            "https://a.example; script-src *",
            "https://a.example/x y",
            "https://a.example/{z}/{x}.png",
            "https://user@a.example/",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }
}
