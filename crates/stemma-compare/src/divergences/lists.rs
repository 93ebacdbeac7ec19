//! `list`: enumerations of the same kind of thing whose members differ.

use std::collections::BTreeSet;

use stemma_core::{DivergenceKind, MentionForm, Span, TokenKind};

use super::{Finding, Pair, Side};

/// Members that two enumerations must share to be of the same things.
const MIN_SHARED: usize = 2;
/// Fewer members are no enumeration.
const MIN_MEMBERS: usize = 3;

/// Finds enumerations of which one lacks members of the other.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let meets = |m: &Member, o: &Member| {
        m.meets(o) || pair.is_near([m.span, o.span]) || is_one_figure(pair, [m.span, o.span])
    };
    // "including Murmansk in the north": a member may stand in the other cell outside of its enumeration.
    let said = [pair.a, pair.b].map(words);
    for list in enumerations(pair.a) {
        for other in enumerations(pair.b) {
            let evidence = [
                list.iter()
                    .filter(|m| other.iter().all(|o| !meets(m, o)) && !m.is_in(&said[1]))
                    .map(|m| m.span)
                    .collect::<Vec<Span>>(),
                other
                    .iter()
                    .filter(|o| list.iter().all(|m| !meets(m, o)) && !o.is_in(&said[0]))
                    .map(|o| o.span)
                    .collect::<Vec<Span>>(),
            ];
            let shared = list.iter().filter(|m| other.iter().any(|o| meets(m, o))).count();
            if shared >= MIN_SHARED && evidence.iter().any(|spans| !spans.is_empty()) {
                let shared = list.len() - evidence[0].len();
                return Some(finding(pair, evidence, shared));
            }
        }
    }
    shorter(pair)
}

/// "a 15% pay rise", "15 per cent more pay": members that give one figure in a unit.
fn is_one_figure(pair: &Pair<'_>, spans: [Span; 2]) -> bool {
    let [mut first, second] = [0, 1].map(|n| {
        let figures = pair.sides()[n].figures();
        figures.filter(move |figure| figure.span.touches(spans[n]) && !figure.unit.symbol.is_empty())
    });
    let second: Vec<_> = second.collect();
    first.any(|x| second.iter().any(|y| stemma_core::comparable(x, y) && stemma_core::compatible(x, y)))
}

/// An enumeration of which the other cell joins two members alone: "guards, drivers and a teacher" / "guards and drivers".
fn shorter(pair: &Pair<'_>) -> Option<Finding> {
    for (n, side, other) in [(0, pair.a, pair.b), (1, pair.b, pair.a)] {
        let joined = couples(other);
        if joined.is_empty() || !enumerations(other).is_empty() {
            continue;
        }
        let said = other.slice(other.sentences()).to_lowercase();
        for list in enumerations(side) {
            let place = |m: &Member| list.iter().position(|own| own.meets(m));
            let fits = |two: &&[Member; 2]| match (place(&two[0]), place(&two[1])) {
                (Some(p), Some(q)) => p != q,
                _ => false,
            };
            let missing = |m: &&Member| m.words.iter().all(|word| !said.contains(word.as_str()));
            let missing: Vec<Span> = list.iter().filter(missing).map(|m| m.span).collect();
            if joined.iter().any(|two| fits(&two)) && missing.len() + MIN_SHARED == list.len() {
                let mut evidence = [Vec::new(), Vec::new()];
                evidence[n] = missing;
                return Some(finding(pair, evidence, MIN_SHARED));
            }
        }
    }
    None
}

/// The words of a cell in lower case, without a plural s.
fn words(side: Side<'_>) -> BTreeSet<String> {
    let tokens = side.document.layers().tokens.items();
    let range = side.document.tokens_in(side.cover());
    tokens[range].iter().map(|token| singular(side.slice(token.span))).collect()
}

