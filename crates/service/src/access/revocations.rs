//! Revoked tokens: a stream ends as soon as the token that opened it is revoked.

use std::{collections::HashSet, time::Duration};

use store::Reader;
use tokio::sync::watch;
use uuid::Uuid;

use super::Caller;
use crate::readers::Readers;

/// How often to look for tokens that another program revoked, as `clearline token revoke` does.
const EVERY: Duration = Duration::from_millis(100);

/// How often a stream checks whether its own token has expired or its session has ended.
const RECHECKED: Duration = Duration::from_secs(1);

/// The revoked tokens.
#[derive(Debug)]
pub struct Revocations {
    tokens: watch::Sender<HashSet<Uuid>>,
}

impl Default for Revocations {
    fn default() -> Self {
        Self { tokens: watch::channel(HashSet::new()).0 }
    }
}

impl Revocations {
    /// Records a revoked token. Streams that it opened are notified before this returns.
    pub fn revoked(&self, token: Uuid) {
        self.tokens.send_if_modified(|tokens| tokens.insert(token));
    }

    /// Records the end of a session: each open stream checks whether it was its own.
    pub fn signed_out(&self) {
        self.tokens.send_modify(|_| ());
    }

    /// Picks up revocations by other programs until the server stops.
    pub async fn watch(&self, readers: &Readers, mut stopping: watch::Receiver<bool>) {
        let mut n_known = 0;
        loop {
            // The reader pool reports read failures; each stream also checks on its own.
            if let Ok(Some((n, tokens))) = readers.run(move |reader| revoked_since(reader, n_known)).await {
                n_known = n;
                self.tokens.send_modify(|known| known.extend(tokens));
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Completes when a caller's credential is no longer valid.
    pub async fn of(&self, readers: &Readers, caller: &Caller) {
        let (mut told, mut looked) = (self.tokens.subscribe(), self.tokens.subscribe());
        let revoked = told.wait_for(|tokens| caller.token().is_some_and(|token| tokens.contains(&token)));
        let lost = async {
            // If the check fails, end the stream; a client with a valid token reconnects.
            while caller.still_stands(readers).await.unwrap_or(false) {
                tokio::select! {
                    _ = looked.changed() => {}
                    () = tokio::time::sleep(RECHECKED) => {}
                }
            }
        };
        tokio::select! {
            biased;
            _ = revoked => {}
            () = lost => {}
        }
    }
}

/// Returns the revoked tokens and their number; `None` if the number is already known.
fn revoked_since(reader: &Reader, n_known: u64) -> Result<Option<(u64, Vec<Uuid>)>, store::StoreError> {
    let n = reader.n_revoked()?;
    if n == n_known {
        return Ok(None);
    }
    let tokens = reader.tokens()?.into_iter().filter(|token| token.revoked_at.is_some());
    Ok(Some((n, tokens.map(|token| token.id).collect())))
}
