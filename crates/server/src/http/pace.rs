//! How slow a peer may be: waiting uses up its patience, and bytes restore it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// How long a peer may make the server wait without moving a byte.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The bytes that restore one second of patience. A peer that moves fewer bytes per second eventually
/// exhausts [`PATIENCE`]; a phone on a bad network moves ten times as many.
pub const BYTES_A_SECOND: u32 = 512;

/// The patience that remains for a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left(Duration);

impl Left {
    /// Returns what remains after waiting for `waited`, during which `n_bytes` moved.
    fn after(self, waited: Duration, n_bytes: usize) -> Self {
        let earned = Duration::from_secs_f64(n_bytes as f64 / f64::from(BYTES_A_SECOND));
        Self(PATIENCE.min(self.0.saturating_sub(waited).saturating_add(earned)))
    }
}

/// Measures one direction of a transfer. Only time spent waiting for the peer counts, not the time that the
/// server takes to build a response.
pub struct Pace {
    left: Left,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { left: Left(PATIENCE), waiting: None }
    }
}

impl Pace {
    /// Records that the peer moved `n_bytes`.
    pub fn moved(&mut self, n_bytes: usize) {
        let waited = self.waiting.take().map_or(Duration::ZERO, |(since, _)| since.elapsed());
        self.left = self.left.after(waited, n_bytes);
    }

    /// Waits for the peer; ready once its patience is exhausted.
    pub fn poll_spent(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let left = self.left.0;
        let begin = || {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + left)))
        };
        let (_, spent) = self.waiting.get_or_insert_with(begin);
        ready!(spent.as_mut().poll(context));
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moves `n_bytes` after each second of waiting; returns how many seconds the peer lasts, at most `most`.
    fn lasts(n_bytes: usize, most: u32) -> u32 {
        let second = Duration::from_secs(1);
        let mut left = Left(PATIENCE);
        for n in 0..most {
            if left.0 <= second {
                return n;
            }
            left = left.after(second, n_bytes);
        }
        most
    }

    #[test]
    fn a_trickle_runs_out_of_patience_and_a_slow_phone_does_not() {
        assert_eq!(lasts(0, 100), 19, "silence");
        assert!(lasts(1, 100) < 25, "a byte a second is no progress");
        assert!(lasts(256, 1_000) < 60);
        assert_eq!(lasts(600, 1_000), 1_000);
    }

    #[test]
    fn time_in_which_nobody_waits_costs_nothing() {
        let mut pace = Pace::default();
        pace.moved(1);
        assert_eq!(pace.left, Left(PATIENCE));
    }
}
