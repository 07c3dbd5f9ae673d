//! Proves that published totals reveal no withheld number.
//!
//! The withheld cells of one measure (accidents, killed, injured) are unknowns, and each published total
//! fixes the sum of those in its line. The system is a network: an unknown is an arc from its district to its
//! month; a line without a published total has a slack arc to the node of all such lines; and the two such
//! nodes are joined unless the total of everything is published. A second solution of the system differs from
//! the true one by flows around cycles, and these may raise any unknown, but lower only one above its least
//! value. So a number has another possible value exactly if a cycle passes its arc (Gusfield, A graph
//! theoretic approach to statistical data security, SIAM J. Comput. 17(3), 1988). Cycles carry whole units,
//! so it does not help the observer to know that counts are whole.

/// The measures, and the least value of a withheld cell: it has an accident.
pub const LEAST: [u64; 3] = [1, 0, 0];

/// Which totals are published.
#[derive(Debug)]
pub struct Totals {
    /// Of each district, and of each month.
    pub lines: [Vec<bool>; 2],
    /// Of everything.
    pub all: bool,
}

/// The withheld cells of a table.
#[derive(Debug)]
pub struct Withheld {
    /// The number of districts and of months.
    pub size: [usize; 2],
    /// The position of the district and the month, and the true value of each measure.
    pub cells: Vec<([usize; 2], [u64; 3])>,
}

impl Withheld {
    /// Holds these cells.
    pub fn new(size: [usize; 2], cells: Vec<([usize; 2], [u64; 3])>) -> Self {
        Self { size, cells }
    }

    /// Returns the cells of which these totals reveal a number.
    pub fn revealed(&self, totals: &Totals) -> Vec<[usize; 2]> {
        let mut revealed = vec![false; self.cells.len()];
        for (measure, least) in LEAST.into_iter().enumerate() {
            let network = self.network(totals, measure, least);
            let parts = network.strong_parts();
            for (at, (cell, values)) in self.cells.iter().enumerate() {
                let [from, to] = self.ends(*cell);
                // The two arcs of one cell undo each other and are no cycle.
                let varies = if values[measure] > least {
                    network.leads(to, from, at) || network.leads(from, to, at)
                } else {
                    parts[from] == parts[to]
                };
                revealed[at] |= !varies;
            }
        }
        self.cells.iter().zip(revealed).filter(|(_, revealed)| *revealed).map(|((at, _), _)| *at).collect()
    }

    fn ends(&self, [district, month]: [usize; 2]) -> [usize; 2] {
        [district, self.size[0] + month]
    }

    fn network(&self, totals: &Totals, measure: usize, least: u64) -> Network {
        let [districts, months] = self.size;
        let slack = [districts + months, districts + months + 1];
        let mut network = Network { arcs: vec![Vec::new(); districts + months + 2] };
        for (at, (cell, values)) in self.cells.iter().enumerate() {
            let [from, to] = self.ends(*cell);
            network.arcs[from].push((to, Some(at)));
            if values[measure] > least {
                network.arcs[to].push((from, Some(at)));
            }
        }
        let of_months =
            totals.lines[1].iter().zip(districts..).map(|(published, at)| (published, at, slack[1]));
        let of_districts = totals.lines[0].iter().zip(0..).map(|(published, at)| (published, at, slack[0]));
        for (_, at, slack) in of_districts.chain(of_months).filter(|(published, ..)| !**published) {
            network.join(at, slack);
        }
        if !totals.all {
            network.join(slack[0], slack[1]);
        }
        network
    }
}

/// A directed graph. An arc may belong to a cell.
struct Network {
    arcs: Vec<Vec<(usize, Option<usize>)>>,
}

impl Network {
    fn join(&mut self, a: usize, b: usize) {
        self.arcs[a].push((b, None));
        self.arcs[b].push((a, None));
    }

    /// Returns `true` if a path leads from one node to another without the arcs of a cell.
    fn leads(&self, from: usize, to: usize, without: usize) -> bool {
        let (mut seen, mut next) = (vec![false; self.arcs.len()], vec![from]);
        seen[from] = true;
        while let Some(node) = next.pop() {
            if node == to {
                return true;
            }
            for (other, cell) in &self.arcs[node] {
                if *cell != Some(without) && !std::mem::replace(&mut seen[*other], true) {
                    next.push(*other);
                }
            }
        }
        false
    }

    /// Returns a number for each node; nodes that lead to each other have the same one. Kosaraju's algorithm.
    fn strong_parts(&self) -> Vec<usize> {
        let n = self.arcs.len();
        let (mut seen, mut finished) = (vec![false; n], Vec::with_capacity(n));
        for start in 0..n {
            // Pairs of a node and the next of its arcs.
            let mut path = if std::mem::replace(&mut seen[start], true) { vec![] } else { vec![(start, 0)] };
            while let Some((node, arc)) = path.last_mut() {
                if let Some((other, _)) = self.arcs[*node].get(*arc) {
                    *arc += 1;
                    if !std::mem::replace(&mut seen[*other], true) {
                        path.push((*other, 0));
                    }
                } else {
                    finished.push(*node);
                    path.pop();
                }
            }
        }
        let mut back = vec![Vec::new(); n];
        for (node, arcs) in self.arcs.iter().enumerate() {
            for (other, _) in arcs {
                back[*other].push(node);
            }
        }
        let mut parts = vec![usize::MAX; n];
        for start in finished.into_iter().rev() {
            let mut next = vec![start];
            while let Some(node) = next.pop() {
                if parts[node] == usize::MAX {
                    parts[node] = start;
                    next.extend(back[node].iter().filter(|other| parts[**other] == usize::MAX));
                }
            }
        }
        parts
    }
}
