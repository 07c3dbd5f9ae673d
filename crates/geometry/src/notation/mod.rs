//! Positions as people write them: MGRS, degrees with minutes and seconds, decimal degrees.
//!
//! A bare pair of numbers is never guessed at: 46.3 40.1 could be read both ways, and one of them
//! is a thousand kilometres away.

mod degrees;
mod mgrs;

use crate::{LonLat, LonLatError};

/// A position that was read from text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// Where it is; of an MGRS square, the middle.
    pub at: LonLat,
    /// How it was written.
    pub notation: Notation,
    /// Half of the last digit's place, in metres on the ground: what the writing leaves open. It
    /// is rounded up to whole centimetres.
    pub precision_m: f64,
}

/// A way to write a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// A square of the Military Grid Reference System: `38T PK 12435 35038`.
    Mgrs,
    /// Degrees with a hemisphere letter, also with minutes and seconds: `40°06'22.7"N 46°02'28.3"E`.
    Degrees,
}

/// Why a text is no position.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotationError {
    /// Nothing, or far more than a position.
    #[error("a position has 1 to {max} characters, this has {n_chars}", max = MAX_CHARS)]
    Length {
        /// How many characters there are.
        n_chars: usize,
    },
    /// Numbers without N, S, E or W.
    #[error(
        "{given:?} doesn't say which number is the latitude: write N or S and E or W with them, \
         like 40.0581 N 46.3183 E"
    )]
    NoHemisphere {
        /// The text.
        given: String,
    },
    /// Not one latitude and one longitude.
    #[error("{given:?} needs one number with N or S and one with E or W")]
    NoPair {
        /// The text.
        given: String,
    },
    /// A sign beside a letter says the same twice, or the opposite.
    #[error("{given:?} has a sign; the letters N, S, E and W say on which side it is")]
    Sign {
        /// The text.
        given: String,
    },
    /// Minutes or seconds of 60 or more.
    #[error("{value} is outside 0..60 for minutes and seconds")]
    Sixty {
        /// The value.
        value: f64,
    },
    /// A fraction where smaller units follow.
    #[error("{value} has a fraction although smaller units follow")]
    Fraction {
        /// The value.
        value: f64,
    },
    /// A character that belongs to no way of writing a position, or stands in the wrong place.
    #[error("{found:?} in {given:?} can't be read")]
    Unexpected {
        /// What can't be read.
        found: String,
        /// The text.
        given: String,
    },
    /// It looks like MGRS and is not.
    #[error("{given:?} is no MGRS position: {reason}")]
    Mgrs {
        /// The text.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The numbers are off the globe.
    #[error(transparent)]
    Position(#[from] LonLatError),
}

const MAX_CHARS: usize = 100;

/// Reads a position in MGRS or in degrees with N or S and E or W, in either order.
///
/// Degrees may be decimal, or followed by minutes and seconds with `° ' "`, typographic marks,
/// `:`, `d m s` or spaces. A comma between two digits is a decimal comma.
///
/// # Errors
/// When it is neither, is off the globe, or does not say which number is which.
///
/// ```
/// use geometry::notation::{Notation, read};
/// let kalbajar = read("40°06'22.7\"N 46°02'28.3\"E")?;
/// assert_eq!((kalbajar.at.lon(), kalbajar.at.lat()), (46.0411944, 40.1063056));
/// assert_eq!(read("E 46 02 28.3, N 40 06 22.7")?.at, kalbajar.at);
///
/// let square = read("38T PK 12435 35038")?;
/// assert_eq!((square.notation, square.precision_m), (Notation::Mgrs, 0.5));
/// assert!(read("40.1063 46.0412").is_err());
/// # Ok::<(), geometry::notation::NotationError>(())
/// ```
pub fn read(text: &str) -> Result<Written, NotationError> {
    let n_chars = text.chars().count();
    if n_chars > MAX_CHARS || text.trim().is_empty() {
        return Err(NotationError::Length { n_chars });
    }
    mgrs::read(text).unwrap_or_else(|| degrees::read(text))
}

/// Metres rounded up to centimetres.
fn centimetres_up(metres: f64) -> f64 {
    // Less than a tenth of a millimetre too much is what rounding made of it.
    (metres * 100.0 - 0.01).ceil() / 100.0
}

#[cfg(test)]
mod tests;
