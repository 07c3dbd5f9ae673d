//! The ways to and from WGS84, made by PROJ: one of each system in each thread, the last few kept.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use proj::Proj;

use super::{CrsError, MARGIN_DEG};
use crate::LonLat;

/// Systems that a thread keeps ready.
const KEPT: usize = 4;
/// A system where the way there and back misses by more than this, in degrees, is not horizontal.
const WAY_BACK_DEG: f64 = 1e-5;

/// What is found out once about a system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Facts {
    /// West, south, east and north, degrees; west may be greater than east.
    pub area: [f64; 4],
    pub accuracy_m: f64,
    pub is_north_first: bool,
    pub is_geographic: bool,
    /// Somewhere about its area no transformation is known, so each use has to be checked.
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

/// The facts about a system, found out once in the life of the program.
pub(super) fn facts(code: u32) -> Result<Facts, CrsError> {
    static KNOWN: Mutex<BTreeMap<u32, Facts>> = Mutex::new(BTreeMap::new());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(facts) = known().get(&code) {
        return Ok(*facts);
    }
    // Not under the lock: it takes up to half a second.
    let facts = with(code, |way| find_out(code, way))??;
    known().insert(code, facts);
    Ok(facts)
}

/// The position at coordinates in the system's own order; none when there is none.
pub(super) fn inverse(code: u32, facts: &Facts, own: (f64, f64)) -> Result<Option<(f64, f64)>, CrsError> {
    with(code, |way| finite(way.project(own, true)).filter(|_| !facts.has_gaps || way_is_known(way)))
}

/// The coordinates in the system's own order; none when there are none.
pub(super) fn forward(code: u32, facts: &Facts, at: LonLat) -> Result<Option<(f64, f64)>, CrsError> {
    // Whether a way is known was found out for the margin within which coordinates are taken in.
    let is_sure = !facts.has_gaps && facts.is_near_area(at, MARGIN_DEG);
    with(code, |way| finite(way.convert((at.lon(), at.lat()))).filter(|_| is_sure || way_is_known(way)))
}

/// PROJ calls it no error when it returns infinity.
fn finite(converted: Result<(f64, f64), proj::ProjError>) -> Option<(f64, f64)> {
    converted.ok().filter(|(a, b)| a.is_finite() && b.is_finite())
}

/// Whether the way that PROJ took last is a real one: a "ballpark" one leaves out the change of
/// datum, and a position would be a hundred metres off without a word.
fn way_is_known(way: &Proj) -> bool {
    !way.proj_info().description.is_some_and(|text| text.to_ascii_lowercase().contains("ballpark"))
}

/// A way from WGS84 (longitude first) to the system (own order).
struct Way(Option<Proj>);

/// PROJ cleans up what all threads share whenever something of it is made or dropped.
static MAKING: Mutex<()> = Mutex::new(());

impl Drop for Way {
    fn drop(&mut self) {
        let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        self.0 = None;
    }
}

/// Uses this thread's way to the system, and makes it first if need be.
fn with<T>(code: u32, use_it: impl FnOnce(&Proj) -> T) -> Result<T, CrsError> {
    thread_local! {
        /// The last used one in front.
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
    // For systems that lead nowhere, engineering ones for example, PROJ gives no reason, and its
    // binding panics where it wants to quote it.
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
    // An earth-centred system does well on the equator, by chance.
    if n_good < 3 || n_missed > n_good { Err(CrsError::NoTransformation { code }) } else { Ok(facts) }
}

/// Places all over the area of use and the margin around it, in degrees.
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
