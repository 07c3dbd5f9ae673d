//! Converts the syntax tree of a filter to a condition on the features of one collection, checking names and
//! types.

use std::sync::Arc;

use atlas::{
    Comparison, Condition, Field, Folding, Moment, Number, Pattern, Properties, Spatial, TextTest, Time,
};
use geometry::Shape;

use super::{MAX_POSITIONS, MAX_SEARCHES, MAX_TERMS, expression::Expression, shape};

use crate::wire::{shown::shown, systems::System, time};

type Read<T> = Result<T, String>;

/// The properties that a filter can use.
pub trait Vocabulary {
    /// The property types.
    type Of: Properties;

    /// Returns the properties with their names.
    fn fields(&self) -> Vec<(&'static str, Field<Self::Of>)>;
}

/// The state of converting a filter, with counts for its limits.
pub struct Reading<P: Properties> {
    fields: Vec<(&'static str, Field<P>)>,
    system: System,
    n_terms: usize,
    n_positions: usize,
    n_searches: usize,
}

/// One side of an operator.
#[derive(Clone)]
enum Operand<P: Properties> {
    Text(P::Text, Folding),
    Number(Number<P>),
    Moment(Moment<P>),
    Interval([Moment<P>; 2]),
    /// A literal text, which may be a day or an instant.
    Given(String),
    Bool(bool),
    Geometry,
    Shape(Arc<Shape>),
}

impl<P: Properties> Reading<P> {
    /// Creates the state for a filter whose geometries are in a system.
    pub fn new(vocabulary: &impl Vocabulary<Of = P>, system: System) -> Self {
        let fields = vocabulary.fields();
        Self { fields, system, n_terms: 0, n_positions: 0, n_searches: 0 }
    }

    /// Converts an expression to a condition.
    ///
    /// # Errors
    /// The part that does not fit the collection, or the exceeded limit.
    pub fn condition(&mut self, expression: &Expression) -> Read<Condition<P>> {
        self.count()?;
        match expression {
            Expression::Bool(value) => Ok(Condition::always(*value)),
            Expression::All(parts) => Ok(Condition::All(self.conditions(parts)?)),
            Expression::Any(parts) => Ok(Condition::Any(self.conditions(parts)?)),
            Expression::Not(part) => Ok(self.condition(part)?.not()),
            Expression::Compare(is, pair) => {
                let [left, right] = self.pair(pair)?;
                self.compare(left, *is, right)
            }
            Expression::Between(operands) => {
                let [value, low, high] = &**operands;
                let [value, low, high] = [self.operand(value)?, self.operand(low)?, self.operand(high)?];
                let low = self.compare(value.clone(), Comparison::AtLeast, low)?;
                Ok(Condition::All(vec![low, self.compare(value, Comparison::AtMost, high)?]))
            }
            Expression::In(value, list) => {
                let value = self.operand(value)?;
                let equals = list.iter().map(|one| {
                    let one = self.operand(one)?;
                    self.compare(value.clone(), Comparison::Equal, one)
                });
                Ok(Condition::Any(equals.collect::<Read<_>>()?))
            }
            Expression::Like(pair) => self.like(pair),
            Expression::Missing(value) => self.missing(value),
            Expression::Spatial(spatial, pair) => {
                let pair = self.pair(pair)?;
                self.place(*spatial, pair)
            }
            Expression::Temporal(relation, pair) => {
                let [a, b] = self.pair(pair)?;
                Ok(relation.of(self.interval(a)?, self.interval(b)?))
            }
            value => {
                let value = self.operand(value)?;
                Err(format!("{} is neither true nor false: a comparison is needed", self.what(&value)))
            }
        }
    }

    fn conditions(&mut self, parts: &[Expression]) -> Read<Vec<Condition<P>>> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    /// Counts a term.
    fn count(&mut self) -> Read<()> {
        self.n_terms += 1;
        if self.n_terms > MAX_TERMS {
            return Err(format!("has more than {MAX_TERMS} operations, properties and values"));
        }
        Ok(())
    }

    /// Counts a text search.
    fn search(&mut self) -> Read<()> {
        self.n_searches += 1;
        if self.n_searches > MAX_SEARCHES {
            return Err(format!("has more than {MAX_SEARCHES} tests with LIKE, CASEI or ACCENTI"));
        }
        Ok(())
    }

    fn pair(&mut self, [left, right]: &[Expression; 2]) -> Read<[Operand<P>; 2]> {
        Ok([self.operand(left)?, self.operand(right)?])
    }

