//! From the terms of the language to those of the atlas, with every type checked.

use std::sync::Arc;

use atlas::{
    Comparison, Condition, Field, Folding, Ground, Moment, Number, Pattern, Scope, Spatial, TextField,
    TextTest, Time, TimeRelation,
};
use cql2::Expr;
use demining::{Disposal, Fix, Kind, PUBLIC_FIELDS, Review, SourceReliability, Status};
use geometry::Shape;
use jiff::{Timestamp, civil::Date};

use super::{MAX_DEPTH, MAX_POSITIONS, MAX_SEARCHES, MAX_TERMS, shape};
use crate::ogc::systems::System;

type Read<T> = Result<T, String>;

/// A filter that is being read, and how much of it there was so far.
pub struct Reading<'a> {
    ground: &'a Ground,
    scope: Scope,
    system: System,
    depth: usize,
    n_terms: usize,
    n_positions: usize,
    n_searches: usize,
}

/// What stands on one side of an operator.
#[derive(Clone)]
enum Operand {
    Text(TextField, Folding),
    Number(Number),
    Moment(Moment),
    Interval([Moment; 2]),
    /// A text that is given; it may be a day or an instant.
    Given(String),
    Bool(bool),
    Geometry,
    Shape(Arc<Shape>),
}

impl Operand {
    fn what(&self) -> String {
        match self {
            Self::Text(field, _) => format!("the text {}", Field::Text(*field).name()),
            Self::Number(Number::Field(field)) => format!("the number {}", Field::Number(*field).name()),
            Self::Moment(Moment::Field(field)) => format!("the date {}", Field::Time(*field).name()),
            Self::Number(Number::Value(value)) => format!("the number {value}"),
            Self::Moment(Moment::At(_)) => "a date".to_owned(),
            Self::Interval(_) => "an interval".to_owned(),
            Self::Given(text) => format!("the text '{}'", text.chars().take(40).collect::<String>()),
            Self::Bool(value) => value.to_string(),
            Self::Geometry => "geometry".to_owned(),
            Self::Shape(_) => "a geometry".to_owned(),
        }
    }
}

impl<'a> Reading<'a> {
    /// Nothing read yet of a filter whose geometries are given in a system, and which can name what the
    /// scope shows.
    pub fn new(ground: &'a Ground, scope: Scope, system: System) -> Self {
        Self { ground, scope, system, depth: 0, n_terms: 0, n_positions: 0, n_searches: 0 }
    }

    /// What the expression says of a record.
    ///
    /// # Errors
    /// What in it does not fit a record, by name, or which limit is passed.
    pub fn condition(&mut self, expression: &Expr) -> Read<Condition> {
        self.within(|reading| reading.condition_here(expression))
    }

