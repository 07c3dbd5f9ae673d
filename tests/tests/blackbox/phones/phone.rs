//! A caller that sends with a token until it gets a response.

use std::{sync::RwLock, thread, time::Duration};

use serde_json::Value;
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::{
    photos::photo,
    program::{Server, read},
};

/// A caller with a token and an address that may change.
pub struct Phone<'a> {
    pub base: &'a RwLock<String>,
    pub token: String,
    pub agent: Agent,
}

/// Returns a photo unique to a record.
pub fn photo_of(n: u64) -> Vec<u8> {
    let mut bytes = photo();
    bytes.extend(Sha256::digest(n.to_le_bytes()));
    bytes
}

pub fn hash_of(n: u64) -> String {
    format!("{:x}", Sha256::digest(photo_of(n)))
}

impl<'a> Phone<'a> {
    pub fn new(server: &Server, base: &'a RwLock<String>) -> Self {
        let config = Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(20))).build().new_agent();
        Self { base, token: server.token().to_owned(), agent }
    }

    /// Sends until the response is not a temporary failure; the number of attempts is limited.
    pub fn until_answered(&self, send: impl Fn(&str) -> Result<(u16, Value), ureq::Error>) -> (u16, Value) {
        for _ in 0..3_000 {
            let base = self.base.read().unwrap().clone();
            match send(&base) {
                // 409: the upload is kept and is being judged.
                Ok((503 | 409 | 429, _)) | Err(_) => thread::sleep(Duration::from_millis(10)),
                Ok(answer) => return answer,
            }
        }
        panic!("the server never answered")
    }

    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Value) {
        self.until_answered(|base| {
            let mut request = self.agent.post(format!("{base}{path}"));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.header("authorization", format!("Bearer {}", self.token));
            Ok(read(request.send(body)?))
        })
    }

    /// Sends a record as a file, with or without an upload key.
    pub fn file(&self, record: &Value, key: Option<&str>, is_update: bool) {
        let mut headers = vec![("content-type", "application/geo+json")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        let path = if is_update { "/uploads?update=true" } else { "/uploads" };
        let (status, told) = self.post(path, &headers, record.to_string().as_bytes());
        assert!(status == 200 && told["refused"] == 0, "{status} {told}");
    }

    /// Sends the answers of a form, with files; `is_last` if no other post of it follows.
    pub fn form(&self, xml: &str, files: &[(String, Vec<u8>)], is_last: bool) -> u16 {
        let mut body = Vec::new();
        let mut part = |name: &str, content: &[u8]| {
            let head = format!(
                "--b42\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend([head.as_bytes(), content, b"\r\n"].concat());
        };
        part("xml_submission_file", xml.as_bytes());
        for (name, content) in files {
            part(name, content);
        }
        if !is_last {
            body.extend(b"--b42\r\nContent-Disposition: form-data; name=\"*isIncomplete*\"\r\n\r\nyes\r\n");
        }
        body.extend(b"--b42--\r\n");
        let path = format!("/openrosa/{}/submission", self.token);
        self.post(&path, &[("content-type", "multipart/form-data; boundary=b42")], &body).0
    }

    /// Sends a photo in two parts.
    pub fn photo(&self, n: u64) {
        let (whole, path) = (photo_of(n), format!("/photos/{}", hash_of(n)));
        let total = whole.len().to_string();
        let mut offset = 0;
        for _ in 0..100 {
            let end = if offset < 60 { 60 } else { whole.len() };
            let (status, there) = self.until_answered_part(&path, offset, &total, &whole[offset..end]);
            if status == 201 {
                return;
            }
            offset = there;
        }
        panic!("the photo never came to its end")
    }

    /// Returns the response to a part, and the offset where the photo continues.
    pub fn until_answered_part(&self, path: &str, offset: usize, total: &str, part: &[u8]) -> (u16, usize) {
        for _ in 0..3_000 {
            let base = self.base.read().unwrap().clone();
            let request = self.agent.patch(format!("{base}{path}"));
            let request = request.header("authorization", format!("Bearer {}", self.token));
            let request = request.header("upload-offset", offset.to_string()).header("upload-length", total);
            if let Ok(answer) = request.header("content-type", "image/png").send(part)
                && let Some(there) = answer.headers().get("upload-offset")
            {
                return (answer.status().as_u16(), there.to_str().unwrap().parse().unwrap());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server never answered")
    }
}

/// Accepts 202 too: the same upload by another sender is being judged.
pub fn came(status: u16) {
    assert!([201, 202].contains(&status), "{status}");
}
