//! Requests answered before their bodies are read. Over HTTP/1 the connection then closes, so the response
//! tells the client: otherwise its next request would be lost.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, Version, header},
    response::Response,
};

/// Whether a body was read to its end.
#[derive(Clone, Debug, Default)]
pub struct Reading(Option<Arc<AtomicBool>>);

impl Reading {
    /// Begins to watch a request's body, if it has one.
    pub fn of(request: Request) -> (Self, Request) {
        if request.body().is_end_stream() || request.version() > Version::HTTP_11 {
            return (Self::default(), request);
        }
        let ended = Arc::new(AtomicBool::new(false));
        let watched = |inner| Body::new(Watched { inner, ended: Arc::clone(&ended) });
        let request = request.map(watched);
        (Self(Some(ended)), request)
    }

    /// Adds `Connection: close` to the response if part of the body was left unread.
    pub fn end(&self, mut answer: Response) -> Response {
        if self.0.as_ref().is_some_and(|ended| !ended.load(Ordering::Relaxed)) {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

struct Watched {
    inner: Body,
    ended: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if frame.is_none() || self.inner.is_end_stream() {
            self.ended.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}
