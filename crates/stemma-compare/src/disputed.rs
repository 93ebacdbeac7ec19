//! Quantities that reports give with different numbers: "24 Tajik citizens" in three of them, "27 Tajiks" in a fourth.
//!
//! Where two numbers are of one thing, nobody gives both: the reports that have the one have not the other. Two such numbers
//! that are near each other, or the same digits in another order, count the same kind of thing, and stand in sentences that
//! share words are taken for one quantity. In the [terms](crate::terms) its numbers are one term, so that statements that
//! differ in it alone lie side by side, as statements of one number do; [`crate::divergences`] then says how they differ.
//! Time: figures × log, and for each value the [`NEIGHBORS`] nearest.

use std::collections::BTreeSet;
use std::ops::Range;

use stemma_core::{Approximation, Document, Figure, LayerId as _, MentionForm, Story, TimeExpression};

use crate::quantities::{counts_people, is_article, strict_nearness};
use crate::terms::{Term, TermId};

/// How near two values are at least.
const NEAR: f64 = 0.7;
/// Values on either side, in ascending order, that are looked at.
const NEIGHBORS: usize = 64;
/// A value below this stands in many texts for many things: the words around must be the same, too.
const SMALL: f64 = 10.0;
/// Values that differ by no more than this share are one value: what a conversion rounds away.
const SAME: f64 = 0.01;
/// Share of common words in the two sentences that is enough for small and for other values.
const ENOUGH_FOR_SMALL: f64 = 0.4;
const ENOUGH: f64 = 0.3;
/// The same of numbers that count one kind of thing.
const ENOUGH_OF_ONE_KIND: f64 = 0.15;

/// A number of a text and the quantity that it is of.
pub(crate) struct Disputed {
    pub(crate) report: usize,
    /// Its tokens, with approximator and unit.
    pub(crate) tokens: Range<usize>,
    pub(crate) time: bool,
    /// The same for all numbers of one quantity.
    pub(crate) quantity: usize,
}

/// The disputed numbers of a story, by report and place. `content` says which terms carry content.
pub(crate) fn find_disputed(
    story: &Story,
    terms: &[Vec<Term>],
    content: impl Fn(TermId) -> bool,
) -> Vec<Disputed> {
    let occurrences: Vec<Occurrence<'_>> = story
        .documents()
        .iter()
        .enumerate()
        .flat_map(|(report, document)| occurrences_in(report, document, &terms[report]))
        .collect();
    let values = values_of(&occurrences);
    let words = |occurrence: &Occurrence<'_>| -> BTreeSet<TermId> {
        let terms = &terms[occurrence.report];
        let from = terms.partition_point(|term| (term.token as usize) < occurrence.sentence.start);
        let within = terms[from..].iter().take_while(|term| (term.token as usize) < occurrence.sentence.end);
        let others = within.filter(|term| !occurrence.tokens.contains(&(term.token as usize)));
        others.map(|term| term.id).filter(|&id| content(id)).collect()
    };
    let mut rivals: Vec<(f64, usize, usize)> = Vec::new();
    for (n, value) in values.iter().enumerate() {
        for (m, other) in values.iter().enumerate().skip(n + 1).take(NEIGHBORS) {
            if let Some(score) = rivalry(value, other, &occurrences, &words) {
                rivals.push((score, n, m));
            }
        }
    }
    rivals.sort_by(|p, q| q.0.total_cmp(&p.0).then((p.1, p.2).cmp(&(q.1, q.2))));
    let pairs: BTreeSet<(usize, usize)> = rivals.iter().map(|&(_, n, m)| (n, m)).collect();
    let mut quantity_of = vec![None; values.len()];
    let mut quantities: Vec<Vec<usize>> = Vec::new();
    for (_, n, m) in rivals {
        let joins = |quantity: &Vec<usize>, value: usize| {
            quantity.iter().all(|&other| pairs.contains(&(value.min(other), value.max(other))))
        };
        match (quantity_of[n], quantity_of[m]) {
            (None, None) => {
                (quantity_of[n], quantity_of[m]) = (Some(quantities.len()), Some(quantities.len()));
                quantities.push(vec![n, m]);
            }
            (Some(home), None) if joins(&quantities[home], m) => {
                quantity_of[m] = Some(home);
                quantities[home].push(m);
            }
            (None, Some(home)) if joins(&quantities[home], n) => {
                quantity_of[n] = Some(home);
                quantities[home].push(n);
            }
            _ => {}
        }
    }
    let mut disputed: Vec<Disputed> = Vec::new();
    for (value, quantity) in values.iter().zip(quantity_of) {
        let Some(quantity) = quantity else { continue };
        disputed.extend(value.occurrences.iter().map(|&n| {
            let Occurrence { report, tokens, amount, .. } = &occurrences[n];
            let time = matches!(amount, Amount::Time { .. });
            Disputed { report: *report, tokens: tokens.clone(), time, quantity }
        }));
    }
    disputed.sort_by_key(|number| (number.report, number.tokens.start));
    disputed
}

