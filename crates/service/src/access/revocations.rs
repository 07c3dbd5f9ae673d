//! Revoked tokens: streams that were opened with one end at once.

use std::{collections::HashSet, time::Duration};

use store::Reader;
use tokio::sync::watch;
use uuid::Uuid;

use super::Caller;
use crate::readers::Readers;

/// How often it is looked whether another program has revoked a token, as `clearline token revoke` does.
const EVERY: Duration = Duration::from_millis(100);

/// How often a stream looks whether its own token has expired, or its session has ended.
const RECHECKED: Duration = Duration::from_secs(1);

/// The tokens that were revoked.
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
    /// A token was revoked: what is held open by it ends before this returns to who revoked it.
    pub fn revoked(&self, token: Uuid) {
        self.tokens.send_if_modified(|tokens| tokens.insert(token));
    }

    /// A session was ended: whatever is held open looks whether it was by that.
    pub fn signed_out(&self) {
        self.tokens.send_modify(|_| ());
    }

    /// Learns of what other programs revoke, until the server stops.
    pub async fn watch(&self, readers: &Readers, mut stopping: watch::Receiver<bool>) {
        let mut n_known = 0;
        loop {
            // What cannot be read is told where it is read; each stream looks by itself, too.
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

    /// Ends when a caller has lost what it asks by.
    pub async fn of(&self, readers: &Readers, caller: &Caller) {
        let (mut told, mut looked) = (self.tokens.subscribe(), self.tokens.subscribe());
        let revoked = told.wait_for(|tokens| caller.token().is_some_and(|token| tokens.contains(&token)));
        let lost = async {
            // In doubt the stream ends; a client with a valid token reconnects.
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

/// The tokens that were revoked and how many there are, unless there are as many as are known.
fn revoked_since(reader: &Reader, n_known: u64) -> Result<Option<(u64, Vec<Uuid>)>, store::StoreError> {
    let n = reader.n_revoked()?;
    if n == n_known {
        return Ok(None);
    }
    let tokens = reader.tokens()?.into_iter().filter(|token| token.revoked_at.is_some());
    Ok(Some((n, tokens.map(|token| token.id).collect())))
}
