//! Who speaks does not call himself "he": a pronoun of the third person inside a quotation means somebody else.
//!
//! In: mentions as resolved without a look at speech, and who says what. Out: the mentions, with such pronouns given to the last other
//! person before them, or to nobody. Linear in the text, since each search looks back a bounded number of mentions.

use stemma_core::{
    Attribution, AttributionId, Entity, EntityId, EntityKind, Gender, Layer, Mention, MentionForm, MentionId,
    Quote, QuoteId, Span,
};

/// Mentions that are looked at before a pronoun.
const FARTHEST: usize = 40;

/// Takes pronouns inside quotations from their speakers.
pub(crate) fn mend_quoted(
    text: &str,
    mentions: Layer<MentionId, Mention>,
    entities: &Layer<EntityId, Entity>,
    quotes: &Layer<QuoteId, Quote>,
    attributions: &Layer<AttributionId, Attribution>,
) -> Layer<MentionId, Mention> {
    let mut items = mentions.items().to_vec();
    let outer: Vec<Quote> = quotes.items().iter().filter(|quote| quote.depth == 0).copied().collect();
    for attribution in attributions.items() {
        let Some(speaker) = attribution.source_entity else { continue };
        for &piece in &attribution.content {
            // The content of a direct quotation is bare: its quote reaches over it.
            let first = outer.partition_point(|quote| quote.span.end() <= piece.start());
            for quote in outer[first..].iter().take_while(|quote| quote.span.start() < piece.end()) {
                let start = quote.inner.start().max(piece.start());
                let end = quote.inner.end().min(piece.end());
                if start < end {
                    mend(text, &mut items, entities, Span::new(start, end), speaker);
                }
            }
        }
    }
    Layer::new(mentions.made_by, items)
}

/// Mends the pronouns in `quoted`, words of `speaker`.
fn mend(
    text: &str,
    items: &mut [Mention],
    entities: &Layer<EntityId, Entity>,
    quoted: Span,
    speaker: EntityId,
) {
    let first = items.partition_point(|mention| mention.span.start() < quoted.start());
    let end = items.partition_point(|mention| mention.span.start() < quoted.end());
    for at in first..end.max(first) {
        let mention = items[at];
        if mention.form != MentionForm::Pronoun || mention.entity != Some(speaker) {
            continue;
        }
        let Some(gender) = gender_of(&text[mention.span.range()]) else { continue };
        let other = items[..at].iter().rev().take(FARTHEST).find_map(|before| {
            let entity = before.entity.filter(|&entity| entity != speaker)?;
            let fits = before.kind == EntityKind::Person
                && before.form != MentionForm::Pronoun
                && (entities[entity].gender == gender || entities[entity].gender == Gender::Unknown);
            fits.then_some(entity)
        });
        items[at].entity = other;
    }
}

/// The gender of a pronoun of the third person.
fn gender_of(word: &str) -> Option<Gender> {
    match word.to_lowercase().as_str() {
        "he" | "him" | "his" | "himself" => Some(Gender::Masculine),
        "she" | "her" | "hers" | "herself" => Some(Gender::Feminine),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_core::{Origin, Report, ReportDraft};

    use crate::Annotator;

    /// Each pronoun of a text with the name that it stands for.
    fn pronouns(text: &str) -> String {
        let draft = ReportDraft { text: text.to_owned(), ..ReportDraft::default() };
        let document = Annotator::load().annotate(Arc::new(Report::new(draft, Origin::whole("-"))));
        let layers = document.layers();
        let pronouns = layers.mentions.items().iter().filter(|m| m.form == super::MentionForm::Pronoun);
        let shown = pronouns.map(|mention| {
            let name = mention.entity.map_or("?", |entity| layers.entities[entity].name.as_str());
            format!("{} = {name}", &text[mention.span.range()])
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn he_inside_a_quotation_is_not_its_speaker() {
        let text = "Omar Kaya met Juan Perez. Kaya said that he was glad. “He will go,” Kaya added. “His time is up.”";
        insta::assert_snapshot!(pronouns(text), @"he = Omar Kaya, He = ?, His = Juan Perez");
        let alone = "“He lied to me,” Omar Kaya said.";
        insta::assert_snapshot!(pronouns(alone), @"He = ?");
    }
}
