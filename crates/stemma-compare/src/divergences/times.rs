//! `time`: another date for the same thing.

use stemma_core::{DayRange, DivergenceKind, TimeExpression, TimeKind};

use super::{Finding, Pair, show};

/// Below this share of common words two dates may be of different things.
const MIN_SAMENESS: f64 = 0.4;

/// Finds dates of which none on the one side meets any on the other.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    if pair.sameness() < MIN_SAMENESS {
        return None;
    }
    let a: Vec<_> = pair.a.times().filter_map(dated).collect();
    let b: Vec<_> = pair.b.times().filter_map(dated).collect();
    if a.is_empty()
        || b.is_empty()
        || a.iter().any(|(p, x)| b.iter().any(|(q, y)| meet(*p, *q) || stemma_core::compatible_times(x, y)))
    {
        return None;
    }
    let ((_, x), (_, y)) = (a[0], b[0]);
    // "Two in the morning" in one quotation, printed on two days: the speaker named one time.
    let same_words = crate::style::same_but_for_style(pair.a.slice(x.span), pair.b.slice(y.span));
    if same_words && pair.sides().iter().all(|side| side.cell.form.is_some()) {
        return None;
    }
    Some(Finding {
        kind: DivergenceKind::Time,
        evidence: [vec![x.span], vec![y.span]],
        score: 0.5 + 0.3 * pair.sameness(),
        reason: format!(
            "{} is {}, {} is {}",
            show(pair.a.slice(x.span)),
            x.value,
            show(pair.b.slice(y.span)),
            y.value
        ),
    })
}

fn dated(time: &TimeExpression) -> Option<(DayRange, &TimeExpression)> {
    let point = matches!(time.kind, TimeKind::Date | TimeKind::Time) && !time.value.ends_with("_REF");
    time.days.filter(|_| point).map(|days| (days, time))
}

fn meet(a: DayRange, b: DayRange) -> bool {
    a.first <= b.last && b.first <= a.last
}
