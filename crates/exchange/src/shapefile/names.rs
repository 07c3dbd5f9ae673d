//! Restores column names, which a `.dbf` cuts after ten characters.

use demining::{COMMON_FIELDS, Detection};

use crate::{column::is_field, options::Mapping};

/// The maximum length of a name, bytes.
const LONGEST: usize = 10;

/// Cut names that are not the beginning of exactly one field name. If two names begin alike, programs end the
/// second in a number.
const CUT: [(&str, &str); 3] = [
    ("neutralize", "neutralized_on"),
    ("location_1", "location_as_given_crs"),
    ("location_2", "location_as_given_crs"),
];

/// Returns the full name for a cut one; any other name, including one in the mapping, is returned unchanged.
pub(super) fn whole(name: &str, mapping: &Mapping) -> String {
    if is_field(name) || mapping.field(name).is_some() {
        return name.to_owned();
    }
    let small = name.to_ascii_lowercase();
    let names = Detection::FIELDS.iter().map(|field| field.name);
    let mut names = names.chain(COMMON_FIELDS.iter().map(|field| field.name));
    let own = names.find(|whole| whole.len() > LONGEST && whole[..LONGEST] == small);
    let cut = || CUT.iter().find(|(cut, _)| *cut == small).map(|(_, whole)| *whole);
    own.or_else(cut).unwrap_or(name).to_owned()
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
    fn no_two_fields_are_cut_to_one_name() {
        let names = Detection::FIELDS.iter().map(|field| field.name);
        for name in names.chain(COMMON_FIELDS.iter().map(|field| field.name)) {
            if name.len() > LONGEST && name != "location_as_given_crs" {
                assert_eq!(whole(&name[..LONGEST], &Mapping::default()), name);
            }
        }
        assert_eq!(whole("LOCATION_1", &Mapping::default()), "location_as_given_crs");
    }
}