/// How strongly two values look like one quantity; `None` if they do not.
fn rivalry<W: Fn(&Occurrence<'_>) -> BTreeSet<TermId>>(
    x: &Value,
    y: &Value,
    occurrences: &[Occurrence<'_>],
    words: &W,
) -> Option<f64> {
    let (first, second) = (&occurrences[x.occurrences[0]], &occurrences[y.occurrences[0]]);
    let near = first.amount.nearness(second.amount);
    if near < NEAR || x.reports.iter().any(|report| y.reports.contains(report)) {
        return None;
    }
    let mut best: Option<(f64, f64, bool)> = None;
    for &n in &x.occurrences {
        let mut of_first = None;
        for &m in &y.occurrences {
            let (p, q) = (&occurrences[n], &occurrences[m]);
            let one_head = match (&p.head, &q.head) {
                (Some(a), Some(b)) if a == b => true,
                (Some(_), Some(_)) => continue,
                _ => false,
            };
            let a = of_first.get_or_insert_with(|| words(p));
            let b = words(q);
            let fewer = a.len().min(b.len()).max(1);
            let shared = a.intersection(&b).count() as f64 / fewer as f64;
            let score = shared + near + if one_head { 0.2 } else { 0.0 };
            if best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, shared, one_head));
            }
        }
    }
    let (score, shared, one_head) = best?;
    let small = first.amount.is_small() || second.amount.is_small();
    let enough = if small { ENOUGH_FOR_SMALL } else if one_head { ENOUGH_OF_ONE_KIND } else { ENOUGH };
    if std::env::var("DISPUTED").is_ok() {
        eprintln!(
            "{} {} near {near:.2} shared {shared:.2} score {score:.2} {:?} {:?} reports {:?} {:?} {}",
            first.amount.number(), second.amount.number(), first.head, second.head, x.reports, y.reports,
            if shared >= enough { "TAKEN" } else { "" }
        );
    }
    (shared >= enough).then_some(score)
}

/// One number of one text.
struct Occurrence<'a> {
    report: usize,
    amount: Amount<'a>,
    tokens: Range<usize>,
    /// Tokens of the sentence.
    sentence: Range<usize>,
    head: Option<Head>,
}

