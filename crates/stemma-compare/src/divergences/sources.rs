//! `speaker`: to whom the two reports give it.

use stemma_core::{Attribution, DivergenceKind, EntityKind, Form, Manner, Mention, MentionForm, Span};

use super::dropped::{Given, given};
use super::voices::classes;
use super::{Finding, Pair, Side, show};
use crate::entities::sounds_alike;

/// Below this share of common words two cells are too far apart to say that the speaker was changed.
const MIN_SAMENESS: f64 = 0.4;

/// An alignment of this probability holds whatever words it has.
const MIN_PROBABILITY: f64 = 0.5;
/// How far before a pronoun its speaker was named, in bytes.
const NEAR_BEFORE: usize = 300;

/// Share of common words from which on two direct quotations are of one utterance; other words were said by somebody else.
const ONE_UTTERANCE: f64 = 0.6;

/// Share of the words of the shorter from which on, if they are as many as this at least, it is cut from the longer one.
const WHOLE: f64 = 0.95;
const MIN_WORDS: usize = 6;

/// Share of the words of the shorter of two quotations that the other has, from which on they are one quotation.
const MIN_SAME_QUOTED: f64 = 0.5;

/// Compares who is given as the source.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let (a, b) = (attribution(pair.a)?, attribution(pair.b)?);
    other_speaker(pair, a, b).or_else(|| other_voice(pair, a, b))
}

/// The sources speak for two ("the owner", "coast guard spokesman"), and what they say is the same.
fn other_voice(pair: &Pair<'_>, a: &Attribution, b: &Attribution) -> Option<Finding> {
    let classes = [classes(pair.a, a), classes(pair.b, b)];
    let apart = classes.iter().all(|own| !own.is_empty()) && classes[0].is_disjoint(&classes[1]);
    let one_source = named_source(pair, 0, a).is_some_and(|x| named_source(pair, 1, b) == Some(x));
    let are_told = [a, b].iter().all(|a| !STANCES.contains(&a.manner) && !a.source.is_empty());
    let is_quoted = pair.sameness() >= SAME_WORDS && pair.n_same() >= MIN_WORDS;
    let is_told = pair.nearness_of_all() >= SAME_CLAIM && pair.probability >= LIKELY;
    if !apart || one_source || !are_told || !(is_quoted || is_told) {
        return None;
    }
    let words = [a, b].map(|a| a.source.clone());
    let names = [0, 1].map(|n| show(&pair.sides()[n].document.slices(&words[n])));
    Some(Finding {
        kind: DivergenceKind::Speaker,
        evidence: words,
        score: 0.4 + 0.4 * pair.sameness(),
        reason: format!("given to {} / to {}", names[0], names[1]),
    })
}

/// Share of common words, and nearness with a probability, from which on two cells give one claim.
const SAME_WORDS: f64 = 0.8;
const SAME_CLAIM: f64 = 0.4;
const LIKELY: f64 = 0.7;

/// The attribution of the cell, or one of most of it: "the bridge is closed, the mayor said in a statement".
fn attribution(side: Side<'_>) -> Option<&Attribution> {
    given(side).and_then(Given::attribution).or_else(|| whole_sentence(side))
}

/// The attribution of a cell that is made up of it: content, source and cue.
fn whole_sentence(side: Side<'_>) -> Option<&Attribution> {
    let length: usize = side.cell.spans.iter().map(|span| span.len()).sum();
    let parts = |a: &Attribution| -> usize {
        let all = a.content.iter().chain(&a.source).chain(&a.cue);
        all.filter(|&&part| side.holds(part)).map(|part| part.len()).sum()
    };
    let is_it =
        |a: &&Attribution| !a.source.is_empty() && !a.negated && parts(a) as f64 >= MADE_UP * length as f64;
    let cover = side.cover();
    let attributions = side.document.layers().attributions.items().iter();
    attributions.filter(|a| a.content.iter().any(|&part| cover.contains(part))).find(is_it)
}

