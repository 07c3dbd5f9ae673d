//! Restores column names, which a `.dbf` cuts after ten characters.

use demining::COMMON_FIELDS;

use crate::{column::is_field, options::Naming};

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
pub(super) fn whole(name: &str, Naming { table, mapping }: Naming<'_>) -> String {
    if is_field(table, name) || mapping.field(name).is_some() {
        return name.to_owned();
    }
    let small = name.to_ascii_lowercase();
    let mut names = table.iter().chain(COMMON_FIELDS).map(|field| field.name);
    let own = names.find(|whole| whole.len() > LONGEST && whole[..LONGEST] == small);
    let is_cut = |(cut, whole): &&(&str, &str)| *cut == small && is_field(table, whole);
    let cut = || CUT.iter().find(is_cut).map(|(_, whole)| *whole);
    own.or_else(cut).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use demining::Collection;

    use super::*;
    use crate::{
        column::column,
        options::{Mapping, ReadOptions},
    };

    #[test]
    fn names_are_made_whole_unless_the_mapping_knows_them() {
        let whole_of = |options: &ReadOptions, name: &str| whole(name, options.naming());
        let none = ReadOptions::default();
        assert_eq!(whole_of(&none, "DETECTED_O"), "detected_on");
        assert_eq!(whole_of(&none, "detected"), "detected");
        assert_eq!(whole_of(&none, "zone"), "zone");
        let columns = Mapping::new(Collection::Detections, [("detected_o", "note")]).unwrap();
        assert_eq!(whole_of(&ReadOptions { columns, ..none }, "detected_o"), "detected_o");
        let accidents = ReadOptions { collection: Collection::Accidents, ..ReadOptions::default() };
        assert_eq!(whole_of(&accidents, "OCCURRED_O"), "occurred_on");
        assert_eq!(whole_of(&accidents, "neutralize"), "neutralize");
    }

    #[test]
    fn no_two_fields_are_cut_to_one_name() {
        for collection in Collection::ALL {
            let options = ReadOptions { collection: *collection, ..ReadOptions::default() };
            let naming = options.naming();
            for field in naming.table.iter().chain(COMMON_FIELDS) {
                if field.name.len() > LONGEST && field.name != "location_as_given_crs" {
                    let whole = whole(&field.name[..LONGEST], naming);
                    // A cut name may be an alias of its field.
                    let is_alias = column(naming.table, &whole) == column(naming.table, field.name);
                    assert!(whole == field.name || is_alias, "{}: {whole}", field.name);
                }
            }
            assert_eq!(whole("LOCATION_1", naming), "location_as_given_crs");
        }
    }
}