/// A number, or a time as the number of its days, months or years.
#[derive(Clone, Copy)]
enum Amount<'a> {
    Figure(&'a Figure),
    Time { unit: TimeUnit, number: f64 },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TimeUnit {
    Minute,
    Day,
    Month,
    Year,
}

impl TimeUnit {
    /// How far apart two times are at most that may be one.
    fn reach(self) -> f64 {
        match self {
            Self::Minute => 120.0,
            Self::Day => 3.0,
            Self::Month | Self::Year => 2.0,
        }
    }
}

impl<'a> Amount<'a> {
    /// A minute, day, month or year.
    fn of_time(time: &TimeExpression) -> Option<Self> {
        let (unit, number) = match (time.value.len(), time.days) {
            (4, Some(days)) => (TimeUnit::Year, f64::from(days.first.year())),
            (7, Some(days)) if days.first.month() == days.last.month() => {
                (TimeUnit::Month, 12.0 * f64::from(days.first.year()) + f64::from(days.first.month()))
            }
            (10, Some(days)) => (TimeUnit::Day, day_number(days.first)),
            (16, Some(days)) => {
                let clock = |at: Range<usize>| time.value.get(at)?.parse::<f64>().ok();
                let minute = 60.0 * clock(11..13)? + clock(14..16)?;
                (TimeUnit::Minute, 1440.0 * day_number(days.first) + minute)
            }
            _ => return None,
        };
        Some(Self::Time { unit, number })
    }

    fn dimension(&self) -> &str {
        match self {
            Self::Figure(figure) => &figure.unit.base,
            Self::Time { unit: TimeUnit::Minute, .. } => "at minute",
            Self::Time { unit: TimeUnit::Day, .. } => "on day",
            Self::Time { unit: TimeUnit::Month, .. } => "in month",
            Self::Time { unit: TimeUnit::Year, .. } => "in year",
        }
    }

    /// In the base unit of the dimension.
    fn number(self) -> f64 {
        match self {
            Self::Figure(figure) => figure.unit.to_base(figure.value),
            Self::Time { number, .. } => number,
        }
    }

    fn is_exact(self) -> bool {
        match self {
            Self::Figure(figure) => figure.approximation == Approximation::Exact,
            Self::Time { .. } => true,
        }
    }

    fn is_small(self) -> bool {
        match self {
            Self::Figure(figure) => figure.unit.symbol.is_empty() && figure.value < SMALL,
            Self::Time { .. } => true,
        }
    }

    /// How near two are, `0.0..=1.0`; 0 if they are the same, or of two dimensions.
    fn nearness(self, other: Self) -> f64 {
        match (self, other) {
            (Self::Figure(x), Self::Figure(y)) if stemma_core::comparable(x, y) => {
                if x.value == y.value && x.unit == y.unit { 0.0 } else { strict_nearness(x, y) }
            }
            (Self::Time { unit, number }, Self::Time { unit: of, number: second }) if unit == of => {
                let apart = (number - second).abs();
                if apart > 0.0 && apart <= unit.reach() { NEAR } else { 0.0 }
            }
            _ => 0.0,
        }
    }

    /// True if `other` may be this number.
    fn allows(self, other: Self) -> bool {
        match (self, other) {
            (Self::Figure(x), Self::Figure(y)) => {
                let open = matches!(y.approximation, Approximation::MoreThan | Approximation::LessThan);
                stemma_core::compatible(x, y) && !(open && x.value == y.value)
            }
            _ => false,
        }
    }
}

fn day_number(day: jiff::civil::Date) -> f64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    f64::from(day.since(epoch).map_or(0, |span| span.get_days()))
}

/// What is counted.
#[derive(PartialEq, Eq, Debug)]
enum Head {
    People,
    Things(TermId),
}

