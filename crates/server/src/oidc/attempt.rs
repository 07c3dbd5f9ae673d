//! The state of one sign-in attempt, from the visit to the provider until the return.

use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier};
use subtle::ConstantTimeEq;

/// The shortest secret, in characters: 128 random bits in base64 have 22.
const SHORTEST: usize = 22;

/// The three secrets of one sign-in attempt. The browser returns the state, the provider's token contains the
/// nonce, and the verifier proves to the provider that the server that redirected the browser is the one that
/// redeems the code.
///
/// The browser stores them in a cookie that scripts cannot read; the server stores nothing. So strangers
/// cannot fill a table, an attempt survives a restart, and an address with somebody else's state is useless
/// in another browser.
pub struct Attempt {
    pub(super) state: CsrfToken,
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
}

impl Attempt {
    /// Creates an attempt, and the challenge to send with it.
    pub(super) fn new() -> (Self, PkceCodeChallenge) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        (Self { state: CsrfToken::new_random(), nonce: Nonce::new_random(), verifier }, challenge)
    }

    /// Formats the attempt for a cookie.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.state.secret(), self.nonce.secret(), self.verifier.secret())
    }

    /// Reads an attempt from a cookie's value.
    pub fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        let [state, nonce, verifier] = parts[..] else { return None };
        let is_long = parts.iter().all(|part| part.len() >= SHORTEST);
        is_long.then(|| Self {
            state: CsrfToken::new(state.to_owned()),
            nonce: Nonce::new(nonce.to_owned()),
            verifier: PkceCodeVerifier::new(verifier.to_owned()),
        })
    }

    /// Returns whether a browser returned from this attempt.
    pub fn is_of(&self, state: &str) -> bool {
        self.state.secret().as_bytes().ct_eq(state.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_holds_an_attempt_and_nothing_else_is_one() {
        let (attempt, _) = Attempt::new();
        let read = Attempt::read(&attempt.text()).unwrap();
        assert_eq!(read.text(), attempt.text());
        assert!(read.is_of(attempt.state.secret()) && !read.is_of("") && !read.is_of(attempt.nonce.secret()));
        for bad in ["", "..", "a.b.c", &attempt.text()[..60], &format!("{}.more", attempt.text())] {
            assert!(Attempt::read(bad).is_none(), "{bad}");
        }
    }
}
