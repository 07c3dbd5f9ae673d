//! What the public may see: the same answers as from records that were snapped beforehand, and not a
//! byte that depends on what is hidden.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use atlas::{Atlas, Filter, Grouping, Scope, Set, View};
use demining::{
    Change, Detection, Level, PUBLIC_CELL_BITS, Precision, Record, Region, Review, Revision, Status,
};
use geometry::{LonLat, MAX_ZOOM, Mercator, TileId};
use jiff::{Timestamp, civil::date};
use rand::Rng;

use crate::{
    conditions::Wishes,
    decoded::decode,
    world::{self, Maker, district, groupings, lonlat, questions, view_of},
};

fn with(record: &Record, change: impl FnOnce(&mut demining::Details)) -> Record {
    let mut details = record.detection.clone().into_details();
    change(&mut details);
    Record { detection: Detection::new(details, date(2030, 1, 1)).unwrap(), ..record.clone() }
}

/// The middle of the public cell. In degrees of 1e-7 it can lie a unit beside that.
fn middle(at: LonLat) -> Mercator {
    let hidden = 32 - PUBLIC_CELL_BITS;
    let snap = |units: u32| (units >> hidden << hidden) + (1 << (hidden - 1));
    let Mercator { x, y } = at.into();
    Mercator { x: snap(x), y: snap(y) }
}

/// Policies: every cell is told, or only those with enough records.
const FEWEST: [u16; 3] = [0, 2, 12];

/// The regions, each district with a name in a place of its own.
fn regions() -> Vec<Region> {
    let mut regions = world::regions();
    for region in regions.iter_mut().filter(|region| region.level == Level::District) {
        let corner = region.boundary.0[0].exterior().0[0];
        region.label = lonlat(corner.x + 0.26, corner.y + 0.23);
    }
    regions
}

fn atlas_of(records: &[Record], revision: u64, fewest: u16) -> Atlas {
    let atlas = Atlas::new(regions(), world::places(), Vec::new()).unwrap();
    let atlas = atlas.disclosing(Precision::Cells { fewest });
    atlas.load(records.iter().cloned(), Revision(revision));
    atlas
}

/// Where a place lies that is told no closer: where the district's name is, or on the middle of a large tile.
fn somewhere(place: Mercator) -> Mercator {
    let cut = |units: u32| (units >> 24 << 24) + (1 << 23);
    let wide = Mercator { x: cut(place.x), y: cut(place.y) };
    let id = district(place.into());
    id.map_or(wide, |id| regions().iter().find(|region| region.id == id).unwrap().label.into())
}

/// Where the public sees records, by their numbers.
fn places(records: &[Record], fewest: u16) -> HashMap<u32, Mercator> {
    let is_counted =
        |record: &Record| record.review == Review::Approved && record.detection.status == Status::Detected;
    let mut n_in_cell: HashMap<Mercator, u16> = HashMap::new();
    for record in records.iter().filter(|record| is_counted(record)) {
        *n_in_cell.entry(middle(record.detection.location)).or_default() += 1;
    }
    let place = |record: &Record| {
        let (at, cell) = (record.detection.location.into(), middle(record.detection.location));
        match n_in_cell.get(&cell) {
            _ if !is_counted(record) => at,
            Some(n) if *n < fewest => somewhere(cell),
            _ => cell,
        }
    };
    records.iter().map(|record| (record.number, place(record))).collect()
}

/// The records as the public may see them.
fn snapped(records: &[Record], fewest: u16) -> Vec<Record> {
    let places = places(records, fewest);
    let shown =
        |record: &&Record| record.review == Review::Approved && record.detection.status != Status::Discounted;
    let snap = |record: &Record| match record.detection.status {
        Status::Detected => with(record, |details| {
            details.location = LonLat::from(places[&record.number]);
            details.detected_on = details.detected_on.first_of_month();
        }),
        _ => record.clone(),
    };
    records.iter().filter(shown).map(snap).collect()
}

