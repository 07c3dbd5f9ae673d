//! What identifies a person is refused: a sender must not believe that it was stored, and it must not be.

/// Names of columns and properties that identify a person, folded.
const PERSONAL: &[&str] = &[
    "address",
    "birth_date",
    "birthdate",
    "birthday",
    "date_of_birth",
    "dob",
    "document_number",
    "family_name",
    "father_name",
    "fin",
    "first_name",
    "full_name",
    "given_name",
    "id_card",
    "id_number",
    "last_name",
    "middle_name",
    "names",
    "name",
    "name_of_victim",
    "national_id",
    "passport",
    "passport_number",
    "patronymic",
    "phone",
    "phone_number",
    "surname",
    "telephone",
    "victim",
    "victim_name",
    "victim_names",
    "victims_name",
    "victims_names",
    "year_of_birth",
];

/// Returns why a property must not be stored, as the end of a sentence; `None` if it may be.
pub(super) fn refuses(folded_name: &str) -> Option<&'static str> {
    PERSONAL
        .contains(&folded_name)
        .then_some("may identify a person: Clearline never stores names, birth dates or contacts of victims")
}
