//! Counts published by an authority.

use jiff::civil::Date;

use crate::Unit;

/// The source of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The title of the publication.
    pub title: String,
    /// The publisher.
    pub publisher: String,
    /// The authority or person that it quotes.
    pub quoting: String,
    /// The day of publication, if known.
    pub published: Option<Date>,
    /// The address of the publication, if known.
    pub url: Option<String>,
}

/// A published count for a period and one or more regions. It has no location and is never turned into
/// points: it is shown beside the recorded numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFigure {
    /// A short unique id.
    pub id: String,
    /// The measure: `landmines_neutralised`, `casualties`, `killed`, ...
    pub measure: String,
    /// What the number counts, in the source's sense, as an English sentence fragment.
    pub text: String,
    /// The number, in `unit`. Areas are in whole m², whatever unit the source used.
    pub number: u64,
    /// The unit of the number.
    pub unit: Unit,
    /// The first day of the period.
    pub from: Option<Date>,
    /// The last day of the period.
    pub to: Option<Date>,
    /// The regions that the figure covers; a figure for all of them names the country.
    pub regions: Vec<String>,
    /// The id of the reported total that this figure is part of.
    pub part_of: Option<String>,
    /// A remark to show with the number.
    pub note: Option<String>,
    /// The source.
    pub source: Source,
}

/// Returns the totals that differ from the sum of their reported parts, each with that sum. They are flagged,
/// never corrected.
pub fn mismatched_totals(figures: &[ReportedFigure]) -> Vec<(&ReportedFigure, u64)> {
    figures
        .iter()
        .filter_map(|total| {
            let parts = || figures.iter().filter(|f| f.part_of.as_ref() == Some(&total.id));
            let sum = parts().map(|f| f.number).sum();
            (parts().next().is_some() && sum != total.number).then_some((total, sum))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(id: &str, number: u64, part_of: Option<&str>) -> ReportedFigure {
        ReportedFigure {
            id: id.into(),
            measure: "submunitions_found".into(),
            text: "cluster munitions".into(),
            number,
            unit: Unit::Items,
            from: None,
            to: None,
            regions: vec!["AZ".into()],
            part_of: part_of.map(str::to_owned),
            note: None,
            source: Source {
                title: "An article".into(),
                publisher: "A paper".into(),
                quoting: "An authority".into(),
                published: None,
                url: None,
            },
        }
    }

    #[test]
    fn a_total_is_flagged_when_its_parts_do_not_add_up_to_it() {
        let mut figures = vec![figure("total", 662, None), figure("alone", 7, None)];
        figures.extend([45, 6, 182, 429, 3].map(|n| figure(&format!("part-{n}"), n, Some("total"))));
        let found: Vec<_> =
            mismatched_totals(&figures).iter().map(|(f, sum)| (f.id.as_str(), *sum)).collect();
        assert_eq!(found, [("total", 665)]);
    }

    #[test]
    fn a_total_whose_parts_add_up_is_not() {
        let figures =
            [figure("t", 2_728, None), figure("a", 1_119, Some("t")), figure("b", 1_609, Some("t"))];
        assert!(mismatched_totals(&figures).is_empty());
    }
}
