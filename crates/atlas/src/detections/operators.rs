//! The names of operators and their numbers. A name keeps its number; number 0 means no operator.

use std::{collections::HashMap, sync::Arc};

/// Names of operators by number. A clone is a snapshot.
#[derive(Clone, Debug)]
pub struct Operators {
    names: Arc<Vec<Arc<str>>>,
    numbers: Arc<HashMap<Arc<str>, u32>>,
}

impl Default for Operators {
    fn default() -> Self {
        let none: Arc<str> = "".into();
        Self { names: Arc::new(vec![Arc::clone(&none)]), numbers: Arc::new(HashMap::from([(none, 0)])) }
    }
}

impl Operators {
    /// Returns how many numbers are assigned: all below this one.
    pub fn len(&self) -> u32 {
        self.names.len() as u32
    }

    /// Returns the number of a name, if it has one.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// Returns the number of a name, assigning one if it is new.
    pub fn number_or_new(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.number(name) {
            return number;
        }
        // New names are few and rare, so the cost of copying shared tables is negligible.
        let (name, number): (Arc<str>, _) = (name.into(), self.len());
        Arc::make_mut(&mut self.names).push(Arc::clone(&name));
        Arc::make_mut(&mut self.numbers).insert(name, number);
        number
    }

    /// Returns the name with this number; `None` for 0.
    pub fn name(&self, number: u32) -> Option<Arc<str>> {
        self.names.get(number as usize).filter(|_| number != 0).cloned()
    }

    /// Returns all names with their numbers, without the empty one.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Arc<str>)> {
        (0..).zip(self.names.iter()).skip(1)
    }
}
