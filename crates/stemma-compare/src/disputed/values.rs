//! Values: amounts of a story that are one number, however they are written.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::amounts::Occurrence;
use super::{MOST_PLACES, NEIGHBORS};

/// One number, and where it stands.
pub(super) struct Value {
    /// Indices of its occurrences; never empty. The first is exact, if one is.
    pub(super) occurrences: Vec<usize>,
    /// Those whose words around differ, at most [`MOST_PLACES`].
    pub(super) places: Vec<usize>,
    pub(super) reports: BTreeSet<usize>,
}

/// All values, ascending in each dimension. An approximate amount belongs to the nearest exact one that it may be.
pub(super) fn find_values(occurrences: &[Occurrence<'_>]) -> Vec<Value> {
    let order = |&n: &usize, &m: &usize| -> Ordering {
        let (x, y) = (&occurrences[n], &occurrences[m]);
        let by_number = x.amount.dimension().cmp(y.amount.dimension());
        by_number.then(x.amount.number().total_cmp(&y.amount.number()))
    };
    let number = |n: usize| occurrences[n].amount.number();
    let same = |n: usize, m: usize| occurrences[n].amount.is_same(occurrences[m].amount);
    let mut all: Vec<usize> = (0..occurrences.len()).collect();
    all.sort_by(order);
    let (exact, approximate): (Vec<usize>, Vec<usize>) =
        all.into_iter().partition(|&n| occurrences[n].amount.is_exact());
    let mut values = runs(&exact, same);
    let mut others = Vec::new();
    for n in approximate {
        let at = values.partition_point(|value| order(&value[0], &n).is_lt());
        let near = at.saturating_sub(NEIGHBORS)..(at + NEIGHBORS).min(values.len());
        let possible = near.filter(|&home| occurrences[values[home][0]].amount.may_be(occurrences[n].amount));
        let far = |home: usize| (number(values[home][0]) - number(n)).abs();
        match possible.min_by(|&p, &q| far(p).total_cmp(&far(q))) {
            Some(home) => values[home].push(n),
            None => others.push(n),
        }
    }
    values.extend(runs(&others, same));
    values.sort_by(|p, q| order(&p[0], &q[0]));
    values.into_iter().map(|members| value(members, occurrences)).collect()
}

/// Parts a list at the places where a number is no longer the first one of its part.
fn runs(sorted: &[usize], same: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for &n in sorted {
        match runs.last_mut() {
            Some(run) if same(run[0], n) => run.push(n),
            _ => runs.push(vec![n]),
        }
    }
    runs
}

fn value(members: Vec<usize>, occurrences: &[Occurrence<'_>]) -> Value {
    let reports = members.iter().map(|&n| occurrences[n].report).collect();
    // In an order that does not depend on that of the reports.
    let mut places = members.clone();
    places.sort_by(|&n, &m| occurrences[n].words.cmp(&occurrences[m].words));
    places.dedup_by(|n, m| {
        occurrences[*n].words == occurrences[*m].words && occurrences[*n].counted == occurrences[*m].counted
    });
    places.truncate(MOST_PLACES);
    Value { occurrences: members, places, reports }
}
