//! Counts that an authority published.

use jiff::civil::Date;

use crate::Unit;

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Title of the publication.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Whom it quotes.
    pub quoting: String,
    /// When it appeared, where that is known.
    pub published: Option<Date>,
    /// Where it can be read, where that is known.
    pub url: Option<String>,
}

/// A published count for a period and one or more regions. It has no location and is never
/// turned into points: it is shown beside what is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFigure {
    /// A short id of its own.
    pub id: String,
    /// What is counted: `landmines_neutralised`, `casualties`, `killed`, ...
    pub measure: String,
    /// What is counted, in the source's sense, as a sentence fragment in English.
    pub text: String,
    /// The number, in `unit`. Areas are in whole m², whatever unit they were published in.
    pub number: u64,
    /// What one of the number is.
    pub unit: Unit,
    /// First day of the period.
    pub from: Option<Date>,
    /// Last day of the period.
    pub to: Option<Date>,
    /// The regions it speaks of; a figure for all names the country.
    pub regions: Vec<String>,
    /// The id of the reported total that this is a part of.
    pub part_of: Option<String>,
    /// What a reader must know beside the number.
    pub note: Option<String>,
    /// Who said it.
    pub source: Source,
}

/// Totals whose reported parts do not add up to them, with the sum of the parts.
/// They are flagged, never corrected.
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
