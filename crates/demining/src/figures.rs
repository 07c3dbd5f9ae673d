//! Counts that an authority published.

use jiff::civil::Date;

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Title of the publication.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Whom it quotes.
    pub quoting: String,
    /// When it appeared.
    pub published: Date,
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
    /// The number.
    pub number: u64,
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
