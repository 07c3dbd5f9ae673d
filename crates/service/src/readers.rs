//! A few read-only connections to the store, each used by one query at a time off the async threads.

use std::sync::{Arc, Mutex, PoisonError};

use store::{Reader, StoreError};
use tokio::sync::Semaphore;

use crate::fault::Fault;

/// Open connections, and concurrent queries at most.
const CONNECTIONS: usize = 4;

/// The pool of connections.
#[derive(Clone)]
pub struct Readers {
    idle: Arc<Mutex<Vec<Reader>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// Opens the connections with `open`.
    ///
    /// # Errors
    /// If the store cannot be opened.
    pub fn open(open: impl Fn() -> Result<Reader, StoreError>) -> Result<Self, StoreError> {
        let idle = (0..CONNECTIONS).map(|_| open()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), places: Arc::new(Semaphore::new(CONNECTIONS)) })
    }

    /// Runs a query on a blocking thread.
    ///
    /// # Errors
    /// If the query fails.
    pub async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Fault> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|e| Fault::internal(&e))?;
        let idle = Arc::clone(&self.idle);
        let lend = move || {
            let lock = || idle.lock().unwrap_or_else(PoisonError::into_inner);
            let mut reader = lock().pop().expect("the semaphore lends no more connections than there are");
            let result = query(&mut reader);
            lock().push(reader);
            drop(place);
            result
        };
        let result = tokio::task::spawn_blocking(lend).await.map_err(|e| Fault::internal(&e))?;
        Ok(result?)
    }
}