    fn operand(&mut self, expression: &Expression) -> Read<Operand<P>> {
        self.count()?;
        match expression {
            Expression::Property(name) => Ok(match self.named(name)? {
                Field::Text(field) => Operand::Text(field, Folding::default()),
                Field::Number(field) => Operand::Number(Number::Field(field)),
                Field::Time(field) => Operand::Moment(Moment::Field(field)),
                Field::Geometry => Operand::Geometry,
            }),
            Expression::Number(value) => Ok(Operand::Number(Number::Value(*value))),
            Expression::Text(text) => Ok(Operand::Given(text.clone())),
            Expression::Bool(value) => Ok(Operand::Bool(*value)),
            Expression::Date(text) => Ok(Operand::Moment(Moment::At(Time::Day(time::day(text)?)))),
            Expression::Timestamp(text) => {
                Ok(Operand::Moment(Moment::At(Time::Instant(time::instant(text)?))))
            }
            Expression::Interval(ends) => {
                let [from, to] = self.pair(ends)?;
                Ok(Operand::Interval([self.end(from, Time::Lowest)?, self.end(to, Time::Highest)?]))
            }
            Expression::Folded(folding, text) => match self.operand(text)? {
                Operand::Text(field, other) => Ok(Operand::Text(field, folding.and(other))),
                Operand::Given(text) => Ok(Operand::Given(folding.of(&text).into_owned())),
                other => Err(format!("CASEI and ACCENTI apply to texts, not to {}", self.what(&other))),
            },
            Expression::Geometry(geometry) => {
                let (shape, n_positions) = shape::read(geometry, self.system)?;
                self.n_positions += n_positions;
                if self.n_positions > MAX_POSITIONS {
                    return Err(format!("has more than {MAX_POSITIONS} positions"));
                }
                Ok(Operand::Shape(Arc::new(shape)))
            }
            Expression::Box(corners) => {
                let corners: Vec<String> = corners.iter().map(f64::to_string).collect();
                Ok(Operand::Shape(Arc::new(shape::boxes(&corners.join(","), self.system)?)))
            }
            _ => Err("a condition cannot be compared".to_owned()),
        }
    }

    fn named(&self, name: &str) -> Read<Field<P>> {
        let known = self.fields.iter().find(|(known, _)| *known == name);
        known.map(|(_, field)| *field).ok_or_else(|| {
            let known: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
            format!("unknown property {:?}; known properties: {}", shown(name), known.join(", "))
        })
    }

    fn compare(&mut self, left: Operand<P>, is: Comparison, right: Operand<P>) -> Read<Condition<P>> {
        match (left, right) {
            (Operand::Text(field, folding), Operand::Given(value)) => {
                if folding != Folding::default() {
                    self.search()?;
                }
                Ok(Condition::Text { field, folding, test: TextTest::Compare(is, value) })
            }
            (Operand::Number(left), Operand::Number(right)) => Ok(Condition::Number(left, is, right)),
            (Operand::Moment(left), Operand::Moment(right)) => Ok(Condition::Time(left, is, right)),
            // A day in quotes, as in drafts of the standard.
            (Operand::Moment(left), Operand::Given(text)) => {
                Ok(Condition::Time(left, is, Moment::At(time::time(&text)?)))
            }
            (Operand::Given(left), Operand::Given(right)) => {
                Ok(Condition::always(TextTest::Compare(is, right).passes(&left)))
            }
            (Operand::Bool(left), Operand::Bool(right)) if is == Comparison::Equal => {
                Ok(Condition::always(left == right))
            }
            (Operand::Bool(left), Operand::Bool(right)) if is == Comparison::NotEqual => {
                Ok(Condition::always(left != right))
            }
            (left @ Operand::Given(_), right @ (Operand::Text(..) | Operand::Moment(_))) => {
                self.compare(right, is.mirrored(), left)
            }
            (left, right) => {
                Err(format!("{} cannot be compared with {}", self.what(&left), self.what(&right)))
            }
        }
    }

    fn like(&mut self, pair: &[Expression; 2]) -> Read<Condition<P>> {
        match self.pair(pair)? {
            [Operand::Text(field, folding), Operand::Given(pattern)] => {
                self.search()?;
                Ok(Condition::Text { field, folding, test: TextTest::Like(Pattern::new(&pattern)) })
            }
            [Operand::Given(text), Operand::Given(pattern)] => {
                Ok(Condition::always(Pattern::new(&pattern).fits(&text)))
            }
            [Operand::Text(..) | Operand::Given(_), other] => {
                Err(format!("LIKE needs a pattern in quotes, not {}", self.what(&other)))
            }
            [other, _] => Err(format!("LIKE applies to a text, not to {}", self.what(&other))),
        }
    }

