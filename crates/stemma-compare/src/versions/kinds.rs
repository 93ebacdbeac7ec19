//! What changed words are: figures, times, names, words in quotation marks, denials, hedges, or none of these.
//!
//! Read from the layers of both documents: what a layer found there, and whether the other side says the same in other
//! words ("14" and "fourteen", "Ruiz" and "Ana Ruiz").

use std::collections::BTreeSet;

use stemma_core::{
    Document, EntityKind, Figure, Mention, MentionForm, Quote, Span, TimeExpression, TimeKind, compatible,
    compatible_times,
};

use super::ChangeKind;
use crate::style::same_but_for_style;

/// Bytes in quotation marks that make a sentence hold a quotation, and not a title or a term.
const LEAST_QUOTED: usize = 12;

/// Figures, times, names in one change that are laid beside those of the other side. A change of thousands of them, a text that
/// was replaced as a whole, is told by the first.
const MOST_LOOKED_AT: usize = 64;

/// What is looked up often in one document, in text order.
pub(super) struct Finds {
    hedges: Vec<Span>,
    negations: Vec<Span>,
    /// Words of all names, in lower case.
    name_words: BTreeSet<String>,
}

impl Finds {
    pub(super) fn of(document: &Document) -> Self {
        let layers = document.layers();
        let statements = layers.statements.items();
        let sorted = |spans: &dyn Fn(&stemma_core::Statement) -> Vec<Span>| {
            statements.iter().flat_map(spans).collect::<BTreeSet<Span>>().into_iter().collect()
        };
        let entities = layers.entities.items().iter().flat_map(|entity| &entity.names);
        Self {
            hedges: sorted(&|statement| statement.hedges.clone()),
            negations: sorted(&|statement| statement.negations.clone()),
            name_words: entities.flat_map(|name| words(name)).collect(),
        }
    }

    /// What the sentence `span`, which the other version has not, holds that makes it matter.
    pub(super) fn held(&self, document: &Document, span: Span, other: &Finds) -> Held {
        let at = At::of(document, span);
        let mut kinds = Vec::new();
        let mut held = Vec::new();
        if at.quotes.iter().any(|quote| quote.inner.overlap(span) >= LEAST_QUOTED) {
            kinds.push(ChangeKind::Quotation);
            held.push("a quotation".to_owned());
        }
        if at.figures.iter().any(|figure| !figure.ordinal) {
            kinds.push(ChangeKind::Figure);
            held.push("figures".to_owned());
        }
        let is_new = |name: &&str| !words(name).any(|word| other.name_words.contains(&word));
        let names: BTreeSet<&str> = at.names(document).into_iter().filter(is_new).collect();
        if !names.is_empty() {
            kinds.push(ChangeKind::Name);
            let names: Vec<&str> = names.into_iter().collect();
            held.push(format!("names that the other has not: {}", names.join(", ")));
        }
        let reason = if held.is_empty() { String::new() } else { format!(", with {}", held.join(", ")) };
        Held { kinds, reason }
    }
}

/// What an added or removed sentence holds.
pub(super) struct Held {
    pub(super) kinds: Vec<ChangeKind>,
    pub(super) reason: String,
}

/// What changed words are. Without kinds they are wording.
pub(super) struct Found {
    pub(super) kinds: Vec<ChangeKind>,
    /// The changed words, with the whole figure, time or name of which they are a part.
    pub(super) spans: [Span; 2],
    pub(super) reason: String,
}

/// What stands in a stretch of a document.
struct At<'a> {
    figures: Vec<&'a Figure>,
    times: Vec<&'a TimeExpression>,
    mentions: Vec<&'a Mention>,
    quotes: Vec<&'a Quote>,
}

