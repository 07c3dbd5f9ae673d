//! Parses forwarding headers of proxies: `X-Forwarded-For`, `-Proto` and `-Host`, and `Forwarded` (RFC 7239).
//! Which proxies are trusted is decided elsewhere.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
pub const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
pub const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What trusted proxies state about a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The address of the client of the outermost proxy; `None` when no proxy names one that parses.
    pub client: Option<IpAddr>,
    /// The scheme that the client used.
    pub scheme: Option<String>,
    /// The host that the client requested.
    pub host: Option<String>,
}

/// Reads the forwarding headers of a request from a trusted proxy. `X-Forwarded-*` take precedence:
/// `Forwarded` is read only if none of them is present, so a proxy that sets them need not know of
/// `Forwarded`.
///
/// # Errors
/// The reason, when `Forwarded` is needed and malformed.
pub fn told(headers: &HeaderMap, is_trusted: impl Fn(IpAddr) -> bool) -> Result<Told, &'static str> {
    let last = |name| list(headers, &name).pop().map(str::to_owned);
    let (scheme, host) = (last(X_FORWARDED_PROTO), last(X_FORWARDED_HOST));
    let addresses = list(headers, &X_FORWARDED_FOR);
    if scheme.is_some() || host.is_some() || !addresses.is_empty() {
        let client = client(addresses.into_iter().rev().map(node), &is_trusted);
        return Ok(Told { client, scheme, host });
    }
    let mut elements = elements(headers)?;
    // Each proxy appends an element with the address of its client. Everything before the element of the
    // outermost trusted proxy was written by the client.
    let addresses = elements.iter().rev().map(|element| element.node.as_deref().and_then(node));
    let n_hops = 1 + addresses.clone().take_while(|node| node.is_some_and(&is_trusted)).count();
    let client = client(addresses, &is_trusted);
    let outermost = elements.len().saturating_sub(n_hops);
    let (mut scheme, mut host) = (None, None);
    for element in elements.drain(outermost..) {
        scheme = scheme.or(element.scheme);
        host = host.or(element.host);
    }
    Ok(Told { client, scheme, host })
}

/// Returns the nearest address that is not a trusted proxy's.
fn client(
    addresses: impl Iterator<Item = Option<IpAddr>>,
    is_trusted: impl Fn(IpAddr) -> bool,
) -> Option<IpAddr> {
    addresses.map_while(|address| address).find(|address| !is_trusted(*address))
}

/// Parses an address with or without a port, an IPv6 address with or without brackets.
pub fn node(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let address = text.parse().ok().or_else(bare).or_else(with_port)?;
    Some(address.to_canonical())
}

/// Returns the members of a list, over all lines of the header.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    // A line that is not text counts as one unreadable member.
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("?"));
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|member| !member.is_empty()).collect()
}

/// One proxy's element of `Forwarded`.
#[derive(Debug, Default)]
struct Element {
    node: Option<String>,
    scheme: Option<String>,
    host: Option<String>,
}

fn elements(headers: &HeaderMap) -> Result<Vec<Element>, &'static str> {
    let mut elements = Vec::new();
    for line in headers.get_all(header::FORWARDED) {
        let line = line.to_str().map_err(|_| "it contains non-ASCII characters")?;
        for element in split(line, ',').filter(|element| !element.trim().is_empty()) {
            elements.push(read_element(element)?);
        }
    }
    Ok(elements)
}

fn read_element(text: &str) -> Result<Element, &'static str> {
    let mut element = Element::default();
    for pair in split(text, ';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or("a pair has no =")?;
        let value = unquoted(value)?;
        let place = match name.to_ascii_lowercase().as_str() {
            "for" => &mut element.node,
            "proto" => &mut element.scheme,
            "host" => &mut element.host,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return Err("a parameter occurs twice");
        }
    }
    Ok(element)
}

/// Splits at separators outside quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c| {
        let is_separator = c == separator && !is_quoted;
        if c == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = is_quoted && c == '\\' && !is_escaped;
        is_separator
    })
}

