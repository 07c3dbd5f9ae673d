//! Workbooks, assembled by hand.

use std::fmt::Write;

use exchange::{Format::Xlsx, ReadOptions};

use crate::{read, zip};

const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#;
const RELATIONS: &str =
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#;
const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The second format shows a number as a date, the third as a date with a time, the fourth as a time.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="21"/></cellXfs></styleSheet>"#;
const HEADER: [&str; 4] = ["longitude", "latitude", "kind", "detected_on"];

/// A workbook of sheets, each with its name, attributes and cells.
struct Book {
    properties: &'static str,
    texts: Option<String>,
    sheets: Vec<(&'static str, &'static str, String)>,
}

impl Book {
    fn of(lines: &[String]) -> Self {
        Self { properties: "", texts: None, sheets: vec![("Records", "", lines.concat())] }
    }

    fn and(mut self, name: &'static str, attributes: &'static str, lines: &[String]) -> Self {
        self.sheets.push((name, attributes, lines.concat()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut book = format!("{BOOK}{}<sheets>", self.properties);
        let mut relations = format!(
            r#"{RELATIONS}<Relationship Id="s" Type="{KIND}/styles" Target="styles.xml"/><Relationship Id="t" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/>"#
        );
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (at, (name, attributes, cells)) in (1..).zip(&self.sheets) {
            write!(book, r#"<sheet name="{name}" sheetId="{at}" r:id="r{at}"{attributes}/>"#).unwrap();
            write!(
                relations,
                r#"<Relationship Id="r{at}" Type="{KIND}/worksheet" Target="worksheets/sheet{at}.xml"/>"#
            )
            .unwrap();
            let sheet = format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
            );
            files.push((format!("xl/worksheets/sheet{at}.xml"), sheet.into_bytes()));
        }
        files.push(("xl/workbook.xml".into(), (book + "</sheets></workbook>").into_bytes()));
        files.push(("xl/_rels/workbook.xml.rels".into(), (relations + "</Relationships>").into_bytes()));
        files.push(("xl/styles.xml".into(), STYLES.into()));
        let root = format!(
            r#"{RELATIONS}<Relationship Id="b" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        );
        files.push(("_rels/.rels".into(), root.into_bytes()));
        files.extend(self.texts.clone().map(|texts| ("xl/sharedStrings.xml".into(), texts.into_bytes())));
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        zip(&files, true)
    }
}

fn check(book: &Book, expected: &[&str]) {
    let seen = read(Xlsx, &book.bytes(), &ReadOptions::default());
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected);
}

/// Returns a line of cells, each given as the XML after `<c r="A1"`.
fn line(number: u32, cells: &[&str]) -> String {
    let mut all = String::new();
    for (column, cell) in ('A'..).zip(cells) {
        write!(all, r#"<c r="{column}{number}"{cell}"#).unwrap();
    }
    format!(r#"<row r="{number}">{all}</row>"#)
}

fn text(text: &str) -> String {
    format!(r#" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn header(columns: &[&str]) -> String {
    let cells: Vec<String> = columns.iter().map(|name| text(name)).collect();
    line(1, &cells.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns the line of a record; the last cell is its day.
fn record(number: u32, day: &str) -> String {
    line(number, &["><v>46.75</v></c>", "><v>39.6</v></c>", &text("uxo"), day])
}

#[test]
fn days_are_those_that_the_sheet_shows_from_1900_or_1904_on() {
    let lines = [
        header(&HEADER),
        record(2, r#" s="1"><v>45200</v></c>"#),
        record(3, r#" s="2"><v>45200.75</v></c>"#),
        record(4, &text("2023-10-01")),
        record(5, r#" s="3"><v>0.5</v></c>"#),
        record(6, r#" s="1"><v>5000000000</v></c>"#),
    ];
    let bad = |row: u32, value: &str| {
        format!(
            "problem {row}: detected_on {value:?} is a number formatted as a time or a date, but not a valid day"
        )
    };
    let expected = |day: &str| {
        let seen = |row: u32, day: &str| format!(r#"{row} - 46.75,39.6 kind="uxo" detected_on="{day}""#);
        [
            seen(2, day),
            seen(3, &format!("{day}T18:00:00")),
            seen(4, "2023-10-01"),
            bad(5, "0.5"),
            bad(6, "5000000000"),
        ]
    };
    for (properties, day) in [("", "2023-10-01"), (r#"<workbookPr date1904="1"/>"#, "2027-10-02")] {
        let book = Book { properties, ..Book::of(&lines) };
        let expected = expected(day);
        check(&book, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn formulas_count_as_what_they_last_gave_and_errors_are_problems_of_their_row() {
    let day = text("2023-10-01");
    let book = Book::of(&[
        header(&HEADER),
        line(
            2,
            &[
                "><f>46+0.75</f><v>46.75</v></c>",
                "><v>39.6</v></c>",
                r#" t="str"><f>"u"&amp;"xo"</f><v>uxo</v></c>"#,
                &day,
            ],
        ),
        line(3, &["><v>46.75</v></c>", "><v>39.6</v></c>", r#" t="e"><v>#N/A</v></c>"#, &day]),
    ]);
    check(
        &book,
        &[
            r#"2 - 46.75,39.6 kind="uxo" detected_on="2023-10-01""#,
            r##"problem 3: kind "#N/A" is a spreadsheet error"##,
        ],
    );
}

#[test]
fn further_sheets_with_the_same_columns_are_read_and_none_with_others_is_left_out_silently() {
    let day = text("2023-10-01");
    let first = [header(&HEADER), record(2, &day)];
    let second = [header(&HEADER), record(2, &day)];
    let remarks = [header(&["a list", "of words"])];
    let hidden = [header(&["longitude", "latitude", "kind", "detected_on", "note"])];
    let book = Book::of(&first)
        .and("Words", "", &remarks)
        .and("Old", r#" state="hidden""#, &hidden)
        .and("More", "", &second);
    check(
        &book,
        &[
            r#"2 - 46.75,39.6 kind="uxo" detected_on="2023-10-01""#,
            r#"1048578 - 46.75,39.6 kind="uxo" detected_on="2023-10-01""#,
        ],
    );
    let seen = read(Xlsx, &Book::of(&first).and("Other", "", &hidden).bytes(), &ReadOptions::default());
    assert!(seen.contains("the sheet \"Other\" has different columns than the one before"), "{seen}");
}

#[test]
fn texts_that_are_only_announced_take_no_memory() {
    let book = |count: &str| {
        let texts = format!(
            r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="{count}"><si><t>uxo</t></si></sst>"#
        );
        let lines = [
            header(&HEADER),
            line(
                2,
                &["><v>46.75</v></c>", "><v>39.6</v></c>", r#" t="s"><v>0</v></c>"#, &text("2023-10-01")],
            ),
        ];
        Book { texts: Some(texts), ..Book::of(&lines) }
    };
    check(&book("1"), &[r#"2 - 46.75,39.6 kind="uxo" detected_on="2023-10-01""#]);
    for count in ["99999999999", "18446744073709551615", "99999999999999999999999999"] {
        let seen = read(Xlsx, &book(count).bytes(), &ReadOptions::default());
        assert!(seen.starts_with("error:") && seen.contains("declares more texts"), "{seen}");
    }
}

#[test]
fn a_time_of_the_day_is_a_cell_formatted_as_a_time_or_text() {
    let victim = |number: u32, time: &str, sex: &str| {
        let id = text("018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01");
        line(number, &[&id, "><v>46.75</v></c>", "><v>39.6</v></c>", time, &text(sex)])
    };
    let book = |time: &str| {
        Book::of(&[
            header(&["id", "longitude", "latitude", "time", "victim_sex"]),
            victim(2, time, "m"),
            victim(3, &text("04:30"), "f"),
        ])
    };
    let accidents = ReadOptions { collection: demining::Collection::Accidents, ..ReadOptions::default() };
    let row = |time: &str| {
        let victims = r#"victims=[{"sex":"m"},{"sex":"f"}]"#;
        format!("2 \"018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01\" 46.75,39.6 time=\"{time}\" {victims}\n")
    };
    for time in [r#" s="3"><v>0.1875</v></c>"#, r#" s="3"><v>0.18751</v></c>"#, &text("04:30")] {
        assert_eq!(read(Xlsx, &book(time).bytes(), &accidents), row("04:30"), "{time}");
    }
    let plain = read(Xlsx, &book("><v>0.1875</v></c>").bytes(), &accidents);
    assert!(plain.contains(r#"time "04:30" differs from "0.1875" in row 2"#), "{plain}");
}