fn approved(maker: &mut Maker, n: u32) -> Vec<Record> {
    let mut records = maker.records(n);
    for record in records.iter_mut().step_by(2) {
        record.review = Review::Approved;
    }
    // None that is told to lie in a district while its cell is in none: here a record has one place, not two.
    records.retain(|record| {
        let cell = middle(record.detection.location);
        district(cell.into()).is_some() || district(somewhere(cell).into()).is_none()
    });
    records
}

/// Some tiles of every zoom that hold records, and some beside them.
fn tiles(records: &[Record]) -> Vec<TileId> {
    let near = records.iter().step_by(1 + records.len() / 12).map(|record| record.detection.location);
    let near: Vec<Mercator> = near.flat_map(|at| [at.into(), middle(at)]).collect();
    (0..=MAX_ZOOM).flat_map(|z| near.iter().map(move |at| TileId::at(*at, z))).collect()
}

#[test]
fn the_public_counts_what_was_snapped_beforehand() {
    let records = approved(&mut Maker::new(41), 4_000);
    for fewest in FEWEST {
        assert_counts(&records, fewest);
    }
}

fn assert_counts(records: &[Record], fewest: u16) {
    let public = atlas_of(records, 1, fewest).view(Scope::Public);
    let expected = view_of(&snapped(records, fewest));
    for question in questions(&public) {
        let (filter, name) = (&question.filter, question.name);
        assert_eq!(public.count(filter), expected.count(filter), "{name}");
        for by in groupings() {
            assert_eq!(public.summary(filter, by), expected.summary(filter, by), "{name} {by:?}");
        }
        assert_eq!(public.regions(filter), expected.regions(filter), "{name}");
        assert_eq!(public.region("C-east", filter), expected.region("C-east", filter), "{name}");
    }
}

#[test]
fn public_tiles_of_every_zoom_hold_the_snapped_records_once() {
    let records = approved(&mut Maker::new(42), 4_000);
    for fewest in FEWEST {
        assert_tiles(&records, fewest);
    }
}

fn assert_tiles(records: &[Record], fewest: u16) {
    let snapped = snapped(records, fewest);
    let places = places(records, fewest);
    let public = atlas_of(records, 1, fewest).view(Scope::Public);
    for question in questions(&public) {
        let seen = question.seen(&snapped);
        // One that is dealt with today lies where it lies, also on a day before.
        let place = |record: &Record| places[&record.number];
        for z in [0, 4, 9, 11, 12, 14, 15, 16, 19, 22] {
            let mut by_tile: BTreeMap<TileId, [u64; 3]> = BTreeMap::new();
            for record in &seen {
                let d = &record.detection;
                let sums = by_tile.entry(TileId::at(place(record), z)).or_default();
                sums[0] += 1;
                sums[1] += u64::from(d.quantity);
                sums[2] += if d.status == Status::Detected { u64::from(d.quantity) } else { 0 };
            }
            for (tile, expected) in by_tile {
                let mut drawn = [0; 3];
                let layers = decode(&public.detections_tile(tile, &question.filter));
                for cell in layers.get("cells").into_iter().flatten() {
                    for (sum, key) in drawn.iter_mut().zip(["records", "quantity", "detected"]) {
                        *sum += cell.count(key);
                    }
                }
                for single in layers.get("detections").into_iter().flatten() {
                    drawn[0] += 1;
                    drawn[1] += single.count("quantity");
                    drawn[2] +=
                        if single.text("status") == Some("detected") { single.count("quantity") } else { 0 };
                }
                assert_eq!(drawn, expected, "{} {tile:?}", question.name);
            }
        }
    }
}

