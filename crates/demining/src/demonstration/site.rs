//! Sites along a district's lines: belts, single items, strikes and traps.

use rand::Rng;

use super::{
    course::Course,
    ground::{Ground, Line, Metres},
    item::{Count, Find, Stock},
};
use crate::{Detection, Kind};

/// The layout of the items of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows of mines, a few metres apart.
    Belt,
    /// Scattered single items.
    Singles,
    /// The patch of submunitions that a cluster munition leaves.
    Strike,
    /// A few booby traps close together.
    Traps,
}

/// The items to lay at a site: neutralised ones first, then open ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub(super) form: Form,
    pub(super) dealt: u32,
    pub(super) open: u32,
}

/// The number of items or records laid, counted as ordered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Laid {
    pub(super) dealt: u32,
    pub(super) open: u32,
}

/// The position of a district's next site: along the current line, or on a new line when that is full.
#[derive(Debug)]
pub(super) struct Track {
    ground: Ground,
    line: Line,
    along_m: f64,
    n_sites: u32,
}

impl Track {
    pub(super) fn new(ground: Ground, line: Line) -> Self {
        Self { ground, line, along_m: 0.0, n_sites: 0 }
    }

    /// Lays a site and appends its records to `out`. Where the boundary cuts the site, it holds fewer than
    /// ordered.
    pub(super) fn lay(
        &mut self,
        order: Order,
        count: Count,
        course: &Course,
        rng: &mut impl Rng,
        out: &mut Vec<Detection>,
    ) -> Laid {
        self.n_sites += 1;
        let size = order.dealt + order.open;
        let kind = match order.form {
            Form::Belt if rng.random_bool(0.62) => Kind::ApMine,
            Form::Belt => Kind::AvMine,
            // The published figures count mines, so a neutralised single item is a mine.
            Form::Singles if count == Count::Items && order.open == 0 => Kind::ApMine,
            Form::Singles => Kind::Uxo,
            Form::Strike => Kind::Submunition,
            Form::Traps => Kind::BoobyTrap,
        };
        let pattern = Pattern::new(order.form, kind, size, rng);
        self.advance(pattern.length_m, count, rng);

        let a_day = rng.random_range(3..=12);
        let begin = course.begin(size / a_day + 1, rng);
        let number = self.n_sites;
        let short = self.ground.id.trim_start_matches("AZ-");
        let stock = Stock::new(kind, count, format!("DEMO-{short}-{number:03}"), rng);

        let mut laid = Laid { dealt: 0, open: 0 };
        // The boundary may cut off some places, so try up to four times as many as ordered.
        for n in 0..size * 4 {
            let left = (order.dealt - laid.dealt, order.open - laid.open);
            let (dealt, most) = match left {
                (0, 0) => break,
                (0, open) => (false, open),
                (dealt, _) => (true, dealt),
            };
            let [along, across] = pattern.place(n, rng);
            let place = self.line.place(self.along_m + along, across);
            let Some(location) = self.ground.position(place) else { continue };
            let detected_on = course.day(begin + (laid.dealt + laid.open) / a_day);
            let find = Find {
                location,
                detected_on,
                neutralised_on: dealt.then(|| course.disposal(detected_on, rng)),
                most: if count == Count::Items { most } else { u32::MAX },
            };
            let detection = stock.record(&find, rng);
            let counted = if count == Count::Items { detection.quantity } else { 1 };
            if dealt {
                laid.dealt += counted;
            } else {
                laid.open += counted;
            }
            out.push(detection);
        }
        self.along_m += pattern.length_m;
        laid
    }

    /// Advances to a free stretch of `length_m`, on a new line if this one is full.
    fn advance(&mut self, length_m: f64, count: Count, rng: &mut impl Rng) {
        // Spread out the few sites of the published totals, because a district has many lines; a scaled set
        // fills each line before the next.
        let (gap_m, leave, part) = match count {
            Count::Items => (150.0..1_100.0, 0.08, 0.3),
            Count::Records => (40.0..400.0, 0.0, 0.1),
        };
        self.along_m += rng.random_range(gap_m);
        if self.along_m + length_m > self.line.length_m() || rng.random_bool(leave) {
            if let Some(line) = self.ground.line(rng) {
                self.line = line;
            }
            // A site longer than its line begins at the start of the line.
            let room = (self.line.length_m() - length_m).max(1.0);
            self.along_m = rng.random_range(0.0..room * part);
        }
    }
}

/// The positions of a site's items, metres along and across its line.
struct Pattern {
    form: Form,
    rows: u32,
    step_m: f64,
    row_m: f64,
    length_m: f64,
    /// How far the middle of a belt bulges from its line: most belts are arcs.
    bulge_m: f64,
    /// The distance of the middle of the site from the line, to the left.
    aside_m: f64,
}

impl Pattern {
    fn new(form: Form, kind: Kind, size: u32, rng: &mut impl Rng) -> Self {
        let (rows, step_m, row_m) = match (form, kind) {
            (Form::Belt, Kind::ApMine) => (rng.random_range(2..=3), rng.random_range(4.5..9.0), 6.0),
            (Form::Belt, _) => (rng.random_range(1..=3), rng.random_range(6.0..10.0), 11.0),
            (Form::Singles, _) => (1, rng.random_range(60.0..160.0), 260.0),
            (Form::Strike, _) => (1, rng.random_range(4.0..10.0), 90.0),
            (Form::Traps, _) => (1, rng.random_range(8.0..20.0), 30.0),
        };
        let length_m = f64::from(size.div_ceil(rows)) * step_m;
        let aside_m = if form == Form::Belt { rng.random_range(-20.0..20.0) } else { 0.0 };
        let bulge_m = length_m * rng.random_range(-0.16..0.16);
        Self { form, rows, step_m, row_m, length_m, bulge_m, aside_m }
    }

    /// Returns the position with number `n`. Rows are filled side by side, as a team works along a belt.
    fn place(&self, n: u32, rng: &mut impl Rng) -> Metres {
        let (column, row) = (f64::from(n / self.rows), f64::from(n % self.rows));
        let mut shift = |most: f64| rng.random_range(-most..most);
        if self.form == Form::Belt {
            // Stagger the rows; hand-laid mines are off by up to half a metre.
            let along = (column + row * 0.5 % 1.0) * self.step_m + shift(0.5);
            let part = along / self.length_m.max(1.0);
            let arc = self.bulge_m * 4.0 * part * (1.0 - part);
            [along, self.aside_m + arc + row * self.row_m + shift(0.6)]
        } else {
            // The mean of two draws favours the middle.
            let along = column * self.step_m + shift(self.step_m);
            [along, f64::midpoint(shift(self.row_m), shift(self.row_m))]
        }
    }
}
