//! Names of columns, which a `.dbf` cuts after ten characters.

use crate::{limits::Mapping, table::is_field};

/// Names of fields that are longer, and what programs make of them. Of two that begin alike, the
/// second ends in a number.
const CUT: [(&str, &str); 10] = [
    ("made_in_ye", "made_in_year"),
    ("base_revis", "base_revision"),
    ("detected_o", "detected_on"),
    ("neutralise", "neutralised_on"),
    ("neutralize", "neutralized_on"),
    ("hazard_are", "hazard_area"),
    ("source_rel", "source_reliability"),
    ("location_a", "location_as_given"),
    ("location_1", "location_as_given_crs"),
    ("location_2", "location_as_given_crs"),
];

/// The name that was cut; any other as it stands, and so one that the mapping knows.
pub(super) fn whole(name: &str, mapping: &Mapping) -> String {
    let small = name.to_ascii_lowercase();
    let cut = CUT.iter().find(|(cut, _)| *cut == small && !is_field(name) && mapping.field(name).is_none());
    cut.map_or(name, |(_, whole)| whole).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_whole_unless_the_mapping_knows_them() {
        let none = Mapping::default();
        assert_eq!(whole("DETECTED_O", &none), "detected_on");
        assert_eq!(whole("detected", &none), "detected");
        assert_eq!(whole("zone", &none), "zone");
        let mapping = Mapping::new([("detected_o", "note")]).unwrap();
        assert_eq!(whole("detected_o", &mapping), "detected_o");
    }

    #[test]
    fn every_long_name_of_an_export_has_its_cut() {
        for field in &crate::write::FIELDS {
            if field.name.len() > 10 && field.name != "location_as_given_crs" {
                let cut = &field.name[..10];
                assert_eq!(whole(cut, &Mapping::default()), field.name);
            }
        }
    }
}