/// Reads a token or a quoted string.
fn unquoted(value: &str) -> Result<String, &'static str> {
    let Some(inner) = value.strip_prefix('"') else {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        // Proxies write ports and addresses without the quotes that the standard requires.
        let is_plain =
            !value.is_empty() && value.bytes().all(|byte| is_token(byte) || b":[]".contains(&byte));
        return if is_plain {
            Ok(value.to_owned())
        } else {
            Err("a value is neither a token nor a quoted string")
        };
    };
    let inner = inner.strip_suffix('"').ok_or("a quote is not closed")?;
    let (mut text, mut is_escaped) = (String::new(), false);
    for c in inner.chars() {
        match c {
            '\\' if !is_escaped => is_escaped = true,
            '"' if !is_escaped => return Err("unexpected text follows the quotes"),
            c => {
                is_escaped = false;
                text.push(c);
            }
        }
    }
    if is_escaped { Err("a quote is not closed") } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(given: &[(&'static str, &str)]) -> Result<(String, String, String), &'static str> {
        let pairs = given
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
        let mut headers = HeaderMap::new();
        pairs.for_each(|(name, value)| {
            headers.append(name, value);
        });
        let trusted: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "::1".parse().unwrap()];
        let told = told(&headers, |address| trusted.contains(&address))?;
        let client = told.client.map(|address| address.to_string());
        Ok((client.unwrap_or_default(), told.scheme.unwrap_or_default(), told.host.unwrap_or_default()))
    }

    fn check(given: &[(&'static str, &str)], expected: (&str, &str, &str)) {
        let (client, scheme, host) = of(given).unwrap();
        assert_eq!((client.as_str(), scheme.as_str(), host.as_str()), expected, "{given:?}");
    }

    #[test]
    fn an_address_is_read_however_it_is_written() {
        for (given, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
        ] {
            assert_eq!(node(given), Some(address.parse().unwrap()), "{given}");
        }
        for odd in ["", "unknown", "_hidden", "192.0.2", "192.0.2.1:x", "[2001:db8::1", "[192.0.2.1", "?"] {
            assert_eq!(node(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_the_nearest_proxy_added_counts_and_not_what_the_client_wrote_before_it() {
        let x_for = "x-forwarded-for";
        check(&[(x_for, "203.0.113.9, 198.51.100.7")], ("198.51.100.7", "", ""));
        check(&[(x_for, "203.0.113.9"), (x_for, "198.51.100.7, 10.0.0.1")], ("198.51.100.7", "", ""));
        check(&[(x_for, "198.51.100.7:4711, [::1]:80")], ("198.51.100.7", "", ""));
        check(&[(x_for, "198.51.100.7, unknown")], ("", "", ""));
        let odd_lists =
            [("x-forwarded-proto", "http, https"), ("x-forwarded-host", "evil.example, a.example")];
        check(&odd_lists, ("", "https", "a.example"));
    }

    #[test]
    fn forwarded_is_read_as_its_standard_has_it() {
        for (given, expected) in [
            ("for=192.0.2.43", ("192.0.2.43", "", "")),
            ("For=\"[2001:db8:cafe::17]:4711\"", ("2001:db8:cafe::17", "", "")),
            (
                "for=192.0.2.60;proto=https;by=203.0.113.43;host=a.example",
                ("192.0.2.60", "https", "a.example"),
            ),
            ("for=\"192.0.2.60\" ; host=\"a.example:8443\"", ("192.0.2.60", "", "a.example:8443")),
            ("for=_hidden, for=_SEVKISEK", ("", "", "")),
            ("host=\"a\\\"b,c;d\"", ("", "", "a\"b,c;d")),
            ("", ("", "", "")),
            (",for=192.0.2.43,", ("192.0.2.43", "", "")),
            // Everything before the element of the outermost trusted proxy was written by the client.
            (
                "for=1.2.3.4;host=evil.example;proto=http, for=192.0.2.60;host=a.example",
                ("192.0.2.60", "", "a.example"),
            ),
            (
                "host=evil.example, for=192.0.2.60;proto=https;host=a.example, for=10.0.0.1;proto=http;host=b",
                ("192.0.2.60", "https", "a.example"),
            ),
        ] {
            check(&[("forwarded", given)], expected);
        }
        let two_lines =
            [("forwarded", "for=192.0.2.60;proto=https"), ("forwarded", "for=\"[::1]\";proto=http")];
        check(&two_lines, ("192.0.2.60", "https", ""));
        for odd in
            ["for", "for=\"a", "for=a;for=b", "host=a b", "host=\"a\"b", "proto=", "host=\"a\\", "a@b=c@"]
        {
            assert!(of(&[("forwarded", odd)]).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_proxy_that_sets_x_forwarded_headers_need_not_know_of_forwarded() {
        let smuggled = ("forwarded", "for=1.2.3.4;host=evil.example;proto=http");
        check(&[("x-forwarded-for", "198.51.100.7"), smuggled], ("198.51.100.7", "", ""));
        check(&[("x-forwarded-proto", "https"), smuggled], ("", "https", ""));
        check(&[("x-forwarded-host", "a.example"), ("forwarded", "\"")], ("", "", "a.example"));
    }
}