#[test]
fn nothing_uncleared_is_shown_by_itself() {
    let records = approved(&mut Maker::new(43), 3_000);
    let public = atlas_of(&records, 1, 3).view(Scope::Public);
    let here = lonlat(46.75, 39.25);
    let mut n_shown = 0;
    let page = public.page(&Filter::everything(), None, 10_000);
    let near = public.nearest(&Filter::everything(), here, 10_000);
    for record in page.records.iter().chain(near.iter().map(|(found, _)| found)).map(|found| &found.record) {
        assert_eq!((record.review, record.detection.status), (Review::Approved, Status::Neutralised));
        n_shown += 1;
    }
    assert!(n_shown > 1_000);
    for record in &records {
        let shown = record.review == Review::Approved && record.detection.status == Status::Neutralised;
        assert_eq!(public.get(record.detection.id).is_some(), shown);
    }
    for tile in tiles(&records) {
        let layers = decode(&public.detections_tile(tile, &Filter::everything()));
        let singles = layers.get("detections").into_iter().flatten();
        assert!(singles.into_iter().all(|single| single.text("status") == Some("neutralised")), "{tile:?}");
    }
}

#[test]
fn no_place_on_the_map_stands_for_fewer_than_the_policy_tells() {
    let mut maker = Maker::new(48);
    // Crowded around the place that stands for a district, so that cells of a tile hold both.
    let mut records = approved(&mut maker, 30_000);
    for record in records.iter_mut().filter(|record| record.number % 4 < 3) {
        let at = lonlat(46.5 + maker.0.random_range(0.2..0.32), 39.5 + maker.0.random_range(0.17..0.29));
        *record = with(record, |details| details.location = at);
    }
    let (fewest, places) = (12, places(&records, 12));
    let public = atlas_of(&records, 1, fewest).view(Scope::Public);
    let filter = Filter { statuses: Set::of([Status::Detected]), ..Filter::everything() };
    let label = somewhere(lonlat(46.75, 39.75).into());
    let told = places.values().filter(|place| **place == label).count() as u64;
    assert!(told > 300, "{told} have too few beside them");
    let crowd = places.values().filter(|place| TileId::at(**place, 11) == TileId::at(label, 11)).count();
    assert!(crowd > 8_192, "half of them are public, and no tile shows {crowd} by themselves");
    for filter in [filter, Filter::everything()] {
        for z in 8..=22 {
            let layers = decode(&public.detections_tile(TileId::at(label, z), &filter));
            let (vague, clear): (Vec<_>, Vec<_>) =
                layers["cells"].iter().partition(|cell| cell.text("within").is_some());
            let vague: Vec<_> = vague.iter().filter(|cell| cell.text("within") == Some("D11")).collect();
            let [vague] = *vague else { panic!("{} cells within the district at zoom {z}", vague.len()) };
            assert_eq!(vague.count("records"), told, "{z}");
            assert_eq!((vague.count("neutralised"), vague.count("quantity")), (0, vague.count("detected")));
            if filter.statuses == Set::of([Status::Detected]) {
                assert!(clear.iter().all(|cell| cell.count("records") >= u64::from(fewest)), "{z}");
            }
        }
    }
}

/// Another record that the public may not tell from this one.
fn disguised(maker: &mut Maker, record: &Record) -> Record {
    let other = maker.record(record.number, record.revision.0);
    if record.review != Review::Approved || record.detection.status == Status::Discounted {
        let review =
            if other.detection.status == Status::Discounted { other.review } else { Review::Submitted };
        return Record { review, ..with(&other, |details| details.id = record.detection.id) };
    }
    if record.detection.status == Status::Neutralised {
        return record.clone();
    }
    let (hidden, Mercator { x, y }) = (32 - PUBLIC_CELL_BITS, record.detection.location.into());
    // A margin, so that the way over degrees does not lead out of the cell.
    let mut within =
        |units: u32| (units >> hidden << hidden) + maker.0.random_range(100..(1 << hidden) - 100);
    let elsewhere = LonLat::from(Mercator { x: within(x), y: within(y) });
    let day = i64::from(maker.0.random_range(0..28));
    with(record, |details| {
        details.location = elsewhere;
        details.detected_on = details.detected_on.first_of_month() + jiff::Span::new().days(day);
        let hidden = other.detection.into_details();
        (details.model, details.note, details.team) = (hidden.model, hidden.note, hidden.team);
        (details.photos, details.extra, details.depth_cm) = (hidden.photos, hidden.extra, hidden.depth_cm);
        details.location_as_given = hidden.location_as_given;
    })
}