/// Share of a cell that the parts of an attribution take up, of which it is made up.
const MADE_UP: f64 = 0.75;

/// Both name a source, and the story knows them as two.
fn other_speaker(pair: &Pair<'_>, a: &Attribution, b: &Attribution) -> Option<Finding> {
    let (x, y) = (named_source(pair, 0, a)?, named_source(pair, 1, b)?);
    let kinds = [x, y].map(|n| pair.cast.entities[n].kind);
    // A ministry and its spokesman, a country and its capital, are one voice: only like is compared with like.
    let alike = kinds == [EntityKind::Person; 2] || kinds == [EntityKind::Organization; 2];
    if x == y || !alike || (pair.sameness() < MIN_SAMENESS && pair.probability < MIN_PROBABILITY) {
        return None;
    }
    let both_direct = pair.sides().iter().all(|side| side.cell.form == Some(Form::Direct));
    let is_whole = pair.sameness() >= WHOLE && pair.n_same() >= MIN_WORDS;
    if both_direct && pair.closeness() < ONE_UTTERANCE && !is_whole {
        return None;
    }
    let name = |n: usize| pair.cast.entities[n].name.as_str();
    // "Mayor Ana Ruiz" and "Ruiz’s deputy Ana" may be one: a common word in two names casts doubt.
    let words = |n: usize| name(n).to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    if words(x).iter().any(|a| words(y).iter().any(|b| a == b || is_misspelled(a, b))) {
        return None;
    }
    // "A lawyer for Mr. Ruiz, Ana Berg": the words of the one source name the other.
    let says = |n: usize, attribution: &Attribution, other: usize| {
        let source = pair.sides()[n].document.slices(&attribution.source).to_lowercase();
        words(other).last().is_some_and(|word| word.len() > 3 && source.contains(word.as_str()))
    };
    if says(0, a, y) || says(1, b, x) {
        return None;
    }
    // Two reports of the same words hardly give them to two people: there a pronoun is the likelier mistake.
    let both_quoted = pair.sides().iter().all(|side| side.cell.form != Some(Form::Indirect));
    let strict = both_quoted && pair.sameness() >= MIN_SAME_QUOTED;
    let is_sure = |n: usize, attribution| is_sure(pair.sides()[n], attribution, strict);
    let are_told = [a, b].iter().all(|a| !STANCES.contains(&a.manner));
    if !are_told || !is_sure(0, a) || !is_sure(1, b) {
        return None;
    }
    Some(Finding {
        kind: DivergenceKind::Speaker,
        evidence: [a.source.clone(), b.source.clone()],
        score: 0.5 + 0.4 * pair.sameness(),
        reason: format!("given to {} / to {}", name(x), name(y)),
    })
}

/// True for two spellings of a name: of one sound, or with a common start and length.
fn is_misspelled(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    sounds_alike(a, b) || (common >= 3 && a.chars().count().abs_diff(b.chars().count()) <= 1)
}

/// Manners of cues that tell what somebody wants, thinks or rejects: two who think alike have not said the same.
const STANCES: [Manner; 4] = [Manner::Denial, Manner::Demand, Manner::Belief, Manner::Question];

/// True if the source is named, or a pronoun after another attribution to the same person, named there; unless `strict`, also a
/// pronoun or description right after the name. Of two reports of one claim it is the resolved pronoun that errs, not the outlet.
fn is_sure(side: Side<'_>, attribution: &Attribution, strict: bool) -> bool {
    let layers = side.document.layers();
    let named = |a: &Attribution| {
        let mention = a.source_mention.map(|id| &layers.mentions[id]);
        mention.is_some_and(|mention| mention.form == MentionForm::Named && heads(side, a, mention))
    };
    let start = |a: &Attribution| a.content[0].start();
    let before = |other: &&Attribution| {
        start(other) < start(attribution) && start(other) + NEAR_BEFORE >= start(attribution)
    };
    let mut before = layers.attributions.items().iter().filter(before);
    named(attribution)
        || before.any(|a| named(a) && a.source_entity == attribution.source_entity)
        || (!strict && is_last_named(side, attribution))
}

