//! `hedge`: asserted as fact in one report, with reserve in the other.
//!
//! One side has words of reserve ("is believed to", "reportedly"), the other none of any sort, and what the words qualify is
//! something that both say. What two cells share beyond that is told by the words that are near each other.

use stemma_core::{DivergenceKind, Form, Manner, MentionForm, Span, Voice};

use super::{Finding, Pair, Side, show};

/// Finds reserve on one side alone.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    worded(pair).or_else(|| believed(pair))
}

/// Words of reserve on one side.
fn worded(pair: &Pair<'_>) -> Option<Finding> {
    let (evidence, reason) = reserve(pair.sides()).or_else(|| expected(pair))?;
    let with = usize::from(evidence[0].is_empty());
    let (side, other) = (pair.sides()[with], pair.sides()[1 - with]);
    if is_guarded(other) || speaks_of_more(side, other) {
        return None;
    }
    let is_own = other.cell.voice == Voice::Own;
    let both_attributed = !is_own && side.cell.voice == Voice::Attributed;
    let nearness = pair.nearness_of_all();
    let sameness = pair.sameness();
    // "The supposed deal", "is believed to have ended": what the words qualify must be common.
    let is_shared = |span: Span, n: usize, least: f64| pair.is_shared_after(with, span, n, least);
    let holds = |&span: &Span| {
        let word = side.slice(span).to_lowercase();
        let coverage = coverage(pair, with, span);
        if WEAK.contains(&word.as_str()) {
            let will = nearness >= RELATED && is_shared(span, 1, SAME) && is_certain(other);
            !both_attributed
                && !is_free_to(other)
                && (will || (nearness >= ALIKE && sameness >= ALIKE && is_shared(span, 1, SAME)))
        } else if both_attributed {
            // Two sources may differ in how sure they are: that is theirs.
            !ADJECTIVES.contains(&word.as_str())
                && nearness >= CLOSE
                && coverage >= ALIKE
                && is_shared(span, QUALIFIED, NEAR)
        } else if ADJECTIVES.contains(&word.as_str()) {
            nearness >= RELATED && is_shared(span, 1, SAME)
        } else if is_own {
            let is_near = sameness >= SIMILAR && is_shared(span, QUALIFIED, NEAR);
            let is_one = (pair.probability >= SURE && coverage >= A_BIT)
                || (pair.probability >= LIKELY && coverage >= HALF);
            is_one && nearness >= RELATED && (is_near || is_shared(span, QUALIFIED, VERY_NEAR))
        } else {
            nearness >= ALIKE && is_shared(span, QUALIFIED, SAME)
        }
    };
    let score = 0.5 + 0.4 * nearness;
    evidence[with].iter().any(holds).then_some(Finding {
        kind: DivergenceKind::Hedge,
        evidence,
        score,
        reason,
    })
}

/// "He appeared well" and "all those freed are well": the one speaks of one of whom the other tells.
fn speaks_of_more(side: Side<'_>, other: Side<'_>) -> bool {
    let first = |side: Side<'_>| {
        let text = side.slice_of_cover();
        text.split(|c: char| !c.is_alphabetic())
            .find(|word| !word.is_empty())
            .unwrap_or_default()
            .to_lowercase()
    };
    let words = [first(side), first(other)];
    let one = |n: usize| ONE.contains(&words[n].as_str());
    let many = |n: usize| MANY.contains(&words[n].as_str());
    (one(0) && many(1)) || (one(1) && many(0))
}

const ONE: [&str; 2] = ["he", "she"];
const MANY: [&str; 6] = ["all", "most", "both", "they", "many", "some"];

/// True if the cell says what will be, without a doubt.
fn is_certain(side: Side<'_>) -> bool {
    let tokens = side.document.layers().tokens.items();
    let words = tokens[side.document.tokens_in(side.cover())].iter().map(|token| side.slice(token.span));
    words.into_iter().any(|word| matches!(word, "will" | "would" | "'ll" | "’ll"))
}

