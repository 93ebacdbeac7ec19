//! Cue verbs in a unit: which forms are verbs here, what belongs to the verb group, active or passive.

use super::classes::{
    is_adverb, is_auxiliary, is_be, is_determiner, is_have, is_modal, is_negation, is_object_pronoun,
    is_preposition, is_relative, is_subject_pronoun,
};
use super::cues::{Cues, Entry, Inflection};
use super::unit::{Kind, Unit};
use crate::parts::Part;

/// How a verb stands in its clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// "said", "has said", "is calling for"
    Finite,
    /// "…, adding that": its subject is that of the main clause.
    Gerund,
    /// "is expected to", "was criticized by"
    Passive,
    /// "Asked about …, she said"
    BareParticiple,
}

/// A cue verb with its auxiliaries, adverbs and particle.
#[derive(Clone, Debug)]
pub(super) struct VerbUse<'c> {
    /// First item of the group.
    pub(super) start: usize,
    /// The verb itself.
    pub(super) at: usize,
    /// One past the verb or its particle.
    pub(super) end: usize,
    pub(super) entry: &'c Entry,
    pub(super) standing: Standing,
    pub(super) negated: bool,
}

/// The cue verb at `at`, if the word there is one.
pub(super) fn verb_use<'c>(unit: &Unit<'_>, cues: &'c Cues, at: usize) -> Option<VerbUse<'c>> {
    let word = unit.word(at);
    let (form, entry, end) = cues.verbs(word).find_map(|(form, entry)| match entry.particle {
        None => Some((form, entry, at + 1)),
        Some(particle) => {
            // "make it clear", "lashed publicly out"
            (at + 1..at + 3)
                .find(|&n| unit.word(n) == particle)
                .filter(|&n| {
                    n == at + 1 || is_object_pronoun(unit.word(at + 1)) || is_adverb(unit.word(at + 1))
                })
                .map(|n| (form, entry, n + 1))
        }
    })?;
    if !form.base && cues.is_homograph(word) && !matches!(unit.part(at), Some(Part::Verb | Part::Auxiliary)) {
        return None;
    }
    if form.gerund
        && let Some(start) = witnessed(unit, at)
    {
        return Some(VerbUse { start, at, end, entry, standing: Standing::Finite, negated: false });
    }
    if entry.tensed && !(form.past || form.third) {
        return None;
    }
    let group = group(unit, at);
    let standing = standing(unit, cues, at, form, entry, &group)?;
    if unit.is_capital(at)
        && at > 0
        && unit.is_capital(at - 1)
        && unit.kind != stemma_core::SegmentKind::Title
        && !form.past
    {
        return None; // a name: "Plans Committee"
    }
    Some(VerbUse { start: group.start, at, end, entry, standing, negated: group.negated })
}

/// Start of the verb group in "was seen saying", "is quoted as telling".
fn witnessed(unit: &Unit<'_>, gerund: usize) -> Option<usize> {
    let mut at = gerund.checked_sub(1)?;
    if unit.word(at) == "as" {
        at = at.checked_sub(1)?;
    }
    if !matches!(
        unit.word(at),
        "seen" | "heard" | "quoted" | "shown" | "filmed" | "recorded" | "caught" | "cited" | "overheard"
    ) {
        return None;
    }
    let mut start = at;
    while start > 0
        && at - start < 4
        && (is_adverb(unit.word(start - 1)) || is_auxiliary(unit.word(start - 1)))
    {
        start -= 1;
    }
    (start..at).any(|n| is_be(unit.word(n))).then_some(start)
}

