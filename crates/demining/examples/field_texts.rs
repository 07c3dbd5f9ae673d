//! Prints the fields of a detection as TypeScript for the map page: names, titles in three languages, and the
//! words of the vocabularies. `make openapi` writes the output to `web/src/collections/detections/fields.ts`;
//! a test of this crate checks that the file is up to date.

use demining::{COMMON_FIELDS, Detection, field::page_source};

fn main() {
    print!("{}", page_source(Detection::FIELDS.iter().map(|field| &field.spec).chain(COMMON_FIELDS)));
}