    /// One term further in.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        (self.depth, self.n_terms) = (self.depth + 1, self.n_terms + 1);
        if self.depth > MAX_DEPTH {
            return Err(format!("has more than {MAX_DEPTH} operations within each other"));
        }
        if self.n_terms > MAX_TERMS {
            return Err(format!("has more than {MAX_TERMS} operations, properties and values"));
        }
        let done = read(self)?;
        self.depth -= 1;
        Ok(done)
    }

    fn condition_here(&mut self, expression: &Expr) -> Read<Condition> {
        let (op, args) = match expression {
            Expr::Bool(so) => return Ok(Condition::always(*so)),
            Expr::Operation { op, args } => (op.as_str(), args.as_slice()),
            other => {
                let what = self.operand(other)?.what();
                return Err(format!("{what} is neither true nor false: a comparison is needed"));
            }
        };
        if let Some(is) = comparison(op) {
            let [left, right] = self.operands(op, args)?;
            return self.compare(left, is, right);
        }
        if let Some(spatial) = spatial(op) {
            let pair = self.operands(op, args)?;
            return place(op, spatial, pair);
        }
        if let Some(relation) = relation(op) {
            let [a, b] = self.operands(op, args)?;
            return Ok(relation.of(interval(op, a)?, interval(op, b)?));
        }
        match (op, args) {
            ("and", parts) => Ok(Condition::All(self.conditions(parts)?)),
            ("or", parts) => Ok(Condition::Any(self.conditions(parts)?)),
            ("not", [part]) => Ok(self.condition(part)?.not()),
            ("isNull", [part]) => match part.as_ref() {
                Expr::Property { property } => Ok(Condition::Missing(named(property, self.scope)?)),
                _ => Err("IS NULL is asked of a property".to_owned()),
            },
            ("between", [value, low, high]) => {
                let [value, low, high] = [self.operand(value)?, self.operand(low)?, self.operand(high)?];
                let low = self.compare(value.clone(), Comparison::AtLeast, low)?;
                Ok(Condition::All(vec![low, self.compare(value, Comparison::AtMost, high)?]))
            }
            ("in", [value, list]) => {
                let Expr::Array(list) = list.as_ref() else {
                    return Err("IN needs a list of values in brackets".to_owned());
                };
                let value = self.operand(value)?;
                let mut any = Vec::with_capacity(list.len());
                for one in list {
                    let one = self.operand(one)?;
                    any.push(self.compare(value.clone(), Comparison::Equal, one)?);
                }
                Ok(Condition::Any(any))
            }
            ("like", [text, pattern]) => match self.operand(text)? {
                Operand::Text(field, folding) => match self.operand(pattern)? {
                    Operand::Given(pattern) => {
                        self.searches()?;
                        let test = TextTest::Like(Pattern::new(&pattern));
                        Ok(Condition::Text { field, folding, test })
                    }
                    other => Err(format!("LIKE needs a pattern in quotes, not {}", other.what())),
                },
                other => Err(format!("LIKE is asked of a text, not of {}", other.what())),
            },
            ("not" | "isNull" | "between" | "in" | "like", _) => {
                Err(format!("{op} has {} operands, which is not their number", args.len()))
            }
            ("+" | "-" | "*" | "/" | "%" | "^" | "div", _) => {
                Err(format!("arithmetic ({op}) is not supported"))
            }
            (op, _) => Err(format!(
                "{:?} is no function or operator known here",
                op.chars().take(40).collect::<String>()
            )),
        }
    }

    fn conditions(&mut self, parts: &[Box<Expr>]) -> Read<Vec<Condition>> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn operands(&mut self, op: &str, args: &[Box<Expr>]) -> Read<[Operand; 2]> {
        match args {
            [left, right] => Ok([self.operand(left)?, self.operand(right)?]),
            _ => Err(format!("{op} has {} operands; it needs 2", args.len())),
        }
    }

    fn operand(&mut self, expression: &Expr) -> Read<Operand> {
        self.within(|reading| reading.operand_here(expression))
    }

    fn operand_here(&mut self, expression: &Expr) -> Read<Operand> {
        match expression {
            Expr::Property { property } => Ok(match named(property, self.scope)? {
                Field::Text(field) => Operand::Text(field, Folding::default()),
                Field::Number(field) => Operand::Number(Number::Field(field)),
                Field::Time(field) => Operand::Moment(Moment::Field(field)),
                Field::Geometry => Operand::Geometry,
            }),
            Expr::Float(value) if value.is_finite() => Ok(Operand::Number(Number::Value(*value))),
            Expr::Float(_) => Err("holds a number that is too large".to_owned()),
            Expr::Literal(text) => Ok(Operand::Given(text.clone())),
            Expr::Bool(value) => Ok(Operand::Bool(*value)),
            Expr::Date { date } => match self.operand(date)? {
                Operand::Given(text) => Ok(Operand::Moment(Moment::At(Time::Day(day(&text)?)))),
                other => Err(format!("DATE needs a day in quotes, not {}", other.what())),
            },
            Expr::Timestamp { timestamp } => match self.operand(timestamp)? {
                Operand::Given(text) => Ok(Operand::Moment(Moment::At(Time::Instant(instant(&text)?)))),
                other => Err(format!("TIMESTAMP needs an instant in quotes, not {}", other.what())),
            },
            Expr::Interval { interval } => match interval.as_slice() {
                [from, to] => {
                    let (from, to) = (self.operand(from)?, self.operand(to)?);
                    Ok(Operand::Interval([end(from, Time::Lowest)?, end(to, Time::Highest)?]))
                }
                ends => Err(format!("INTERVAL has {} ends; it needs 2", ends.len())),
            },
            Expr::BBox { bbox } => {
                let numbers = bbox.iter().map(|number| match number.as_ref() {
                    Expr::Float(number) => Ok(number.to_string()),
                    _ => Err("BBOX needs four numbers: west, south, east, north".to_owned()),
                });
                let text = numbers.collect::<Read<Vec<_>>>()?.join(",");
                let boxes = shape::boxes(&text, self.system)?;
                Ok(Operand::Shape(Arc::new(boxes)))
            }
            Expr::Geometry(geometry) => {
                let (shape, n_positions) = shape::read(geometry, self.system)?;
                self.n_positions += n_positions;
                if self.n_positions > MAX_POSITIONS {
                    return Err(format!("has more than {MAX_POSITIONS} positions"));
                }
                Ok(Operand::Shape(Arc::new(shape)))
            }
            Expr::Operation { op, args } => match (op.as_str(), args.as_slice()) {
                ("casei", [text]) => self.folded(text, Folding { case: true, accents: false }),
                ("accenti", [text]) => self.folded(text, Folding { case: false, accents: true }),
                ("+" | "-" | "*" | "/" | "%" | "^" | "div", _) => {
                    Err(format!("arithmetic ({op}) is not supported"))
                }
                (op, _) => Err(format!(
                    "{:?} gives no value that can be compared",
                    op.chars().take(40).collect::<String>()
                )),
            },
            Expr::Array(_) => Err("a list stands only behind IN".to_owned()),
            Expr::Null => Err("NULL is compared to nothing: ask IS NULL".to_owned()),
        }
    }

    fn compare(&mut self, left: Operand, is: Comparison, right: Operand) -> Read<Condition> {
        match (left, right) {
            (Operand::Text(field, folding), Operand::Given(value)) => {
                if folding == Folding::default() && matches!(is, Comparison::Equal | Comparison::NotEqual) {
                    known(self.ground, field, &value)?;
                }
                if folding != Folding::default() {
                    self.searches()?;
                }
                Ok(Condition::Text { field, folding, test: TextTest::Compare(is, value) })
            }
            (Operand::Number(left), Operand::Number(right)) => Ok(Condition::Number(left, is, right)),
            (Operand::Moment(left), Operand::Moment(right)) => Ok(Condition::Time(left, is, right)),
            // A day in quotes, as drafts of the standard had it.
            (Operand::Moment(left), Operand::Given(text)) => {
                Ok(Condition::Time(left, is, Moment::At(time(&text)?)))
            }
            (Operand::Given(left), Operand::Given(right)) => {
                Ok(Condition::always(TextTest::Compare(is, right).passes(&left)))
            }
            (Operand::Bool(left), Operand::Bool(right)) if matches!(is, Comparison::Equal) => {
                Ok(Condition::always(left == right))
            }
            (left @ Operand::Given(_), right @ (Operand::Text(..) | Operand::Moment(_))) => {
                self.compare(right, is.mirrored(), left)
            }
            (left, right) => Err(format!("{} cannot be compared with {}", left.what(), right.what())),
        }
    }

    /// One more search of a text.
    fn searches(&mut self) -> Read<()> {
        self.n_searches += 1;
        if self.n_searches > MAX_SEARCHES {
            return Err(format!("has more than {MAX_SEARCHES} tests with LIKE, CASEI or ACCENTI"));
        }
        Ok(())
    }

    fn folded(&mut self, text: &Expr, folding: Folding) -> Read<Operand> {
        match self.operand(text)? {
            Operand::Text(field, other) => Ok(Operand::Text(field, folding.and(other))),
            Operand::Given(text) => Ok(Operand::Given(folding.of(&text).into_owned())),
            other => Err(format!("CASEI and ACCENTI are asked of texts, not of {}", other.what())),
        }
    }
}