    fn missing(&mut self, value: &Expression) -> Read<Condition<P>> {
        Ok(match self.operand(value)? {
            Operand::Text(field, _) => Condition::Missing(Field::Text(field)),
            Operand::Number(Number::Field(field)) => Condition::Missing(Field::Number(field)),
            Operand::Moment(Moment::Field(field)) => Condition::Missing(Field::Time(field)),
            Operand::Geometry => Condition::Missing(Field::Geometry),
            // Literals are never missing.
            Operand::Number(Number::Value(_))
            | Operand::Moment(Moment::At(_))
            | Operand::Interval(_)
            | Operand::Given(_)
            | Operand::Bool(_)
            | Operand::Shape(_) => Condition::always(false),
        })
    }

    fn place(&self, spatial: Spatial, pair: [Operand<P>; 2]) -> Read<Condition<P>> {
        match pair {
            [Operand::Geometry, Operand::Shape(shape)] => Ok(Condition::Place(spatial, shape)),
            [Operand::Shape(shape), Operand::Geometry] => Ok(Condition::Place(spatial.mirrored(), shape)),
            [Operand::Shape(a), Operand::Shape(b)] => {
                Ok(Condition::always(spatial.holds(&b.matrix(&a.geometry()))))
            }
            [a, b] => Err(format!(
                "a spatial function applies to the property geometry and a geometry, not to {} and {}",
                self.what(&a),
                self.what(&b)
            )),
        }
    }

    /// Converts the operand of a temporal function: a moment is an interval that ends where it begins.
    fn interval(&self, operand: Operand<P>) -> Read<[Moment<P>; 2]> {
        match operand {
            Operand::Interval(ends) => Ok(ends),
            Operand::Moment(moment) => Ok([moment, moment]),
            Operand::Given(text) => time::time(&text).map(|time| [Moment::At(time); 2]),
            other => Err(format!(
                "a temporal function applies to dates and intervals, not to {}",
                self.what(&other)
            )),
        }
    }

    /// Converts an end of an interval; `open` is the value of `..` there.
    fn end(&self, operand: Operand<P>, open: Time) -> Read<Moment<P>> {
        match operand {
            Operand::Moment(moment) => Ok(moment),
            Operand::Given(text) if text == ".." => Ok(Moment::At(open)),
            Operand::Given(text) => time::time(&text).map(Moment::At),
            other => Err(format!("INTERVAL needs dates, not {}", self.what(&other))),
        }
    }

    /// Describes the operand in words.
    fn what(&self, operand: &Operand<P>) -> String {
        let name = |field: Field<P>| {
            self.fields.iter().find(|(_, known)| *known == field).map_or("", |(name, _)| *name)
        };
        match operand {
            Operand::Text(field, _) => format!("the text {}", name(Field::Text(*field))),
            Operand::Number(Number::Field(field)) => format!("the number {}", name(Field::Number(*field))),
            Operand::Moment(Moment::Field(field)) => format!("the date {}", name(Field::Time(*field))),
            Operand::Number(Number::Value(value)) => format!("the number {value}"),
            Operand::Moment(Moment::At(_)) => "a date".to_owned(),
            Operand::Interval(_) => "an interval".to_owned(),
            Operand::Given(text) => format!("the text '{}'", shown(text)),
            Operand::Bool(value) => value.to_string(),
            Operand::Geometry => "geometry".to_owned(),
            Operand::Shape(_) => "a geometry".to_owned(),
        }
    }
}

/// Creates the condition that a property equals a value given as text.
///
/// # Errors
/// When the value does not fit the property's type.
pub fn equals<P: Properties>(field: Field<P>, value: &str) -> Read<Condition<P>> {
    let is = Comparison::Equal;
    match field {
        Field::Text(field) => {
            let test = TextTest::Compare(is, value.to_owned());
            Ok(Condition::Text { field, folding: Folding::default(), test })
        }
        Field::Number(field) => {
            let number =
                value.parse().ok().filter(|number: &f64| number.is_finite()).ok_or("is not a number")?;
            Ok(Condition::Number(Number::Field(field), is, Number::Value(number)))
        }
        Field::Time(field) => Ok(Condition::Time(Moment::Field(field), is, Moment::At(time::time(value)?))),
        Field::Geometry => Err("can be queried only with bbox or in a filter".to_owned()),
    }
}
