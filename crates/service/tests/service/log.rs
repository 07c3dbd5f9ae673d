//! What is shown after a commit is what a start would load, whatever collections it changed.

use atlas::{Filter, PublicFilter, Scope, View};
use demining::{Action, Expect, Revision, Write};
use store::Reader;

use crate::world::*;

fn assert_same(shown: &View, loaded: &View) {
    assert_eq!(shown.revision(), loaded.revision());
    assert!(shown.accidents().all().eq(loaded.accidents().all()));
    let page = |view: &View| view.page(&Filter::everything(), None, 1_000).records;
    assert_eq!(page(shown), page(loaded));
    let counts = |view: &View| view.public_accidents(&PublicFilter::default());
    assert_eq!(counts(shown), counts(loaded));
}

const SCOPES: [Scope; 2] = [Scope::Full, Scope::Public];

#[tokio::test(flavor = "multi_thread")]
async fn commits_of_both_collections_are_shown_as_a_start_would_load_them() {
    let world = World::new();
    let of_detections = |n: u64| world.commit(vec![put_detection(n, 46.5)]);
    let of_accidents = |n: u64| world.commit(vec![put(accident(n, 46.5)), put(accident(n + 1, 47.5))]);
    let delete = || -> Write<demining::Accident> {
        Write { row: 1, action: Action::Delete(id(11)), expect: Expect::Any, reason: None }
    };
    tokio::join!(of_detections(1), of_accidents(11), of_detections(2), of_accidents(21), of_detections(3));
    world.commit(vec![delete()]).await;
    assert_eq!(world.view().revision(), Revision(6));
    assert_eq!(world.view().accidents().all().count(), 3);

    let replayed = service::replay(|| Reader::open(&world.path)).unwrap();
    for scope in SCOPES {
        assert_same(&world.service.atlas.view(scope), &replayed.view(scope));
    }
    let before = SCOPES.map(|scope| world.service.atlas.view(scope));
    // The saved atlas ends with a revision of accidents, which it does not hold.
    let world = world.restarted().restarted();
    for (scope, before) in SCOPES.into_iter().zip(&before) {
        assert_same(&world.service.atlas.view(scope), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_no_accident() {
    let world = World::new();
    world.commit(vec![put(accident(1, 46.5))]).await;
    let public = world.service.atlas.view(Scope::Public);
    assert_eq!((public.revision(), public.accidents().all().count()), (Revision(1), 0));
}
