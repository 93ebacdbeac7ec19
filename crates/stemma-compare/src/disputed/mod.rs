//! Quantities of which reports give different numbers: "24 Tajik citizens" in three of them, "27 Tajiks" in a fourth.
//!
//! Where two numbers are of one thing, nobody gives both: the reports that have the one have not the other. Two numbers of
//! which that holds, that are near each other or the same digits in another order, that count the same kind of thing, and
//! that stand among the same words, are taken for one quantity; so are two times that are near each other. In the
//! [terms](crate::terms) each of its numbers is followed by a term that stands for all of them, so that statements that differ
//! in it lie side by side. [`crate::divergences`] then says how they differ.
//! Time: log-linear in the numbers, and for each value the [`NEIGHBORS`] next ones.

mod amounts;
mod values;

use std::collections::BTreeSet;
use std::ops::Range;

use stemma_core::Story;

use crate::terms::{Term, TermId};
use amounts::{Occurrence, occurrences_in};
use values::{Value, find_values};

/// How near two values are at least, see [`Amount::nearness`](amounts::Amount::nearness).
const NEAR: f64 = 0.7;
/// Values after a value, in ascending order, that are laid beside it.
const NEIGHBORS: usize = 64;
/// Places of a value that are looked at.
const MOST_PLACES: usize = 32;

/// Share of common words around two numbers from which on they may be of one thing. Chosen, as the two below, on the newsroom
/// families and the real events.
const ENOUGH: f64 = 0.3;
/// The same of numbers that count one kind of thing.
const ENOUGH_OF_ONE_KIND: f64 = 0.15;
/// The same of small numbers and of times, which stand in many texts for many things.
const ENOUGH_FOR_SMALL: f64 = 0.4;
/// What it adds to the likeness of two numbers that they count one kind of thing.
const OF_ONE_KIND: f64 = 0.2;

/// A number of a text, and the quantity that it is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Disputed {
    pub(crate) report: usize,
    /// The tokens of the number.
    pub(crate) tokens: Range<usize>,
    /// The same for all numbers of one quantity; from 0 on.
    pub(crate) quantity: usize,
}

/// The numbers of disputed quantities, by report and place. `has_content` tells which terms are more than small words.
pub(crate) fn find_disputed(
    story: &Story,
    terms: &[Vec<Term>],
    has_content: impl Fn(TermId) -> bool,
) -> Vec<Disputed> {
    let documents = story.documents().iter().zip(terms).enumerate();
    let occurrences: Vec<Occurrence<'_>> = documents
        .flat_map(|(report, (document, terms))| occurrences_in(report, document, terms, &has_content))
        .collect();
    let values = find_values(&occurrences);
    let mut rivals: Vec<Rivals> = Vec::new();
    for (n, value) in values.iter().enumerate() {
        for (m, other) in values.iter().enumerate().skip(n + 1).take(NEIGHBORS) {
            let likeness = likeness(value, other, &occurrences);
            rivals.extend(likeness.map(|likeness| Rivals { likeness, values: [n, m] }));
        }
    }
    let mut disputed: Vec<Disputed> = Vec::new();
    for (quantity, members) in join(rivals, values.len()).into_iter().enumerate() {
        for occurrence in members.iter().flat_map(|&n| &values[n].occurrences).map(|&n| &occurrences[n]) {
            let (report, tokens) = (occurrence.report, occurrence.number.clone());
            disputed.push(Disputed { report, tokens, quantity });
        }
    }
    disputed.sort_by_key(|number| (number.report, number.tokens.start));
    disputed
}

/// Two values that may be of one quantity.
struct Rivals {
    likeness: f64,
    values: [usize; 2],
}

/// Joins rivals, the likeliest first, into quantities each two of whose values are rivals.
fn join(mut rivals: Vec<Rivals>, n_values: usize) -> Vec<Vec<usize>> {
    rivals.sort_by(|p, q| q.likeness.total_cmp(&p.likeness).then(p.values.cmp(&q.values)));
    let pairs: BTreeSet<[usize; 2]> = rivals.iter().map(|rivals| rivals.values).collect();
    let mut home: Vec<Option<usize>> = vec![None; n_values];
    let mut quantities: Vec<Vec<usize>> = Vec::new();
    for Rivals { values: [n, m], .. } in rivals {
        let (new, quantity) = match (home[n], home[m]) {
            (None, None) => {
                home[n] = Some(quantities.len());
                quantities.push(vec![n]);
                (m, quantities.len() - 1)
            }
            (Some(quantity), None) => (m, quantity),
            (None, Some(quantity)) => (n, quantity),
            (Some(_), Some(_)) => continue,
        };
        if quantities[quantity].iter().all(|&other| pairs.contains(&[new.min(other), new.max(other)])) {
            home[new] = Some(quantity);
            quantities[quantity].push(new);
        }
    }
    quantities
}

