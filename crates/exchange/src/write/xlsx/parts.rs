//! The parts of a workbook other than the lines of records.

use std::fmt::Write;

/// The indexes of the styles in [`STYLES`].
pub(super) const PLAIN: u8 = 0;
pub(super) const BOLD: u8 = 1;
pub(super) const DAY: u8 = 2;

/// The widths of columns, in characters.
const WIDTH: u8 = 14;
const WIDE: u8 = 38;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The end of a sheet.
pub(super) const SHEET_TAIL: &str = "</sheetData></worksheet>";

/// Returns the path of a sheet, counted from 1.
pub(super) fn sheet_path(sheet: u32) -> String {
    format!("xl/worksheets/sheet{sheet}.xml")
}

/// Returns the beginning of a sheet: the first line is frozen, and columns for long texts are wide.
pub(super) fn sheet_head<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let mut head = format!(
        "{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" \
         topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
    );
    for (column, name) in (1..).zip(columns) {
        let width = if matches!(name, "id" | "note" | "extra") { WIDE } else { WIDTH };
        // Writing to a String cannot fail.
        let _ = write!(head, "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>");
    }
    head.push_str("</cols><sheetData>");
    head
}

/// Appends the letters of a column, counted from 0.
pub(super) fn push_column(out: &mut Vec<u8>, column: usize) {
    if column >= 26 {
        push_column(out, column / 26 - 1);
    }
    out.push(b'A' + (column % 26) as u8);
}

/// Returns the other parts of a workbook with this many sheets of this name, each with its path.
pub(super) fn others(name: &str, n_sheets: u32) -> [(&'static str, String); 5] {
    let each = |sheet: &dyn Fn(u32) -> String| (1..=n_sheets).map(sheet).collect::<String>();
    let types = each(&|n| {
        format!("<Override PartName=\"/{}\" ContentType=\"{KIND}.worksheet+xml\"/>", sheet_path(n))
    });
    let sheets = each(&|n| {
        let number = if n == 1 { String::new() } else { format!(" {n}") };
        format!("<sheet name=\"{name}{number}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")
    });
    let relations = each(&|n| {
        let target = format!("worksheets/sheet{n}.xml");
        format!("<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/worksheet\" Target=\"{target}\"/>")
    });
    let styles = n_sheets + 1;
    [
        (
            "[Content_Types].xml",
            format!(
                "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default \
                 Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
                 ContentType=\"{KIND}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" \
                 ContentType=\"{KIND}.styles+xml\"/>{types}</Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView/></bookViews>\
                 <sheets>{sheets}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}<Relationship \
                 Id=\"rId{styles}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "{DECLARATION}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" \
                 formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name \
                 val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills \
                 count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill \
                 patternType=\"gray125\"/></fill></fills><borders \
                 count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs \
                 count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs \
                 count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf \
                 numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/><xf \
                 numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" \
                 applyNumberFormat=\"1\"/></cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" \
                 builtinId=\"0\"/></cellStyles></styleSheet>"
            ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            let mut out = Vec::new();
            push_column(&mut out, column);
            assert_eq!(out, letters.as_bytes(), "{column}");
        }
    }
}