/// True if the pronoun or description of the source stands for the person who was named last before it.
fn is_last_named(side: Side<'_>, attribution: &Attribution) -> bool {
    let mentions = &side.document.layers().mentions;
    let Some(mention) = attribution.source_mention.map(|id| &mentions[id]) else { return false };
    let at = mentions.items().partition_point(|other| other.span.start() < mention.span.start());
    let is_person = |m: &&Mention| m.form == MentionForm::Named && m.kind == EntityKind::Person;
    let last = mentions.items()[..at].iter().rev().find(is_person);
    mention.form != MentionForm::Named && last.is_some_and(|last| last.entity == attribution.source_entity)
}

/// True if the mention is what the words of the source are about: it stands at their start or after a comma, but for its
/// title; "a study of children in Kenya" is not Kenya's.
fn heads(side: Side<'_>, attribution: &Attribution, mention: &Mention) -> bool {
    let Some(source) = attribution.source.iter().find(|span| span.touches(mention.span)) else { return true };
    let end = mention.span.start().max(source.start());
    let before = side.slice(Span::new(source.start(), end)).to_lowercase();
    let words: Vec<&str> = before.split_whitespace().collect();
    !words.iter().any(|word| PREPOSITIONS.contains(word)) || before.trim_end().ends_with(',')
}

/// Words after which a name is not the source itself.
const PREPOSITIONS: [&str; 12] =
    ["of", "in", "from", "for", "with", "by", "at", "on", "to", "about", "against", "follows"];

/// The story's entity for a source that the report names, or whose pronoun it resolves.
fn named_source(pair: &Pair<'_>, side: usize, attribution: &Attribution) -> Option<usize> {
    let report = pair.sides()[side].report.index();
    let entity = attribution.source_entity?;
    (!attribution.source.is_empty()).then(|| pair.cast.entity(report, entity))
}

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn the_same_words_from_two_people() {
        insta::assert_snapshot!(found("speaker", [
            "“For nine years the people of this town paid for bad water,” Judge Rosa Tinta said.",
            "“For nine years the people of this town paid for bad water,” said the prosecutor, Karl Berg.",
        ]), @"given to Rosa Tinta / to Karl Berg [Judge Rosa Tinta] [the prosecutor, Karl Berg]");
    }

    #[test]
    fn two_people_who_speak_alike_have_not_said_the_same() {
        insta::assert_snapshot!(found("speaker", [
            "“I think it shows that they stand on the wrong side of history,” Rosa Tinta said.",
            "“These people are on the wrong side of history and of the law,” said Karl Berg.",
        ]), @"");
    }

    #[test]
    fn a_quotation_that_is_cut_and_one_whose_source_is_not_named() {
        insta::assert_snapshot!(found("speaker", [
            "“The old bridge can carry no more trucks this year, and we must have the new one before winter,” said Ana Lind.",
            "“The old bridge can carry no more trucks this year,” said Karl Berg.",
        ]), @"given to Ana Lind / to Karl Berg [Ana Lind] [Karl Berg]");
        insta::assert_snapshot!(found("speaker", [
            "“The old bridge can carry no more trucks this year,” said Ana Lind, secretary of the union.",
            "“The old bridge can carry no more trucks this year,” the transport minister was quoted as saying.",
        ]), @"given to “Ana Lind” / to “the transport minister” [Ana Lind] [the transport minister]");
    }

    #[test]
    fn two_who_speak_for_one() {
        insta::assert_snapshot!(found("speaker", [
            "The barge struck a sunken crane in the northern harbor, police spokesman Ivo Berg said.",
            "The barge struck a sunken crane in the northern harbor, the police said.",
        ]), @"");
        insta::assert_snapshot!(found("speaker", [
            "The barge struck a sunken crane in the northern harbor, the shipping company said.",
            "The barge struck a sunken crane in the northern harbor, its chief executive said.",
        ]), @"");
    }
}
