//! Figures: counts, amounts, measures, shares and ranks, with units and what they count.
//!
//! In: tokens, sentences and times of one report. Out: figures in text order that do not overlap. Numbers inside a date, a
//! time of day or a set belong to the times layer and are left out; a length of time ("six years and two months") is a
//! quantity too and stands in both layers, here in units of time. An age ("Cowan, 43,", "43-year-old") has the unit `yr`,
//! which is a dimension of its own, and counts nothing. The two sides of a score or a vote ("3-1", "52-48") are two
//! figures. A share in words ("one in seven", "a third of", "two thirds") is a percentage. Ranks ("third", "10th") are marked
//! `ordinal`. Numbers in names ("COVID-19", "Boeing 747", "Article 5"), addresses and telephone numbers are left out.
//!
//! `low` and `high` are what the words claim: the value itself if exact, the bounds of a range, and for "about 400" half a
//! unit of the last digit that is not zero, at most 5% of the value either way (10% below a hundred); "nearly" goes down alone,
//! by a whole unit.
//! Never fails; linear in the text.

mod units;
mod words;

use stemma_core::{
    Approximation, Figure, FigureId, Layer, Producer, Sentence, SentenceId, Span, TimeExpression, TimeId,
    TimeKind, Token, TokenId, TokenKind, Unit, last_place,
};

use crate::numbers::{Number, Pieces, paragraphs};

use units::{currency_before, plain, unit_after};
use words::{Bound, Class, bound_after, bound_before, counted, is};

/// How far "about" reaches, as a share of the value: 5%, and 10% below a hundred, where one more or less is much.
/// Newsrooms round "about 400" from 390, not from 430.
const ABOUT: f64 = 0.05;

/// Quantities with their units. Numbers that are part of a time are left out.
pub fn find_figures(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    sentences: &Layer<SentenceId, Sentence>,
    times: &Layer<TimeId, TimeExpression>,
) -> Layer<FigureId, Figure> {
    let lower = text.to_ascii_lowercase();
    let mut times =
        times.items().iter().filter(|time| time.kind != TimeKind::Duration).map(|time| time.span).peekable();
    let mut figures = Vec::new();
    for pieces in paragraphs(text, &lower, tokens, sentences).into_iter().filter(|pieces| pieces.prose) {
        let reader = Reader { pieces: &pieces };
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            while times.next_if(|time| time.end() <= piece.span.start()).is_some() {}
            if times.peek().is_some_and(|time| time.touches(piece.span)) {
                at += 1;
                continue;
            }
            let limit = times.peek().map_or(usize::MAX, |time| time.start());
            at = reader.figures(at, limit, &mut figures).unwrap_or(at + 1);
        }
    }
    Layer::new(Producer::new("figures", 3), figures)
}

/// A number, or two that span a range, with its unit.
struct Measure {
    low: Number,
    high: Option<Number>,
    unit: Unit,
    end: usize,
}

#[derive(Clone, Copy)]
struct Reader<'p> {
    pieces: &'p Pieces<'p>,
}

