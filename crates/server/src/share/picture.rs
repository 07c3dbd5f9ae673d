//! The picture of a shared view, as SVG: figures on the left, the districts on the right.

use std::fmt::Write;

use geo::Polygon;
use geometry::Bounds;
use maud::{Markup, PreEscaped, html};

use super::{
    facts::{District, Facts, Figures, period},
    state::Shared,
};
use crate::wire::lang::Lang;

/// The width and height in pixels: what the sites that show previews ask for.
pub const SIZE: (u32, u32) = (1200, 630);

/// The part of the picture with the map: left, top, width and height.
const MAP: (f64, f64, f64, f64) = (620.0, 56.0, 540.0, 424.0);

/// The room around the chosen region, as a part of its size.
const MARGIN: f64 = 0.12;

// The colours of the page's map, `web/src/map/palette.ts`: a test compares them.
const PAPER: &str = "#ffffff";
const INK: &str = "#1b1f24";
const QUIET: &str = "#6b7580";
const LINE: &str = "#9aa6b1";
const NO_DATA: &str = "#f5f6f6";
const HATCH: &str = "#c9cdd2";
const AROUND: &str = "#f2f3f2";
const DETECTED: &str = "#d55e00";
const NEUTRALISED: &str = "#0072b2";
const STEPS: [&str; 5] = ["#eef3f7", "#c3d7e6", "#8ab3d1", "#4886b3", "#0b4f7d"];

/// Draws a view. `host` is the address of this server as readers know it.
pub fn draw(facts: &Facts<'_>, shared: &Shared, host: &str) -> String {
    let (width, height) = SIZE;
    let lang = shared.lang;
    let credit = format!("{host} · {}", lang.boundaries());
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } font-family="Inter" fill=(INK) {
            defs {
                pattern id="none" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="8" height="8" fill=(NO_DATA) {}
                    rect width="2" height="8" fill=(HATCH) {}
                }
                clipPath id="map" { rect x=(MAP.0) y=(MAP.1) width=(MAP.2) height=(MAP.3) rx="12" {} }
            }
            rect width=(width) height=(height) fill=(PAPER) {}
            (map(facts, lang))
            (legend(lang))
            text x="56" y="84" font-size="24" font-weight="700" { "Clearline" }
            text x="186" y="84" font-size="24" fill=(QUIET) { (lang.subject()) }
            (name(facts.name))
            (figures(facts, shared))
            @if facts.is_made_up {
                rect x="56" y="478" width="508" height="40" rx="8" fill="#fff3cd" {}
                text x="72" y="505" font-size="21" font-weight="700" fill="#5c4300" { (lang.demonstration()) }
            }
            text x="56" y="566" font-size="19" { (lang.notice()) }
            text x="56" y="598" font-size="17" fill=(QUIET) {
                @if let Some(day) = facts.latest { (lang.data_to(day)) " · " }
                (credit)
            }
        }
    }
    .into_string()
}

/// The name of the region, in letters that leave the map free.
fn name(name: &str) -> Markup {
    // Inter Bold is about 0.6 em wide.
    let fitting = 530.0 / (0.6 * name.chars().count().max(1) as f64);
    html! { text x="56" y="176" font-size=(fitting.clamp(28.0, 60.0).floor()) font-weight="700" { (name) } }
}

fn figures(facts: &Facts<'_>, shared: &Shared) -> Markup {
    let lang = shared.lang;
    let row = |y: u32, colour: &str, n: u64, label: &str| {
        html! {
            rect x="56" y=(y - 22) width="14" height="26" rx="3" fill=(colour) {}
            text x="84" y=(y) font-size="30" font-weight="700" {
                (lang.number(n))
                tspan dx="10" font-size="21" font-weight="400" fill=(QUIET) { (label) }
            }
        }
    };
    match facts.figures {
        Figures::Standing { share: None, .. } => {
            html! { text x="56" y="270" font-size="40" font-weight="700" fill=(QUIET) { (lang.no_records()) } }
        }
        Figures::Standing { neutralised, detected, share: Some(share) } => {
            let whole = 508.0;
            let blue = whole * share;
            html! {
                text x="56" y="272" font-size="76" font-weight="700" { (lang.percent(share)) }
                text x="56" y="308" font-size="21" fill=(QUIET) { (lang.of_recorded()) }
                rect x="56" y="328" width=(whole) height="14" rx="4" fill=(DETECTED) {}
                rect x="56" y="328" width=(blue) height="14" rx="4" fill=(NEUTRALISED) {}
                (row(392, NEUTRALISED, neutralised, lang.neutralised()))
                (row(438, DETECTED, detected, lang.detected()))
            }
        }
        Figures::Events { found, neutralised } => html! {
            text x="56" y="250" font-size="30" font-weight="700" { (period(shared)) }
            (row(322, NEUTRALISED, neutralised, lang.neutralised_in()))
            (row(376, DETECTED, found, lang.found()))
        },
    }
}

/// What the colours of the map mean.
fn legend(lang: Lang) -> Markup {
    let (left, y) = (MAP.0, MAP.1 + MAP.3 + 16.0);
    html! {
        @for (at, colour) in STEPS.iter().enumerate() {
            rect x=(left + at as f64 * 40.0) y=(y) width="40" height="12" fill=(colour) stroke=(LINE) stroke-width="0.5" {}
        }
        rect x=(left + 230.0) y=(y) width="40" height="12" fill="url(#none)" stroke=(LINE) stroke-width="0.5" {}
        text x=(left) y=(y + 32.0) font-size="16" fill=(QUIET) { (lang.scale()) ": 0–100 %" }
        text x=(left + 280.0) y=(y + 12.0) font-size="16" fill=(QUIET) { (lang.no_data()) }
    }
}

