//! `name` and `place`: another bearer where the words around are the same, and misspellings of one name.

use stemma_core::{DivergenceKind, EntityKind, Mention, MentionForm, Span};

use super::{Finding, Pair, show};

/// Below this share of common words two names need not stand in the same slot.
const MIN_SAMENESS: f64 = 0.5;

/// Finds names that stand where the other report has another.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if pair.sameness() < MIN_SAMENESS {
        return findings;
    }
    for piece in pair.diff.iter().filter(|p| !p.same && p.n_words[0] > 0 && p.n_words[1] > 0) {
        let slots = [pair.place(0, piece.a), pair.place(1, piece.b)];
        if let Some(finding) = other_bearer(pair, slots) {
            findings.push(finding);
        }
    }
    findings.dedup_by_key(|f| f.kind);
    findings
}

fn named<'a>(pair: &'a Pair<'_>, side: usize, slot: Span) -> Vec<&'a Mention> {
    let all = pair.sides()[side].document.layers().mentions.items().iter();
    all.filter(|m| m.form == MentionForm::Named && slot.touches(m.span)).collect()
}

fn other_bearer(pair: &Pair<'_>, slots: [Span; 2]) -> Option<Finding> {
    let [Some(x), Some(y)] = [0, 1].map(|n| named(pair, n, slots[n]).first().copied()) else { return None };
    let bearer =
        |n: usize, m: &Mention| m.entity.map(|e| pair.cast.entity(pair.sides()[n].report.index(), e));
    let (p, q) = (bearer(0, x)?, bearer(1, y)?);
    let (kind_p, kind_q) = (pair.cast.entities[p].kind, pair.cast.entities[q].kind);
    let kind = match (kind_p, kind_q) {
        (EntityKind::Place | EntityKind::Facility, EntityKind::Place | EntityKind::Facility) => {
            DivergenceKind::Place
        }
        (a, b) if a == b => DivergenceKind::Name,
        _ => return None,
    };
    if p == q || stands_in_both(pair, p, q) {
        return None;
    }
    Some(Finding {
        kind,
        evidence: [vec![x.span], vec![y.span]],
        score: 0.4 + 0.5 * pair.sameness(),
        reason: format!("{} / {}", show(pair.a.slice(x.span)), show(pair.b.slice(y.span))),
    })
}

/// One of the two bearers is named in both cells: the names stand in another order, none was changed.
fn stands_in_both(pair: &Pair<'_>, p: usize, q: usize) -> bool {
    let holds = |n: usize, bearer: usize| {
        pair.sides()[n]
            .mentions()
            .filter_map(|m| m.entity)
            .any(|e| pair.cast.entity(pair.sides()[n].report.index(), e) == bearer)
    };
    holds(1, p) || holds(0, q)
}
