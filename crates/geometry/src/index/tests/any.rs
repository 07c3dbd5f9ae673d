//! Tests random ranges of keys and random edits.

use proptest::prelude::*;

use super::items::{Collect, Item, model_of};
use crate::{
    Mercator,
    index::{Edit, Index},
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_range_of_keys_shows_what_a_scan_finds(
        places in proptest::collection::vec((0_u32..64, 0_u32..64), 0..1_200),
        ends in (0_u64..4_096, 0_u64..4_096),
    ) {
        let items: Vec<_> = (0_u32..)
            .zip(places)
            .map(|(number, (x, y))| Item { place: Mercator { x, y }, number, value: x })
            .collect();
        let index = Index::build(items.clone());
        let mut seen = Collect::default();
        index.visit_keys(ends.0..=ends.1, &mut seen);
        let model = model_of(&items);
        let inside = model.values().filter(|item| (ends.0..=ends.1).contains(&item.place.key()));
        prop_assert_eq!(seen.items, inside.copied().collect::<Vec<_>>());
    }

    #[test]
    fn edits_in_many_commits_or_in_one_lead_to_the_same_entries(
        edits in proptest::collection::vec((0_u32..40, 0_u32..30, any::<Option<u8>>()), 0..2_000),
        size in 1_usize..700,
    ) {
        let edits: Vec<Edit<Item>> = edits
            .into_iter()
            .map(|(x, number, value)| {
                let place = Mercator { x, y: 7 };
                match value {
                    Some(value) => Edit::Put(Item { place, number, value: value.into() }),
                    None => Edit::Remove { place, number },
                }
            })
            .collect();
        let at_once = Index::new().commit(edits.clone());
        let in_parts = edits.chunks(size).fold(Index::new(), |index, part| index.commit(part.to_vec()));
        let (mut a, mut b) = (Collect::default(), Collect::default());
        at_once.visit(&mut a);
        in_parts.visit(&mut b);
        prop_assert_eq!(a.items, b.items);
        prop_assert_eq!(at_once.summary(), in_parts.summary());
    }
}
