//! Prints the fields of a collection as TypeScript for the map page: names, titles in three languages, and
//! the words of the vocabularies. `make openapi` writes the output to `web/src/collections/NAME/fields.ts`;
//! tests of this crate check that the files are up to date.

use demining::{Collection, for_collection, page_source};

fn main() {
    let name = std::env::args().nth(1).expect("usage: field_texts COLLECTION");
    let collection: Collection = name.parse().expect("the name of a collection");
    print!("{}", for_collection!(collection, T => page_source::<T>()));
}
