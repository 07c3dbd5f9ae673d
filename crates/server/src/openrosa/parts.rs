//! The parts of a posted submission.

use std::convert::Infallible;

use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;

use crate::http::problem::{Answer, Problem};

/// The name of the part with the form's answers.
const ANSWERS: &str = "xml_submission_file";

/// The most bytes of the answers.
const ANSWERS_BYTES: usize = 1 << 20;

/// The most parts of one post: clients send 100 files at once.
const MOST_PARTS: usize = 200;

/// The most characters of a file's name.
const NAME_CHARS: usize = 255;

/// A submission, or the part of it in this post.
pub struct Parts {
    /// The form's answers, which every post contains.
    pub xml: Bytes,
    /// The files, by name.
    pub files: Vec<(String, Bytes)>,
}

/// Splits a post into its parts. It ignores `*isIncomplete*`: each post is stored as it arrives.
///
/// # Errors
/// 415 when the post is not form data, 400 when it is malformed or has no answers, 413 for too many or too
/// large parts.
pub async fn parts(headers: &HeaderMap, bytes: Bytes) -> Answer<Parts> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let boundary = multer::parse_boundary(given).map_err(|_| {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", "a submission must be multipart/form-data")
    })?;
    let broken = |error: multer::Error| unreadable(format!("the submission is malformed: {error}"));
    let too_large = |detail| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail);
    let stream = futures::stream::once(async move { Ok::<_, Infallible>(bytes) });
    let mut multipart = multer::Multipart::new(stream, boundary);
    let (mut xml, mut files, mut n_parts) = (None, Vec::new(), 0);
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        n_parts += 1;
        if n_parts > MOST_PARTS {
            return Err(too_large(format!("the post has more than {MOST_PARTS} parts")));
        }
        let name = field.name().or(field.file_name()).unwrap_or("").to_owned();
        let content = field.bytes().await.map_err(broken)?;
        if name == ANSWERS {
            if content.len() > ANSWERS_BYTES {
                return Err(too_large(format!("{ANSWERS} is larger than {ANSWERS_BYTES} bytes")));
            }
            xml = Some(content);
        } else if !name.starts_with('*') && !name.is_empty() {
            if name.chars().count() > NAME_CHARS {
                return Err(unreadable(format!("a file name is longer than {NAME_CHARS} characters")));
            }
            files.push((name, content));
        }
    }
    let xml = xml.ok_or_else(|| unreadable(format!("the submission has no {ANSWERS} part")))?;
    Ok(Parts { xml, files })
}

fn unreadable(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    async fn read(content_type: &'static str, body: &str) -> Result<Parts, StatusCode> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        parts(&headers, Bytes::from(body.replace('\n', "\r\n"))).await.map_err(|problem| problem.status())
    }

    const FORM: &str = "multipart/form-data; boundary=b";

    #[tokio::test]
    async fn a_post_is_its_answers_and_the_files_beside_them() {
        let body = "--b\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"a.xml\"\n\
                    Content-Type: text/xml\n\n<data/>\n\
                    --b\nContent-Disposition: form-data; name=\"1.jpg\"; filename=\"1.jpg\"\n\nphoto\n\
                    --b\nContent-Disposition: form-data; name=\"*isIncomplete*\"\n\nyes\n--b--\n";
        let read = read(FORM, body).await.ok().unwrap();
        assert_eq!(read.xml, "<data/>");
        assert_eq!(read.files, [("1.jpg".to_owned(), Bytes::from_static(b"photo"))]);
    }

    #[tokio::test]
    async fn a_post_that_is_none_is_refused() {
        let part = "--b\nContent-Disposition: form-data; name=\"x\"\n\n1\n";
        let many = format!("{}--b--\n", part.repeat(MOST_PARTS + 1));
        for (content_type, body, status) in [
            ("text/xml", "<data/>", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            (FORM, "", StatusCode::BAD_REQUEST),
            (FORM, part, StatusCode::BAD_REQUEST),
            (FORM, &*format!("{part}--b--\n"), StatusCode::BAD_REQUEST),
            (FORM, &*many, StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            assert_eq!(read(content_type, body).await.err(), Some(status), "{body:.80}");
        }
    }
}
