//! The figures of a shared view, from what the public sees.

use atlas::{Filter, RegionInfo, View};
use demining::Level;
use jiff::civil::Date;

use super::state::Shared;

/// What is said of the region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figures {
    /// The present state, in items, and the share of neutralised ones.
    Standing {
        /// Neutralised items.
        neutralised: u64,
        /// Items found and not yet cleared.
        detected: u64,
        /// The share neutralised, 0 to 1; `None` without records.
        share: Option<f64>,
    },
    /// What happened in a period, in items. The two counts overlap, so they form no share.
    Events {
        /// Items found.
        found: u64,
        /// Items neutralised.
        neutralised: u64,
    },
}

/// A district as the map draws it.
pub struct District<'a> {
    /// The district.
    pub info: &'a RegionInfo,
    /// The share neutralised, 0 to 1; `None` without records.
    pub share: Option<f64>,
}

/// All that a shared view shows.
pub struct Facts<'a> {
    /// The region's name in the language of the view; empty if the store has no regions.
    pub name: &'a str,
    /// The region.
    pub region: Option<&'a RegionInfo>,
    /// Its figures.
    pub figures: Figures,
    /// The newest day in the data.
    pub latest: Option<Date>,
    /// Whether records are made up.
    pub is_made_up: bool,
    /// All districts.
    pub districts: Vec<District<'a>>,
}

impl<'a> Facts<'a> {
    /// Takes the figures from a view, which must be that of the public.
    pub fn of(shared: &Shared, view: &'a View) -> Self {
        let reference = view.reference();
        let region = match &shared.region {
            Some(id) => reference.region(id),
            None => reference.regions().iter().find(|info| info.region.level == Level::Country),
        };
        let filter = Filter::default();
        let all = view.regions(&filter);
        let standing = |id: &str| view.region(id, &filter).map(|found| found.recorded);
        let recorded = region.and_then(|info| standing(&info.region.id));
        let recorded = recorded.as_ref().unwrap_or(&all.total);
        let figures = if shared.has_period() {
            let events = region.and_then(|info| view.region_events(&info.region.id, &filter, shared.dates));
            let events = events.map(|found| found.events).unwrap_or_default();
            Figures::Events { found: events.found.quantity, neutralised: events.neutralised.quantity }
        } else {
            Figures::Standing {
                neutralised: recorded.neutralised.quantity,
                detected: recorded.detected.quantity,
                share: recorded.share(),
            }
        };
        let districts = reference.regions().iter().zip(&all.regions);
        let districts = districts.filter(|(info, _)| info.region.level == Level::District);
        Self {
            name: region.map_or("", |info| info.region.names.get(shared.lang.word())),
            region,
            figures,
            latest: all.total.latest,
            is_made_up: view.has_operator(demining::demonstration::OPERATOR)
                || view.accidents().has_made_up(),
            districts: districts.map(|(info, recorded)| District { info, share: recorded.share() }).collect(),
        }
    }

    /// Says the figures in one sentence, for a preview without the picture.
    pub fn sentence(&self, shared: &Shared) -> String {
        let lang = shared.lang;
        let parts: Vec<String> = match self.figures {
            Figures::Standing { share: None, .. } => vec![lang.no_records().to_owned()],
            Figures::Standing { neutralised, detected, share: Some(share) } => vec![
                format!("{} {}", lang.percent(share), lang.of_recorded()),
                format!("{} {}", lang.number(neutralised), lang.neutralised()),
                format!("{} {}", lang.number(detected), lang.detected()),
            ],
            Figures::Events { found, neutralised } => vec![
                period(shared),
                format!("{} {}", lang.number(found), lang.found()),
                format!("{} {}", lang.number(neutralised), lang.neutralised_in()),
            ],
        };
        let mut sentence = parts.join(" · ");
        if self.is_made_up {
            sentence.push_str(". ");
            sentence.push_str(lang.demonstration());
        }
        sentence
    }

    /// Returns the title of the view.
    pub fn title(&self, shared: &Shared) -> String {
        if self.name.is_empty() {
            return shared.lang.subject().to_owned();
        }
        format!("{} · {}", self.name, shared.lang.subject())
    }
}

/// Formats the period; an open end stays open.
pub fn period(shared: &Shared) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |day| shared.lang.day(day));
    format!("{} – {}", day(shared.dates.from), day(shared.dates.to))
}
