//! Spans of years that differ at an end: "from 1967 to 1979" beside "1966–1978".

use stemma_core::{DivergenceKind, Span};

use super::{Finding, Pair, Side, show};

/// Nearness of two cells (see [`Pair::nearness_of_all`]) without which two spans are of two things.
const MIN_NEARNESS: f64 = 0.2;
/// Share of the longer span that the two must have in common.
const MIN_COMMON: f64 = 0.5;

/// Ends that are as many years apart, or fewer, are of one thing, whatever the words.
const SLIP: i32 = 2;

/// From a year to another.
struct Period {
    span: Span,
    years: [i32; 2],
}

/// Finds the one span of years of each cell, where they overlap and differ.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = pair.sides().map(periods);
    let ([x], [y]) = (&first[..], &second[..]) else { return None };
    let common = x.years[1].min(y.years[1]) - x.years[0].max(y.years[0]);
    let longer = (x.years[1] - x.years[0]).max(y.years[1] - y.years[0]);
    let nearness = pair.nearness_of_all();
    let slip = (0..2).all(|end| (x.years[end] - y.years[end]).abs() <= SLIP);
    let overlap = f64::from(common) >= MIN_COMMON * f64::from(longer);
    (x.years != y.years && overlap && (slip || nearness >= MIN_NEARNESS)).then(|| Finding {
        kind: DivergenceKind::Time,
        evidence: [vec![x.span], vec![y.span]],
        score: 0.5 + 0.4 * nearness,
        reason: format!("{} / {}", show(pair.a.slice(x.span)), show(pair.b.slice(y.span))),
    })
}

/// The spans of years in a cell.
fn periods(side: Side<'_>) -> Vec<Period> {
    let tokens = side.document.layers().tokens.items();
    let range = side.document.tokens_in(side.cover());
    let year = |n: usize| {
        let text = tokens.get(n).map_or("", |token| side.slice(token.span));
        text.parse::<i32>().ok().filter(|year| text.len() == 4 && (1000..2100).contains(year))
    };
    let joins = |n: usize| {
        let text = tokens.get(n).map_or("", |token| side.slice(token.span));
        matches!(text, "to" | "until" | "till" | "through" | "-" | "–" | "—")
    };
    let period = |n: usize| {
        let (from, to) = (year(n)?, year(n + 2).filter(|_| joins(n + 1))?);
        (from < to).then(|| Period { span: tokens[n].span.cover(tokens[n + 2].span), years: [from, to] })
    };
    range.filter_map(period).collect()
}

#[cfg(test)]
mod tests {
    use crate::divergences::tests::found;

    #[test]
    fn one_term_of_office_with_other_ends() {
        insta::assert_snapshot!(found(&[
            "Edda Lind, who led the port of Aveiro from 1957 to 1969, was its first woman.",
            "Edda Lind led the port of Aveiro from 1956 to 1968.",
        ]), @"time: “1957 to 1969” / “1956 to 1968”");
        insta::assert_snapshot!(found(&[
            "Edda Lind, who led the port of Aveiro from 1957 to 1969, was its first woman.",
            "Edda Lind led the port of Aveiro from 1969 to 1974.",
        ]), @"");
    }
}