impl Reader<'_> {
    /// Adds the figures that start at `at`, and gives one past them. Nothing that reaches past byte `limit` is one.
    fn figures(self, at: usize, limit: usize, figures: &mut Vec<Figure>) -> Option<usize> {
        if let Some(end) = self.code(at) {
            return Some(end);
        }
        let particle = self.pieces.word(at) == "over" && is(Class::HandsOver, self.pieces.before(at));
        let (bound, start) = bound_before(self.pieces, at)
            .filter(|_| !particle)
            .map_or((None, at), |(bound, start)| (Some(bound), start));
        if let Some(end) = self.score(start, figures) {
            return Some(end);
        }
        let (figure, end) = self
            .share(at, start, bound)
            .or_else(|| self.age(start))
            .or_else(|| self.measured(at, start, bound))
            .or_else(|| self.rank(at))?;
        if figure.span.end() > limit {
            return None;
        }
        figures.push(figure);
        Some(end)
    }

    /// One past "555-867-5309" or "978-3-16": three numbers or more that hyphens join are a code, not figures.
    fn code(self, at: usize) -> Option<usize> {
        let number = |at: usize| self.pieces.get(at).is_some_and(|piece| piece.kind == TokenKind::Number);
        let end = (at + 1..self.pieces.len())
            .find(|&at| !(self.pieces.hyphen(at) && number(at)))
            .unwrap_or(self.pieces.len());
        (number(at) && end >= at + 3).then_some(end)
    }

    /// A number with its unit, its bounds and what it counts.
    fn measured(self, at: usize, start: usize, bound: Option<Bound>) -> Option<(Figure, usize)> {
        let pieces = self.pieces;
        let between = matches!(pieces.word(start), "between" | "from");
        let measure = self.measure(start + usize::from(between), between)?;
        if between && measure.high.is_none() {
            return None;
        }
        let plain_count = measure.unit.symbol.is_empty();
        if plain_count && measure.high.is_none() && !self.is_quantity(start, &measure) {
            return None;
        }
        let after = bound_after(pieces, measure.end);
        let end = after.map_or(measure.end, |(_, end)| end);
        let bound = bound.or(after.map(|(bound, _)| bound));
        let one = measure.low.value == 1.0 && measure.high.is_none();
        let plain_count = plain_count && pieces.before(start) != "magnitude";
        let thing = if plain_count || measure.unit.symbol == "%" { counted(pieces, end, one) } else { None };
        Some((figure(pieces.span(at, end), &measure, bound, thing), end))
    }

    /// Number, range and unit from `at` on; `between`: "and" joins the ends of a range.
    fn measure(self, at: usize, between: bool) -> Option<Measure> {
        let pieces = self.pieces;
        let (money, start) = match currency_before(pieces, at) {
            Some((unit, end)) => (Some(unit), end),
            None => (None, at),
        };
        let is_money = money.is_some();
        let mut low = pieces.number(start)?;
        if money.is_none() && self.is_negative(start) {
            low = Number { value: -low.value, up_to: -low.up_to, ..low };
        }
        if money.is_none() && self.is_meters(&low) {
            low = Number {
                value: low.value / 1e6,
                up_to: low.value / 1e6,
                step: low.step / 1e6,
                end: low.end - 1,
                ..low
            };
        }
        if low.end > start + 1 && !(start + 1..low.end).all(|at| pieces.goes_on(at)) {
            return None;
        }
        let mut end = low.end;
        let mut unit = money;
        let mut high = None;
        if unit.is_none()
            && let Some((found, past)) = unit_after(pieces, end)
        {
            unit = Some(found);
            end = past;
        }
        if let Some((sign, next, past)) = self.other_end(end, between) {
            let own_unit = unit_after(pieces, past);
            // "5% to 7%", "$3-5 billion", not "6.4% to 4.81 billion crowns".
            let same = match (&unit, sign.as_ref().or(own_unit.as_ref().map(|(unit, _)| unit))) {
                (Some(first), Some(second)) => first.symbol == second.symbol,
                (Some(_), None) => is_money,
                (None, _) => true,
            };
            let second_unit = own_unit.filter(|_| unit.is_none());
            // "12 to 14 million", "$3-5 billion": the multiplier belongs to both.
            let factor = next.step.max(1.0);
            if same && low.step <= 1.0 && factor >= 1000.0 && low.value < next.value / factor * 1.01 {
                low = Number {
                    value: low.value * factor,
                    up_to: low.value * factor,
                    step: low.step * factor,
                    ..low
                };
            }
            if same && low.value < next.value {
                high = Some(next);
                end = past;
                if let Some((found, past)) = second_unit {
                    unit = Some(found);
                    end = past;
                } else if unit.is_some()
                    && let Some((_, past)) = unit_after(pieces, past)
                {
                    end = past;
                }
            }
        }
        let mut measure = Measure { low, high, unit: unit.unwrap_or_else(Unit::none), end };
        self.add_smaller_unit(&mut measure);
        Some(measure)
    }

    /// The upper end of a range, with the currency before it: "to 14", "–14", "-12", "and 7" after "between", "or 15".
    fn other_end(self, at: usize, between: bool) -> Option<(Option<Unit>, Number, usize)> {
        let pieces = self.pieces;
        let start = match pieces.word(at) {
            "to" | "or" if !between => at + 1,
            "and" | "to" if between => at + 1,
            "–" | "—" => at + 1,
            _ if pieces.hyphen(at) => at,
            _ => return None,
        };
        let (currency, start) =
            currency_before(pieces, start).map_or((None, start), |(unit, end)| (Some(unit), end));
        let number = pieces.number(start).filter(|number| number.up_to == number.value)?;
        Some((currency, number, number.end))
    }

    /// "6 years and 2 months", "6 feet 2 inches": one value in the larger unit.
    fn add_smaller_unit(self, measure: &mut Measure) {
        let pieces = self.pieces;
        let joint = measure.end + usize::from(pieces.word(measure.end) == "and");
        if measure.high.is_some() || !matches!(measure.unit.base.as_str(), "s" | "m") {
            return;
        }
        let Some(number) = pieces.number(joint) else { return };
        let Some((unit, end)) = unit_after(pieces, number.end) else { return };
        let ratio = unit.factor / measure.unit.factor;
        if unit.base == measure.unit.base && ratio < 1.0 && number.value * ratio < 1.0 {
            let value = measure.low.value + number.value * ratio;
            measure.low = Number { value, up_to: value, step: ratio, end, ..measure.low };
            measure.end = end;
        }
    }

    /// True for the minus of "-5°C": it touches the number and no word before.
    fn is_negative(self, at: usize) -> bool {
        let pieces = self.pieces;
        matches!(pieces.before(at), "-" | "−") && pieces.glued(at) && !pieces.glued(at - 1)
    }

    /// "45m wide" is a length, "45m people" and "$45m" are not.
    fn is_meters(self, number: &Number) -> bool {
        let pieces = self.pieces;
        let last = number.end - 1;
        pieces.raw(last) == "m"
            && pieces.glued(last)
            && number.digits
            && (pieces.hyphen(number.end)
                || matches!(
                    pieces.word(number.end),
                    "wide"
                        | "long"
                        | "high"
                        | "tall"
                        | "deep"
                        | "thick"
                        | "above"
                        | "below"
                        | "away"
                        | "from"
                        | "race"
                        | "freestyle"
                        | "sprint"
                        | "hurdles"
                        | "off"
                        | "north"
                        | "south"
                        | "east"
                        | "west"
                        | "across"
                ))
    }

    /// False for a number that names or labels: "COVID-19", "Flight 1990", "10 Downing Street", "one another".
    fn is_quantity(self, start: usize, measure: &Measure) -> bool {
        let pieces = self.pieces;
        let before = pieces.before(start);
        if pieces.word(start) == "one" && measure.end == start + 1 {
            return self.one_counts(start);
        }
        let raw = pieces.raw(start);
        let many = measure.low.up_to > measure.low.value;
        if matches!(pieces.word(start), "scores" | "tens") && pieces.word(measure.low.end) != "of" {
            return false;
        }
        if many {
            return true;
        }
        let joined =
            pieces.hyphen(start) && pieces.get(start - 1).is_some_and(|piece| piece.kind == TokenKind::Word);
        let label = is(Class::Label, before) || matches!(before, "#" | "№" | "@" | "/" | "_");
        let zero_led = raw.len() > 1 && raw.starts_with('0') && !raw.contains('.');
        let digits = measure.low.digits && !raw.contains([',', '.']);
        let name_before = digits
            && pieces.goes_on(start)
            && !pieces.opens_sentence(start - 1)
            && pieces.capital(start - 1)
            && !is_noun_after(pieces, measure.end)
            && !(pieces.goes_on(measure.end) && pieces.capital(measure.end));
        let street = pieces.capital(measure.end)
            && (measure.end..measure.end + 4)
                .any(|at| is(Class::Street, pieces.word(at)) && pieces.capital(at));
        let glued_letters = pieces.glued(measure.end)
            && pieces.get(measure.end).is_some_and(|piece| piece.kind == TokenKind::Word)
            && !pieces.hyphen(measure.end)
            && pieces.word(measure.end) != "’s";
        let chain = pieces.hyphen(measure.end)
            && pieces.get(measure.end).is_some_and(|p| p.kind == TokenKind::Number);
        !(joined || label || zero_led || name_before || street || glued_letters || chain)
    }

    /// "one" counts where a noun follows, not in "one of", "no one", "one another".
    fn one_counts(self, at: usize) -> bool {
        let pieces = self.pieces;
        let next = pieces.word(at + 1);
        let pronoun = matches!(
            pieces.before(at),
            "no" | "any"
                | "every"
                | "each"
                | "the"
                | "this"
                | "that"
                | "which"
                | "some"
                | "another"
                | "day"
                | "only"
        ) || matches!(
            next,
            "another"
                | "day"
                | "thing"
                | "way"
                | "hand"
                | "side"
                | "time"
                | "such"
                | "more"
                | "point"
                | "reason"
                | "can"
                | "by"
        );
        !pronoun
            && pieces.goes_on(at + 1)
            && !pieces.capital(at + 1)
            && counted(pieces, at + 1, true).is_some_and(|span| {
                span.start() == pieces.span(at + 1, at + 2).start() || pieces.word(at + 1).len() > 3
            })
            && next != "of"
    }

    /// "13" of "aged 16 and 13": the number before it is an age.
    fn follows_age(self, at: usize) -> bool {
        let pieces = self.pieces;
        let digits = |at: usize| pieces.get(at).is_some_and(|piece| piece.kind == TokenKind::Number);
        let joined = at > 2 && pieces.goes_on(at) && matches!(pieces.before(at), "and" | "or" | "to" | ",");
        joined && digits(at) && digits(at - 2) && pieces.before(at - 2) == "aged" && pieces.goes_on(at - 1)
    }

    /// "43-year-old", "43 years old", "aged 43", "Cowan, 43,".
    fn age(self, at: usize) -> Option<(Figure, usize)> {
        let pieces = self.pieces;
        let first = at + usize::from(matches!(pieces.word(at), "aged"));
        let number = pieces.number(first).filter(|number| number.step == 1.0 && number.value < 130.0)?;
        let years = matches!(pieces.word(number.end), "year" | "years")
            && matches!(pieces.word(number.end + 1), "old" | "olds");
        let told = first > at || self.follows_age(at);
        let apposed = number.digits
            && at > 1
            && pieces.before(at) == ","
            && pieces.goes_on(at)
            && pieces.capital(at - 2)
            && matches!(pieces.word(number.end), "," | "." | ";" | ")")
            && number.value >= 1.0
            && pieces.raw(at).len() <= 3;
        let end = if years { number.end + 2 } else { number.end };
        if !(years || told || apposed) {
            return None;
        }
        let measure = Measure { low: number, high: None, unit: plain("yr"), end };
        Some((figure(pieces.span(at, end), &measure, None, None), end))
    }

    /// "one in seven", "two out of five", "a third of", "two thirds", "half of".
    fn share(self, at: usize, start: usize, bound: Option<Bound>) -> Option<(Figure, usize)> {
        let pieces = self.pieces;
        let (percent, end) = self.ratio(start).or_else(|| self.fraction(start))?;
        let number = Number { value: percent, step: 2.0, up_to: percent, digits: false, end };
        let measure = Measure { low: number, high: None, unit: plain("%"), end };
        let thing = counted(pieces, end, false);
        Some((figure(pieces.span(at, end), &measure, bound, thing), end))
    }

    /// "one in seven", "one voter in seven", "three out of five": percent, and one past it.
    fn ratio(self, at: usize) -> Option<(f64, usize)> {
        let pieces = self.pieces;
        let part = pieces.number(at).filter(|part| part.value >= 1.0 && part.value <= 20.0)?;
        let thing = usize::from(!matches!(pieces.word(part.end), "in" | "out") && part.value == 1.0);
        let joint = part.end + thing;
        let next = match (pieces.word(joint), pieces.word(joint + 1)) {
            ("in", "every") | ("out", "of") => joint + 2,
            ("in", _) => joint + 1,
            _ => return None,
        };
        let whole = pieces.number(next).filter(|whole| whole.step == 1.0 || whole.value <= 1000.0)?;
        let plausible = whole.value > part.value && whole.value <= 100_000.0 && whole.up_to == whole.value;
        // "two in 2010" is a year, and "3 in 10 days" counts days.
        let bare = whole.end >= pieces.len() || unit_after(pieces, whole.end).is_none();
        (plausible && bare).then_some((100.0 * part.value / whole.value, whole.end))
    }

    /// "half of", "a third of", "three quarters", "two-thirds".
    fn fraction(self, at: usize) -> Option<(f64, usize)> {
        let pieces = self.pieces;
        if pieces.word(at) == "half"
            && (pieces.word(at + 1) == "of" || (pieces.word(at + 1) == "the" && pieces.goes_on(at + 2)))
        {
            return Some((50.0, at + 1));
        }
        let (above, below_at) = match pieces.word(at) {
            "a" | "one" => (1.0, at + 1),
            _ => {
                let number = pieces.number(at).filter(|number| number.value > 1.0 && number.value < 10.0)?;
                (number.value, number.end)
            }
        };
        let word = pieces.word(below_at);
        let below = match word {
            "quarter" | "quarters" => 4.0,
            "half" if pieces.word(below_at + 1) == "of" => 2.0,
            _ => {
                let singular = word.strip_suffix('s').unwrap_or(word);
                *[
                    ("third", 3.0),
                    ("fifth", 5.0),
                    ("sixth", 6.0),
                    ("seventh", 7.0),
                    ("eighth", 8.0),
                    ("ninth", 9.0),
                    ("tenth", 10.0),
                ]
                .iter()
                .find(|(name, _)| *name == singular)
                .map(|(_, below)| below)?
            }
        };
        let plural = word.ends_with('s');
        // "a third man" and "a quarter past" are no shares: one of something needs its "of".
        (above < below && (plural == (above > 1.0)) && (plural || pieces.word(below_at + 1) == "of"))
            .then_some((100.0 * above / below, below_at + 1))
    }

    /// Both sides of "3-1" and "52-48", each a figure.
    fn score(self, at: usize, figures: &mut Vec<Figure>) -> Option<usize> {
        let pieces = self.pieces;
        let whole = |at: usize| {
            pieces.number(at).filter(|n| n.end == at + 1 && n.digits && n.step == 1.0 && n.value < 1000.0)
        };
        let left = whole(at)?;
        let dash = matches!(pieces.word(at + 1), "–" | "—") && pieces.glued(at + 1) && pieces.glued(at + 2);
        let joint = at + 1 + usize::from(dash);
        let right = whole(joint)?;
        if !(dash || pieces.hyphen(joint))
            || pieces.hyphen(at)
            || pieces.hyphen(joint + 1)
            || unit_after(pieces, joint + 1).is_some()
        {
            return None;
        }
        let told = (at.saturating_sub(4)..at)
            .chain(joint + 1..joint + 4)
            .any(|at| is(Class::Score, pieces.word(at)));
        // A range goes up and counts something; a score or a vote need not.
        if left.value < right.value && !told {
            return None;
        }
        for number in [left, right] {
            let measure = Measure { low: number, high: None, unit: Unit::none(), end: number.end };
            figures.push(figure(pieces.span(number.end - 1, number.end), &measure, None, None));
        }
        Some(joint + 1)
    }

    /// "third", "10th" before what they rank.
    fn rank(self, at: usize) -> Option<(Figure, usize)> {
        let pieces = self.pieces;
        let (rank, end) = pieces.ordinal(at)?;
        let digits = pieces.get(at).is_some_and(|piece| piece.kind == TokenKind::Number);
        let thing = counted(pieces, end, true).filter(|_| pieces.goes_on(end));
        if !digits && (thing.is_none() || pieces.capital(at)) {
            return None;
        }
        let value = f64::from(rank);
        let number = Number { value, step: 1.0, up_to: value, digits, end };
        let measure = Measure { low: number, high: None, unit: Unit::none(), end };
        Some((Figure { ordinal: true, ..figure(pieces.span(at, end), &measure, None, thing) }, end))
    }
}

