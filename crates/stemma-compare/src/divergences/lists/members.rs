//! Members between commas, the last after "and" or "or", and members that "and" alone joins.

use std::collections::BTreeSet;
use std::ops::Range;

use stemma_core::{Mention, MentionForm, Span, TokenKind};

use crate::divergences::Side;
use crate::divergences::names::INSTITUTIONS;

/// Fewer members are no enumeration.
const MIN_MEMBERS: usize = 3;

/// A member of an enumeration.
pub(super) struct Member {
    pub(super) span: Span,
    /// Words with content, lower case, without a plural s.
    pub(super) words: Vec<String>,
    /// It is not known where it starts: "intruders copied the names".
    is_open: bool,
}

impl Member {
    /// One has the words of the other; of two that are open the last word tells.
    pub(super) fn meets(&self, other: &Member) -> bool {
        if self.is_open && other.is_open {
            return self.words.last() == other.words.last();
        }
        let within =
            |a: &Member, b: &Member| !a.words.is_empty() && a.words.iter().all(|w| b.words.contains(w));
        within(self, other) || within(other, self)
    }

    /// All its words are among `words`.
    pub(super) fn is_in(&self, words: &BTreeSet<String>) -> bool {
        !self.words.is_empty() && self.words.iter().all(|word| words.contains(word))
    }
}

/// Members that "and" joins in a cell, the words right before it and right after it.
pub(super) fn couples(side: Side<'_>) -> Vec<[Member; 2]> {
    let tokens = side.document.layers().tokens.items();
    let mut couples = Vec::new();
    for &span in &side.cell.spans {
        let range = side.document.tokens_in(span);
        for n in range.clone().filter(|&n| side.slice(tokens[n].span) == "and") {
            let before = range.start.max(n.saturating_sub(REACH))..n;
            let after = n + 1..range.end.min(n + 1 + REACH);
            couples
                .extend(member(side, before).zip(member(side, cut_last(side, after))).map(|(a, b)| [a, b]));
        }
    }
    couples
}

/// Words of a member beside "and".
const REACH: usize = 3;

/// True if anything is joined to anything in a cell.
pub(super) fn has_joint(side: Side<'_>) -> bool {
    let tokens = &side.document.layers().tokens.items()[side.document.tokens_in(side.cover())];
    tokens.iter().any(|token| matches!(side.slice(token.span), "and" | "or" | "&"))
}

/// Enumerations in a cell: three or more short members between commas, the last after "and" or "or".
pub(super) fn enumerations(side: Side<'_>) -> Vec<Vec<Member>> {
    if !has_joint(side) {
        return Vec::new();
    }
    let tokens = side.document.layers().tokens.items();
    let mut lists = Vec::new();
    for &span in &side.cell.spans {
        let range = side.document.tokens_in(span);
        let mut stretch = range.start;
        for n in range.clone() {
            if matches!(side.slice(tokens[n].span), ";" | ":" | "." | "—" | "–" | "(" | ")") {
                lists.extend(enumeration(side, stretch..n));
                stretch = n + 1;
            }
        }
        lists.extend(enumeration(side, stretch..range.end));
    }
    lists
}

