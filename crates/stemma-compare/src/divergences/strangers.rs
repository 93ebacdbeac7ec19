//! Cells that tell of another thing than the rest of their row.
//!
//! A report of another trial shares the words of all trials. Where another person, at another place, is told another figure
//! or time, the two reports do not disagree: they speak of two things.

use std::collections::BTreeSet;

use stemma_core::{Divergence, DivergenceKind};

/// Takes from `found` what differs because one cell tells of another thing.
pub(super) fn drop_strangers(found: &mut Vec<Divergence>) {
    let pairs: BTreeSet<[usize; 2]> = found.iter().map(|d| d.cells).collect();
    let has =
        |cells: [usize; 2], kind: DivergenceKind| found.iter().any(|d| d.cells == cells && d.kind == kind);
    let two_things = |cells: &&[usize; 2]| {
        has(**cells, DivergenceKind::Name)
            && has(**cells, DivergenceKind::Place)
            && (has(**cells, DivergenceKind::Figure) || has(**cells, DivergenceKind::Time))
    };
    let apart: Vec<[usize; 2]> = pairs.iter().filter(two_things).copied().collect();
    // Of the two the stranger is the one that agrees with nobody else; in doubt both are.
    let meets = |cell: usize| apart.iter().filter(|pair| pair.contains(&cell)).count();
    let strangers: BTreeSet<usize> = apart
        .iter()
        .flat_map(|&[x, y]| match meets(x).cmp(&meets(y)) {
            std::cmp::Ordering::Greater => vec![x],
            std::cmp::Ordering::Less => vec![y],
            std::cmp::Ordering::Equal => vec![x, y],
        })
        .collect();
    found.retain(|d| !(d.cells.iter().any(|cell| strangers.contains(cell)) && is_of_things(d.kind)));
}

fn is_of_things(kind: DivergenceKind) -> bool {
    matches!(
        kind,
        DivergenceKind::Name | DivergenceKind::Place | DivergenceKind::Figure | DivergenceKind::Time
    )
}
