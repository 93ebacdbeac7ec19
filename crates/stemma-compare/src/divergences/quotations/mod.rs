//! `quote-altered`, `quote-partial`, `wording`: what became of the words in quotation marks.
//!
//! Two verbatim quotations of one utterance in one language cannot both be right if a word inside differs. Words left off at
//! either end make a fragment. Where the speaker speaks another language and the quotations differ, they are translations.

mod occasions;
mod strings;
mod translations;

use stemma_core::{DivergenceKind, EntityKind, Form, Span};

use self::occasions::are_two_occasions;
use self::strings::{MIN_SHARE, Strings};
use super::{Finding, Pair};

pub(crate) use self::translations::Translations;

/// Compares the quoted words of two cells.
pub(super) fn compare(pair: &Pair<'_>, translations: &Translations) -> Vec<Finding> {
    let quoted = [pair.a.quoted(), pair.b.quoted()];
    if quoted.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    // A cell may be the one clause of a sentence that both quote, where the other report goes on.
    let whole = [pair.a, pair.b].map(|side| side.quoted_in(side.sentences()));
    if whole.iter().any(Vec::is_empty) || are_two_speakers(pair) {
        return Vec::new();
    }
    let translated = [pair.a, pair.b].into_iter().find_map(|side| {
        let attribution = &side.document.layers().attributions[side.cell.attribution?];
        let entity = pair.cast.entity(side.report.index(), attribution.source_entity?);
        translations.evidence.get(&entity)
    });
    let mut findings = compare_strings(pair, [&quoted[0], &quoted[1]], translated, LEAST);
    if findings.is_empty() {
        let is_whole = quoted.iter().all(|strings| !strings.is_empty());
        let pick = |n: usize| if is_whole || quoted[n].is_empty() { &whole[n][..] } else { &quoted[n][..] };
        findings = compare_strings(pair, [pick(0), pick(1)], translated, LEAST_BESIDE);
        findings.retain(|f| f.kind == DivergenceKind::QuotePartial);
    }
    if findings.is_empty() && translated.is_none() {
        findings.extend(retold(pair));
    }
    findings.retain(|f| f.kind != DivergenceKind::QuoteAltered || !are_two_occasions(pair));
    findings
}

/// Words that two quoted strings must have in common; the same of strings beside the cells.
const LEAST: usize = 1;
const LEAST_BESIDE: usize = 3;

/// What one report quotes in part, where other cells of the two reports were laid side by side: a report that quotes a sentence
/// and below a piece of it, beside one that quotes the piece alone.
pub(super) fn compare_rest(pair: &Pair<'_>) -> Option<Finding> {
    if are_two_speakers(pair) {
        return None;
    }
    let found = compare_strings(pair, [&pair.a.quoted(), &pair.b.quoted()], None, LEAST);
    let is_altered = found.iter().any(|finding| finding.kind == DivergenceKind::QuoteAltered);
    found.into_iter().find(|finding| !is_altered && finding.kind == DivergenceKind::QuotePartial)
}

/// Two whole quotations of one speaker that say the same in other words: of one utterance, both cannot be verbatim.
fn retold(pair: &Pair<'_>) -> Option<Finding> {
    let is_direct = pair.sides().iter().all(|side| side.cell.form == Some(Form::Direct));
    let quoted = pair.sides().map(|side| match side.quoted()[..] {
        [one] if side.document.tokens_in(one).len() >= MIN_RETOLD => Some(one),
        _ => None,
    });
    let [Some(x), Some(y)] = quoted else { return None };
    let holds = is_direct
        && pair.probability >= OF_RETOLD
        && pair.sameness() >= SOME
        && pair.sameness() < MIN_SHARE
        && pair.nearness_of_all() >= SOME;
    holds.then(|| Finding {
        kind: DivergenceKind::QuoteAltered,
        evidence: [vec![x], vec![y]],
        score: 0.5,
        reason: "both stand in quotation marks, in words of which few are the same".to_owned(),
    })
}

/// Tokens of a quotation that tells enough to be known in other words.
const MIN_RETOLD: usize = 7;
/// Probability from which on two quotations in other words are of one utterance, and share of words that are common or near.
const OF_RETOLD: f64 = 0.5;
const SOME: f64 = 0.3;

/// Compares strings in quotation marks of both sides, each with the one that has most in common with it.
fn compare_strings(
    pair: &Pair<'_>,
    [quoted_a, quoted_b]: [&[Span]; 2],
    translated: Option<&String>,
    least: usize,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The report of the lower id asks for the best partner of each of its strings, whichever column it stands in.
    let flipped = pair.b.document.report().id() < pair.a.document.report().id();
    let (asking, asked) = if flipped { (quoted_b, quoted_a) } else { (quoted_a, quoted_b) };
    for &one in asking {
        let laid = |&other: &Span| {
            let spans = if flipped { [other, one] } else { [one, other] };
            (Strings::new(pair, spans), other)
        };
        let best = asked.iter().map(laid);
        let best = best.max_by_key(|(strings, other)| (strings.n_common(), std::cmp::Reverse(*other)));
        let best = best.filter(|(strings, _)| strings.n_common() >= least);
        findings.extend(best.map(|(strings, _)| strings.compare(translated)).unwrap_or_default());
    }
    // Broken quotations give several findings of one kind: one is enough, the strongest.
    findings.sort_by(|x, y| x.kind.cmp(&y.kind).then(y.score.total_cmp(&x.score)));
    findings.dedup_by_key(|f| f.kind);
    findings
}

