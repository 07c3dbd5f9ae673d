//! Work that comes after answering those who look: it runs on threads of its own, at a lower priority.
//!
//! On a busy machine a file of a million records takes somewhat longer, and nobody who looks at the map waits
//! for it.

use std::{
    io,
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use crate::fault::Fault;

/// How much lower: a nice value, of which Linux gives each step about a fifth less of a processor that others
/// want too.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Starts a thread for such work.
///
/// # Errors
/// When there is no thread to be had.
pub fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.into()).spawn(move || {
        // A thread's own on Linux; elsewhere it would be the whole program's.
        #[cfg(target_os = "linux")]
        if let Err(error) = rustix::process::nice(NICE) {
            tracing::warn!(%error, "a thread runs at the usual priority");
        }
        work();
    })
}

/// Does a piece of such work.
///
/// # Errors
/// When it does not come to its end, or there is no thread to be had.
pub async fn run<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let (done, wait) = oneshot::channel();
    start(name, move || {
        // Nobody may wait any more.
        let _ = done.send(work());
    })
    .map_err(|error| Fault::exhausted(&error))?;
    wait.await.map_err(|error| Fault::internal(&error))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_runs_at_a_lower_priority_and_nothing_else_does() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        assert_eq!(run("test", nice).await.unwrap(), before + NICE);
        assert_eq!(nice(), before);
    }
}
