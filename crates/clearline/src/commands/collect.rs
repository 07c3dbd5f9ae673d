//! The settings of ODK Collect and KoBoCollect, in the form that they scan.

use std::{fmt::Write as _, io::Write as _};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::ZlibEncoder};
use qrcodegen::{QrCode, QrCodeEcc};
use serde_json::json;

use crate::failure::Failure;

/// The width of the light margin around a code, in modules, as readers require.
const MARGIN: i32 = 4;

/// Builds the settings for a server and a token: JSON, compressed by zlib, in base64. They make the app
/// mirror the server's forms, and send finished submissions as soon as there is a network.
pub fn settings(server: &str, token: &str) -> Result<String, Failure> {
    let settings = json!({
        "general": {
            "server_url": format!("{}/openrosa/{token}", server.trim_end_matches('/')),
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": "Clearline"},
    });
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(settings.to_string().as_bytes())?;
    Ok(BASE64_STANDARD.encode(packed.finish()?))
}

/// Draws a text as a QR code in SVG, one unit for each module.
pub fn qr_svg(text: &str) -> Result<String, Failure> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|_| format!("{} characters do not fit into a QR code", text.len()))?;
    let side = code.size() + 2 * MARGIN;
    let mut dark = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|&x| code.get_module(x, y)) {
            // Writing to a `String` cannot fail.
            let _ = write!(dark, "M{},{}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"{dark}\"/></svg>\n"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn settings_are_packed_json_and_fit_a_code() {
        let text = settings("https://mines.example/", "cl_abc").unwrap();
        let packed = BASE64_STANDARD.decode(&text).unwrap();
        let mut json = String::new();
        flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_string(&mut json).unwrap();
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["general"]["server_url"], "https://mines.example/openrosa/cl_abc");
        assert!(read["admin"].is_object());
        let svg = qr_svg(&text).unwrap();
        // The corner of a finder pattern, and the margin before it.
        assert!(svg.contains("M4,4h1") && !svg.contains("M3,"), "{svg:.200}");
        assert!(qr_svg(&"a".repeat(5_000)).is_err());
    }
}
