//! Attributions: source, cue, content.
//!
//! In: the layers up to mentions. Out: attributions in text order, each with spans of its parts. Rules over words, marks
//! and a cue lexicon (`data/cues.txt`), no parser: a cue verb, its subject on the left or right, and what it takes. A
//! quotation is one item in these rules, so whatever stands inside one cannot confuse them.
//! Never fails; linear in the text, since each search reaches a bounded number of items.
//! The parts follow Pareti, "A database of attribution relations" (2012).

mod after;
mod before;
mod carry;
mod classes;
mod cues;
mod drafts;
mod extent;
mod other;
mod pronouns;
mod quoted;
mod sources;
pub mod speakers;
#[cfg(test)]
mod tests;
mod unit;
mod verbs;

use stemma_core::{
    Attribution, AttributionId, Basis, Form, Layer, LayerId, Manner, Mention, MentionForm, MentionId,
    Producer, Quote, QuoteId, Span,
};

pub use cues::Cues;
pub(crate) use pronouns::mend_quoted;
pub use unit::Prose;

/// Who says what.
pub fn find_attributions(
    prose: Prose<'_>,
    mentions: &Layer<MentionId, Mention>,
    cues: &Cues,
) -> Layer<AttributionId, Attribution> {
    let Prose { text, quotes, .. } = prose;
    let units = unit::units(prose);
    let mut items = by_rules(text, &units, quotes, mentions, cues);
    if let Some(model) = cues.speakers {
        let scene = speakers::Scene { text, units: &units, quotes, mentions, cues };
        speakers::settle(&mut items, &scene, model);
        finish_all(&mut items, text, quotes, mentions);
    }
    items = join_carried(items, text);
    mend_speakers(&mut items, text, mentions);
    set_parents(&mut items);
    Layer::new(Producer::new("attributions", 4), items)
}

/// Words in quotation marks that nobody is named for.
fn unnamed(content: Span) -> Attribution {
    Attribution {
        content: vec![content],
        cue: Vec::new(),
        source: Vec::new(),
        source_mention: None,
        source_entity: None,
        form: Form::Direct,
        manner: Manner::Neutral,
        basis: Basis::None,
        negated: false,
        parent: None,
    }
}

