//! Parses the Military Grid Reference System.

use geoconvert::Mgrs;

use super::{Notation, NotationError, Written, centimetres_up};
use crate::LonLat;

/// Returns the position, or the error; `None` if the text is not meant as MGRS.
pub(super) fn read(text: &str) -> Option<Result<Written, NotationError>> {
    let square: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let n_zone = square.chars().take_while(char::is_ascii_digit).count();
    let n_letters = square.chars().skip(n_zone).take_while(char::is_ascii_alphabetic).count();
    // A zone and three letters: no degrees begin like that. There are no zones around the poles.
    if !(n_zone <= 2 && n_letters == 3) {
        return None;
    }
    Some(in_square(&square, n_zone).map_err(|reason| NotationError::Mgrs { given: text.to_owned(), reason }))
}

fn in_square(square: &str, n_zone: usize) -> Result<Written, String> {
    if n_zone == 0 {
        return Err("it has no zone".to_owned());
    }
    let digits = &square[n_zone + 3..];
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("after the letters only digits are allowed".to_owned());
    }
    let n_digits = digits.len();
    if !n_digits.is_multiple_of(2) || !(2..=10).contains(&n_digits) {
        return Err(format!("it has {n_digits} digits instead of 2, 4, 6, 8 or 10"));
    }
    let mgrs = Mgrs::parse_str(square).map_err(|error| error.to_string())?;
    let middle = mgrs.to_latlon();
    let at = LonLat::new(middle.longitude(), middle.latitude()).map_err(|error| error.to_string())?;
    let half_side_m = [5_000.0, 500.0, 50.0, 5.0, 0.5][n_digits / 2 - 1];
    Ok(Written { at, notation: Notation::Mgrs, precision_m: centimetres_up(half_side_m) })
}
