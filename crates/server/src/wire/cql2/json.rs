//! CQL2 as JSON (OGC 21-065r2, annex C).

use serde_json::{Map, Value};

use super::{
    MAX_DEPTH,
    expression::{Expression, Function, comparison, exactly},
};

use crate::wire::shown::shown;

type Read<T> = Result<T, String>;

/// Reads a filter.
///
/// # Errors
/// Where the text violates the schema, or which part is not supported.
pub fn parse(text: &str) -> Read<Expression> {
    let value: Value = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    expression(value, 0)
}

fn wrong(reason: &str) -> String {
    format!("is not valid CQL2 JSON: {reason}")
}

fn expression(value: Value, depth: usize) -> Read<Expression> {
    if depth > MAX_DEPTH {
        return Err(format!("has more than {MAX_DEPTH} nested operations or brackets"));
    }
    match value {
        Value::Bool(value) => Ok(Expression::Bool(value)),
        Value::Number(number) => {
            number.as_f64().map(Expression::Number).ok_or_else(|| wrong("a number is too large"))
        }
        Value::String(text) => Ok(Expression::Text(text)),
        Value::Null => Err("NULL cannot be compared: use isNull".to_owned()),
        Value::Array(_) => Err("a list is allowed only after IN".to_owned()),
        Value::Object(object) => members(object, depth),
    }
}

/// Reads an object; its member determines what it is.
fn members(mut object: Map<String, Value>, depth: usize) -> Read<Expression> {
    if object.contains_key("type") {
        return Ok(Expression::Geometry(Value::Object(object)));
    }
    if let Some(op) = object.remove("op") {
        let args = object.remove("args");
        nothing_else(&object)?;
        let (Value::String(op), Some(Value::Array(args))) = (op, args) else {
            return Err(wrong("an operation needs \"op\", a text, and \"args\", a list"));
        };
        return operation(&op, args, depth);
    }
    let mut members = object.into_iter();
    let (Some((name, value)), rest) = (members.next(), members.collect::<Map<_, _>>()) else {
        return Err(wrong("an object is empty"));
    };
    nothing_else(&rest)?;
    match (name.as_str(), value) {
        ("property", Value::String(name)) => Ok(Expression::Property(name)),
        ("date", Value::String(day)) => Ok(Expression::Date(day)),
        ("timestamp", Value::String(instant)) => Ok(Expression::Timestamp(instant)),
        ("interval", Value::Array(ends)) => {
            Ok(Expression::Interval(exactly("INTERVAL", each(ends, depth)?)?))
        }
        ("bbox", Value::Array(numbers)) => {
            let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_f64).collect();
            numbers.map(Expression::Box).ok_or_else(|| wrong("\"bbox\" must contain only numbers"))
        }
        ("property" | "date" | "timestamp", _) => Err(wrong(&format!("{name:?} needs a text"))),
        ("interval" | "bbox", _) => Err(wrong(&format!("{name:?} needs a list"))),
        (other, _) => Err(wrong(&format!("{:?} is not a member of an expression", shown(other)))),
    }
}

fn nothing_else(object: &Map<String, Value>) -> Read<()> {
    match object.keys().next() {
        None => Ok(()),
        Some(name) => Err(wrong(&format!("{:?} does not belong here", shown(name)))),
    }
}

fn operation(op: &str, args: Vec<Value>, depth: usize) -> Read<Expression> {
    if op == "in" {
        let args: [Value; 2] =
            args.try_into().map_err(|args: Vec<_>| format!("in needs 2 operands, not {}", args.len()))?;
        let [value, Value::Array(list)] = args else {
            return Err("IN needs a list of values".to_owned());
        };
        return Ok(Expression::In(expression(value, depth + 1)?.into(), each(list, depth)?));
    }
    // Check the function before its arguments, whose types may be unsupported too.
    let function = match op {
        "and" | "or" | "not" | "like" | "between" | "isNull" => None,
        op if comparison(op).is_some() => None,
        op => Some(Function::named(op)?),
    };
    let args = each(args, depth)?;
    Ok(match (op, function, comparison(op)) {
        (_, Some(function), _) => function.of(op, args)?,
        (_, _, Some(is)) => Expression::Compare(is, exactly(op, args)?),
        ("and" | "or", ..) if args.is_empty() => return Err(format!("{op} needs an operand")),
        ("and", ..) => Expression::All(args),
        ("or", ..) => Expression::Any(args),
        ("like", ..) => Expression::Like(exactly(op, args)?),
        ("between", ..) => Expression::Between(exactly(op, args)?),
        ("not", ..) => {
            let [part] = *exactly(op, args)?;
            Expression::Not(part.into())
        }
        _ => {
            let [value] = *exactly(op, args)?;
            Expression::Missing(value.into())
        }
    })
}

fn each(values: Vec<Value>, depth: usize) -> Read<Vec<Expression>> {
    values.into_iter().map(|value| expression(value, depth + 1)).collect()
}
