//! Download slots. Each download holds the records as they were when it began, and later changes are stored
//! beside them, so slots are limited.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use service::access::Party;

/// The most simultaneous downloads of the public, of one address, of callers with a token, and of one such
/// caller.
const MOST_PUBLIC: usize = 12;
const MOST_OF_ADDRESS: usize = 4;
const MOST_OF_CALLERS: usize = 12;
const MOST_OF_CALLER: usize = 6;

/// How long a download whose client reads nothing keeps its slot while another is waiting.
const STALLED: Duration = Duration::from_secs(3);

/// The slots of the public and those of callers with a token, so that neither group blocks the other.
pub struct Exports<W> {
    public: Slots<W>,
    callers: Slots<W>,
}

type Slots<W> = Arc<Mutex<Vec<Arc<Taken<W>>>>>;

/// One download.
struct Taken<W> {
    party: Party,
    state: Mutex<State<W>>,
}

enum State<W> {
    /// The server is generating the next bytes.
    Making,
    /// The client has not yet read the last bytes. The unsent rest is stored here, so that losing the slot
    /// frees it.
    Waiting(Instant, W),
    /// Another download has taken the slot.
    Lost,
}

/// A slot, released when dropped.
pub struct Slot<W> {
    slots: Slots<W>,
    taken: Arc<Taken<W>>,
}

impl<W> Default for Exports<W> {
    fn default() -> Self {
        Self { public: Slots::default(), callers: Slots::default() }
    }
}

impl<W> Exports<W> {
    /// Takes a slot for a client's download. A stalled download gives its slot up.
    ///
    /// # Errors
    /// The reason why no slot is free.
    pub fn take(&self, party: Party) -> Result<Slot<W>, String> {
        self.take_at(party, Instant::now())
    }

    fn take_at(&self, party: Party, now: Instant) -> Result<Slot<W>, String> {
        let (slots, most, most_of_one) = match party {
            Party::Address(_) => (&self.public, MOST_PUBLIC, MOST_OF_ADDRESS),
            Party::Caller(_) => (&self.callers, MOST_OF_CALLERS, MOST_OF_CALLER),
        };
        let mut all = slots.lock().unwrap_or_else(PoisonError::into_inner);
        let n_own = all.iter().filter(|taken| taken.party == party).count();
        if n_own >= most_of_one {
            give_up_stalled(&mut all, now, |taken| taken.party == party).ok_or_else(|| {
                format!("{most_of_one} of your downloads are in progress; wait until one finishes")
            })?;
        } else if all.len() >= most {
            give_up_stalled(&mut all, now, |_| true)
                .ok_or_else(|| format!("{most} downloads are in progress; try again later"))?;
        }
        let taken = Arc::new(Taken { party, state: Mutex::new(State::Making) });
        all.push(Arc::clone(&taken));
        Ok(Slot { slots: Arc::clone(slots), taken })
    }
}

/// Frees the slot that has waited longest for its client, if it has stalled.
fn give_up_stalled<W>(
    all: &mut Vec<Arc<Taken<W>>>,
    now: Instant,
    may: impl Fn(&Taken<W>) -> bool,
) -> Option<()> {
    let waiting =
        all.iter().enumerate().filter(|(_, taken)| may(taken)).filter_map(|(at, taken)| {
            match *taken.state.lock().unwrap_or_else(PoisonError::into_inner) {
                State::Waiting(since, _) if now.duration_since(since) >= STALLED => Some((since, at)),
                _ => None,
            }
        });
    let (_, at) = waiting.min()?;
    *all.swap_remove(at).state.lock().unwrap_or_else(PoisonError::into_inner) = State::Lost;
    Some(())
}

impl<W> Slot<W> {
    /// Returns the unsent rest, once the client has read the previous bytes.
    ///
    /// # Errors
    /// When the download stalled and lost its slot.
    pub fn resume(&self) -> io::Result<W> {
        let mut state = self.taken.state.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Making) {
            State::Waiting(_, work) => Ok(work),
            State::Making | State::Lost => {
                *state = State::Lost;
                Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the download stalled and lost its slot to another",
                ))
            }
        }
    }

    /// Stores the unsent rest until the client has read the current bytes.
    pub fn wait(&self, work: W) {
        let mut state = self.taken.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Making) {
            *state = State::Waiting(Instant::now(), work);
        }
    }
}

impl<W> Drop for Slot<W> {
    fn drop(&mut self) {
        let mut all = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|taken| !Arc::ptr_eq(taken, &self.taken));
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(n: u8) -> Party {
        Party::Address(Ipv4Addr::new(192, 0, 2, n).into())
    }

    #[test]
    fn one_address_cannot_take_all_places_and_stalled_downloads_make_way() {
        let exports = Exports::<()>::default();
        let held: Vec<Slot<()>> = (0..MOST_OF_ADDRESS).map(|_| exports.take(address(1)).unwrap()).collect();
        for slot in &held {
            slot.wait(());
        }
        assert!(exports.take(address(1)).is_err());
        assert!(exports.take(address(2)).is_ok());
        held[1].resume().unwrap();
        let _newcomer = exports.take_at(address(1), Instant::now() + STALLED).unwrap();
        held[1].wait(());
        let lost = held.iter().filter(|slot| slot.resume().is_err()).count();
        held[1].wait(());
        assert_eq!(lost, 1, "one download that had stalled was cut off, and none that went on");
        assert!(held[1].resume().is_ok());
        assert!(exports.take(address(1)).is_err());
    }

    #[test]
    fn downloads_of_the_public_never_take_the_places_of_callers() {
        let exports = Exports::<()>::default();
        let n = u8::try_from(MOST_PUBLIC).unwrap();
        let mut held: Vec<Slot<()>> = (0..n).map(|n| exports.take(address(n)).unwrap()).collect();
        assert!(exports.take(address(n)).is_err());
        let caller = Party::Caller(service::access::Proof::Token(uuid::Uuid::nil()));
        assert!(exports.take(caller).is_ok());
        held.pop();
        assert!(exports.take(address(n)).is_ok(), "a slot that was given back is there again");
    }
}
