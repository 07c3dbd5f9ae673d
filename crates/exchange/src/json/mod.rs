//! A strict JSON reader that keeps numbers as written.
//!
//! It reads one value from memory in one pass, and rejects input that other readers accept: duplicate keys in
//! an object, numbers that no `f64` can represent, and nesting beyond a limit. It never recurses deeper than
//! `MAX_DEPTH`.
//!
//! The files, lowest first:
//! - `value` holds a value, or the fault of a text.
//! - `cursor` walks through a text.
//! - `string` unescapes strings.
//! - `compact` removes white space from a text.
//! - `raw` converts values to those of rows.

mod compact;
mod cursor;
mod raw;
mod string;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use compact::compact;
pub(crate) use cursor::{Cursor, MAX_DEPTH, MAX_MEMBERS};
pub(crate) use raw::{read_members, read_value, to_value};
pub(crate) use string::plain_length;
pub(crate) use value::{Fault, Json};
