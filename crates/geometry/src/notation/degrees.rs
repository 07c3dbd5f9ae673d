//! Parses degrees, minutes and seconds, or decimal degrees, with hemisphere letters.

use std::iter::Peekable;
use std::str::Chars;

use super::{Notation, NotationError, Written, centimetres_up};
use crate::LonLat;

/// The maximum length of a degree of latitude (at the poles), metres.
const DEGREE_M: f64 = 111_694.0;

/// The number of degrees, minutes and seconds in a degree.
const PARTS: [f64; 3] = [1.0, 60.0, 3600.0];

/// A token of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Item {
    Number {
        value: f64,
        n_decimals: i32,
    },
    /// The unit of the number before it: 0 degrees, 1 minutes, 2 seconds.
    Mark(usize),
    Hemisphere(char),
    /// `:`, which only joins numbers.
    Joint,
    Separator,
}

pub(super) fn read(text: &str) -> Result<Written, NotationError> {
    let given = || text.to_owned();
    let items = items(text)?;
    let letters: Vec<char> = items.iter().filter_map(hemisphere).collect();
    if letters.is_empty() {
        return Err(NotationError::NoHemisphere { given: given() });
    }
    let is_north_south = |letter: &char| "NS".contains(*letter);
    if letters.len() != 2 || letters.iter().filter(|letter| is_north_south(letter)).count() != 1 {
        return Err(NotationError::NoPair { given: given() });
    }
    // The letters are either before both numbers or after both.
    let mut parts: Vec<&[Item]> = items.split(|item| hemisphere(item).is_some()).collect();
    let outer = if hemisphere(&items[0]).is_some() { parts.remove(0) } else { parts.pop().unwrap_or(&[]) };
    if !outer.is_empty() || parts.len() != 2 {
        return Err(NotationError::NoPair { given: given() });
    }
    let (mut lon, mut lat, mut precision_deg) = (0.0, 0.0, 0.0_f64);
    for (letter, part) in letters.iter().zip(parts) {
        let (degrees, place_deg) = angle(part, text)?;
        let degrees = if "SW".contains(*letter) { -degrees } else { degrees };
        *(if is_north_south(letter) { &mut lat } else { &mut lon }) = degrees;
        precision_deg = precision_deg.max(place_deg / 2.0);
    }
    let at = LonLat::new(lon, lat)?;
    let precision_m = centimetres_up(precision_deg * DEGREE_M);
    Ok(Written { at, notation: Notation::Degrees, precision_m })
}

fn hemisphere(item: &Item) -> Option<char> {
    if let Item::Hemisphere(letter) = item { Some(*letter) } else { None }
}

/// Returns degrees, and the unit of the last written digit, in degrees.
fn angle(items: &[Item], text: &str) -> Result<(f64, f64), NotationError> {
    let unexpected =
        |found: &str| NotationError::Unexpected { found: found.to_owned(), given: text.to_owned() };
    let inner = {
        let is_separator = |item: &&Item| **item == Item::Separator;
        let from = items.iter().take_while(is_separator).count();
        let after = items[from..].iter().rev().take_while(is_separator).count();
        &items[from..items.len() - after]
    };
    let mut numbers: Vec<(f64, i32)> = Vec::new();
    let mut is_marked = true;
    for item in inner {
        match *item {
            Item::Number { value, n_decimals } if numbers.len() < 3 => {
                numbers.push((value, n_decimals));
                is_marked = false;
            }
            Item::Number { value, .. } => return Err(unexpected(&value.to_string())),
            // Each mark belongs to the number before it, and states its unit.
            Item::Mark(unit) if !is_marked && unit + 1 == numbers.len() => is_marked = true,
            Item::Mark(unit) => return Err(unexpected(["°", "'", "\""][unit])),
            Item::Joint if !is_marked => is_marked = true,
            Item::Joint => return Err(unexpected(":")),
            Item::Separator | Item::Hemisphere(_) => return Err(unexpected(",")),
        }
    }
    let Some(&(_, n_decimals)) = numbers.last() else {
        return Err(NotationError::NoPair { given: text.to_owned() });
    };
    let mut degrees = 0.0;
    for (i, (value, n_decimals)) in numbers.iter().copied().enumerate() {
        if i > 0 && value >= 60.0 {
            return Err(NotationError::Sixty { value });
        }
        if i + 1 < numbers.len() && n_decimals > 0 {
            return Err(NotationError::Fraction { value });
        }
        degrees += value / PARTS[i];
    }
    Ok((degrees, 10_f64.powi(-n_decimals) / PARTS[numbers.len() - 1]))
}