impl<'a> At<'a> {
    fn of(document: &'a Document, span: Span) -> Self {
        let layers = document.layers();
        let durations = |time: &&TimeExpression| !matches!(time.kind, TimeKind::Duration | TimeKind::Set);
        Self {
            figures: touching(layers.figures.items(), span, |figure| figure.span),
            times: touching(layers.times.items(), span, |time| time.span)
                .into_iter()
                .filter(durations)
                .collect(),
            mentions: touching(layers.mentions.items(), span, |mention| mention.span)
                .into_iter()
                .filter(|mention| mention.form == MentionForm::Named)
                .collect(),
            quotes: touching(layers.quotes.items(), span, |quote| quote.span)
                .into_iter()
                .filter(|quote| quote.depth == 0)
                .collect(),
        }
    }

    fn names(&self, document: &'a Document) -> Vec<&'a str> {
        let told = |mention: &&&Mention| !matches!(mention.kind, EntityKind::Group);
        self.mentions.iter().filter(told).map(|mention| document.slice(mention.span)).collect()
    }
}

/// The first [`MOST_LOOKED_AT`] items that overlap `span`. They are in text order.
fn touching<T>(items: &[T], span: Span, of: impl Fn(&T) -> Span) -> Vec<&T> {
    let first = items.partition_point(|item| of(item).end() <= span.start());
    let near = items[first..].iter().take_while(|item| of(item).start() < span.end());
    near.filter(|item| of(item).overlap(span) > 0).take(MOST_LOOKED_AT).collect()
}

fn any_touches(spans: &[Span], span: Span) -> bool {
    !touching(spans, span, |other| *other).is_empty()
}

fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// What the change from the words under `spans[0]` of the old to those under `spans[1]` of the new document is; both stand in
/// `sentences`.
pub(super) fn kinds_of(
    documents: [&Document; 2],
    finds: &[Finds; 2],
    spans: [Span; 2],
    sentences: [Span; 2],
) -> Found {
    let at = [0, 1].map(|side| At::of(documents[side], spans[side]));
    let mut found = Found { kinds: Vec::new(), spans, reason: String::new() };
    let texts = [0, 1].map(|side| documents[side].slice(spans[side]));
    if !texts[0].is_empty() && same_but_for_style(texts[0], texts[1]) {
        found.reason = "the same in another spelling or style".to_owned();
        return found;
    }
    let mut reasons: Vec<String> = Vec::new();
    if let Some(reason) = quotation(documents, spans) {
        found.kinds.push(ChangeKind::Quotation);
        reasons.push(reason.to_owned());
    }
    let touches =
        |spans_of: fn(&Finds) -> &[Span]| [0, 1].map(|side| any_touches(spans_of(&finds[side]), spans[side]));
    let one_sided = |touches: [bool; 2]| touches[0] != touches[1];
    if one_sided(touches(|finds| &finds.negations)) {
        found.kinds.push(ChangeKind::Polarity);
        reasons.push("only one version denies it".to_owned());
    }
    let figures = [0, 1].map(|side| others(&at[side].figures, &at[1 - side].figures, compatible));
    if figures.iter().any(|figures| !figures.is_empty()) {
        found.kinds.push(ChangeKind::Figure);
        let shown = [0, 1].map(|side| shown(documents[side], figures[side].iter().map(|figure| figure.span)));
        reasons.push(format!("figures: {} / {}", shown[0], shown[1]));
        widen(&mut found.spans, [0, 1].map(|side| figures[side].iter().map(|figure| figure.span).collect()));
    }
    let times = [0, 1].map(|side| others(&at[side].times, &at[1 - side].times, same_time));
    if times.iter().any(|times| !times.is_empty()) {
        found.kinds.push(ChangeKind::Time);
        let shown = [0, 1].map(|side| shown(documents[side], times[side].iter().map(|time| time.span)));
        reasons.push(format!("times: {} / {}", shown[0], shown[1]));
        widen(&mut found.spans, [0, 1].map(|side| times[side].iter().map(|time| time.span).collect()));
    }
    if let Some((reason, of_names)) = names(documents, &at, sentences) {
        found.kinds.push(ChangeKind::Name);
        reasons.push(reason);
        widen(&mut found.spans, of_names);
    }
    if one_sided(touches(|finds| &finds.hedges)) {
        found.kinds.push(ChangeKind::Hedge);
        reasons.push("only one version hedges".to_owned());
    }
    found.reason = if reasons.is_empty() { "other words".to_owned() } else { reasons.join("; ") };
    found
}

/// Two versions count from one day, so a weekday without a date is the same or another all the same.
fn same_time(a: &TimeExpression, b: &TimeExpression) -> bool {
    a.value == b.value || (a.days.is_some() && b.days.is_some() && compatible_times(a, b))
}

/// Those of `items` that agree with none of the other side.
fn others<'a, T>(items: &[&'a T], other: &[&'a T], agree: impl Fn(&T, &T) -> bool) -> Vec<&'a T> {
    items.iter().copied().filter(|item| !other.iter().any(|o| agree(item, o))).collect()
}

fn shown(document: &Document, spans: impl Iterator<Item = Span>) -> String {
    let shown: Vec<&str> = spans.map(|span| document.slice(span)).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

/// Takes what is touched into the change as a whole. A side without words stays as it is.
fn widen(spans: &mut [Span; 2], with: [Vec<Span>; 2]) {
    for (span, with) in spans.iter_mut().zip(with) {
        *span = with.into_iter().fold(*span, Span::cover);
    }
}

/// Whether the words stand in quotation marks.
fn quotation(documents: [&Document; 2], spans: [Span; 2]) -> Option<&'static str> {
    let quoted = [0, 1].map(|side| {
        let quotes = documents[side].layers().quotes.items();
        // Where words are missing, the place of the gap decides.
        let inside = |quote: &&Quote| {
            let (inner, span) = (quote.inner, spans[side]);
            if span.is_empty() {
                inner.start() < span.start() && span.end() < inner.end()
            } else {
                inner.overlap(span) > 0
            }
        };
        let first = quotes.partition_point(|quote| quote.span.end() < spans[side].start());
        quotes[first..]
            .iter()
            .take_while(|quote| quote.span.start() <= spans[side].end())
            .any(|quote| inside(&quote))
    });
    let empty = spans.map(Span::is_empty);
    match (quoted[0] || empty[0], quoted[1] || empty[1]) {
        _ if !quoted[0] && !quoted[1] => None,
        (true, true) => Some("words in quotation marks"),
        _ => Some("in quotation marks in one version only"),
    }
}

/// Names of one side that are no form of a name of the other, and where they stand. Where the other side has no name, a form may
/// stand elsewhere in its sentence: "Mayor Ana Ruiz" became "Mayor Ruiz".
fn names(
    documents: [&Document; 2],
    at: &[At<'_>; 2],
    sentences: [Span; 2],
) -> Option<(String, [Vec<Span>; 2])> {
    let forms = |side: usize, at: &At<'_>| -> Vec<(String, Span)> {
        at.mentions.iter().map(|m| (documents[side].slice(m.span).to_owned(), m.span)).collect()
    };
    let changed = [0, 1].map(|side| forms(side, &at[side]));
    let others = [0, 1].map(|side| {
        let other = 1 - side;
        let of_sentence = || forms(other, &At::of(documents[other], sentences[other]));
        let rivals = if changed[other].is_empty() { of_sentence() } else { changed[other].clone() };
        let known = |name: &str| rivals.iter().any(|(rival, _)| within(name, rival) || within(rival, name));
        changed[side].iter().filter(|(name, _)| !known(name)).map(|(_, span)| *span).collect::<Vec<Span>>()
    });
    if others.iter().all(Vec::is_empty) {
        return None;
    }
    let shown = [0, 1].map(|side| shown(documents[side], others[side].iter().copied()));
    Some((format!("names: {} / {}", shown[0], shown[1]), others))
}

/// True if all words of `a` stand in `b`.
fn within(a: &str, b: &str) -> bool {
    let b: BTreeSet<String> = words(b).collect();
    words(a).all(|word| b.contains(&word))
}