/// Everything that a view of records answers, in words and bytes.
fn answers(view: &View, tiles: &[TileId]) -> Vec<String> {
    let mut all = Vec::new();
    for question in questions(view) {
        let filter = &question.filter;
        let by = Grouping { region: true, status: true, kind: true, month: true, operator: true };
        all.push(format!("{:?}", (view.count(filter), view.summary(filter, by), view.regions(filter))));
        all.push(format!("{:?}", view.page(filter, None, 50)));
        all.push(format!("{:?}", view.nearest(filter, lonlat(46.8, 39.9), 20)));
        all.extend(tiles.iter().map(|tile| format!("{tile:?} {:?}", view.detections_tile(*tile, filter))));
    }
    // Conditions on what the public does not see find the same of whatever is hidden.
    for seed in 0..60 {
        let condition = Some(Wishes::new(seed, false).condition(2).into());
        let filter = Filter { condition, ..Filter::everything() };
        let by = Grouping { region: true, kind: true, ..Grouping::default() };
        all.push(format!(
            "{:?}",
            (view.count(&filter), view.summary(&filter, by), view.page(&filter, None, 20))
        ));
    }
    all.push(format!("{:?}", view.extent()));
    all
}

#[test]
fn the_public_cannot_tell_records_apart_by_what_is_hidden() {
    let mut maker = Maker::new(44);
    // None near a pole: what lies beyond the square is drawn on its edge, and would be moved by the way back.
    let mut records = approved(&mut maker, 1_500);
    records.retain(|record| record.detection.location.lat().abs() < 84.0);
    let disguised: Vec<Record> = records.iter().map(|record| disguised(&mut maker, record)).collect();
    let moved = records.iter().zip(&disguised).filter(|(a, b)| a.detection.location != b.detection.location);
    assert!(moved.count() > 300);
    let tiles = tiles(&records);
    for fewest in FEWEST {
        let seen = |records: &[Record]| answers(&atlas_of(records, 1, fewest).view(Scope::Public), &tiles);
        for (one, other) in seen(&records).into_iter().zip(seen(&disguised)) {
            assert_eq!(one, other);
        }
    }
}

#[test]
fn cells_that_are_not_told_cannot_be_told_apart() {
    let mut maker = Maker::new(49);
    let mut records = approved(&mut maker, 600);
    let mut elsewhere = records.clone();
    for records in [&mut records, &mut elsewhere] {
        let mut taken = BTreeSet::new();
        for record in records.iter_mut().filter(|record| record.detection.status == Status::Detected) {
            record.review = Review::Approved;
            // A cell for each alone, anywhere in the district.
            let place = loop {
                let at = lonlat(maker.0.random_range(46.52..46.98), maker.0.random_range(39.52..39.98));
                if taken.insert((middle(at).x, middle(at).y)) {
                    break at;
                }
            };
            *record = with(record, |details| details.location = place);
        }
    }
    let tiles: Vec<TileId> = tiles(&records).into_iter().chain(tiles(&elsewhere)).collect();
    let seen =
        |records: &[Record], fewest| answers(&atlas_of(records, 1, fewest).view(Scope::Public), &tiles);
    assert!(seen(&records, 2) == seen(&elsewhere, 2));
    assert!(seen(&records, 0) != seen(&elsewhere, 0));
}