/// "Is expected to leave" beside "will leave".
fn expected(pair: &Pair<'_>) -> Option<([Vec<Span>; 2], String)> {
    let found = pair.sides().map(|side| {
        let tokens = side.document.layers().tokens.items();
        let range = side.document.tokens_in(side.cover());
        let is = |n: usize, word: &str| tokens.get(n).is_some_and(|token| side.slice(token.span) == word);
        let at = range
            .clone()
            .find(|&n| EXPECTED.iter().any(|word| is(n, word)) && is(n + 1, "to") && n + 1 < range.end);
        at.map(|n| tokens[n].span.cover(tokens[n + 1].span))
    });
    let (with, span) = match found {
        [Some(span), None] => (0, span),
        [None, Some(span)] => (1, span),
        _ => return None,
    };
    let holds = is_certain(pair.sides()[1 - with]) && pair.is_shared_after(with, span, 1, SAME);
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[with].push(span);
    let words = show(pair.sides()[with].slice(span));
    holds.then(|| (evidence, format!("{words} in one, asserted in the other")))
}

/// Words before "to" for what is not certain yet.
const EXPECTED: [&str; 3] = ["expected", "set", "due"];

/// What those who look into it believe, and the other report asserts or has somebody say without reserve.
fn believed(pair: &Pair<'_>) -> Option<Finding> {
    let sides = pair.sides();
    let beliefs = sides.map(belief);
    let (with, cue) = match beliefs {
        [Some(cue), None] => (0, cue),
        [None, Some(cue)] => (1, cue),
        _ => return None,
    };
    let other = sides[1 - with];
    let nearness = pair.nearness_of_all();
    let is_plain = other.cell.manner.is_none_or(|manner| matches!(manner, Manner::Neutral | Manner::Factive));
    if !is_plain || !hedges(other).is_empty() || is_guarded(other) || nearness < SIMILAR {
        return None;
    }
    let mut evidence = [Vec::new(), Vec::new()];
    evidence[with].push(cue);
    let words = show(sides[with].slice(cue));
    let reason = format!("{words} in one, asserted in the other");
    Some(Finding { kind: DivergenceKind::Hedge, evidence, score: 0.5 + 0.4 * nearness, reason })
}

/// The verb of what people without a name believe ("investigators believe that"): no opinion, but a finding that is not sure.
fn belief(side: Side<'_>) -> Option<Span> {
    let layers = side.document.layers();
    let tokens = layers.tokens.items();
    let cover = side.document.tokens_in(side.cover());
    let word = |n: usize| tokens.get(n).map_or("", |token| side.slice(token.span));
    let is_verb = |n: usize| BELIEFS.iter().any(|start| word(n).starts_with(start));
    let is_group =
        |n: usize| word(n).ends_with('s') && word(n).starts_with(char::is_lowercase) && word(n).len() > 4;
    let spans =
        (cover.start + 1..cover.end).filter(|&n| is_verb(n) && is_group(n - 1) && word(n + 1) == "that");
    let quoted = side.quoted();
    let mut spans =
        spans.map(|n| tokens[n].span).filter(|&span| !quoted.iter().any(|quote| quote.contains(span)));
    spans.next().or_else(|| believers(side))
}

/// The cue of the cell, if such people are its source.
fn believers(side: Side<'_>) -> Option<Span> {
    let layers = side.document.layers();
    let attribution = &layers.attributions[side.cell.attribution?];
    let cue = *attribution.cue.first()?;
    let mention = attribution.source_mention.map(|id| &layers.mentions[id]);
    let is_named = mention.is_some_and(|mention| mention.form != MentionForm::Described);
    let word = side.slice(cue).to_lowercase();
    let believes = BELIEFS.iter().any(|start| word.starts_with(start));
    (believes && !is_named && attribution.form == Form::Indirect && !attribution.negated).then_some(cue)
}

/// Beginnings of verbs of being nearly sure.
const BELIEFS: [&str; 4] = ["believe", "suspect", "think", "assum"];

