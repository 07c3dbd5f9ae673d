//! The answers of a submission: the leaves of the document, whatever groups contain them. `location` is a
//! geopoint, `photo` the name of a picture that is sent with it; everything else means the same as in a
//! table.

use std::collections::HashMap;

use super::{broken, form::Form};
use crate::{error::ReadError, xml::Element};

/// The maximum number of answers of one form, of one find in it, or of one row of a repeated group.
const MOST_ANSWERS: usize = 256;

/// The answers of a form, or of one find in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    /// Answers other than places and pictures, by the names of the questions.
    pub said: Vec<(String, String)>,
    /// The names of pictures.
    pub photos: Vec<String>,
    /// The position, as a geopoint.
    pub location: Option<String>,
    /// Whether the position was set on a map.
    pub is_on_map: bool,
    /// The point from which the bearing was taken, as a geopoint.
    pub start: Option<String>,
    /// The answers for each of several finds, in a repeat.
    pub finds: Vec<Answers>,
    /// The answers for each row of a repeated group, such as a victim.
    pub rows: Vec<Vec<(String, String)>>,
}

impl Answers {
    /// Returns the answers of a submission.
    ///
    /// # Errors
    /// Returns an error if there are too many.
    pub fn of(form: &Form, root: &Element) -> Result<Self, ReadError> {
        let mut answers = Self::default();
        answers.gather(form, root, 0)?;
        Ok(answers)
    }

    /// Returns the answer to a question.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.said.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }

    /// Removes and returns the answer to a question.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let nth = self.said.iter().position(|(own, _)| own == name)?;
        Some(self.said.remove(nth).1)
    }

    /// Returns whether they are about a record of their own: they answer what every record answers.
    pub fn is_find(&self, form: &Form) -> bool {
        self.get(form.class).is_some()
    }

    /// Returns the number of finds and the total size of their answers, bytes; each find also has `shared`
    /// bytes.
    pub fn size(&self, form: &Form, shared: usize) -> (usize, usize) {
        let said = self.said.iter().chain(self.rows.iter().flatten());
        let own: usize = said.map(|(name, text)| name.len() + text.len()).sum();
        let photos: usize = self.photos.iter().map(String::len).sum();
        let bytes = shared + own + photos;
        let itself = if self.is_find(form) || self.finds.is_empty() { (1, bytes) } else { (0, 0) };
        self.finds
            .iter()
            .map(|find| find.size(form, bytes))
            .fold(itself, |(n, all), (more, of_more)| (n + more, all.saturating_add(of_more)))
    }

    /// Returns the pictures of the form and of every find in it.
    pub fn all_photos(&self) -> Vec<String> {
        let of_finds = self.finds.iter().flat_map(Self::all_photos);
        self.photos.iter().cloned().chain(of_finds).collect()
    }

    fn gather(&mut self, form: &Form, parent: &Element, depth: usize) -> Result<(), ReadError> {
        let n_alike = n_alike(parent);
        for child in &parent.children {
            if depth == 0 && child.name == "meta" {
                continue;
            }
            let text = child.text.trim();
            if child.children.is_empty() {
                if !form.is_steering(&child.name, text) {
                    self.add(&child.name, text)?;
                }
            } else if form.is_row(&child.name) {
                let mut row = Vec::new();
                gather_row(child, &mut row)?;
                // A row that was added by mistake and left blank is none.
                if !row.is_empty() {
                    self.rows.push(row);
                }
            } else if n_alike.get(child.name.as_str()).is_some_and(|n| *n > 1) && asks_for(form.class, child)
            {
                // An item of a repeat that asks for what every record answers.
                let mut find = Self::default();
                find.gather(form, child, depth + 1)?;
                // An item that was added by mistake and left blank is not a find.
                if !find.is_blank() {
                    self.finds.push(find);
                }
            } else {
                self.gather(form, child, depth + 1)?;
            }
        }
        Ok(())
    }

    /// Adds an answer. Several answers to one question, in a repeat other than that of finds, are joined with
    /// semicolons. A blank is not an answer.
    fn add(&mut self, name: &str, text: &str) -> Result<(), ReadError> {
        if text.is_empty() {
            return Ok(());
        }
        let text = text.to_owned();
        match name {
            "location" | "location_on_map" if self.location.is_none() => {
                self.location = Some(text);
                self.is_on_map = name == "location_on_map";
            }
            "start_location" if self.start.is_none() => self.start = Some(text),
            "photo" | "photos" => self.photos.push(text),
            _ => join(&mut self.said, name, text),
        }
        check_number(self.said.len() + self.photos.len())
    }

    fn is_blank(&self) -> bool {
        self.said.is_empty()
            && self.photos.is_empty()
            && self.location.is_none()
            && self.start.is_none()
            && self.finds.is_empty()
            && self.rows.is_empty()
    }
}

/// Adds an answer to others, as [`Answers::add`] does.
fn join(said: &mut Vec<(String, String)>, name: &str, text: String) {
    match said.iter_mut().find(|(own, _)| own == name) {
        Some((_, said)) => {
            said.push(';');
            said.push_str(&text);
        }
        None => said.push((name.to_owned(), text)),
    }
}

fn check_number(n_answers: usize) -> Result<(), ReadError> {
    if n_answers > MOST_ANSWERS {
        return Err(broken(&format!("it has more than {MOST_ANSWERS} answers")));
    }
    Ok(())
}

/// Adds the answers in a row of a repeated group. All of them are of the row, whatever their names.
fn gather_row(parent: &Element, row: &mut Vec<(String, String)>) -> Result<(), ReadError> {
    for child in &parent.children {
        let text = child.text.trim();
        if !child.children.is_empty() {
            gather_row(child, row)?;
        } else if !text.is_empty() {
            join(row, &child.name, text.to_owned());
        }
    }
    check_number(row.len())
}

/// Returns how many child elements have each name.
fn n_alike(parent: &Element) -> HashMap<&str, usize> {
    let mut n_alike = HashMap::new();
    for child in parent.children.iter().filter(|child| !child.children.is_empty()) {
        *n_alike.entry(child.name.as_str()).or_default() += 1;
    }
    n_alike
}

fn asks_for(question: &str, element: &Element) -> bool {
    element.children.iter().any(|child| {
        if child.children.is_empty() { child.name == question } else { asks_for(question, child) }
    })
}