fn items(text: &str) -> Result<Vec<Item>, NotationError> {
    let mut items = Vec::new();
    let mut n_numbers = 0;
    let mut has_small_d = false;
    let mut chars = text.chars().peekable();
    while let Some(&next) = chars.peek() {
        if next.is_ascii_digit() {
            items.push(number(&mut chars, text)?);
            n_numbers += 1;
            continue;
        }
        chars.next();
        let is_after_number = matches!(items.last(), Some(Item::Number { .. }));
        let item = match next {
            _ if next.is_whitespace() => continue,
            '°' | 'º' | '˚' => Item::Mark(0),
            'd' | 'D' if is_after_number => {
                has_small_d = true;
                Item::Mark(0)
            }
            // Two single marks are a double one.
            '\'' | '’' | '‘' | '′' | 'ʹ' | '`' | '´' if items.last() == Some(&Item::Mark(1)) => {
                items.pop();
                Item::Mark(2)
            }
            '\'' | '’' | '‘' | '′' | 'ʹ' | '`' | '´' => Item::Mark(1),
            'm' | 'M' if is_after_number => Item::Mark(1),
            '"' | '”' | '“' | '″' | 'ʺ' => Item::Mark(2),
            // 40d06m22s N or N 40d06m22s: here s means seconds, in 40d06m22S it means south.
            's' | 'S'
                if is_after_number && has_small_d && n_numbers == 3 && {
                    let is_letter_next =
                        chars.clone().find(|c| !c.is_whitespace()).is_some_and(is_hemisphere);
                    is_letter_next || matches!(items.first(), Some(Item::Hemisphere(_)))
                } =>
            {
                Item::Mark(2)
            }
            ':' => Item::Joint,
            ',' | ';' | '/' => Item::Separator,
            '+' | '-' | '−' | '–' => return Err(NotationError::Sign { given: text.to_owned() }),
            letter if is_hemisphere(letter) => {
                (n_numbers, has_small_d) = (0, false);
                Item::Hemisphere(letter.to_ascii_uppercase())
            }
            other => {
                let (found, given) = (other.to_string(), text.to_owned());
                return Err(NotationError::Unexpected { found, given });
            }
        };
        items.push(item);
    }
    Ok(items)
}

fn is_hemisphere(letter: char) -> bool {
    "NSEWnsew".contains(letter)
}

/// Reads digits with at most one point, or one comma with a digit on both sides.
fn number(chars: &mut Peekable<Chars<'_>>, text: &str) -> Result<Item, NotationError> {
    let mut digits = String::new();
    let mut n_decimals = None;
    while let Some(&next) = chars.peek() {
        if next.is_ascii_digit() {
            digits.push(next);
            n_decimals = n_decimals.map(|n| n + 1);
        } else if next == '.' || next == ',' {
            let has_digit_after = chars.clone().nth(1).is_some_and(|after| after.is_ascii_digit());
            if next == ',' && !has_digit_after {
                break;
            }
            if n_decimals.is_some() {
                return Err(NotationError::Unexpected { found: next.to_string(), given: text.to_owned() });
            }
            digits.push('.');
            n_decimals = Some(0);
        } else {
            break;
        }
        chars.next();
    }
    let value =
        digits.parse().map_err(|_| NotationError::Unexpected { found: digits, given: text.to_owned() })?;
    Ok(Item::Number { value, n_decimals: n_decimals.unwrap_or(0) })
}