/// What the rules find.
fn by_rules(
    text: &str,
    units: &[unit::Unit<'_>],
    quotes: &Layer<QuoteId, Quote>,
    mentions: &Layer<MentionId, Mention>,
    cues: &Cues,
) -> Vec<Attribution> {
    let mut items = carry::collect(units, quotes, cues);
    finish_all(&mut items, text, quotes, mentions);
    items
}

/// Brings attributions into their final shape and order.
fn finish_all(
    items: &mut Vec<Attribution>,
    text: &str,
    quotes: &Layer<QuoteId, Quote>,
    mentions: &Layer<MentionId, Mention>,
) {
    for attribution in items.iter_mut() {
        finish(attribution, text, quotes, mentions);
    }
    items.retain(|attribution| !attribution.content.is_empty());
    items.sort_by_key(|attribution| {
        let first = extent(attribution);
        (first.start(), usize::MAX - first.end())
    });
}

/// Words between two quotations, beside the cue and the source of the first, that do not part them.
const LONGEST_GAP: usize = 3;

/// A quotation without a cue goes on with the one before it where hardly more than "she said" stands between: both are one act of speech.
fn join_carried(items: Vec<Attribution>, text: &str) -> Vec<Attribution> {
    let mut joined: Vec<Attribution> = Vec::with_capacity(items.len());
    for item in items {
        match joined.last_mut() {
            Some(before) if item.basis == Basis::Carried && goes_on(before, &item, text) => {
                before.content.extend(item.content);
            }
            _ => joined.push(item),
        }
    }
    joined
}

/// True if `item` follows `before` as the next quotation of one act of speech.
fn goes_on(before: &Attribution, item: &Attribution, text: &str) -> bool {
    let (Some(last), Some(first)) = (before.content.last(), item.content.first()) else { return false };
    if before.form != Form::Direct || item.form != Form::Direct || last.end() > first.start() {
        return false;
    }
    let gap = Span::new(last.end(), first.start());
    let n_words = |span: Span| {
        let is_word = |word: &&str| word.contains(char::is_alphanumeric);
        text[span.range()].split_whitespace().filter(is_word).count()
    };
    let own = before.cue.iter().chain(&before.source).filter(|part| gap.contains(**part));
    n_words(gap) <= own.map(|&part| n_words(part)).sum::<usize>() + LONGEST_GAP
}

/// Who speaks does not call himself by name: a pronoun before a quotation that names the one whom it was resolved to stands for the
/// speaker before, or for nobody known.
fn mend_speakers(items: &mut [Attribution], text: &str, mentions: &Layer<MentionId, Mention>) {
    for n in 0..items.len() {
        let this = &items[n];
        let Some((pronoun, entity)) = this.source_mention.map(|id| mentions[id]).zip(this.source_entity)
        else {
            continue;
        };
        let names_itself = || {
            let named = mentions.items().iter().filter(|m| m.form == MentionForm::Named);
            let mut own = named.filter(|m| m.entity == Some(entity));
            own.any(|m| this.content.iter().any(|content| content.contains(m.span)))
        };
        if this.form != Form::Direct || pronoun.form != MentionForm::Pronoun || !names_itself() {
            continue;
        }
        let gender = |mention: Mention| match text[mention.span.range()].to_lowercase().as_str() {
            "he" => Some(false),
            "she" => Some(true),
            _ => None,
        };
        let from = pronoun.span.start().saturating_sub(SPEAKER_WINDOW);
        let before = items[..n].iter().rev().take_while(|a| extent(a).start() >= from).find(|other| {
            let same_gender = other.source_mention.is_none_or(|id| {
                gender(mentions[id]).is_none_or(|g| gender(pronoun).is_none_or(|own| own == g))
            });
            other.source_entity.is_some_and(|e| e != entity) && same_gender
        });
        items[n].source_entity = before.and_then(|a| a.source_entity);
    }
}

/// How far before a pronoun its speaker is looked for, in bytes.
const SPEAKER_WINDOW: usize = 1200;

/// From the first to the last byte of all three parts.
fn extent(attribution: &Attribution) -> Span {
    let mut spans = attribution.content.iter().chain(&attribution.cue).chain(&attribution.source);
    let first = *spans.next().expect("content is never empty");
    spans.fold(first, |all, &span| all.cover(span))
}

/// Form, bare content, and the mention of the source.
fn finish(
    attribution: &mut Attribution,
    text: &str,
    quotes: &Layer<QuoteId, Quote>,
    mentions: &Layer<MentionId, Mention>,
) {
    attribution.form = form(&attribution.content, text, quotes);
    for span in &mut attribution.content {
        *span = bare(*span, text, quotes);
    }
    attribution.content.retain(|span| !span.is_empty());
    if attribution.source_mention.is_none() {
        attribution.source_mention = head_mention(&attribution.source, mentions);
    }
    attribution.source_entity = attribution.source_mention.and_then(|id| mentions[id].entity);
}

/// Index of the first outer quote that ends after `at`.
fn first_quote(quotes: &Layer<QuoteId, Quote>, at: usize) -> usize {
    // Nested quotes follow their parent and end before it, so ends are not sorted; starts are.
    let after = quotes.items().partition_point(|quote| quote.span.start() <= at);
    (0..after)
        .rev()
        .take(16)
        .find(|&n| quotes.items()[n].depth == 0)
        .filter(|&n| quotes.items()[n].span.end() > at)
        .unwrap_or(after)
}

fn form(content: &[Span], text: &str, quotes: &Layer<QuoteId, Quote>) -> Form {
    let letters = |span: Span| text[span.range()].chars().filter(|c| c.is_alphanumeric()).count();
    let (mut all, mut quoted) = (0, 0);
    for &piece in content {
        all += letters(piece);
        for quote in &quotes.items()[first_quote(quotes, piece.start())..] {
            if quote.span.start() >= piece.end() {
                break;
            }
            if quote.depth == 0 && quote.inner.touches(piece) {
                let from = quote.inner.start().max(piece.start());
                quoted += letters(Span::new(from, quote.inner.end().min(piece.end())));
            }
        }
    }
    match quoted {
        0 => Form::Indirect,
        n if n == all => Form::Direct,
        _ => Form::Mixed,
    }
}

/// `span` without white space at its edges, and without its quotation marks if it is one quotation.
fn bare(span: Span, text: &str, quotes: &Layer<QuoteId, Quote>) -> Span {
    let span = span.trim(text);
    match quotes.items().get(first_quote(quotes, span.start())) {
        Some(quote) if quote.span == span => quote.inner.trim(text),
        _ => span,
    }
}

/// The mention that heads a source: the first named one in it, else the first of any form.
fn head_mention(source: &[Span], mentions: &Layer<MentionId, Mention>) -> Option<MentionId> {
    let span = *source.first()?;
    let first = mentions.items().partition_point(|mention| mention.span.end() <= span.start());
    let inside: Vec<usize> = (first..mentions.len())
        .take_while(|&n| mentions.items()[n].span.start() < span.end())
        .take(12)
        .filter(|&n| span.contains(mentions.items()[n].span))
        .collect();
    let head = inside.iter().find(|&&n| {
        mentions.items()[n].form == MentionForm::Named
            && mentions.items()[n].kind == stemma_core::EntityKind::Person
    });
    head.or(inside.first()).map(|&n| MentionId::from_index(n))
}

/// Contents that may be open at one place; more are no prose.
const MOST_OPEN: usize = 64;

/// Gives each attribution the smallest one whose content holds it. `items` are in text order, the larger first.
fn set_parents(items: &mut [Attribution]) {
    let mut open: Vec<usize> = Vec::new();
    for n in 0..items.len() {
        let span = extent(&items[n]);
        open.retain(|&outer| items[outer].content.last().is_some_and(|last| last.end() > span.start()));
        let holds = |outer: &Attribution| outer.content.iter().any(|piece| piece.contains(span));
        let parent = open.iter().rev().take(16).find(|&&outer| holds(&items[outer])).copied();
        items[n].parent = parent.map(AttributionId::from_index);
        if open.len() == MOST_OPEN {
            open.remove(0);
        }
        open.push(n);
    }
}