fn map(facts: &Facts<'_>, lang: Lang) -> Markup {
    let all = facts.districts.iter().filter_map(|district| district.info.bounds);
    let bounds =
        facts.region.and_then(|info| info.bounds).or_else(|| all.reduce(|one, other| one.union(&other)));
    let Some(bounds) = bounds else { return html! {} };
    let onto = Projection::of(bounds);
    let path = |district: &District<'_>| onto.path(district.info.region.boundary.iter());
    html! {
        g clip-path="url(#map)" {
            rect x=(MAP.0) y=(MAP.1) width=(MAP.2) height=(MAP.3) fill=(AROUND) {}
            @for district in &facts.districts {
                @let fill = district.share.map_or("url(#none)", colour);
                path d=(PreEscaped(path(district))) fill=(fill) stroke=(LINE) stroke-width="0.7" {}
            }
            @if let Some(info) = facts.region {
                path d=(PreEscaped(onto.path(info.region.boundary.iter()))) fill="none" stroke=(INK) stroke-width="2.4" stroke-linejoin="round" {}
            }
        }
        rect x=(MAP.0) y=(MAP.1) width=(MAP.2) height=(MAP.3) rx="12" fill="none" stroke=(HATCH) {}
        g font-size="16" text-anchor="middle" stroke-width="4" stroke-linejoin="round" paint-order="stroke" {
            @for district in &facts.districts { (label(district, &onto, lang)) }
        }
    }
}

/// The name of a district, where it fits into the district and the map.
fn label(district: &District<'_>, onto: &Projection, lang: Lang) -> Markup {
    let region = &district.info.region;
    let name = region.names.get(lang.word());
    // Inter at 16 pixels is about 9 wide.
    let width = 9.0 * name.chars().count() as f64;
    let (x, y) = onto.at(region.label.lon(), region.label.lat());
    let is_inside = x - width / 2.0 > MAP.0
        && x + width / 2.0 < MAP.0 + MAP.2
        && y > MAP.1 + 20.0
        && y < MAP.1 + MAP.3 - 8.0;
    let is_wide = district.info.bounds.is_some_and(|bounds| {
        let [west, _, east, _] = bounds.to_array();
        (mercator(east, 0.0).0 - mercator(west, 0.0).0) * onto.scale > width * 1.4
    });
    if !(is_inside && is_wide) {
        return html! {};
    }
    let (ink, halo) = match district.share {
        Some(share) if share >= 0.6 => (PAPER, colour(share)),
        Some(share) => (INK, colour(share)),
        None => (INK, NO_DATA),
    };
    html! { text x=(format!("{x:.1}")) y=(format!("{y:.1}")) fill=(ink) stroke=(halo) { (name) } }
}

/// Returns the colour of a share: five steps of a fifth each, as on the page.
fn colour(share: f64) -> &'static str {
    let step = [0.2, 0.4, 0.6, 0.8].iter().filter(|from| share >= **from).count();
    STEPS[step]
}

/// Web Mercator, so that a box of degrees fits the map.
struct Projection {
    scale: f64,
    middle: (f64, f64),
}

impl Projection {
    fn of(bounds: Bounds) -> Self {
        let [west, south, east, north] = bounds.to_array();
        let (left, bottom) = mercator(west, south);
        let (right, top) = mercator(east, north);
        let fits = |room: f64, size: f64| room / (size * (1.0 + 2.0 * MARGIN)).max(1e-6);
        let scale = fits(MAP.2, right - left).min(fits(MAP.3, top - bottom));
        Self { scale, middle: (f64::midpoint(left, right), f64::midpoint(bottom, top)) }
    }

    fn at(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (x, y) = mercator(lon, lat);
        let x = MAP.0 + MAP.2 / 2.0 + (x - self.middle.0) * self.scale;
        (x, MAP.1 + MAP.3 / 2.0 - (y - self.middle.1) * self.scale)
    }

    /// Writes polygons as the data of a path.
    fn path<'p>(&self, polygons: impl Iterator<Item = &'p Polygon<f64>>) -> String {
        let mut data = String::new();
        for polygon in polygons {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for (nth, corner) in ring.coords().enumerate() {
                    let (x, y) = self.at(corner.x, corner.y);
                    // Writing to a `String` cannot fail.
                    let _ = write!(data, "{}{x:.1} {y:.1}", if nth == 0 { 'M' } else { 'L' });
                }
                data.push('Z');
            }
        }
        data
    }
}

/// Returns a position on the sphere's Mercator projection, in radians: x east, y north.
fn mercator(lon: f64, lat: f64) -> (f64, f64) {
    let half = lat.clamp(-85.06, 85.06).to_radians() / 2.0;
    (lon.to_radians(), (std::f64::consts::FRAC_PI_4 + half).tan().ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_page() {
        let palette = include_str!("../../../../web/src/map/palette.ts");
        let (light, _) = palette.split_once("const dark").unwrap();
        for colour in
            [PAPER, INK, QUIET, LINE, NO_DATA, HATCH, AROUND, DETECTED, NEUTRALISED].iter().chain(&STEPS)
        {
            assert!(light.contains(&format!("\"{colour}\"")), "{colour}");
        }
    }

    #[test]
    fn a_share_has_the_step_of_the_page() {
        let of = [0.0, 0.199, 0.2, 0.5, 0.8, 1.0].map(colour);
        assert_eq!(of, [STEPS[0], STEPS[0], STEPS[1], STEPS[2], STEPS[4], STEPS[4]]);
    }
}
