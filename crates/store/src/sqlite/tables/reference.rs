//! Regions, places and reported figures: replaced as a whole, never by a client.

use demining::{Level, Names, Place, Region, ReportedFigure, Source, Unit};
use geo::BoundingRect;
use geometry::{Bounds, LonLat, wkb};
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use crate::{
    error::StoreError,
    sqlite::{
        gpkg,
        row::{Columns, damaged},
    },
    value::{day, instant_text, json_list, read_json},
};

/// Replaces all three and returns `true` if anything changed.
pub(crate) fn replace(
    conn: &Connection,
    new_regions: &[Region],
    new_places: &[Place],
    new_figures: &[ReportedFigure],
    at: Timestamp,
) -> Result<bool, StoreError> {
    let at = instant_text(at);
    let mut changed = false;
    if regions(conn)? != new_regions {
        changed = true;
        conn.execute("DELETE FROM regions", [])?;
        let mut extent = None;
        for region in new_regions {
            insert_region(conn, region)?;
            if let Some(rect) = region.boundary.bounding_rect() {
                let bounds = Bounds::new(rect.min().x, rect.min().y, rect.max().x, rect.max().y).ok();
                extent = widened(extent, bounds);
            }
        }
        gpkg::describe(conn, "regions", &at, extent)?;
    }
    if places(conn)? != new_places {
        changed = true;
        conn.execute("DELETE FROM places", [])?;
        let mut extent = None;
        for place in new_places {
            insert_place(conn, place)?;
            extent = widened(extent, Some(Bounds::of(place.location)));
        }
        gpkg::describe(conn, "places", &at, extent)?;
    }
    if figures(conn)? != new_figures {
        changed = true;
        conn.execute("DELETE FROM reported_figures", [])?;
        for figure in new_figures {
            insert_figure(conn, figure)?;
        }
        gpkg::describe(conn, "reported_figures", &at, None)?;
    }
    Ok(changed)
}

fn widened(extent: Option<Bounds>, by: Option<Bounds>) -> Option<Bounds> {
    match (extent, by) {
        (Some(extent), Some(by)) => Some(extent.union(&by)),
        (extent, by) => extent.or(by),
    }
}

fn insert_region(conn: &Connection, region: &Region) -> Result<(), StoreError> {
    let sql = "INSERT INTO regions (geom, id, level, parent, name, names, aliases, label_longitude,
         label_latitude, valid_from, valid_to, source)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    conn.prepare_cached(sql)?.execute(params![
        wkb::multi_polygon_blob(&region.boundary),
        region.id,
        region.level.word(),
        region.parent,
        region.names.get("en"),
        by_language(&region.names),
        json_list(&region.names.aliases),
        region.label.lon(),
        region.label.lat(),
        region.valid_from.map(|day| day.to_string()),
        region.valid_to.map(|day| day.to_string()),
        region.source,
    ])?;
    Ok(())
}

fn insert_place(conn: &Connection, place: &Place) -> Result<(), StoreError> {
    let sql = "INSERT INTO places (geom, id, name, names, aliases, population, country)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    conn.prepare_cached(sql)?.execute(params![
        wkb::point_blob(place.location),
        place.id,
        place.names.get("en"),
        by_language(&place.names),
        json_list(&place.names.aliases),
        place.population,
        place.country,
    ])?;
    Ok(())
}

fn insert_figure(conn: &Connection, figure: &ReportedFigure) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO reported_figures (id, measure, text, number, unit, period_from, period_to, regions,
         part_of, note, source_title, source_publisher, source_quoting, source_published, source_url)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    conn.prepare_cached(sql)?.execute(params![
        figure.id,
        figure.measure,
        figure.text,
        figure.number.cast_signed(),
        figure.unit.word(),
        figure.from.map(|day| day.to_string()),
        figure.to.map(|day| day.to_string()),
        json_list(&figure.regions),
        figure.part_of,
        figure.note,
        figure.source.title,
        figure.source.publisher,
        figure.source.quoting,
        figure.source.published.map(|day| day.to_string()),
        figure.source.url,
    ])?;
    Ok(())
}

/// Returns names by language as a JSON object, in order.
fn by_language(names: &Names) -> String {
    let object = names.by_language.iter().map(|(language, name)| (language.clone(), name.as_str().into()));
    Value::Object(object.collect::<Map<_, _>>()).to_string()
}

