//! The names of operators and their numbers. A name keeps its number; number 0 is no operator.

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
    /// How many numbers are given: all below this.
    pub fn len(&self) -> u32 {
        self.names.len() as u32
    }

    /// The number of a name, if it has one.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The number of a name, given now if it has none yet.
    pub fn number_or_new(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        if let Some(number) = self.number(name) {
            return number;
        }
        // Names are few and come seldom, so copying what readers hold costs nothing that counts.
        let (name, number): (Arc<str>, _) = (name.into(), self.len());
        Arc::make_mut(&mut self.names).push(Arc::clone(&name));
        Arc::make_mut(&mut self.numbers).insert(name, number);
        number
    }

    /// The name with this number; nothing for 0.
    pub fn name(&self, number: u32) -> Option<Arc<str>> {
        self.names.get(number as usize).filter(|_| number != 0).cloned()
    }

    /// All names with their numbers, without the empty one.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Arc<str>)> {
        (0..).zip(self.names.iter()).skip(1)
    }
}
