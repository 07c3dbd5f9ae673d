//! Photos arrive in parts, are stored unchanged, and are shown without their metadata.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::http::Response;

use crate::program::{LACHIN, Server, collection, feature, id, read};

/// Returns a PNG of 2 x 2 pixels with a text chunk, as cameras and editors write.
pub fn photo() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let body = [kind.as_slice(), data].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&body);
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [length.as_slice(), &body, &crc.sum().to_be_bytes()].concat()
    };
    let header = [0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0];
    let rows = [0_u8, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255, 9, 9, 9];
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &rows).unwrap();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"tEXt", b"Comment\0taken at 39.7011 46.2960 by SECRETPHONE"),
        chunk(b"IDAT", &packed.finish().unwrap()),
        chunk(b"IEND", b""),
    ]
    .concat()
}

fn hex(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

fn part(server: &Server, hash: &str, offset: usize, total: usize, bytes: &[u8]) -> Response<ureq::Body> {
    let request = server.agent().patch(server.url(&format!("/photos/{hash}")));
    let request =
        request.header("upload-offset", offset.to_string()).header("upload-length", total.to_string());
    request.header("content-type", "image/png").send(bytes).unwrap()
}

fn offset(answer: &Response<ureq::Body>) -> Option<&str> {
    answer.headers().get("upload-offset").map(|value| value.to_str().unwrap())
}

#[test]
fn a_photo_goes_on_where_it_stopped_also_after_a_kill() {
    let mut server = Server::start();
    let (bytes, total) = (photo(), photo().len());
    let hash = hex(&bytes);
    let head = |server: &Server| server.agent().head(server.url(&format!("/photos/{hash}"))).call().unwrap();
    assert_eq!(head(&server).status(), 404);
    let answer = part(&server, &hash, 0, total, &bytes[..50]);
    assert_eq!((answer.status().as_u16(), offset(&answer)), (204, Some("50")));

    server.kill_and_restart();
    let answer = head(&server);
    assert_eq!((answer.status().as_u16(), offset(&answer)), (204, Some("50")));
    assert_eq!(server.get(&format!("/photos/{hash}")).status(), 404, "a part is no photo yet");
    let answer = part(&server, &hash, 0, total, &bytes[..50]);
    assert_eq!((answer.status().as_u16(), offset(&answer)), (409, Some("50")));
    let answer = part(&server, &hash, 50, total, &bytes[50..]);
    assert_eq!((answer.status().as_u16(), offset(&answer)), (201, Some(total.to_string().as_str())));
    assert_eq!(part(&server, &hash, 0, total, &bytes).status(), 201, "once more is no harm");
    assert_eq!(head(&server).status(), 200);

    for path in [format!("/photos/{hash}"), format!("/photos/{hash}/thumbnail")] {
        let shown = server.bytes(&path);
        assert!(shown.starts_with(b"\xff\xd8\xff"), "a JPEG");
        assert!(!shown.windows(6).any(|bytes| bytes == b"SECRET"));
        assert_eq!(server.public().get(server.url(&path)).call().unwrap().status(), 401);
        let tag = server.header(&path, "etag");
        let again = server.agent().get(server.url(&path)).header("if-none-match", tag).call().unwrap();
        assert_eq!(again.status(), 304);
    }
    // The original remains on disk unchanged, for the server's administrator.
    let folder = format!("{}-photos/{}", server.store.display(), &hash[..2]);
    assert_eq!(std::fs::read(format!("{folder}/{hash}")).unwrap(), bytes);

    let mut record = feature(1, LACHIN.0, LACHIN.1);
    record["properties"]["photos"] = json!([hash, "0".repeat(64)]);
    record["properties"]["status"] = json!("detected");
    assert_eq!(server.post_json("/uploads", &collection(&[record])).0, 200);
    let sent_back = json!({"decision": "has_issues", "reason": "which is it?", "records": [{"id": id(1), "revision": 1}]});
    assert_eq!(server.post("/review", "application/json", sent_back.to_string().as_bytes()).0, 200);
    let queue = server.json("/review?state=has_issues");
    let photos = &queue["records"][0]["photos"];
    assert_eq!((&photos[0]["is_here"], &photos[1]["is_here"]), (&json!(true), &json!(false)), "{photos}");
}

#[test]
fn what_is_no_photo_or_another_is_refused_and_not_kept() {
    let server = Server::start();
    let hash = hex(b"no photo");
    let problem = |answer| read(answer).1["type"].clone();
    let (status, told) = read(part(&server, &hash, 0, 8, b"no photo"));
    assert_eq!((status, &told["type"]), (422, &json!("urn:clearline:problem:photo")), "{told}");
    assert_eq!(read(part(&server, &hash, 0, 5, b"other")).0, 422);
    assert_eq!(problem(part(&server, &hash, 0, 33 << 20, b"x")), "urn:clearline:problem:too-large");
    assert_eq!(read(part(&server, &hash, 0, 1, b"xx")).0, 413);
    assert_eq!(read(part(&server, "..%2f..%2fetc", 0, 1, b"x")).0, 400);
    let bare = server.agent().patch(server.url(&format!("/photos/{hash}"))).send(b"x".as_slice()).unwrap();
    assert_eq!(read(bare).0, 400);
    let gone: (u16, Value) = read(server.get(&format!("/photos/{hash}")));
    assert_eq!(gone.0, 404);
    let left = std::fs::read_dir(format!("{}-photos/{}", server.store.display(), &hash[..2])).unwrap();
    assert_eq!(left.count(), 0);
}
