//! Records as a list to choose from (<https://getodk.github.io/xforms-spec/entities>).

use std::fmt::Write;

use demining::{Kind, Record};

use crate::csv;

/// The header line of the entity list. A form shows the entities with the `status` `detected`; after
/// disposal, the phone changes the status immediately, before anything is sent.
pub const ENTITY_HEADER: &str = "name,label,geometry,status,kind,district,__version\n";

/// Appends a record: its id, its label, its place as latitude, longitude, altitude and accuracy, its status,
/// kind and district, and its revision. The label distinguishes records of the same kind and day by the team
/// and by the place, to about a metre. `district` is the name of the district, blank outside all of them.
pub fn entity_to(record: &Record, district: &str, out: &mut String) {
    let found = &record.content;
    let model = found.model.as_deref().unwrap_or_default();
    let what = [in_words(found.kind), model].join(" ");
    let what = format!("{} × {}", what.trim_end(), found.quantity);
    let day = found.detected_on.to_string();
    let team = found.team.as_deref().unwrap_or_default();
    let parts: Vec<&str> =
        [&what, district, &day, team].into_iter().filter(|part| !part.is_empty()).collect();
    let (at, id, revision) = (found.location, found.id, record.revision.0);
    let (lat, lon) = (at.lat(), at.lon());
    let label = format!("{} · {lat:.5} {lon:.5}", parts.join(", "));
    let accuracy_m = found.accuracy_m.unwrap_or(0.0);
    let (status, kind) = (found.status.word(), found.kind.word());
    let (label, district) = (csv::cell(&label), csv::cell(district));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{id},{label},{lat} {lon} 0 {accuracy_m},{status},{kind},{district},{revision}");
}

/// Returns the name of a kind, as on the page and in the English forms: an entity list has only one language.
fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::ApMine => "Anti-personnel mine",
        Kind::ApMineImprovised => "Anti-personnel mine, improvised",
        Kind::AvMine => "Anti-vehicle mine",
        Kind::AvMineImprovised => "Anti-vehicle mine, improvised",
        Kind::Submunition => "Submunition",
        Kind::Uxo => "Unexploded ordnance",
        Kind::Axo => "Abandoned ordnance",
        Kind::BoobyTrap => "Booby trap",
        Kind::Ied => "Improvised device",
        Kind::SmallArms => "Small-arms ammunition",
        Kind::Fuze => "Fuze",
        Kind::Other => "Other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_called_as_in_the_form() {
        let form = include_str!("../../../../data/forms/detection.xml");
        for (nth, kind) in Kind::ALL.iter().enumerate() {
            let item = format!("<itextId>kind-{nth}</itextId>\n            <name>{}</name>", kind.word());
            assert!(form.contains(&item), "{item}");
            let text = format!("<text id=\"kind-{nth}\">\n            <value>{}</value>", in_words(*kind));
            assert!(form.contains(&text), "{text}");
        }
    }
}