fn occurrences_in<'a>(report: usize, document: &'a Document, terms: &[Term]) -> Vec<Occurrence<'a>> {
    let layers = document.layers();
    let named: Vec<_> =
        layers.mentions.items().iter().filter(|m| m.form == MentionForm::Named).map(|m| m.span).collect();
    let figures = layers.figures.items().iter().filter(|figure| {
        !figure.ordinal
            && !is_article(document.slice(figure.span), figure)
            && !named.iter().any(|span| span.touches(figure.span))
    });
    let sentences = layers.sentences.items();
    let sentence_of = |tokens: &Range<usize>| {
        let after = sentences.partition_point(|sentence| sentence.first.index() <= tokens.start);
        let sentence = sentences.get(after.checked_sub(1)?)?;
        Some(sentence.first.index()..sentence.end.index())
    };
    let figures = figures.filter_map(|figure| {
        let tokens = document.tokens_in(figure.span);
        let head = figure.counted.and_then(|counted| {
            let token = document.tokens_in(counted).next_back()?;
            let word = document.slice(layers.tokens.items()[token].span).to_lowercase();
            if counts_people(&word) {
                return Some(Head::People);
            }
            let at = terms.partition_point(|term| (term.token as usize) < token);
            let term = terms.get(at).filter(|term| term.token as usize == token)?;
            Some(Head::Things(term.id))
        });
        let sentence = sentence_of(&tokens)?;
        Some(Occurrence { report, amount: Amount::Figure(figure), tokens, sentence, head })
    });
    let times = layers.times.items().iter().filter_map(|time| {
        let tokens = document.tokens_in(time.span);
        let sentence = sentence_of(&tokens)?;
        Some(Occurrence { report, amount: Amount::of_time(time)?, tokens, sentence, head: None })
    });
    figures.chain(times).collect()
}

/// Numbers that may be one: equal, or within the rounding of the words.
struct Value {
    occurrences: Vec<usize>,
    reports: BTreeSet<usize>,
}

/// The values of the numbers, ascending in each dimension. An approximate number belongs to the nearest exact one that it
/// allows.
fn values_of(occurrences: &[Occurrence<'_>]) -> Vec<Value> {
    let base = |n: usize| occurrences[n].amount.number();
    let dimension = |n: usize| occurrences[n].amount.dimension();
    let exact = |n: &usize| occurrences[*n].amount.is_exact();
    let mut order: Vec<usize> = (0..occurrences.len()).collect();
    order.sort_by(|&n, &m| {
        dimension(n).cmp(dimension(m)).then(base(n).total_cmp(&base(m))).then(n.cmp(&m))
    });
    let (exact, approximate): (Vec<usize>, Vec<usize>) = order.into_iter().partition(exact);
    let agree = |home: usize, n: usize| occurrences[home].amount.allows(occurrences[n].amount);
    let is_time = |n: usize| matches!(occurrences[n].amount, Amount::Time { .. });
    let same = |n: usize, m: usize| dimension(n) == dimension(m) && base(m) <= base(n) * (1.0 + if is_time(n) { 0.0 } else { SAME });
    let mut values: Vec<Value> = Vec::new();
    for n in exact {
        match values.last_mut() {
            Some(last) if same(last.occurrences[0], n) => last.occurrences.push(n),
            _ => values.push(Value { occurrences: vec![n], reports: BTreeSet::new() }),
        }
    }
    let n_exact = values.len();
    for n in approximate {
        let key = |value: &Value| (dimension(value.occurrences[0]), base(value.occurrences[0]));
        let at = values[..n_exact].partition_point(|value| {
            let (of, number) = key(value);
            of.cmp(dimension(n)).then(number.total_cmp(&base(n))).is_lt()
        });
        let nearby = at.saturating_sub(NEIGHBORS)..(at + NEIGHBORS).min(n_exact);
        let home = nearby
            .filter(|&home| agree(values[home].occurrences[0], n))
            .min_by(|&p, &q| {
                let far = |home: usize| (base(values[home].occurrences[0]) - base(n)).abs();
                far(p).total_cmp(&far(q))
            })
            .or_else(|| {
                let one = |&home: &usize| {
                    let first = values[home].occurrences[0];
                    same(first, n) && same(n, first) || agree(first, n)
                };
                (n_exact..values.len()).rev().find(one)
            });
        match home {
            Some(home) => values[home].occurrences.push(n),
            None => values.push(Value { occurrences: vec![n], reports: BTreeSet::new() }),
        }
    }
    values.sort_by(|p, q| {
        let (n, m) = (p.occurrences[0], q.occurrences[0]);
        dimension(n).cmp(dimension(m)).then(base(n).total_cmp(&base(m)))
    });
    for value in &mut values {
        value.reports = value.occurrences.iter().map(|&n| occurrences[n].report).collect();
    }
    values
}
