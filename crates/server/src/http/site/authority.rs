//! A host and port, as in a `Host` header or the address of a site.

use std::{fmt, net::Ipv6Addr};

/// The most bytes of a DNS name (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;

/// The most bytes of a label of a DNS name.
const LONGEST_LABEL: usize = 63;

/// A host in lower case, with its port if stated. It is always a DNS name, an IPv4 address or an IPv6 address
/// in brackets, so links can contain it unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    host: String,
    port: Option<u16>,
}

impl Authority {
    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`.
    ///
    /// # Errors
    /// The reason, for anything else: a user name, a path, a letter that is not ASCII, port 0.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (address, port) = rest.split_once(']').ok_or("a bracket is not closed")?;
            let address: Ipv6Addr =
                address.parse().map_err(|_| "the text in brackets is not an IPv6 address")?;
            (format!("[{address}]"), port)
        } else {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (dns_name(name)?, port)
        };
        let port = match port.strip_prefix(':') {
            Some(digits) => Some(read_port(digits)?),
            None if port.is_empty() => None,
            None => return Err("unexpected text follows the host"),
        };
        Ok(Self { host, port })
    }

    /// Removes a port that the scheme implies.
    #[must_use]
    pub fn at(self, scheme: &str) -> Self {
        let implied = if scheme == "https" { 443 } else { 80 };
        Self { port: self.port.filter(|port| *port != implied), ..self }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// Reads a DNS name in lower case, without a final dot. Host names may not contain underscores, but container
/// networks use them.
fn dns_name(name: &str) -> Result<String, &'static str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err("a host name must have 1 to 253 characters");
    }
    let is_label = |label: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(is_plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.split('.').all(is_label) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err("a host name must consist of letters, digits and hyphens, in parts of 1 to 63 characters")
    }
}

fn read_port(digits: &str) -> Result<u16, &'static str> {
    let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(port) if is_number && port > 0 => Ok(port),
        _ => Err("a port must be a number from 1 to 65535"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_written_in_one_way() {
        for (given, written) in [
            ("mines.example.org", "mines.example.org"),
            ("MINES.Example.org.:8443", "mines.example.org:8443"),
            ("127.0.0.1:08080", "127.0.0.1:8080"),
            ("[2001:DB8:0::1]", "[2001:db8::1]"),
            ("[::1]:80", "[::1]:80"),
            ("clearline_web:8080", "clearline_web:8080"),
        ] {
            assert_eq!(Authority::parse(given).map(|a| a.to_string()), Ok(written.to_owned()), "{given}");
        }
        let at = |scheme| Authority::parse("a.example:443").unwrap().at(scheme).to_string();
        assert_eq!((at("https").as_str(), at("http").as_str()), ("a.example", "a.example:443"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for odd in [
            "",
            ".",
            ":80",
            "a..b",
            "-a.b",
            "a-.b",
            "a b",
            "a/b",
            "a?b",
            "a#b",
            "a@b",
            "user:pw@a",
            "a,b",
            "a\\b",
            "a'b",
            "a\"b",
            "a<b",
            "a%2fb",
            "ma\u{df}.example",
            "::1",
            "[::1",
            "[::1]x",
            "[1.2.3.4]",
            "[fe80::1%25eth0]",
            "a:",
            "a:0",
            "a:65536",
            "a:+80",
            "a:80:80",
            "a:8o",
            "http://a",
            "a\t",
            "a\0",
            &format!("{}.example", "a".repeat(64)),
            &"a.".repeat(140),
        ] {
            assert!(Authority::parse(odd).is_err(), "{odd:?}");
        }
    }
}
