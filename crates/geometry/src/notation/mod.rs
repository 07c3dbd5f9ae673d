//! Parses written positions: MGRS, degrees with minutes and seconds, decimal degrees.
//!
//! A bare pair of numbers is never guessed: 46.3 40.1 has two readings, and one of them is a thousand
//! kilometres away.

mod degrees;
mod mgrs;

use crate::{LonLat, LonLatError};

/// A position that was read from text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// The position; for an MGRS square, its middle.
    pub at: LonLat,
    /// The notation.
    pub notation: Notation,
    /// Half the unit of the last digit, in metres on the ground: the limit of the written precision, rounded
    /// up to whole centimetres.
    pub precision_m: f64,
}

/// A notation for positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// A square of the Military Grid Reference System: `38T PK 12435 35038`.
    Mgrs,
    /// Degrees with a hemisphere letter, also with minutes and seconds: `40°06'22.7"N 46°02'28.3"E`.
    Degrees,
}

/// An error that occurs when a text is not a position.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotationError {
    /// The text is empty, or far longer than a position.
    #[error("a position has 1 to {max} characters, this has {n_chars}", max = MAX_CHARS)]
    Length {
        /// The number of characters.
        n_chars: usize,
    },
    /// Numbers without N, S, E or W.
    #[error(
        "{given:?} does not state which number is the latitude: add N or S and E or W, \
         as in 40.0581 N 46.3183 E"
    )]
    NoHemisphere {
        /// The text.
        given: String,
    },
    /// Not exactly one latitude and one longitude.
    #[error("{given:?} needs one number with N or S and one with E or W")]
    NoPair {
        /// The text.
        given: String,
    },
    /// A sign in addition to a letter is redundant or contradictory.
    #[error("{given:?} has a sign; use only the letters N, S, E and W for the hemisphere")]
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
    /// A fraction followed by smaller units.
    #[error("{value} has a fraction although smaller units follow")]
    Fraction {
        /// The value.
        value: f64,
    },
    /// A character that no notation has, or that is in the wrong place.
    #[error("{found:?} in {given:?} can't be read")]
    Unexpected {
        /// The unreadable part.
        found: String,
        /// The text.
        given: String,
    },
    /// It looks like MGRS, but is invalid.
    #[error("{given:?} is not an MGRS position: {reason}")]
    Mgrs {
        /// The text.
        given: String,
        /// The reason.
        reason: String,
    },
    /// The numbers are out of range.
    #[error(transparent)]
    Position(#[from] LonLatError),
}

const MAX_CHARS: usize = 100;

/// Reads a position in MGRS or in degrees with N or S and E or W, in either order.
///
/// Degrees may be decimal, or followed by minutes and seconds with `° ' "`, typographic marks, `:`, `d m s`
/// or spaces. A comma between two digits is a decimal comma.
///
/// # Errors
/// Returns an error if the text is neither, is out of range, or does not state which number is which.
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

/// Rounds metres up to centimetres.
fn centimetres_up(metres: f64) -> f64 {
    // An excess of less than a tenth of a millimetre is a rounding error.
    (metres * 100.0 - 0.01).ceil() / 100.0
}

#[cfg(test)]
mod tests;
