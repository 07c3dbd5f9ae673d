//! Sets of mostly consecutive numbers.

use std::collections::HashMap;

/// Numbers in a block.
const BLOCK: i64 = 1 << 16;

/// A set of numbers as a bitmap, in blocks that are allocated on demand.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    blocks: HashMap<i64, Vec<u64>>,
    n: u64,
}

impl Marks {
    /// Adds a number; returns `true` if it is new.
    pub(crate) fn add(&mut self, number: i64) -> bool {
        let (block, word, bit) = place(number);
        let words = self.blocks.entry(block).or_insert_with(|| vec![0; BLOCK as usize / 64]);
        let is_new = words[word] & bit == 0;
        words[word] |= bit;
        self.n += u64::from(is_new);
        is_new
    }

    pub(crate) fn has(&self, number: i64) -> bool {
        let (block, word, bit) = place(number);
        self.blocks.get(&block).is_some_and(|words| words[word] & bit != 0)
    }

    /// Returns the number of elements.
    pub(crate) fn len(&self) -> u64 {
        self.n
    }
}

fn place(number: i64) -> (i64, usize, u64) {
    let within = number.rem_euclid(BLOCK) as usize;
    (number.div_euclid(BLOCK), within / 64, 1 << (within % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_set_once_they_were_added() {
        let mut marks = Marks::default();
        let numbers = [0, 1, 63, 64, BLOCK - 1, BLOCK, -1, -BLOCK, i64::MIN, i64::MAX];
        for number in numbers {
            assert!(!marks.has(number), "{number}");
            assert!(marks.add(number), "{number}");
            assert!(!marks.add(number), "{number}");
        }
        assert!(numbers.iter().all(|number| marks.has(*number)));
        assert!(!marks.has(2) && !marks.has(-2));
        assert_eq!(marks.len(), numbers.len() as u64);
    }
}
