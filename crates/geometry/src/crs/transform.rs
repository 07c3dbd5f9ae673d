//! Transformations to and from WGS84, made by PROJ. Each thread has its own, and keeps the last few.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use proj::Proj;

use super::{CrsError, MARGIN_DEG};
use crate::LonLat;

/// The number of systems that a thread keeps ready.
const KEPT: usize = 4;
/// A system is not horizontal if the round trip misses by more than this, in degrees.
const WAY_BACK_DEG: f64 = 1e-5;

/// Properties of a system, determined once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Facts {
    /// West, south, east and north, degrees; west may be greater than east.
    pub area: [f64; 4],
    pub accuracy_m: f64,
    pub is_north_first: bool,
    pub is_geographic: bool,
    /// Whether no transformation is known in some places around its area, so that each use has to be checked.
    has_gaps: bool,
}

impl Facts {
    pub const WGS84: Self = Self {
        area: [-180.0, -90.0, 180.0, 90.0],
        accuracy_m: 0.0,
        is_north_first: false,
        is_geographic: true,
        has_gaps: false,
    };
    pub const WGS84_NORTH_FIRST: Self = Self { is_north_first: true, ..Self::WGS84 };

    pub fn is_near_area(&self, at: LonLat, margin_deg: f64) -> bool {
        let [west, south, east, north] = self.area;
        let beyond_west = (at.lon() - (west - margin_deg)).rem_euclid(360.0);
        let width = (east - west).rem_euclid(360.0) + 2.0 * margin_deg;
        let is_world = width >= 360.0 || east - west >= 360.0;
        (is_world || beyond_west <= width) && (south - margin_deg..=north + margin_deg).contains(&at.lat())
    }
}

/// Returns the properties of a system, determined once while the program runs.
pub(super) fn facts(code: u32) -> Result<Facts, CrsError> {
    static KNOWN: Mutex<BTreeMap<u32, Facts>> = Mutex::new(BTreeMap::new());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(facts) = known().get(&code) {
        return Ok(*facts);
    }
    // Outside the lock, because this takes up to half a second.
    let facts = with(code, |way| find_out(code, way))??;
    known().insert(code, facts);
    Ok(facts)
}

/// Returns the position at coordinates in the system's own order; `None` if they have no position.
pub(super) fn inverse(code: u32, facts: &Facts, own: (f64, f64)) -> Result<Option<(f64, f64)>, CrsError> {
    with(code, |way| finite(way.project(own, true)).filter(|_| !facts.has_gaps || way_is_known(way)))
}

/// Returns the coordinates in the system's own order; `None` if the system has none for this position.
pub(super) fn forward(code: u32, facts: &Facts, at: LonLat) -> Result<Option<(f64, f64)>, CrsError> {
    // The properties tell about gaps only within the margin for input coordinates.
    let is_sure = !facts.has_gaps && facts.is_near_area(at, MARGIN_DEG);
    with(code, |way| finite(way.convert((at.lon(), at.lat()))).filter(|_| is_sure || way_is_known(way)))
}

/// Filters out infinity, which PROJ returns without an error.
fn finite(converted: Result<(f64, f64), proj::ProjError>) -> Option<(f64, f64)> {
    converted.ok().filter(|(a, b)| a.is_finite() && b.is_finite())
}

/// Returns whether the last transformation by PROJ was a real one: a "ballpark" one ignores the change of
/// datum, so the position would silently be a hundred metres off.
fn way_is_known(way: &Proj) -> bool {
    !way.proj_info().description.is_some_and(|text| text.to_ascii_lowercase().contains("ballpark"))
}

/// A transformation from WGS84 (longitude first) to the system (own order).
struct Way(Option<Proj>);

/// Guards the state that PROJ shares between threads, and cleans up whenever one of its objects is created or
/// dropped.
static MAKING: Mutex<()> = Mutex::new(());

impl Drop for Way {
    fn drop(&mut self) {
        let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        self.0 = None;
    }
}