/// Members that "and" joins in a cell, the words right before it and right after it.
fn couples(side: Side<'_>) -> Vec<[Member; 2]> {
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

fn finding(pair: &Pair<'_>, evidence: [Vec<Span>; 2], shared: usize) -> Finding {
    let names = |side: Side<'_>, spans: &[Span]| {
        spans.iter().map(|&span| side.slice(span)).collect::<Vec<_>>().join(", ")
    };
    let only = [names(pair.a, &evidence[0]), names(pair.b, &evidence[1])];
    let reason = match (only[0].is_empty(), only[1].is_empty()) {
        (false, true) => format!("{shared} members are common; only in the first: {}", only[0]),
        (true, false) => format!("{shared} members are common; only in the second: {}", only[1]),
        _ => format!(
            "{shared} members are common; only in the first: {}; only in the second: {}",
            only[0], only[1]
        ),
    };
    Finding { kind: DivergenceKind::List, evidence, score: 0.7, reason }
}

struct Member {
    span: Span,
    /// Words with content, lower case, without a plural s.
    words: Vec<String>,
}

impl Member {
    /// One has the words of the other.
    fn meets(&self, other: &Member) -> bool {
        let within =
            |a: &Member, b: &Member| !a.words.is_empty() && a.words.iter().all(|w| b.words.contains(w));
        within(self, other) || within(other, self)
    }

    /// All its words are among `words`.
    fn is_in(&self, words: &BTreeSet<String>) -> bool {
        !self.words.is_empty() && self.words.iter().all(|word| words.contains(word))
    }
}

/// Enumerations in a cell: three or more short members between commas, the last after "and" or "or".
fn enumerations(side: Side<'_>) -> Vec<Vec<Member>> {
    let tokens = side.document.layers().tokens.items();
    let mut lists = Vec::new();
    for &span in &side.cell.spans {
        let range = side.document.tokens_in(span);
        let mut stretch = range.start;
        for n in range.clone() {
            if matches!(side.slice(tokens[n].span), ";" | ":" | "." | "—" | "–") {
                lists.extend(enumeration(side, stretch..n));
                stretch = n + 1;
            }
        }
        lists.extend(enumeration(side, stretch..range.end));
    }
    lists
}

/// The enumeration that ends with the tokens of `range`, if they are one.
fn enumeration(side: Side<'_>, range: std::ops::Range<usize>) -> Option<Vec<Member>> {
    let tokens = side.document.layers().tokens.items();
    let word = |n: usize| side.slice(tokens[n].span);
    let mut parts: Vec<std::ops::Range<usize>> = Vec::new();
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
    // "Some of the regions, including Murmansk, …": what stands before "including" is what the members are of.
    if let Some(n) =
        parts.iter().rposition(|part| part.start < part.end && INTRODUCES.contains(&word(part.start)))
    {
        parts.drain(..n);
    }
    // The last members are joined by "and", with or without a comma before it.
    let joint = |part: &std::ops::Range<usize>| part.clone().find(|&n| matches!(word(n), "and" | "or" | "&"));
    let last = parts.iter().rposition(|part| joint(part).is_some())?;
    let (head, tail) = (parts[..last].to_vec(), parts[last].clone());
    let at = joint(&tail)?;
    let all = head.into_iter().chain([tail.start..at, at + 1..tail.end]);
    // The first member ends the words before it: "we have deposits in the north"; after "including" it stands alone.
    let first = |part: std::ops::Range<usize>| {
        let introduced = part.clone().find(|&n| INTRODUCES.contains(&word(n)));
        introduced.or_else(|| part.clone().rev().find(|&n| LEADS.contains(&word(n))))
    };
    let mut parts: Vec<std::ops::Range<usize>> = all.collect();
    if let Some(part) = parts.last_mut() {
        *part = cut_last(side, part.clone());
    }
    if let Some(part) = parts.first_mut() {
        part.start = first(part.clone()).map_or(part.start, |n| n + 1);
    }
    let members: Vec<Member> =
        names_alone(side, parts).into_iter().filter_map(|part| member(side, part)).collect();
    (members.len() >= MIN_MEMBERS).then_some(members)
}