/// The enumeration that ends with the tokens of `range`, if they are one.
fn enumeration(side: Side<'_>, range: Range<usize>) -> Option<Vec<Member>> {
    let tokens = side.document.layers().tokens.items();
    let word = |n: usize| side.slice(tokens[n].span);
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut start = range.start;
    for n in range.clone().filter(|&n| word(n) == ",") {
        parts.push(start..n);
        start = n + 1;
    }
    parts.push(start..range.end);
    // "The ships are full, but the yard is empty": clauses, not members.
    if parts.iter().any(|part| part.start < part.end && word(part.start) == "but") {
        return None;
    }
    parts.retain(|part| !is_aside(side, part));
    // "In Lyon, Ana Ruiz, Ivo Berg and Jo Lind left": where it was.
    let sets = |part: &&Range<usize>| {
        let start = tokens[part.start].span.start();
        let sentence = side.document.sentence_at(start).map(|id| side.document.layers().sentences[id].span);
        let opens = sentence.is_some_and(|sentence| sentence.start() == start);
        !part.is_empty() && opens && LEADS.contains(&word(part.start).to_lowercase().as_str())
    };
    if parts.len() > MIN_MEMBERS && parts.first().filter(sets).is_some() {
        parts.remove(0);
    }
    // "Some of the regions, including Murmansk, …": what stands before "including" is what the members are of.
    if let Some(n) =
        parts.iter().rposition(|part| part.start < part.end && INTRODUCES.contains(&word(part.start)))
    {
        parts.drain(..n);
    }
    // The last members are joined by "and", with or without a comma before it.
    let joint = |part: &Range<usize>| part.clone().find(|&n| is_joint(side, n));
    let last = parts.iter().rposition(|part| joint(part).is_some())?;
    // "…, and 9 boats were sold to Azur, a firm in Lyon and Paris": a clause of its own, not members.
    let opens = |part: &Range<usize>| part.start < part.end && is_joint(side, part.start);
    let clause = parts[..last].iter().rposition(opens);
    let last = clause.map_or(last, |n| {
        parts.drain(..=n);
        last - n - 1
    });
    let (head, tail) = (parts[..last].to_vec(), parts[last].clone());
    let at = joint(&tail)?;
    // "Flooding villages and a town and killing four": who knows what is joined with what.
    if tail.clone().skip(at + 1 - tail.start).any(|n| is_joint(side, n)) {
        return None;
    }
    // "Azur, a union of Lind and Berg": two members, of what stands before them.
    let is_of = |n: usize| word(n) == "of" && n + 1 < at && word(n + 1).starts_with(char::is_uppercase);
    if matches!(word(tail.start), "a" | "an") && (tail.start..at).any(is_of) {
        return None;
    }
    let all = head.into_iter().chain([tail.start..at, at + 1..tail.end]);
    // The first member ends the words before it: "we have deposits in the north"; after "including" it stands alone.
    let first = |part: Range<usize>| {
        let introduced = part.clone().find(|&n| INTRODUCES.contains(&word(n)));
        introduced.or_else(|| part.clone().rev().find(|&n| LEADS.contains(&word(n))))
    };
    let mut parts: Vec<Range<usize>> = all.collect();
    if let Some(part) = parts.last_mut() {
        *part = cut_last(side, part.clone());
    }
    let lead = parts.first().and_then(|part| first(part.clone()));
    if let (Some(part), Some(lead)) = (parts.first_mut(), lead) {
        part.start = lead + 1;
    }
    let mut members: Vec<Member> =
        names_alone(side, parts).into_iter().filter_map(|part| member(side, part)).collect();
    if let Some(first) = members.first_mut() {
        first.is_open = lead.is_none();
    }
    (members.len() >= MIN_MEMBERS).then_some(members)
}

/// True for an "and" or "or" that is no part of a name ("the Committee on Oversight and Reform").
fn is_joint(side: Side<'_>, n: usize) -> bool {
    let span = side.document.layers().tokens.items()[n].span;
    let mentions = side.document.layers().mentions.items();
    let from = mentions.partition_point(|mention| mention.span.end() <= span.start());
    let mut named = mentions[from..].iter().take(FEW).filter(|m| m.form == MentionForm::Named);
    let is_linked = |mention: &Mention| {
        let before = Span::new(mention.span.start(), span.start().max(mention.span.start()));
        let last = side.slice(mention.span).to_lowercase();
        let is_office = last.rsplit(' ').next().is_some_and(|word| INSTITUTIONS.contains(word));
        let linked = side.slice(before).split_whitespace().any(|word| LINKS.contains(&word));
        mention.span.contains(span) && (linked || is_office)
    };
    matches!(side.slice(span), "and" | "or" | "&") && !named.any(is_linked)
}

/// Words in the name of an office or committee after which "and" joins parts of its name.
const LINKS: [&str; 4] = ["of", "on", "for", "to"];

/// Mentions from a place on that may hold it.
const FEW: usize = 3;

/// The last member up to what goes on after it: "some 12 boats | were searching".
fn cut_last(side: Side<'_>, part: Range<usize>) -> Range<usize> {
    let tokens = side.document.layers().tokens.items();
    let word = |n: usize| side.slice(tokens[n].span).to_lowercase();
    let is_content = |n: usize| tokens[n].kind == TokenKind::Word && !EMPTY.contains(&word(n).as_str());
    let Some(first) = part.clone().find(|&n| is_content(n)) else { return part };
    // "Dates of birth | of 2 million members"
    let counts = |n: usize| {
        matches!(word(n).as_str(), "of" | "for")
            && tokens.get(n + 1).is_some_and(|next| next.kind == TokenKind::Number)
    };
    let end = (first + 1..part.end).find(|&n| GOES_ON.contains(&word(n).as_str()) || counts(n));
    part.start..end.unwrap_or(part.end)
}

/// Words with which a sentence goes on after an enumeration.
const GOES_ON: [&str; 30] = [
    "was", "were", "is", "are", "be", "been", "had", "has", "have", "will", "would", "can", "could", "may",
    "might", "must", "should", "to", "that", "who", "which", "when", "while", "after", "before", "because",
    "as", "all", "both", "said",
];