pub(crate) fn regions(conn: &Connection) -> Result<Vec<Region>, StoreError> {
    let sql = "SELECT fid, geom, id, level, parent, names, aliases, label_longitude, label_latitude,
         valid_from, valid_to, source FROM regions ORDER BY fid";
    rows(conn, "regions", sql, |col| {
        let degrees = |k: usize, name: &str| col.real(k, name)?.ok_or_else(|| format!("{name} is empty"));
        let label = LonLat::new(degrees(7, "label_longitude")?, degrees(8, "label_latitude")?);
        Ok(Region {
            id: owned(col, 2, "id")?,
            level: col.needed(3, "level")?.parse::<Level>().map_err(|error| error.to_string())?,
            parent: optional(col, 4, "parent")?,
            names: names(col, 5)?,
            boundary: wkb::read_multi_polygon_blob(col.blob(1, "geom")?)?,
            label: label.map_err(|error| error.to_string())?,
            valid_from: optional_day(col, 9, "valid_from")?,
            valid_to: optional_day(col, 10, "valid_to")?,
            source: owned(col, 11, "source")?,
        })
    })
}

pub(crate) fn places(conn: &Connection) -> Result<Vec<Place>, StoreError> {
    let sql = "SELECT fid, geom, id, names, aliases, population, country FROM places ORDER BY fid";
    rows(conn, "places", sql, |col| {
        Ok(Place {
            id: col.needed_whole(2, "id")?,
            names: names(col, 3)?,
            location: wkb::read_point_blob(col.blob(1, "geom")?)?,
            population: col.needed_whole(5, "population")?,
            country: owned(col, 6, "country")?,
        })
    })
}

pub(crate) fn figures(conn: &Connection) -> Result<Vec<ReportedFigure>, StoreError> {
    let sql = "SELECT fid, id, measure, text, number, unit, period_from, period_to, regions, part_of, note,
         source_title, source_publisher, source_quoting, source_published, source_url
         FROM reported_figures ORDER BY fid";
    rows(conn, "reported_figures", sql, |col| {
        Ok(ReportedFigure {
            id: owned(col, 1, "id")?,
            measure: owned(col, 2, "measure")?,
            text: owned(col, 3, "text")?,
            number: col.needed_whole(4, "number")?,
            unit: col.needed(5, "unit")?.parse::<Unit>().map_err(|error| error.to_string())?,
            from: optional_day(col, 6, "period_from")?,
            to: optional_day(col, 7, "period_to")?,
            regions: read_json(col.needed(8, "regions")?, "regions")?,
            part_of: optional(col, 9, "part_of")?,
            note: optional(col, 10, "note")?,
            source: Source {
                title: owned(col, 11, "source_title")?,
                publisher: owned(col, 12, "source_publisher")?,
                quoting: owned(col, 13, "source_quoting")?,
                published: optional_day(col, 14, "source_published")?,
                url: optional(col, 15, "source_url")?,
            },
        })
    })
}

fn rows<T>(
    conn: &Connection,
    table: &str,
    sql: &str,
    read: impl Fn(&Columns<'_, '_>) -> Result<T, String>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(&Columns(row)).map_err(|problem| damaged(table, row, &problem))?);
    }
    Ok(all)
}

/// Reads the names; their aliases are in the next column.
fn names(col: &Columns<'_, '_>, at: usize) -> Result<Names, String> {
    let object: Map<String, Value> = read_json(col.needed(at, "names")?, "names")?;
    let name = |(language, name)| match name {
        Value::String(name) => Ok((language, name)),
        _ => Err(format!("names has a value for {language:?} that is not text")),
    };
    Ok(Names {
        by_language: object.into_iter().map(name).collect::<Result<_, _>>()?,
        aliases: read_json(col.needed(at + 1, "aliases")?, "aliases")?,
    })
}

fn owned(col: &Columns<'_, '_>, at: usize, name: &str) -> Result<String, String> {
    col.needed(at, name).map(str::to_owned)
}

fn optional(col: &Columns<'_, '_>, at: usize, name: &str) -> Result<Option<String>, String> {
    Ok(col.text(at, name)?.map(str::to_owned))
}

fn optional_day(col: &Columns<'_, '_>, at: usize, name: &str) -> Result<Option<Date>, String> {
    col.text(at, name)?.map(|text| day(text.as_bytes(), name)).transpose()
}
