//! Saved blocks rebuild the same atlas, and invalid bytes are reported.

use std::collections::BTreeMap;

use atlas::{Atlas, Scope, Unreadable, View};
use demining::{Change, Record, Revision};
use uuid::Uuid;

use crate::{
    folding::{assert_same, changes},
    world::{Maker, atlas_of, places, regions, view_of},
};

fn empty() -> Atlas {
    Atlas::new(regions(), places(), Vec::new()).unwrap()
}

/// Returns an atlas of saved blocks with later changes.
fn atlas_from(
    blocks: impl IntoIterator<Item = Vec<u8>>,
    later: &[Change],
    revision: u64,
) -> Result<Atlas, Unreadable> {
    let atlas = empty();
    let mut loading = atlas.loading();
    for block in blocks {
        loading.add_saved(&block)?;
    }
    loading.apply(later);
    atlas.loaded(loading, Revision(revision), Revision(revision))?;
    Ok(atlas)
}

fn assert_finds(view: &View, records: &BTreeMap<u32, Record>, gone: &[Uuid]) {
    for record in records.values() {
        assert_eq!(*view.get(record.content.id).unwrap().record, *record);
    }
    for id in gone {
        assert!(view.get(*id).is_none_or(|found| records.contains_key(&found.record.number)));
    }
}

#[test]
fn a_view_that_was_saved_is_the_same_again_also_with_later_changes_and_in_any_order() {
    let mut maker = Maker::new(31);
    // More than one block, with gaps, up to a distant number.
    let mut records: BTreeMap<u32, Record> =
        (1..=3_000).chain(16_300..16_500).chain([90_000]).map(|n| (n, maker.record(n, 1))).collect();
    let atlas = atlas_of(&records.values().cloned().collect::<Vec<_>>(), 1);
    let before = atlas.view(Scope::Full);
    let mut blocks: Vec<Vec<u8>> = before.saved().collect();
    blocks.reverse();
    assert_same(&atlas_from(blocks.clone(), &[], 1).unwrap().view(Scope::Full), &before);

    let mut all = Vec::new();
    for revision in 2..6 {
        let some = changes(&mut maker, &mut records, revision, 200);
        atlas.fold(&some);
        all.extend(some);
    }
    let gone: Vec<Uuid> = all.iter().map(|change| change.id).collect();
    let folded = atlas.view(Scope::Full);
    let again = atlas_from(blocks, &all, 5).unwrap().view(Scope::Full);
    assert_eq!(again.revision(), Revision(5));
    assert_same(&again, &folded);
    assert_finds(&again, &records, &gone);
    // A folded view can be saved too, and its blocks can be folded into.
    let atlas = atlas_from(folded.saved(), &[], 5).unwrap();
    assert_same(&atlas.view(Scope::Full), &folded);
    atlas.fold(&changes(&mut maker, &mut records, 6, 200));
    assert_same(&atlas.view(Scope::Full), &view_of(&records.values().cloned().collect::<Vec<_>>()));
    assert_finds(&atlas.view(Scope::Full), &records, &gone);
}

#[test]
fn a_note_that_many_records_have_takes_its_room_once_in_a_hundred() {
    let mut maker = Maker::new(5);
    let mut records = maker.records(10_000);
    let size = |records: &[Record]| view_of(records).saved().map(|block| block.len()).sum::<usize>();
    let noted = |records: &mut Vec<Record>, note: Option<&str>| {
        for record in records {
            let mut details = record.content.clone().into_details();
            details.note = note.map(str::to_owned);
            record.content = demining::Detection::new(details, jiff::civil::date(2030, 1, 1)).unwrap();
        }
    };
    noted(&mut records, None);
    let without = size(&records);
    let note = "Found with a detector along the western fence, at the foot of the third post from the gate.";
    noted(&mut records, Some(note));
    assert!(size(&records) < without + 10_000 * 3);
}

#[test]
fn blocks_that_were_cut_or_are_of_something_else_are_told() {
    let records = Maker::new(32).records(300);
    let blocks: Vec<Vec<u8>> = view_of(&records).saved().collect();
    assert_eq!(blocks.len(), 2);
    for (which, block) in blocks.iter().enumerate() {
        for length in 0..block.len() {
            let mut cut = blocks.clone();
            cut[which].truncate(length);
            assert!(atlas_from(cut, &[], 1).is_err(), "{length} bytes of block {which}");
        }
        let mut longer = blocks.clone();
        longer[which].push(0);
        assert!(atlas_from(longer, &[], 1).is_err(), "a byte more in block {which}");
    }
    // Records without the operator names that they refer to.
    assert!(atlas_from(blocks[1..].to_vec(), &[], 1).is_err());
    // Records of districts that do not exist.
    let fewer = Atlas::new(regions()[..4].to_vec(), Vec::new(), Vec::new()).unwrap();
    let loading = fewer.loading();
    for block in &blocks {
        loading.add_saved(block).unwrap();
    }
    assert!(fewer.loaded(loading, Revision(1), Revision(1)).is_err());
    assert_eq!(fewer.view(Scope::Full).revision(), Revision(0), "the previous content remains");
}

#[test]
fn blocks_with_a_wrong_byte_anywhere_never_end_the_program() {
    let records = Maker::new(33).records(40);
    let blocks: Vec<Vec<u8>> = view_of(&records).saved().collect();
    for which in 0..blocks.len() {
        for at in 0..blocks[which].len() {
            for wrong in [0x01, 0x80, 0xff] {
                let mut flipped = blocks.clone();
                flipped[which][at] ^= wrong;
                // A checksum around the blocks detects what cannot be detected here.
                let _ = atlas_from(flipped, &[], 1);
            }
        }
    }
}