/// "according to the union", "seen by the Courier", "placed in 2016 with", "where it is hot": no member.
fn is_aside(side: Side<'_>, part: &Range<usize>) -> bool {
    let layers = side.document.layers();
    let Some(first) = layers.tokens.items().get(part.clone()).and_then(<[_]>::first) else { return false };
    let word = side.slice(first.span).to_lowercase();
    let attributes = || {
        let mut cues = layers.attributions.items().iter().flat_map(|attribution| &attribution.cue);
        cues.any(|cue| cue.start() == first.span.start())
    };
    let second = layers.tokens.items().get(part.start + 1).filter(|_| part.len() > 2);
    let second = second.map_or("", |token| side.slice(token.span));
    let participle = word.ends_with("ed") || PARTICIPLES.contains(&word.as_str());
    let told = second == "by" || (participle && LEADS.contains(&second));
    // "On Monday"
    let cover = layers.tokens.items().get(part.clone()).and_then(<[_]>::last).map(|last| last.span);
    let is_time = |span: Span| layers.times.items().iter().any(|time| time.span.contains(span));
    let when = part.len() <= 3 && cover.is_some_and(is_time);
    when || (told && !MADE_UP.contains(&word.as_str())) || RELATIVE.contains(&word.as_str()) || attributes()
}

/// Participles that do not end in "-ed".
const PARTICIPLES: [&str; 10] =
    ["built", "held", "known", "made", "seen", "set", "born", "taken", "given", "found"];

/// "Formed by": what follows are members.
const MADE_UP: [&str; 4] = ["formed", "owned", "led", "joined"];

/// Words that open a clause about what stands before it.
const RELATIVE: [&str; 6] = ["where", "which", "who", "whose", "while", "when"];

/// Where most parts are names, the others are cut to the names in them: "Lithuania would each provide a vessel" is Lithuania,
/// and "under the draft" is no member.
fn names_alone(side: Side<'_>, parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let tokens = side.document.layers().tokens.items();
    let mentions = side.document.layers().mentions.items();
    let is_name = |n: usize| {
        let at = mentions.partition_point(|mention| mention.span.end() <= tokens[n].span.start());
        mentions[at..]
            .first()
            .is_some_and(|m| m.form == MentionForm::Named && m.span.contains(tokens[n].span))
    };
    let is_number = |n: usize| tokens[n].kind == TokenKind::Number;
    // "550 in Cheongju": what is enumerated are the counts; "6,000 children in Kenya" opens an enumeration of places.
    let is_count = |part: &Range<usize>| part.clone().take(2).any(is_number) && part.clone().any(is_name);
    if parts.iter().skip(1).any(is_count) {
        return Vec::new();
    }
    let opens = parts.first().map_or(0, |part| part.start);
    let name_in = |part: &Range<usize>| {
        let start = part.clone().find(|&n| is_name(n))?;
        let end = (start..part.end).find(|&n| !is_name(n)).unwrap_or(part.end);
        // "Arizona's senators"
        let owns = end < part.end && matches!(side.slice(tokens[end].span), "'s" | "’s" | "'" | "’");
        // "The talks under Omani mediation, in Muscat": the first member ends what stands before it.
        (!owns && (part.start != opens || end == part.end)).then_some(start..end)
    };
    let is_short = |part: &Range<usize>| part.len() <= MAX_WORDS;
    let n_names = parts.iter().filter(|part| is_short(part) && name_in(part).is_some()).count();
    if 2 * n_names < parts.len() + 1 {
        return parts;
    }
    parts.iter().filter_map(name_in).collect()
}

/// Words that open an enumeration of examples.
const INTRODUCES: [&str; 4] = ["including", "such", "like", "among"];
/// Words that part the first member from what stands before it.
const LEADS: [&str; 14] =
    ["in", "of", "to", "for", "with", "from", "by", "on", "at", "as", "between", "are", "were", "is"];

/// Longest member of an enumeration, in words with content; the first may stand after the rest of its sentence, so its last
/// words are taken.
const MAX_WORDS: usize = 4;

fn member(side: Side<'_>, range: Range<usize>) -> Option<Member> {
    let tokens = side.document.layers().tokens.items();
    let content: Vec<usize> = range
        .filter(|&n| matches!(tokens[n].kind, TokenKind::Word | TokenKind::Number))
        .filter(|&n| !EMPTY.contains(&side.slice(tokens[n].span).to_lowercase().as_str()))
        .collect();
    let kept = &content[content.len().saturating_sub(MAX_WORDS)..];
    let (first, last) = (*kept.first()?, *kept.last()?);
    let words = kept.iter().map(|&n| singular(side.slice(tokens[n].span))).collect();
    Some(Member { span: tokens[first].span.cover(tokens[last].span), words, is_open: false })
}

/// In lower case, without a plural s.
pub(super) fn singular(word: &str) -> String {
    word.to_lowercase().trim_end_matches('s').to_owned()
}

/// Words that stand before a member and are no part of it.
const EMPTY: [&str; 24] = [
    "besides",
    "plus",
    "the",
    "a",
    "an",
    "and",
    "or",
    "as",
    "well",
    "in",
    "of",
    "to",
    "for",
    "with",
    "including",
    "also",
    "both",
    "from",
    "by",
    "on",
    "at",
    "region",
    "regions",
    "area",
];
