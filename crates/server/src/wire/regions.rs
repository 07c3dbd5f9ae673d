//! Regions, their figures, and reported figures.

use atlas::{
    Counts, Dates, Events, Hit, KindRow, Month, MonthRow, Recorded, ReferenceData, RegionInfo, Reported,
};
use demining::{Kind, Names};
use geometry::Bounds;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// Formats names by language.
pub fn names(names: &Names) -> Map<String, Value> {
    names.by_language.iter().map(|(language, name)| (language.clone(), json!(name))).collect()
}

/// Returns the box around all regions.
pub fn extent(reference: &ReferenceData) -> Option<Bounds> {
    let boxes = reference.regions().iter().filter_map(|info| info.bounds);
    boxes.reduce(|all, next| all.union(&next))
}

/// Formats counts of records and items.
pub fn counts(counts: Counts) -> Value {
    json!({"records": counts.records, "quantity": counts.quantity})
}

fn day(date: Option<Date>) -> Option<String> {
    date.map(|d| d.to_string())
}

/// Formats recorded figures: the total, those not yet neutralised, and those neutralised.
pub fn recorded(recorded: &Recorded) -> Value {
    json!({
        "records": recorded.total.records, "quantity": recorded.total.quantity,
        "detected": counts(recorded.detected), "neutralised": counts(recorded.neutralised),
    })
}

/// Formats the events in a period: how much was found, and how much was neutralised.
pub fn events(events: Events) -> Value {
    json!({"found": counts(events.found), "neutralised": counts(events.neutralised)})
}

/// Formats a period; an open end is null.
pub fn period(dates: Dates) -> Value {
    json!({"from": day(dates.from), "to": day(dates.to)})
}

/// Formats a region with its figures.
pub fn region(reference: &ReferenceData, info: &RegionInfo, figures: &Recorded) -> Value {
    let mut region = bare(reference, info);
    region["recorded"] = recorded(figures);
    region["first"] = json!(day(figures.first));
    region["latest"] = json!(day(figures.latest));
    region
}

/// Formats a region with its events.
pub fn region_events(reference: &ReferenceData, info: &RegionInfo, happened: Events) -> Value {
    let mut region = bare(reference, info);
    region["events"] = events(happened);
    region
}

fn bare(reference: &ReferenceData, info: &RegionInfo) -> Value {
    let region = &info.region;
    let child = |index: &usize| reference.regions().get(*index).map(|info| info.region.id.as_str());
    let children: Vec<&str> = info.children.iter().filter_map(child).collect();
    json!({
        "id": region.id, "level": region.level.word(), "parent": region.parent,
        "names": names(&region.names), "aliases": region.names.aliases,
        "area_m2": info.area_m2, "bounds": info.bounds.map(|b| b.to_array()),
        "label": [region.label.lon(), region.label.lat()], "children": children, "source": region.source,
    })
}

/// Formats the regions above one, from the country down.
pub fn ancestors(reference: &ReferenceData, info: &RegionInfo) -> Vec<Value> {
    let above = info.ancestors.iter().filter_map(|index| reference.regions().get(*index));
    above.map(|info| json!({"id": info.region.id, "names": names(&info.region.names)})).collect()
}

/// Formats the counts of one kind.
pub fn kind(row: &KindRow) -> Value {
    json!({"kind": row.kind.word(), "detected": counts(row.detected), "neutralised": counts(row.neutralised)})
}

/// Formats the counts of one month.
pub fn month(row: &MonthRow) -> Value {
    json!({"month": row.month.to_string(), "detected": counts(row.detected), "neutralised": counts(row.neutralised)})
}

/// Formats the events of one kind.
pub fn kind_events((kind, happened): &(Kind, Events)) -> Value {
    let mut row = events(*happened);
    row["kind"] = json!(kind.word());
    row
}

/// Formats the events of one month.
pub fn month_events((month, happened): &(Month, Events)) -> Value {
    let mut row = events(*happened);
    row["month"] = json!(month.to_string());
    row
}

/// Formats a reported figure with its source.
pub fn figure(reported: &Reported<'_>) -> Value {
    let figure = reported.figure;
    let source = &figure.source;
    json!({
        "id": figure.id, "measure": figure.measure, "text": figure.text,
        "number": figure.number, "unit": figure.unit.word(),
        "period": {"from": day(figure.from), "to": day(figure.to)},
        "regions": figure.regions, "part_of": figure.part_of, "note": figure.note,
        // Not null if the reported parts do not add up to this total, which is flagged, never corrected.
        "parts_sum": reported.parts_sum,
        "source": {
            "title": source.title, "publisher": source.publisher, "quoting": source.quoting,
            "published": day(source.published), "url": source.url,
        },
    })
}

/// Formats a search result.
pub fn hit(reference: &ReferenceData, hit: &Hit<'_>) -> Value {
    match hit {
        Hit::Region(info) => json!({
            "type": "region", "id": info.region.id, "names": names(&info.region.names),
            "level": info.region.level.word(),
            "center": [info.region.label.lon(), info.region.label.lat()],
            "bounds": info.bounds.map(|b| b.to_array()),
        }),
        Hit::Place(place) => json!({
            "type": "place", "id": place.id.to_string(), "names": names(&place.names), "country": place.country,
            "center": [place.location.lon(), place.location.lat()], "bounds": null,
            "region": reference.locate(place.location),
        }),
    }
}