/// True if a noun that can be counted stands at `at`.
fn is_noun_after(pieces: &Pieces<'_>, at: usize) -> bool {
    pieces.goes_on(at) && !pieces.capital(at) && counted(pieces, at, false).is_some()
}

/// The figure of `measure` over `span`.
fn figure(span: Span, measure: &Measure, bound: Option<Bound>, counted: Option<Span>) -> Figure {
    let (low, high) = (&measure.low, measure.high.as_ref());
    let (value, from, to, approximation) = match (high, bound) {
        (Some(high), _) => ((low.value + high.value) / 2.0, low.value, high.value, Approximation::Range),
        // "dozens", "hundreds of thousands" are wide by themselves.
        (None, bound) if low.up_to > low.value => {
            let approximation = bound.map_or(Approximation::About, Bound::approximation);
            (low.value, low.value, low.up_to, approximation)
        }
        (None, None) => (low.value, low.value, low.value, Approximation::Exact),
        (None, Some(bound)) => {
            let (from, to) = reach(low.value, bound);
            (low.value, from, to, bound.approximation())
        }
    };
    let step = high.map_or(low.step, |high| low.step.min(high.step));
    Figure {
        span,
        value,
        low: from,
        high: to,
        approximation,
        unit: measure.unit.clone(),
        counted,
        ordinal: false,
        step,
    }
}

/// Lowest and highest value that "about `value`" and its like allow.
fn reach(value: f64, bound: Bound) -> (f64, f64) {
    let share = if value.abs() < 100.0 { 2.0 * ABOUT } else { ABOUT };
    let about = (last_place(value) / 2.0).min(value.abs() * share);
    match bound {
        Bound::About => (value - about, value + about),
        // What lies between the next round number and this one is nearly this one.
        Bound::Nearly => (value - last_place(value).min(value.abs() * share), value),
        Bound::AtLeast | Bound::MoreThan => (value, f64::INFINITY),
        Bound::AtMost | Bound::LessThan => (0.0_f64.min(value), value),
    }
}

#[cfg(test)]
mod tests;