/// Share of common words from which on two quotations are one, whoever is said to have spoken.
const ONE_UTTERANCE: f64 = 0.75;

/// Share of the shorter cell's words, and how many, that make it a fragment of the other, whoever is said to have spoken.
const FRAGMENT: f64 = 0.9;
const MIN_FRAGMENT: usize = 6;

/// True if two persons speak, in words that are not the same: two acts of speech.
fn are_two_speakers(pair: &Pair<'_>) -> bool {
    let speakers = [0, 1].map(|n| {
        let side = pair.sides()[n];
        let attribution = &side.document.layers().attributions[side.cell.attribution?];
        let entity = pair.cast.entity(side.report.index(), attribution.source_entity?);
        (pair.cast.entities[entity].kind == EntityKind::Person).then_some(entity)
    });
    let [Some(x), Some(y)] = speakers else { return false };
    let name = |n: usize| pair.cast.entities[n].name.to_lowercase();
    let is_one = name(x).split_whitespace().any(|word| name(y).split_whitespace().any(|other| word == other));
    let n_same: usize = pair.diff.iter().filter(|piece| piece.same).map(|piece| piece.n_words[0]).sum();
    let is_fragment = pair.sameness() >= FRAGMENT && n_same >= MIN_FRAGMENT;
    x != y && !is_one && !is_fragment && pair.closeness() < ONE_UTTERANCE
}

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;
    use crate::divergences::tests::found as told;

    const WHOLE: &str = "“We will rebuild the old bridge before the winter comes, and we will do it in stone,” said Mayor Ana Ruiz.";

    #[test]
    fn a_word_changed_inside() {
        let other = "“We will rebuild the old bridge before the autumn comes, and we will do it in stone,” Ruiz said.";
        insta::assert_snapshot!(found("quote-altered", [WHOLE, other]), @"both stand in quotation marks and differ inside: “winter” / “autumn” [winter] [autumn]");
    }

    #[test]
    fn a_fragment() {
        let other =
            "Mayor Ana Ruiz said that the town would “rebuild the old bridge before the winter comes”.";
        insta::assert_snapshot!(found("quote-partial", [WHOLE, other]), @"one quotes 8 of the other’s 17 words [We will … and we will do it in stone] []");
        insta::assert_snapshot!(found("quote-altered", [WHOLE, other]), @"");
    }

    #[test]
    fn a_sentence_that_one_report_ends_after_its_first_clause() {
        let whole = "“This can change how we treat fever in sheep, but we need larger herds before it reaches the farms,” said Ana Ruiz.";
        let other = "“This can change how we treat fever in sheep,” said Ana Ruiz.";
        insta::assert_snapshot!(found("quote-partial", [whole, other]), @"one quotes 9 of the other’s 19 words [but we need larger herds before it reaches the farms] []");
    }

    #[test]
    fn a_quotation_broken_by_its_cue_is_whole() {
        let other = "“We will rebuild the old bridge before the winter comes,” said Mayor Ana Ruiz, “and we will do it in stone.”";
        insta::assert_snapshot!(found("quote-partial", [WHOLE, other]), @"");
    }

    #[test]
    fn brackets_mark_what_they_change() {
        let other = "“We will rebuild [it] before the winter comes, and we will do it in stone,” said Mayor Ana Ruiz.";
        insta::assert_snapshot!(found("quote-altered", [WHOLE, other]), @"");
        insta::assert_snapshot!(found("quote-partial", [WHOLE, other]), @"");
    }

    #[test]
    fn what_is_said_twice_may_differ() {
        let other = "“We will rebuild the old bridge before the autumn comes, and we will do it in stone,” Ruiz told a radio station.";
        let letter = WHOLE.replace("said Mayor Ana Ruiz", "Mayor Ana Ruiz wrote in a letter");
        insta::assert_snapshot!(found("quote-altered", [&letter, other]), @"");
    }

    #[test]
    fn a_few_words_in_marks_beside_the_sentence_that_they_are_of() {
        let other = "Ruiz wants to “do it in stone”, and the guilds agreed.";
        insta::assert_snapshot!(found("quote-partial", [WHOLE, other]), @"");
        let rest = "Mayor Ana Ruiz conceded that the town would not “do it in stone”, yet before the winter comes it would rebuild the old bridge.";
        insta::assert_snapshot!(found("quote-partial", [WHOLE, rest]), @"one quotes 4 of the other’s 17 words [We will rebuild the old bridge before the winter comes, and we will] []");
    }

    #[test]
    fn what_is_said_again_in_other_words_within_quotation_marks() {
        insta::assert_snapshot!(told(&[
            "“Not a soul in this valley is going to forget those 40 hours,” said Mayor Ana Ruiz.",
            "“Nobody in this valley will forget those forty hours, and nobody should ask us to,” said Mayor Ana Ruiz.",
        ]), @"quote-altered: both stand in quotation marks, in words of which few are the same");
    }

    #[test]
    fn a_quotation_within_a_letter_that_is_printed_without_marks() {
        let letter = "The letter that the guilds wrote says: We will never use your ‘new’ road over the old bridge again this year.";
        insta::assert_snapshot!(found("quote-partial", [
            letter,
            "“We will never use your ‘new’ road over the old bridge again this year,” wrote the guilds.",
        ]), @"");
    }
}
