//! Reads `reported_figures.json`: counts published by authorities and the press.

use std::collections::HashSet;

use demining::{ReportedFigure, Source};
use serde::Deserialize;

use crate::{error::DataError, names::day};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    figures: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    measure: String,
    text: String,
    number: u64,
    unit: String,
    from: Option<String>,
    to: Option<String>,
    regions: Vec<String>,
    part_of: Option<String>,
    note: Option<String>,
    source: SourceEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEntry {
    title: String,
    publisher: String,
    quoting: String,
    published: Option<String>,
    url: Option<String>,
}

/// Reads the figures.
///
/// Does not check that the regions exist, which is up to the caller, nor that parts add up to their total:
/// see [`demining::mismatched_totals`].
///
/// # Errors
/// Returns an error if the JSON has the wrong shape, an id occurs twice, or a figure has no region, an
/// invalid date, or an unknown total.
pub fn read_figures(json: &[u8]) -> Result<Vec<ReportedFigure>, DataError> {
    let file: File = serde_json::from_slice(json)?;
    let figures = file.figures.into_iter().map(figure).collect::<Result<Vec<_>, _>>()?;
    let mut ids = HashSet::new();
    for figure in &figures {
        if !ids.insert(figure.id.as_str()) {
            return Err(DataError::entry(&figure.id, "occurs twice"));
        }
        if figure.regions.is_empty() {
            return Err(DataError::entry(&figure.id, "names no region"));
        }
        if let (Some(from), Some(to)) = (figure.from, figure.to)
            && from > to
        {
            return Err(DataError::entry(&figure.id, format!("ends on {to}, before it begins on {from}")));
        }
    }
    for figure in &figures {
        if let Some(total) = figure.part_of.as_deref()
            && (total == figure.id || !ids.contains(total))
        {
            return Err(DataError::entry(
                &figure.id,
                format!("is part of {total}, which is not another figure"),
            ));
        }
    }
    Ok(figures)
}

fn figure(entry: Entry) -> Result<ReportedFigure, DataError> {
    let id = entry.id;
    Ok(ReportedFigure {
        measure: entry.measure,
        text: entry.text,
        number: entry.number,
        unit: entry.unit.parse().map_err(|error| DataError::entry(&id, format!("unit {error}")))?,
        from: day(&id, "from", entry.from.as_deref())?,
        to: day(&id, "to", entry.to.as_deref())?,
        regions: entry.regions,
        part_of: entry.part_of,
        note: entry.note,
        source: Source {
            title: entry.source.title,
            publisher: entry.source.publisher,
            quoting: entry.source.quoting,
            published: day(&id, "published", entry.source.published.as_deref())?,
            url: entry.source.url,
        },
        id,
    })
}

#[cfg(test)]
mod tests {
    use demining::mismatched_totals;

    use super::*;

    #[test]
    fn the_figures_shipped_are_read_and_the_total_that_does_not_add_up_is_flagged() {
        let json = include_bytes!("../../../data/reported_figures.json");
        let regions = crate::read_regions(include_bytes!("../../../data/regions.geojson")).unwrap();
        let figures = read_figures(json).unwrap();
        let mut named = figures.iter().flat_map(|figure| &figure.regions);
        assert!(named.all(|id| regions.iter().any(|region| region.id == *id)));
        let number = |id: &str| figures.iter().find(|figure| figure.id == id).map(|figure| figure.number);
        assert_eq!(number("mfa-mines-2021-kalbajar-lachin"), Some(1119));
        assert_eq!(number("mfa-mines-2021-karabakh"), Some(1609));
        assert_eq!(number("mfa-mines-2021-total"), Some(2728));
        let wrong: Vec<_> = mismatched_totals(&figures).iter().map(|(f, sum)| (f.number, *sum)).collect();
        assert_eq!(wrong, [(662, 665)]);
    }

    #[test]
    fn a_figure_that_breaks_a_rule_is_named() {
        let check = |from: &str, to: &str, error: &str| {
            let text = include_str!("../../../data/reported_figures.json").replacen(from, to, 1);
            assert_eq!(read_figures(text.as_bytes()).unwrap_err().to_string(), error);
        };
        let id = "mfa-mines-2021-total";
        check(
            "\"2022-08-01\"",
            "\"2022-08-32\"",
            &format!("{id}: from \"2022-08-32\" is not a date in the form YYYY-MM-DD"),
        );
        check(
            "\"2022-08-01\"",
            "\"2024-08-01\"",
            &format!("{id}: ends on 2023-09-18, before it begins on 2024-08-01"),
        );
        check(
            "\"part_of\":null",
            "\"part_of\":\"x\"",
            &format!("{id}: is part of x, which is not another figure"),
        );
        check("\"items\"", "\"mines\"", &format!("{id}: unit \"mines\" is not one of items, people, m2"));
    }
}
