//! Prints what the page needs of the fields of a detection, as TypeScript: names, titles in three languages, and the
//! words of vocabularies. `make openapi` writes it to `web/src/collections/detections/fields.ts`, and a test of this
//! crate holds that file to be so.

use demining::{COMMON_FIELDS, Detection, field::page_source};

fn main() {
    print!("{}", page_source(Detection::FIELDS.iter().map(|field| &field.spec).chain(COMMON_FIELDS)));
}