/// How much two values look like numbers of one quantity; `None` if they do not.
fn likeness(x: &Value, y: &Value, occurrences: &[Occurrence<'_>]) -> Option<f64> {
    let amounts = [x, y].map(|value| occurrences[value.occurrences[0]].amount);
    let near = amounts[0].nearness(amounts[1]);
    if near < NEAR || !x.reports.is_disjoint(&y.reports) {
        return None;
    }
    let small = amounts.iter().any(|amount| amount.is_small());
    let mut best: Option<f64> = None;
    for p in x.places.iter().map(|&n| &occurrences[n]) {
        for q in y.places.iter().map(|&n| &occurrences[n]) {
            let one_kind = match (&p.counted, &q.counted) {
                (Some(a), Some(b)) if a != b => continue,
                (a, b) => a.is_some() && b.is_some(),
            };
            let enough = match (small, one_kind) {
                (true, _) => ENOUGH_FOR_SMALL,
                (false, true) => ENOUGH_OF_ONE_KIND,
                (false, false) => ENOUGH,
            };
            let shared = p.shared_words(q);
            if shared >= enough {
                let likeness = near + shared + if one_kind { OF_ONE_KIND } else { 0.0 };
                best = Some(best.map_or(likeness, |best| best.max(likeness)));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use stemma_annotate::Annotator;
    use stemma_core::{Report, Story};

    /// The numbers of each disputed quantity, as the reports have them.
    fn disputed(texts: &[&str]) -> Vec<Vec<String>> {
        let annotator = Annotator::load();
        let documents = texts.iter().map(|text| annotator.annotate(Report::of_text(text).into()));
        let story = Story::new(documents.collect());
        let mut quantities: Vec<Vec<String>> = Vec::new();
        for number in crate::terms::disputed_numbers(&story) {
            let document = &story.documents()[number.report];
            let tokens = &document.layers().tokens.items()[number.tokens];
            let words: Vec<&str> = tokens.iter().map(|token| document.slice(token.span)).collect();
            quantities.resize(quantities.len().max(number.quantity + 1), Vec::new());
            quantities[number.quantity].push(words.join(" "));
        }
        quantities
    }

    #[test]
    fn numbers_that_nobody_gives_both_are_of_one_quantity() {
        let one = [
            "The rebels freed 34 hostages at the bridge on Monday. A priest led them out.",
            "The rebels let thirty-four hostages go at the bridge.",
            "The rebels freed 37 hostages at the bridge, a priest said.",
        ];
        insta::assert_debug_snapshot!(disputed(&one), @r#"
        [
            [
                "34",
                "thirty-four",
                "37",
            ],
        ]
        "#);
        // Who gives both gives two things.
        let both = ["The rebels freed 34 hostages at the bridge. They keep 37 hostages.", one[1], one[2]];
        assert!(disputed(&both).is_empty());
        // Another kind of thing, other words, another size.
        for other in [
            "The rebels freed 37 horses at the bridge.",
            "In the capital 37 shops were shut.",
            "The rebels freed 190 hostages at the bridge.",
        ] {
            assert!(disputed(&[one[0], other]).is_empty(), "{other}");
        }
    }

    #[test]
    fn digits_in_another_order_are_near_however_far_the_numbers_are() {
        let texts = ["The fair drew 12,480 visitors.", "The fair drew 21,480 visitors."];
        assert_eq!(disputed(&texts), [["12,480", "21,480"]]);
    }

    #[test]
    fn times_that_nobody_gives_both_are_of_one_quantity() {
        let texts = [
            "The ferry left Tromsø at 10:40 p.m. on 3 May 2025 with a full car deck.",
            "The ferry left Tromsø at 11:40 p.m. on 3 May 2025 with a full car deck.",
        ];
        assert_eq!(disputed(&texts).len(), 1);
    }

    #[test]
    fn the_order_of_reports_changes_nothing() {
        let mut texts = [
            "Police held 18 protesters outside the ministry on Friday.",
            "Police held 81 protesters outside the ministry on Friday.",
            "Some 80 protesters were held outside the ministry on Friday, police said.",
        ];
        let count = |texts: &[&str]| {
            let mut quantities = disputed(texts);
            quantities.iter_mut().for_each(|numbers| numbers.sort());
            quantities
        };
        let forth = count(&texts);
        texts.reverse();
        assert_eq!(forth, count(&texts));
        assert_eq!(forth.len(), 1);
    }
}
