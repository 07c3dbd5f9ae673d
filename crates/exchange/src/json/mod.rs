//! A strict reader of JSON text that keeps numbers as they were written.
//!
//! It reads one value that lies in memory in one pass, and refuses what other readers let pass:
//! a key that stands twice in an object, a number that no `f64` holds, nesting beyond a limit.
//! It never recurses deeper than `MAX_DEPTH`.
//!
//! The files, lowest first:
//! - `value` holds a value, or the fault of a text.
//! - `cursor` walks through a text.
//! - `string` unescapes strings.
//! - `compact` takes white space out of a text.
//! - `raw` makes values as rows hold them.

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