/// Share of the weight of the words of the clause that `span` stands in that the other cell has or comes near, `0.0..=1.0`.
pub(super) fn coverage(pair: &Pair<'_>, with: usize, span: Span) -> f64 {
    let (side, other) = (pair.sides()[with], pair.sides()[1 - with]);
    let tokens = side.document.layers().tokens.items();
    let cover = side.document.tokens_in(side.cover());
    let own = side.document.tokens_in(span);
    let ends = |n: usize| {
        let word = side.slice(tokens[n].span).to_lowercase();
        CLAUSES.contains(&word.as_str())
    };
    let start = (cover.start..own.start).rev().find(|&n| ends(n)).map_or(cover.start, |n| n + 1);
    let end = (own.end.min(cover.end)..cover.end).find(|&n| ends(n)).unwrap_or(cover.end);
    let vocabulary = pair.texts.vocabulary;
    let report = side.report.index();
    let mut words = pair.texts.bag(report, start..own.start);
    words.extend(pair.texts.bag(report, own.end.min(end)..end));
    words.sort_unstable();
    words.dedup();
    let bag = pair.texts.bag(other.report.index(), other.document.tokens_in(other.cover()));
    let near = |id| vocabulary.meanings().nearness(id, &bag);
    let found: f64 = words.iter().map(|&id| vocabulary.weight(id) * near(id)).sum();
    let weight = pair.texts.weight(&words);
    if weight > 0.0 { found / weight } else { 0.0 }
}

/// Words that end a clause, and begin another.
const CLAUSES: [&str; 16] = [
    ",", ";", ":", "that", "which", "who", "when", "where", "because", "although", "while", "but", "and",
    "after", "—", "–",
];

/// Nearness of two cells (see [`Pair::nearness_of_all`]) that speak of one thing.
const RELATED: f64 = 0.18;
/// Nearness, and share of common words, of two cells that say nearly the same.
const ALIKE: f64 = 0.5;
/// Nearness of two cells that two sources may have said in common.
const CLOSE: f64 = 0.45;
/// Probability from which on two cells say the same, whatever their words, and from which on if they share many.
const SURE: f64 = 0.85;
const LIKELY: f64 = 0.55;
/// Share of the words of the clause of reserve that the other cell must have: see [`coverage`].
const A_BIT: f64 = 0.14;
const HALF: f64 = 0.4;
/// Share of common words of two cells of which a word that is near tells enough.
const SIMILAR: f64 = 0.3;

/// How near a word after the words of reserve comes to one of the other cell: the same word, or another of like meaning.
const SAME: f64 = 0.99;
const VERY_NEAR: f64 = 0.7;
const NEAR: f64 = 0.45;
/// Words with content after words of reserve that these qualify.
const QUALIFIED: usize = 3;

