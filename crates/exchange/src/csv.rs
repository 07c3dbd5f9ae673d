//! Cells for tables that other crates write.

/// The byte order mark at the beginning of a table. Without it, Excel reads text in the machine's code page.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns a text cell: quoted where necessary, and prefixed with an apostrophe if a spreadsheet would read
/// it as a formula.
///
/// ```
/// assert_eq!(exchange::csv::cell("=1+1, or so"), "\"'=1+1, or so\"");
/// ```
pub fn cell(text: &str) -> String {
    let mut cell = Vec::with_capacity(text.len() + 3);
    crate::table::push_cell(&mut cell, text);
    String::from_utf8(cell).unwrap_or_default()
}
