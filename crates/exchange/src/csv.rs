//! Cells for tables that others write.

/// What a table begins with for Excel, which takes text without it for text in the code page of the machine.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A cell of text: quoted where it must be, and with an apostrophe in front where a spreadsheet
/// would take it for a formula.
///
/// ```
/// assert_eq!(exchange::csv::cell("=1+1, or so"), "\"'=1+1, or so\"");
/// ```
pub fn cell(text: &str) -> String {
    let mut cell = Vec::with_capacity(text.len() + 3);
    crate::table::push_cell(&mut cell, text);
    String::from_utf8(cell).unwrap_or_default()
}