/// The words of reserve where one side alone has some, and what they say.
pub(super) fn reserve(sides: [Side<'_>; 2]) -> Option<([Vec<Span>; 2], String)> {
    let evidence = sides.map(hedges);
    let with = match (evidence[0].is_empty(), evidence[1].is_empty()) {
        (false, true) => 0,
        (true, false) => 1,
        _ => return None,
    };
    let words = evidence[with].iter().map(|&span| sides[with].slice(span)).collect::<Vec<_>>().join(" … ");
    Some((evidence, format!("{} in one, asserted in the other", show(&words))))
}

/// Words of reserve that stand before a noun.
const ADJECTIVES: [&str; 6] = ["supposed", "alleged", "apparent", "suspected", "purported", "presumed"];
/// Words that tell a rule, a right or a chance as often as a doubt.
const WEAK: [&str; 8] = ["could", "may", "might", "likely", "unlikely", "possible", "potential", "possibly"];

/// Beginnings of words that keep a distance without being reserve: "accused of hacking", "widely seen as".
const GUARDED: [&str; 14] = [
    "expect", "accus", "alleg", "suspect", "suspicio", "claim", "purport", "whether", "widely", "describ",
    "rumor", "rumour", "fear", "possib",
];

/// Words of what somebody is free or able to do: "could" stands for them as often as for a doubt.
const FREE: [&str; 14] = [
    "can",
    "cannot",
    "able",
    "let",
    "lets",
    "letting",
    "allow",
    "allows",
    "allowed",
    "allowing",
    "permit",
    "permits",
    "permitted",
    "right",
];

/// True if the cell tells what somebody is free or able to do.
fn is_free_to(side: Side<'_>) -> bool {
    let tokens = side.document.layers().tokens.items();
    let mut words = tokens[side.document.tokens_in(side.cover())].iter().map(|token| side.slice(token.span));
    words.any(|word| FREE.contains(&word.to_lowercase().as_str()))
}

/// True if the cell keeps a distance in any words.
fn is_guarded(side: Side<'_>) -> bool {
    let tokens = side.document.layers().tokens.items();
    let words = tokens[side.document.tokens_in(side.cover())].iter().map(|token| token.span);
    let lower = words.map(|span| side.slice(span).to_lowercase());
    lower.into_iter().any(|word| word != "allegiance" && GUARDED.iter().any(|start| word.starts_with(start)))
}

/// Words of reserve in the cell, outside of quotation marks. A doubting cue ("claimed") is none: it names a source, whom the other report leaves out.
fn hedges(side: Side<'_>) -> Vec<Span> {
    let (cover, quoted) = (side.cover(), side.quoted());
    let statements = side.document.layers().statements.items().iter();
    let mut spans: Vec<Span> = statements
        .filter(|statement| statement.span.touches(cover))
        .flat_map(|statement| statement.hedges.iter().copied())
        .filter(|&span| side.holds(span) && !quoted.iter().any(|quote| quote.contains(span)))
        .filter(|&span| !is_of_saying(side, span))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// "Reportedly said", "apparently referring to": what is not sure is that it was said or meant, not what.
fn is_of_saying(side: Side<'_>, span: Span) -> bool {
    let after = side.document.tokens_in(span).end;
    let next = side.document.layers().tokens.items().get(after);
    next.is_some_and(|next| SAYING.contains(&side.slice(next.span).to_lowercase().as_str()))
}

/// Verbs of saying and meaning.
const SAYING: [&str; 10] =
    ["said", "says", "told", "tells", "claimed", "claims", "wrote", "asked", "referring", "alluding"];

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn believed_here_and_asserted_there() {
        insta::assert_snapshot!(found("hedge", [
            "The northern spillway of the dam is believed to have been blocked by driftwood.",
            "The northern spillway of the dam was blocked by driftwood.",
        ]), @"“is believed to” in one, asserted in the other [is believed to] []");
    }

    #[test]
    fn distance_in_other_words_is_distance() {
        insta::assert_snapshot!(found("hedge", [
            "Four officers of the port were arrested for allegedly selling stolen fuel.",
            "Four officers of the port were arrested, accused of selling stolen fuel.",
        ]), @"");
    }

    #[test]
    fn what_investigators_believe_is_not_asserted() {
        insta::assert_snapshot!(found("hedge", [
            "The harbor master said divers believed that the barge had struck a sunken crane.",
            "The barge had struck a sunken crane, the harbor master said.",
        ]), @"“believed” in one, asserted in the other [believed] []");
    }

    #[test]
    fn expected_here_and_certain_there() {
        insta::assert_snapshot!(found("hedge", [
            "The director of the museum, Ivo Berg, is expected to leave at the end of the season.",
            "The director of the museum, Ivo Berg, will leave at the end of the season.",
        ]), @"“expected to” in one, asserted in the other [expected to] []");
    }

    #[test]
    fn reserve_about_one_of_many_or_about_something_else() {
        insta::assert_snapshot!(found("hedge", [
            "He appeared to be in good health when he left the clinic in Varna.",
            "All of those who left the clinic in Varna are in good health.",
        ]), @"");
        insta::assert_snapshot!(found("hedge", [
            "The owners were reportedly furious that the mayor closed the northern quay on Friday.",
            "The mayor closed the northern quay on Friday.",
        ]), @"");
    }
}