fn named(property: &str, scope: Scope) -> Read<Field> {
    let is_shown = |name: &str| scope == Scope::Full || PUBLIC_FIELDS.contains(&name);
    Field::named(property).filter(|_| is_shown(property)).ok_or_else(|| {
        let known: Vec<&str> =
            Field::ALL.iter().map(|(name, _)| *name).filter(|name| is_shown(name)).collect();
        let shown: String = property.chars().take(40).collect();
        format!("there is no property {shown:?}; there are {}", known.join(", "))
    })
}

fn comparison(op: &str) -> Option<Comparison> {
    Some(match op {
        "=" => Comparison::Equal,
        "<>" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::Greater,
        ">=" => Comparison::AtLeast,
        _ => return None,
    })
}

fn spatial(op: &str) -> Option<Spatial> {
    Some(match op {
        "s_intersects" => Spatial::Intersects,
        "s_disjoint" => Spatial::Disjoint,
        "s_within" => Spatial::Within,
        "s_touches" => Spatial::Touches,
        "s_equals" => Spatial::Equals,
        "s_contains" => Spatial::Contains,
        "s_crosses" => Spatial::Crosses,
        "s_overlaps" => Spatial::Overlaps,
        _ => return None,
    })
}

fn relation(op: &str) -> Option<TimeRelation> {
    Some(match op {
        "t_after" => TimeRelation::After,
        "t_before" => TimeRelation::Before,
        "t_contains" => TimeRelation::Contains,
        "t_disjoint" => TimeRelation::Disjoint,
        "t_during" => TimeRelation::During,
        "t_equals" => TimeRelation::Equals,
        "t_finishedBy" => TimeRelation::FinishedBy,
        "t_finishes" => TimeRelation::Finishes,
        "t_intersects" => TimeRelation::Intersects,
        "t_meets" => TimeRelation::Meets,
        "t_metBy" => TimeRelation::MetBy,
        "t_overlappedBy" => TimeRelation::OverlappedBy,
        "t_overlaps" => TimeRelation::Overlaps,
        "t_startedBy" => TimeRelation::StartedBy,
        "t_starts" => TimeRelation::Starts,
        _ => return None,
    })
}

