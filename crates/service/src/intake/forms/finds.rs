//! The finds of one submission: each is a record with its own id and photos.

use demining::{FieldProblem, Value};
use exchange::Row;
use md5::{Digest, Md5};
use uuid::{Builder, Uuid};

use crate::intake::channel::Attached;

/// Returns the id of a record that a submission makes. The first record has the submission's id; the id of
/// each other is a UUID version 3 of its number, from 2, in that namespace. Sending a submission again, even
/// with other answers, yields the same ids.
pub fn id_of(first: Uuid, nth: usize) -> Uuid {
    if nth == 0 {
        return first;
    }
    let mut hash = Md5::new();
    hash.update(first.as_bytes());
    hash.update((nth + 1).to_string());
    Builder::from_md5_bytes(hash.finalize().into()).into_uuid()
}

/// Sets the id of a row.
pub fn at(row: Row, id: Uuid) -> Row {
    let id = id.to_string();
    match row {
        Ok(mut raw) => {
            raw.id = Value::Text(id);
            Ok(raw)
        }
        Err(problem) => Err(FieldProblem { id: Some(id), ..problem }),
    }
}

/// Assigns photos to the finds that name them, in the order named. Photos that no find names belong to the
/// first.
pub fn in_order<'a>(named: &[&[String]], attached: &'a Attached) -> Vec<Vec<&'a str>> {
    let of_find = |names: &&[String]| {
        let place = |name: &String| names.iter().position(|own| own == name);
        let mut its: Vec<_> =
            attached.iter().filter_map(|(name, photo)| Some((place(name)?, photo.as_str()))).collect();
        its.sort_unstable_by_key(|(place, _)| *place);
        its.into_iter().map(|(_, photo)| photo).collect()
    };
    let mut photos: Vec<Vec<&str>> = named.iter().map(of_find).collect();
    if let Some(first) = photos.first_mut() {
        let is_named = |name: &String| named.iter().any(|names| names.contains(name));
        first.extend(attached.iter().filter(|(name, _)| !is_named(name)).map(|(_, photo)| photo.as_str()));
    }
    photos
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_finds_are_those_that_other_programs_compute() {
        let first: Uuid = "0b5e6f0e-5e7c-4f2b-8b1a-1d1f6f7a9c01".parse().unwrap();
        assert_eq!(id_of(first, 0), first);
        // Python: uuid.uuid3(uuid.UUID("0b5e6f0e-..."), "2")
        assert_eq!(id_of(first, 1).to_string(), "3454dd62-403a-31b9-a498-221352e1bcf4");
        assert_eq!(id_of(first, 2).to_string(), "7b64a373-7cae-3179-92b4-c06b8b0b394b");
    }

    #[test]
    fn each_find_has_the_photos_that_it_names_and_the_first_what_none_names() {
        let names = |photos: &[&str]| photos.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (one, two) = (names(&["c", "missing"]), names(&["b", "a"]));
        let attached: Attached =
            ["a", "b", "c", "d"].map(|name| (name.to_owned(), format!("hash of {name}"))).into();
        let photos = in_order(&[&one, &two], &attached);
        assert_eq!(photos, [vec!["hash of c", "hash of d"], vec!["hash of b", "hash of a"]]);
        assert!(in_order(&[], &attached).is_empty());
    }
}
