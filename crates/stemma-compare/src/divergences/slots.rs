//! `name` and `place`: another bearer where the words around are the same, and misspellings of one name.

use stemma_core::{DivergenceKind, EntityKind, Mention, MentionForm, Span};

use super::{Finding, Pair, show};
use crate::entities::{sound, sounds_alike};

/// Below this share of common words two names need not stand in the same slot.
const MIN_SAMENESS: f64 = 0.5;

/// Finds names that stand where the other report has another.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Finding> {
    let mut findings = by_slot(pair);
    findings.extend(by_spelling(pair));
    findings.sort_by(|f, g| f.kind.cmp(&g.kind).then(g.score.total_cmp(&f.score)));
    findings.dedup_by_key(|f| f.kind);
    findings
}

/// Persons of one surname and two given names, each of them in one of the two reports alone, and two spellings of one name that
/// no system of transliteration explains.
fn by_spelling(pair: &Pair<'_>) -> Option<Finding> {
    let words = |n: usize, m: &Mention| -> Vec<String> {
        let name = any_ascii::any_ascii(pair.sides()[n].slice(m.span)).to_lowercase();
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
        words.map(str::to_owned).collect()
    };
    let is_written = |n: usize, name: &[String]| {
        let all = pair.sides()[n].document.layers().mentions.items().iter();
        let mut known = all.filter(|m| m.form == MentionForm::Named).map(|m| words(n, m));
        known.any(|other| name.iter().all(|word| other.contains(word)))
    };
    for x in named_persons(pair, 0) {
        for y in named_persons(pair, 1) {
            let (Some(p), Some(q)) = (bearer(pair, 0, x), bearer(pair, 1, y)) else { continue };
            let (a, b) = (words(0, x), words(1, y));
            let differing: Vec<(&String, &String)> = a.iter().zip(&b).filter(|(v, w)| v != w).collect();
            let [(v, w)] = differing[..] else { continue };
            let same_surname = a.last() == b.last() && a.len() > 1;
            let differ = sound(v) != sound(w);
            let other_person = p != q && same_surname && differ;
            let misspelled = p == q && differ && sounds_alike(v, w);
            if a.len() == b.len()
                && (other_person || misspelled)
                && !is_written(0, std::slice::from_ref(w))
                && !is_written(1, std::slice::from_ref(v))
            {
                return Some(finding(pair, DivergenceKind::Name, [x, y], 0.7));
            }
        }
    }
    None
}

fn named_persons<'a>(pair: &'a Pair<'a>, n: usize) -> impl Iterator<Item = &'a Mention> {
    pair.sides()[n].mentions().filter(|m| m.form == MentionForm::Named && m.kind == EntityKind::Person)
}

fn finding(pair: &Pair<'_>, kind: DivergenceKind, names: [&Mention; 2], score: f64) -> Finding {
    let [x, y] = names;
    Finding {
        kind,
        evidence: [vec![x.span], vec![y.span]],
        score,
        reason: format!("{} / {}", show(pair.a.slice(x.span)), show(pair.b.slice(y.span))),
    }
}

fn bearer(pair: &Pair<'_>, side: usize, mention: &Mention) -> Option<usize> {
    mention.entity.map(|e| pair.cast.entity(pair.sides()[side].report.index(), e))
}

/// How `p` and `q` may differ; `None` for one bearer under two names ("the Lam", "the Lam River").
fn kind_of(pair: &Pair<'_>, p: usize, q: usize) -> Option<DivergenceKind> {
    let words = |n: usize| {
        let name = pair.cast.entities[n].name.to_lowercase();
        name.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let (x, y) = (words(p), words(q));
    if x.iter().all(|word| y.contains(word)) || y.iter().all(|word| x.contains(word)) {
        return None;
    }
    match (pair.cast.entities[p].kind, pair.cast.entities[q].kind) {
        (EntityKind::Place | EntityKind::Facility, EntityKind::Place | EntityKind::Facility) => None,
        (a, b) if a == b => Some(DivergenceKind::Name),
        _ => None,
    }
}

fn by_slot(pair: &Pair<'_>) -> Vec<Finding> {
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
    let (p, q) = (bearer(pair, 0, x)?, bearer(pair, 1, y)?);
    let kind = kind_of(pair, p, q)?;
    if p == q || pair.is_named(1, p) || pair.is_named(0, q) {
        return None;
    }
    Some(finding(pair, kind, [x, y], 0.4 + 0.5 * pair.sameness()))
}