fn change(revision: u64, record: &Record) -> Change {
    Change {
        revision: Revision(revision),
        shown: Revision(revision),
        at: Timestamp::UNIX_EPOCH,
        by: "test".into(),
        reason: None,
        id: record.detection.id,
        number: record.number,
        after: Some(record.clone().into()),
    }
}

#[test]
fn a_change_of_what_is_hidden_is_no_change_for_the_public() {
    let mut maker = Maker::new(45);
    let mut records = approved(&mut maker, 1_000);
    records.retain(|record| record.detection.location.lat().abs() < 84.0);
    let atlas: Atlas = atlas_of(&records, 5, 3);
    let before = atlas.view(Scope::Public);
    let hidden = records
        .iter()
        .map(|record| Change { shown: Revision(5), ..change(6, &disguised(&mut maker, record)) })
        .collect::<Vec<_>>();
    let folded = atlas.fold(&hidden);
    let after = atlas.view(Scope::Public);
    assert_eq!((before.revision(), after.revision()), (Revision(5), Revision(5)));
    assert_eq!(folded.seen(&after, &Filter::everything()), None);
    assert!(folded.seen(&atlas.view(Scope::Full), &Filter::everything()).is_some());
    for tile in tiles(&records) {
        assert_eq!(atlas.last_change(Scope::Public, tile), Revision(5));
        assert_eq!(atlas.last_change_of_regions(Scope::Public, tile), Revision(5));
    }
}

#[test]
fn folding_and_loading_show_the_public_the_same() {
    let mut maker = Maker::new(46);
    let records = approved(&mut maker, 1_000);
    let later = approved(&mut maker, 1_400);
    let mut now: BTreeMap<u32, Record> =
        records.iter().map(|record| (record.number, record.clone())).collect();
    now.extend(later[300..].iter().map(|record| (record.number, record.clone())));
    let now: Vec<Record> = now.into_values().collect();
    assert!(now.iter().any(|record| district(record.detection.location).is_none()));
    let tiles = tiles(&now);
    for fewest in FEWEST {
        let loaded = answers(&atlas_of(&now, 2, fewest).view(Scope::Public), &tiles);
        // Many at once, few at once, and each record over a detour.
        for at_once in [later.len(), 7] {
            let atlas = atlas_of(&records, 1, fewest);
            for changes in later[300..].chunks(at_once) {
                let detours = changes.iter().map(|record| {
                    let elsewhere = maker.record(record.number, 2);
                    let stays = |details: &mut demining::Details| details.id = record.detection.id;
                    change(2, &Record { review: Review::Approved, ..with(&elsewhere, stays) })
                });
                let changes: Vec<Change> = detours
                    .collect::<Vec<_>>()
                    .into_iter()
                    .chain(changes.iter().map(|r| change(2, r)))
                    .collect();
                atlas.fold(&changes);
            }
            for (one, other) in answers(&atlas.view(Scope::Public), &tiles).iter().zip(&loaded) {
                assert_eq!(one, other, "{fewest} {at_once}");
            }
        }
    }
}

#[test]
fn what_is_rejected_has_only_its_own_address_left() {
    let mut maker = Maker::new(47);
    let mut records = maker.records(400);
    let kept: Vec<Record> = records.iter().skip(100).cloned().collect();
    for record in &mut records[..100] {
        record.review = Review::Rejected;
    }
    let (all, fewer) = (atlas_of(&records, 1, 0), atlas_of(&kept, 1, 0));
    let tiles = tiles(&records);
    for scope in [Scope::Full, Scope::Public] {
        for (one, other) in
            answers(&all.view(scope), &tiles).into_iter().zip(answers(&fewer.view(scope), &tiles))
        {
            assert_eq!(one, other);
        }
    }
    let id = records[0].detection.id;
    assert_eq!(all.view(Scope::Full).get(id).unwrap().record.review, Review::Rejected);
    assert_eq!(all.view(Scope::Public).get(id), None);
}
