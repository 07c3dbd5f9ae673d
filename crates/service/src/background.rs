//! Background work: it runs on separate threads at a lower priority than requests.
//!
//! On a busy machine a file of a million records takes somewhat longer, but map readers do not wait for it.

use std::{
    io,
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use crate::fault::Fault;

/// The nice value of background threads. Each step gives a Linux thread about a fifth less of a contended
/// processor.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Starts a thread for background work.
///
/// # Errors
/// If the thread cannot be created.
pub fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.into()).spawn(move || {
        // On Linux a nice value applies to one thread; elsewhere it would apply to the whole process.
        #[cfg(target_os = "linux")]
        if let Err(error) = rustix::process::nice(NICE) {
            tracing::warn!(%error, "cannot lower the priority of a background thread");
        }
        work();
    })
}

/// Runs a piece of background work and waits for it.
///
/// # Errors
/// If the work panics or the thread cannot be created.
pub async fn run<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let (done, wait) = oneshot::channel();
    start(name, move || {
        // The receiver may be gone.
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