struct Group {
    start: usize,
    negated: bool,
    /// The auxiliary next to the verb, "to" for an infinitive.
    governor: Governor,
    /// "went on to", "continues to"
    chained: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Governor {
    None,
    Be,
    Have,
    /// Modal or "do"
    Modal,
    /// "to" after something that is no chain verb.
    Infinitive,
}

/// Collects what belongs to the verb at `at` on its left.
fn group(unit: &Unit<'_>, at: usize) -> Group {
    let mut group = Group { start: at, negated: false, governor: Governor::None, chained: false };
    while group.start > 0 && at - group.start < 8 {
        let word = unit.word(group.start - 1);
        let pronoun_s = word == "'s" && group.start > 1 && is_subject_pronoun(unit.word(group.start - 2));
        if unit.is_adverb(group.start - 1) && !is_auxiliary(word) {
            group.negated |= is_negation(word);
        } else if is_auxiliary(word) && word != "'s" || pronoun_s {
            group.negated |= is_negation(word);
            if group.governor == Governor::None {
                group.governor = if is_be(word) {
                    Governor::Be
                } else if is_have(word) {
                    Governor::Have
                } else {
                    Governor::Modal
                };
            }
        } else if word == "to" && group.governor == Governor::None {
            let Some(chain) = chain_start(unit, group.start - 1) else {
                group.governor = Governor::Infinitive;
                break;
            };
            group.governor = Governor::Modal;
            group.chained = true;
            group.start = chain;
            continue;
        } else {
            break;
        }
        group.start -= 1;
    }
    // An adverb with no auxiliary after it opens the clause rather than the verb group ("Later he said" is not here).
    group
}

/// First word of a chain verb before "to": "went on to say", "continued to insist", "has yet to say".
fn chain_start(unit: &Unit<'_>, to: usize) -> Option<usize> {
    let one = to.checked_sub(1)?;
    match unit.word(one) {
        "continued" | "continues" | "continue" | "continuing" | "began" | "begins" | "started"
        | "proceeded" => Some(one),
        "on" if matches!(unit.word_before(one), "went" | "goes" | "going" | "go") => Some(one - 1),
        _ => None,
    }
}

/// Whether and how the word is a verb here.
fn standing(
    unit: &Unit<'_>,
    cues: &Cues,
    at: usize,
    form: Inflection,
    entry: &Entry,
    group: &Group,
) -> Option<Standing> {
    let before = unit.word_before(group.start);
    let kind_before = unit.kind_before(group.start);
    let named = kind_before == Some(Kind::Word) && unit.is_capital(group.start - 1);
    match group.governor {
        Governor::Infinitive => return None,
        Governor::Modal => return form.base.then_some(Standing::Finite),
        Governor::Have => return (form.participle || form.past).then_some(Standing::Finite),
        Governor::Be if form.gerund => return Some(Standing::Finite),
        Governor::Be => return form.participle.then_some(Standing::Passive),
        Governor::None => {}
    }
    if form.gerund {
        let noun = is_determiner(before) && !is_object_pronoun(before) || before == "'s";
        return (!noun).then_some(Standing::Gerund);
    }
    // "a person close to her told": a pronoun that ends a phrase, no determiner.
    let object = is_object_pronoun(before) && is_preposition(unit.word_before(group.start - 1));
    if is_determiner(before)
        && !(object && form.past)
        && !matches!(
            before,
            "all" | "both" | "some" | "many" | "most" | "several" | "few" | "one" | "those" | "other"
        )
        || before == "'s"
        || is_preposition(before)
    {
        return None;
    }
    if form.past {
        let opens = group.start == 0 || matches!(kind_before, Some(Kind::Comma | Kind::Dash));
        let reduced = form.participle
            && matches!(
                unit.word(at + 1),
                "by" | "about" | "in" | "at" | "whether" | "if" | "on" | "what" | "why" | "how"
            );
        if opens && reduced && unit.word(at) == "asked" {
            return Some(Standing::BareParticiple);
        }
        return Some(Standing::Finite);
    }
    if form.third {
        let compound = unit.part(at) != Some(Part::Verb)
            && kind_before == Some(Kind::Word)
            && cues.is_homograph(entry.lemma)
            && !named
            && !is_subject_pronoun(before)
            && !is_relative(before)
            && !matches!(unit.word(at + 1), "that" | "he" | "she" | "they" | "it")
            && unit.quote(at + 1).is_none();
        if compound && !has_determiner(unit, group.start) {
            return None; // "swing states", "attack claims"
        }
        let subject = named
            || is_subject_pronoun(before)
            || is_relative(before)
            || matches!(kind_before, Some(Kind::Comma | Kind::Quote(_) | Kind::Close | Kind::Dash))
            || kind_before == Some(Kind::Word)
                && cues.adjective(before).is_none()
                && !is_modal(before)
                && !before.ends_with("ed");
        return (subject || matches!(before, "and" | "but")).then_some(Standing::Finite);
    }
    let first = group.start == 1;
    let plural = matches!(
        before,
        "they"
            | "we"
            | "i"
            | "you"
            | "who"
            | "some"
            | "many"
            | "others"
            | "most"
            | "people"
            | "men"
            | "women"
            | "both"
            | "police"
            | "those"
            | "several"
            | "few"
            | "all"
            | "that"
            | "which"
    ) || kind_before == Some(Kind::Word)
        && before.len() > 3
        && before.ends_with('s')
        && !before.ends_with("ss")
        && !before.ends_with("us")
        && !is_time_word_plural(before)
        && (!named || first || ENDS_LIKE_GROUP.iter().any(|ending| before.ends_with(ending)));
    // No noun looks like "say": whatever stands before it can be its subject.
    let verb_only = !cues.is_homograph(unit.word(at))
        && !matches!(before, "let" | "not" | "and" | "or" | "but" | "so" | "as" | "than" | "please")
        && (matches!(kind_before, Some(Kind::Comma | Kind::Close | Kind::Quote(_)))
            || kind_before == Some(Kind::Word) && !is_auxiliary(before));
    (plural || verb_only).then_some(Standing::Finite)
}

/// True if a singular noun phrase with its article ends before `end`: "the report".
fn has_determiner(unit: &Unit<'_>, end: usize) -> bool {
    (1..4).any(|back| {
        end >= back
            && matches!(unit.word(end - back), "the" | "a" | "an" | "his" | "her" | "its" | "their" | "this")
    })
}

/// Endings of capitalised words that name many people: "Republicans", "Democrats", "Muslims".
const ENDS_LIKE_GROUP: [&str; 12] =
    ["ans", "ats", "ers", "ors", "ials", "ists", "ims", "ews", "olls", "ives", "ents", "als"];

fn is_time_word_plural(word: &str) -> bool {
    matches!(word, "days" | "weeks" | "months" | "years" | "times" | "always" | "perhaps" | "besides")
}