/// The last member up to what goes on after it: "some 12 boats | were searching".
fn cut_last(side: Side<'_>, part: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let tokens = side.document.layers().tokens.items();
    let word = |n: usize| side.slice(tokens[n].span).to_lowercase();
    let is_content = |n: usize| tokens[n].kind == TokenKind::Word && !EMPTY.contains(&word(n).as_str());
    let Some(first) = part.clone().find(|&n| is_content(n)) else { return part };
    let end = (first + 1..part.end).find(|&n| GOES_ON.contains(&word(n).as_str()));
    part.start..end.unwrap_or(part.end)
}

/// Words with which a sentence goes on after an enumeration.
const GOES_ON: [&str; 30] = [
    "was", "were", "is", "are", "be", "been", "had", "has", "have", "will", "would", "can", "could", "may",
    "might", "must", "should", "to", "that", "who", "which", "when", "while", "after", "before", "because",
    "as", "all", "both", "said",
];

/// "according to the union", "seen by the Courier", "where it is hot": no member.
fn is_aside(side: Side<'_>, part: &std::ops::Range<usize>) -> bool {
    let layers = side.document.layers();
    let Some(first) = layers.tokens.items().get(part.clone()).and_then(<[_]>::first) else { return false };
    let word = side.slice(first.span).to_lowercase();
    let attributes = || {
        let mut cues = layers.attributions.items().iter().flat_map(|attribution| &attribution.cue);
        cues.any(|cue| cue.start() == first.span.start())
    };
    let second = layers.tokens.items().get(part.start + 1).filter(|_| part.len() > 2);
    let by = second.is_some_and(|token| side.slice(token.span) == "by");
    by || RELATIVE.contains(&word.as_str()) || attributes()
}

/// Words that open a clause about what stands before it.
const RELATIVE: [&str; 6] = ["where", "which", "who", "whose", "while", "when"];

/// Where most parts are names, the others are cut to the names in them: "Lithuania would each provide a vessel" is Lithuania,
/// and "under the draft" is no member.
fn names_alone(side: Side<'_>, parts: Vec<std::ops::Range<usize>>) -> Vec<std::ops::Range<usize>> {
    let tokens = side.document.layers().tokens.items();
    let mentions = side.document.layers().mentions.items();
    let is_name = |n: usize| {
        let at = mentions.partition_point(|mention| mention.span.end() <= tokens[n].span.start());
        mentions[at..]
            .first()
            .is_some_and(|m| m.form == MentionForm::Named && m.span.contains(tokens[n].span))
    };
    let is_number = |n: usize| tokens[n].kind == TokenKind::Number;
    // "550 in Cheongju": what is enumerated are the counts.
    if parts.iter().any(|part| part.clone().take(2).any(is_number) && part.clone().any(is_name)) {
        return Vec::new();
    }
    let opens = parts.first().map_or(0, |part| part.start);
    let name_in = |part: &std::ops::Range<usize>| {
        let start = part.clone().find(|&n| is_name(n))?;
        let end = (start..part.end).find(|&n| !is_name(n)).unwrap_or(part.end);
        // "The talks under Omani mediation, in Muscat": the first member ends what stands before it.
        (part.start != opens || end == part.end).then_some(start..end)
    };
    let is_short = |part: &std::ops::Range<usize>| part.len() <= MAX_WORDS;
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

fn member(side: Side<'_>, range: std::ops::Range<usize>) -> Option<Member> {
    let tokens = side.document.layers().tokens.items();
    let content: Vec<usize> = range
        .filter(|&n| matches!(tokens[n].kind, TokenKind::Word | TokenKind::Number))
        .filter(|&n| !EMPTY.contains(&side.slice(tokens[n].span).to_lowercase().as_str()))
        .collect();
    let kept = &content[content.len().saturating_sub(MAX_WORDS)..];
    let (first, last) = (*kept.first()?, *kept.last()?);
    let words = kept.iter().map(|&n| singular(side.slice(tokens[n].span))).collect();
    Some(Member { span: tokens[first].span.cover(tokens[last].span), words })
}

/// In lower case, without a plural s.
fn singular(word: &str) -> String {
    word.to_lowercase().trim_end_matches('s').to_owned()
}

/// Words that stand before a member and are no part of it.
const EMPTY: [&str; 22] = [
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
