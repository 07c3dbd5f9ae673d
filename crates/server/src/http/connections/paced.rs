//! A connection that closes when its peer stalls.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::http::pace::Pace;

/// How long the head of a request may take: from its first byte to its last, or on a new connection from its
/// opening.
pub const HEAD: Duration = Duration::from_secs(15);

/// Counts requests in progress: their heads have arrived, and their responses are not fully sent. A client
/// that does not wait for responses may have two: one being sent and one being built.
#[derive(Clone, Debug, Default)]
pub struct Answering(Arc<AtomicUsize>);

impl Answering {
    /// Counts a request whose head has arrived, until the guard is dropped.
    pub fn begin(&self) -> Answer {
        self.0.fetch_add(1, Ordering::Relaxed);
        Answer(self.clone())
    }

    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

/// A request in progress.
#[derive(Debug)]
pub struct Answer(Answering);

impl Drop for Answer {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The two directions of a connection: heads must arrive within [`HEAD`], and responses must leave at a
/// [`Pace`]. Request bodies are measured where they are read.
pub struct Paced<T> {
    inner: T,
    answering: Answering,
    head: Option<Pin<Box<Sleep>>>,
    leaving: Pace,
}

impl<T> Paced<T> {
    /// Monitors a connection whose service reports requests in progress through `answering`.
    pub fn new(inner: T, answering: Answering) -> Self {
        Self { inner, answering, head: Some(Box::pin(sleep(HEAD))), leaving: Pace::default() }
    }
}

fn too_slow(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("the client is too slow to {what}"))
}

impl<T: AsyncRead + Unpin> AsyncRead for Paced<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        if self.answering.is_on() {
            self.head = None;
            return read;
        }
        if buffer.filled().len() > before && self.head.is_none() {
            self.head = Some(Box::pin(sleep(HEAD)));
        }
        if let Some(head) = &mut self.head
            && read.is_pending()
            && head.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(too_slow("send the head of a request")));
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> Paced<T> {
    /// Runs one step of sending, within the pace. `n_bytes` returns how many bytes a result moved.
    fn paced<R>(
        &mut self,
        context: &mut Context<'_>,
        step: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<io::Result<R>>,
        n_bytes: impl FnOnce(&R) -> usize,
    ) -> Poll<io::Result<R>> {
        let done = step(Pin::new(&mut self.inner), context);
        match &done {
            Poll::Ready(Ok(result)) => self.leaving.moved(n_bytes(result)),
            Poll::Pending if self.leaving.poll_spent(context).is_ready() => {
                return Poll::Ready(Err(too_slow("read the response")));
            }
            Poll::Ready(Err(_)) | Poll::Pending => {}
        }
        done
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Paced<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.paced(context, |inner, context| inner.poll_write(context, bytes), |n| *n)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.paced(context, |inner, context| inner.poll_write_vectored(context, slices), |n| *n)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.paced(context, T::poll_flush, |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.paced(context, T::poll_shutdown, |()| 0)
    }
}
