//! Each audience learns of the changes that it is shown.

use atlas::{Changes, Filter, SmallFilter};
use demining::{Accident, AccidentDetails, Change, Content, Record, Review, Revision};
use jiff::{Timestamp, civil::date};
use uuid::Uuid;

use super::*;

fn detections() -> Shows {
    Shows::Detections(Filter::default())
}

fn nobody_yet() -> Arc<Events> {
    Arc::new(Events::new(Arc::new(Atlas::new(vec![], vec![], vec![]).unwrap()), Scope::Full))
}

#[tokio::test]
async fn one_stream_too_many_is_refused_until_another_ends() {
    let events = nobody_yet();
    let listen = || events.listen(String::new(), &detections(), None);
    let mut open: Vec<Listener> = (0..STREAMS).map(|_| listen().unwrap()).collect();
    assert!(listen().is_err());
    open.pop();
    assert!(listen().is_ok());
}

#[tokio::test]
async fn an_audience_ends_with_its_last_listener() {
    let events = nobody_yet();
    let listen = |key: &str| events.listen(key.into(), &detections(), None).unwrap();
    let (a, b, c) = (listen("a"), listen("a"), listen("c"));
    assert_eq!(lock(&events.audiences).len(), 2);
    drop((a, c));
    while lock(&events.audiences).len() > 1 {
        tokio::task::yield_now().await;
    }
    assert!(lock(&events.audiences).contains_key(&("detections", "a".to_owned())));
    drop(b);
    while !lock(&events.audiences).is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_client_of_another_log_must_fetch_everything() {
    let mut listener = nobody_yet().listen(String::new(), &detections(), Some(7)).unwrap();
    let event = listener.next().await.unwrap();
    assert_eq!(
        event,
        &b"event: revision\nid: 0\ndata: {\"revision\":0,\"bounds\":null,\"tiles\":null}\n\n"[..]
    );
}

/// Folds in an approved accident at 46 east.
fn accident(events: &Events, revision: u64) {
    let place = geometry::LonLat::new(46.0, 40.0).unwrap();
    let details = AccidentDetails::blank(Uuid::from_u128(revision.into()), place);
    let record = Record {
        content: Accident::new(details, date(2024, 1, 1)).unwrap(),
        number: revision as u32,
        review: Review::Approved,
        revision: Revision(revision),
        updated_at: Timestamp::UNIX_EPOCH,
        updated_by: "test".into(),
    };
    let change = Change {
        revision: Revision(revision),
        shown: Revision(revision),
        at: Timestamp::UNIX_EPOCH,
        by: "test".into(),
        reason: None,
        id: record.content.id,
        number: record.number,
        after: Some(Arc::new(record)),
    };
    let folded = events.atlas.fold_all(Changes { accidents: &[change], ..Changes::default() });
    events.publish(&folded);
}

/// The events that a reconnecting client gets at once, if any.
fn missed(events: &Events, shows: &Shows, since: u64) -> Option<String> {
    events.missed(shows, since).map(|told| String::from_utf8(told.bytes.to_vec()).unwrap())
}

#[test]
fn accidents_are_told_to_those_who_are_shown_them() {
    let events = nobody_yet();
    let accidents = Shows::Accidents(SmallFilter::default());
    let later = SmallFilter { as_of: Some(date(1899, 1, 1)), ..SmallFilter::default() };
    accident(&events, 1);
    accident(&events, 2);
    let told = missed(&events, &accidents, 0).unwrap();
    assert!(told.contains("\"revision\":2,\"bounds\":[") && told.contains("\"tiles\":[{"), "{told}");
    assert_eq!(missed(&events, &accidents, 2), None);
    assert_eq!(missed(&events, &Shows::Accidents(later), 0), None);
    assert_eq!(missed(&events, &detections(), 0), None);
}

#[test]
fn the_public_is_told_that_counts_of_accidents_changed_and_not_where() {
    let atlas = Arc::new(Atlas::new(vec![], vec![], vec![]).unwrap());
    let events = Events::new(atlas, Scope::Public);
    accident(&events, 1);
    let told = missed(&events, &Shows::AccidentCounts, 0).unwrap();
    assert!(told.contains("{\"revision\":1,\"bounds\":null,\"tiles\":null}"), "{told}");
    assert_eq!(missed(&events, &Shows::Accidents(SmallFilter::default()), 0), None);
    assert_eq!(missed(&events, &detections(), 0), None);
}

#[tokio::test]
async fn audiences_of_different_collections_are_apart_though_their_filters_read_the_same() {
    let events = nobody_yet();
    let _detections = events.listen(String::new(), &detections(), None).unwrap();
    let _accidents = events.listen(String::new(), &Shows::Accidents(SmallFilter::default()), None).unwrap();
    assert_eq!(lock(&events.audiences).len(), 2);
}