/// Runs `use_it` with this thread's transformation for the system, and creates it first if necessary.
fn with<T>(code: u32, use_it: impl FnOnce(&Proj) -> T) -> Result<T, CrsError> {
    thread_local! {
        /// The most recently used one is first.
        static WAYS: RefCell<VecDeque<(u32, Way)>> = const { RefCell::new(VecDeque::new()) };
    }
    WAYS.with_borrow_mut(|ways| {
        let kept = ways.iter().position(|(kept, _)| *kept == code);
        match kept {
            Some(0) => {}
            Some(i) => {
                let way = ways.remove(i);
                ways.extend(way);
                ways.rotate_right(1);
            }
            None => {
                ways.push_front((code, Way(Some(make(code)?))));
                ways.truncate(KEPT);
            }
        }
        let way = ways.front().and_then(|(_, way)| way.0.as_ref());
        way.map(use_it).ok_or(CrsError::Unknown { code })
    })
}

fn make(code: u32) -> Result<Proj, CrsError> {
    let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let system = Proj::new(&name(code)).map_err(|_| CrsError::Unknown { code })?;
    // For systems without a transformation, such as engineering ones, PROJ gives no reason, and its binding
    // panics when quoting it.
    let made = catch_unwind(AssertUnwindSafe(|| {
        Proj::new("OGC:CRS84").and_then(|wgs84| wgs84.create_crs_to_crs_from_pj(&system, None, None))
    }));
    made.ok().and_then(Result::ok).ok_or(CrsError::NoTransformation { code })
}

fn find_out(code: u32, way: &Proj) -> Result<Facts, CrsError> {
    let (area, east_first) = {
        let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        let system = Proj::new(&name(code)).map_err(|_| CrsError::Unknown { code })?;
        let area = system.area_of_use().ok().and_then(|(area, _)| area);
        let east_first = Proj::new_known_crs("OGC:CRS84", &name(code), None);
        (area, east_first.map_err(|_| CrsError::NoTransformation { code })?)
    };
    let area = area.map_or(Facts::WGS84.area, |area| [area.west, area.south, area.east, area.north]);
    let mut facts = Facts { area, ..Facts::WGS84 };
    let (mut n_good, mut n_missed) = (0, 0);
    let (mut as_own, mut as_turned) = (0.0, 0.0);
    for at in samples(area) {
        let Some(own) = finite(way.convert(at)) else { continue };
        let info = way.proj_info();
        if info.accuracy < 0.0 || !way_is_known(way) {
            facts.has_gaps = true;
            continue;
        }
        let Some(back) = finite(way.project(own, true)) else { continue };
        let missed_lon = (back.0 - at.0 + 180.0).rem_euclid(360.0) - 180.0;
        if missed_lon.abs() > WAY_BACK_DEG || (back.1 - at.1).abs() > WAY_BACK_DEG {
            n_missed += 1;
            continue;
        }
        n_good += 1;
        facts.accuracy_m = facts.accuracy_m.max(info.accuracy.ceil());
        facts.is_geographic &= own.0.abs() <= 360.0 && own.1.abs() <= 360.0;
        if let Some((x, y)) = finite(east_first.convert(at)) {
            as_own += (x - own.0).abs() + (y - own.1).abs();
            as_turned += (x - own.1).abs() + (y - own.0).abs();
        }
    }
    facts.is_north_first = as_turned < as_own;
    // A geocentric system happens to work on the equator.
    if n_good < 3 || n_missed > n_good { Err(CrsError::NoTransformation { code }) } else { Ok(facts) }
}

/// Returns positions throughout the area of use and its margin, in degrees.
fn samples([west, south, east, north]: [f64; 4]) -> impl Iterator<Item = (f64, f64)> {
    const SIDE: usize = 5;
    let width = if west > east { east - west + 360.0 } else { east - west };
    let part = |i: usize| i as f64 / (SIDE - 1) as f64;
    (0..SIDE * SIDE).map(move |i| {
        let lon = west - MARGIN_DEG + (width + 2.0 * MARGIN_DEG) * part(i % SIDE);
        let lat = south - MARGIN_DEG + (north - south + 2.0 * MARGIN_DEG) * part(i / SIDE);
        ((lon + 180.0).rem_euclid(360.0) - 180.0, lat.clamp(-89.0, 89.0))
    })
}

fn name(code: u32) -> String {
    format!("EPSG:{code}")
}
