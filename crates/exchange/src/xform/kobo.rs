//! Reads submissions forwarded by `KoBoToolbox` as JSON: an object of answers by the paths of their
//! questions.
//!
//! Source: `kobotoolbox/kpi`, `kobo/apps/hook/services/service_json.py`, and the JSON of its data API. Names
//! that begin with `_` are added by `KoBoToolbox`; pictures are named, but stay there.

use serde_json::{Map, Value};

use super::{Answers, Form, Submission, broken, instance_id, submission};
use crate::{error::ReadError, xml::Element};

/// The maximum nesting of groups and repeats.
const MOST_DEPTH: usize = 32;

/// Reads a submission; its problems refer to row 1.
///
/// # Errors
/// Returns an error if it is not JSON, too deep, or not a submission with an `instanceID`.
pub fn read_kobo(json: &[u8]) -> Result<Submission, ReadError> {
    let sent: Map<String, Value> =
        serde_json::from_slice(json).map_err(|error| broken(&format!("it is not a JSON object: {error}")))?;
    let text = |name: &str| sent.get(name).and_then(Value::as_str);
    let id = match (text("meta/instanceID"), text("_uuid")) {
        (Some(given), _) => instance_id(given)?,
        (None, Some(uuid)) => instance_id(&format!("uuid:{uuid}"))?,
        (None, None) => return Err(broken("it has no meta/instanceID and no _uuid")),
    };
    let mut root = element("", &sent, 0)?;
    root.attributes.extend(text("_xform_id_string").map(|form| ("id".to_owned(), form.to_owned())));
    let form = Form::of(&root);
    let answers = Answers::of(&form, &root)?;
    submission(&form, id, text("meta/deprecatedID"), None, answers)
}

/// Converts an object back to the element of the original submission.
fn element(name: &str, object: &Map<String, Value>, depth: usize) -> Result<Element, ReadError> {
    if depth > MOST_DEPTH {
        return Err(broken(&format!("it has more than {MOST_DEPTH} nested repeats")));
    }
    let leaf = |name: &str, text: String| Element { name: name.to_owned(), text, ..Element::default() };
    let mut children = Vec::with_capacity(object.len());
    for (path, value) in object {
        let is_added = path.starts_with('_') || path.starts_with("meta/") || path.starts_with("formhub/");
        let name = path.rsplit('/').next().unwrap_or_default();
        match value {
            _ if is_added => {}
            Value::String(text) => children.push(leaf(name, text.clone())),
            Value::Number(number) => children.push(leaf(name, number.to_string())),
            Value::Bool(is) => children.push(leaf(name, is.to_string())),
            Value::Object(group) => children.push(element(name, group, depth + 1)?),
            Value::Array(repeats) => {
                for repeat in repeats.iter().filter_map(Value::as_object) {
                    children.push(element(name, repeat, depth + 1)?);
                }
            }
            Value::Null => {}
        }
    }
    Ok(Element { name: name.to_owned(), children, ..Element::default() })
}