/// Whether the property can have the value at all: a slip of the pen must not look like an answer.
fn known(ground: &Ground, field: TextField, value: &str) -> Read<()> {
    fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|one| word(*one)).collect()
    }
    let words = match field {
        TextField::Kind => words(Kind::ALL, Kind::word),
        TextField::Status => words(Status::ALL, Status::word),
        TextField::Fix => words(Fix::ALL, Fix::word),
        TextField::Disposal => words(Disposal::ALL, Disposal::word),
        TextField::SourceReliability => words(SourceReliability::ALL, SourceReliability::word),
        TextField::Review => words(Review::ALL, Review::word),
        TextField::Region => {
            let info = ground.region(value);
            let is_district = info.is_some_and(|info| info.region.level == demining::Level::District);
            return if is_district {
                Ok(())
            } else {
                Err(format!(
                    "region is never {:?}: it is the id of a district",
                    value.chars().take(40).collect::<String>()
                ))
            };
        }
        _ => return Ok(()),
    };
    if words.contains(&value) {
        return Ok(());
    }
    let (name, shown) = (Field::Text(field).name(), value.chars().take(40).collect::<String>());
    Err(format!("{name} is never {shown:?}: it is one of {}", words.join(", ")))
}

fn place(op: &str, spatial: Spatial, pair: [Operand; 2]) -> Read<Condition> {
    match pair {
        [Operand::Geometry, Operand::Shape(shape)] => Ok(Condition::Place(spatial, shape)),
        [Operand::Shape(shape), Operand::Geometry] => Ok(Condition::Place(spatial.mirrored(), shape)),
        [a, b] => Err(format!(
            "{op} is asked of the property geometry and a geometry, not of {} and {}",
            a.what(),
            b.what()
        )),
    }
}

/// The operand of a temporal function: a moment is an interval that ends where it begins.
fn interval(op: &str, operand: Operand) -> Read<[Moment; 2]> {
    match operand {
        Operand::Interval(ends) => Ok(ends),
        Operand::Moment(moment) => Ok([moment, moment]),
        Operand::Given(text) => time(&text).map(|time| [Moment::At(time); 2]),
        other => Err(format!("{op} is asked of dates and intervals, not of {}", other.what())),
    }
}

/// An end of an interval; `open` is what `..` stands for there.
fn end(operand: Operand, open: Time) -> Read<Moment> {
    match operand {
        Operand::Moment(moment) => Ok(moment),
        Operand::Given(text) if text == ".." => Ok(Moment::At(open)),
        Operand::Given(text) => time(&text).map(Moment::At),
        other => Err(format!("INTERVAL needs dates, not {}", other.what())),
    }
}

fn time(text: &str) -> Read<Time> {
    if text.len() == "2023-03-14".len() { day(text).map(Time::Day) } else { instant(text).map(Time::Instant) }
}

fn day(text: &str) -> Read<Date> {
    let is_day = text.len() == "2023-03-14".len();
    let wrong = || format!("'{}' is no day, YYYY-MM-DD", text.chars().take(40).collect::<String>());
    text.parse().ok().filter(|_| is_day).ok_or_else(wrong)
}

fn instant(text: &str) -> Read<Timestamp> {
    let wrong = || {
        let shown: String = text.chars().take(40).collect();
        format!("'{shown}' is neither a day, YYYY-MM-DD, nor an RFC 3339 instant")
    };
    text.parse().map_err(|_| wrong())
}
