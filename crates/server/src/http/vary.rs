//! `Vary`: the request headers that a response depends on.

use axum::http::{HeaderMap, HeaderValue, header};

/// Adds header names to `Vary`, on one line: some caches read only one line.
pub fn add(headers: &mut HeaderMap, names: &'static str) {
    let told: Vec<&str> =
        headers.get_all(header::VARY).iter().filter_map(|line| line.to_str().ok()).collect();
    if told.is_empty() {
        headers.insert(header::VARY, HeaderValue::from_static(names));
        return;
    }
    let mut all: Vec<&str> = Vec::new();
    for name in told.iter().copied().chain([names]).flat_map(|list| list.split(',')).map(str::trim) {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            all.push(name);
        }
    }
    if let Ok(line) = HeaderValue::try_from(all.join(", ")) {
        headers.insert(header::VARY, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_header_is_named_once_and_in_one_line() {
        let mut headers = HeaderMap::new();
        add(&mut headers, "accept, accept-encoding");
        add(&mut headers, "authorization, Accept");
        headers.append(header::VARY, HeaderValue::from_static("x"));
        add(&mut headers, "origin");
        let lines: Vec<_> = headers.get_all(header::VARY).iter().collect();
        assert_eq!(lines, ["accept, accept-encoding, authorization, x, origin"]);
    }
}
