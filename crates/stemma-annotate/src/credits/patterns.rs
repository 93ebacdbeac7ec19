//! The words around an outlet's name that make it a credit.
//!
//! All ranges are of tokens, inside one segment. Each check looks at a bounded number of tokens.

use std::ops::Range;

use super::outlets::{Named, Surety};
use crate::words::{Words, is_capitalized};

/// "The Associated Press contributed to this report", "with inputs from PTI".
pub(super) fn contribution(words: Words<'_>, range: &Range<usize>, named: &Named) -> Option<Range<usize>> {
    let (start, end) = (named.tokens.start, named.tokens.end);
    if let Some(verb) = (end..range.end.min(end + 14)).find(|&n| words.lower(n) == "contributed")
        && (verb + 1..range.end.min(verb + 4)).any(|n| matches!(&*words.lower(n), "to" | "reporting"))
        && !(end..verb).any(|n| matches!(words.at(n), "." | "!" | "?"))
    {
        let stop = (verb..range.end).find(|&n| words.at(n) == ".").unwrap_or(range.end);
        return Some(start..stop.min(verb + 6));
    }
    let lead = (range.start.max(start.saturating_sub(8))..start).find(|&n| {
        let (word, next) = (words.lower(n), words.lower(n + 1));
        word == "with"
            && matches!(
                &*next,
                "inputs"
                    | "input"
                    | "agency"
                    | "agencies"
                    | "additional"
                    | "reporting"
                    | "files"
                    | "information"
                    | "material"
            )
            || word == "additional" && matches!(&*next, "reporting" | "material")
            || word == "with"
                && n + 1 == start
                && (n == range.start || words.at(n - 1) == "(" || words.at(n - 1) == "-")
    })?;
    Some(lead..end)
}

/// "Copyright 2018 The Associated Press", "© AFP".
pub(super) fn copyright(words: Words<'_>, range: &Range<usize>, named: &Named) -> Option<Range<usize>> {
    let start = named.tokens.start;
    let lead = (range.start.max(start.saturating_sub(5))..start)
        .find(|&n| matches!(&*words.lower(n), "copyright" | "©" | "(c"))?;
    (named.agency && named.surety == Surety::Listed).then_some(lead..named.tokens.end)
}

/// True if a credit line is about a picture.
pub(super) fn speaks_of_pictures(words: Words<'_>, range: &Range<usize>) -> bool {
    range.clone().take(40).any(|n| {
        matches!(
            &*words.lower(n),
            "photo"
                | "photos"
                | "picture"
                | "pictures"
                | "image"
                | "images"
                | "file"
                | "photograph"
                | "photographer"
                | "/"
        )
    })
}

/// True if a name stands in brackets or after a stroke: "(AFP)", "Al Ota/Reuters", "REUTERS/Al Ota".
pub(super) fn is_set_off(words: Words<'_>, named: &Named) -> bool {
    let before = named.tokens.start.checked_sub(1).map_or("", |n| words.at(n));
    let after = words.at(named.tokens.end);
    matches!(before, "(" | "/" | "—" | "-" | "©" | "|" | "[" | ":")
        || matches!(after, "/" | ")" | "]")
        || matches!(&*words.lower(named.tokens.end), "photo" | "via")
}

/// Outlets that are not named: "local media", "state television", "Australian media".
pub(super) fn unnamed(words: Words<'_>, range: &Range<usize>, at: usize) -> Option<Range<usize>> {
    let kind = words.lower(at + 1);
    let first = words.lower(at);
    let plural = matches!(
        &*kind,
        "media" | "newspapers" | "outlets" | "broadcasters" | "tv" | "television" | "radio" | "press"
    );
    let local = matches!(
        &*first,
        "local"
            | "state"
            | "state-run"
            | "state-owned"
            | "domestic"
            | "foreign"
            | "national"
            | "public"
            | "regional"
    ) || is_capitalized(words.at(at))
        && ["an", "ish", "ese", "ch", "li", "iqi", "ni"].iter().any(|ending| first.ends_with(ending));
    (plural && local && at + 2 <= range.end).then_some(at..at + 2)
}

/// The words that make a name the source of what is told.
pub(super) fn relay(words: Words<'_>, range: &Range<usize>, named: &Named) -> Option<Range<usize>> {
    reports(words, range, named)
        .or_else(|| reported_inverted(words, range, named))
        .or_else(|| led_in(words, range, named))
}

/// "Mint reported", "the Lindau Herald has first reported".
fn reports(words: Words<'_>, range: &Range<usize>, named: &Named) -> Option<Range<usize>> {
    let start = with_article(words, range, named.tokens.start);
    let mut at = past_kind(words, named.tokens.end);
    if words.lower(at) == "'s" {
        // "CNN's Ana Ota reported"
        let host = (at + 1..at + 4).take_while(|&n| is_capitalized(words.at(n))).last()?;
        at = host + 1;
        return STRONG.contains(&&*words.lower(at)).then_some(start..at + 1);
    }
    for _ in 0..4 {
        let word = words.lower(at);
        if at >= range.end {
            return None;
        }
        let strong = STRONG.contains(&&*word);
        let plain = PLAIN.contains(&&*word) && named.surety >= Surety::Telling;
        if strong || plain {
            return Some(start..at + 1);
        }
        if word == "is" && words.lower(at + 1) == "told" && named.surety == Surety::Listed {
            return Some(start..at + 2);
        }
        if matches!(
            &*word,
            "has"
                | "had"
                | "have"
                | "first"
                | "also"
                | "earlier"
                | "later"
                | "then"
                | "recently"
                | "previously"
                | "exclusively"
                | "subsequently"
                | "originally"
        ) || is_day(&word)
        {
            at += 1;
        } else {
            return None;
        }
    }
    None
}

/// "…, reported The New York Times", "reports Gulf Horizon, a newspaper in Oman".
fn reported_inverted(words: Words<'_>, range: &Range<usize>, named: &Named) -> Option<Range<usize>> {
    let start = with_article(words, range, named.tokens.start);
    let verb = start.checked_sub(1).filter(|&n| n >= range.start)?;
    let before = verb.checked_sub(1).map_or("", |n| words.at(n));
    let set_off = verb == range.start || matches!(before, "," | "”" | "\"" | "—" | "–" | "’" | "as");
    let word = words.lower(verb);
    (set_off && (STRONG.contains(&&*word) || matches!(&*word, "said" | "says" | "wrote" | "writes")))
        .then_some(verb..named.tokens.end)
}

/// Words before a name: "according to", "told", "first reported by", "in an interview with", "citing".
fn led_in(words: Words<'_>, range: &Range<usize>, named: &Named) -> Option<Range<usize>> {
    let mut start = with_article(words, range, named.tokens.start);
    let lower = |back: usize| {
        start.checked_sub(back).filter(|&n| n >= range.start).map_or_else(|| "".into(), |n| words.lower(n))
    };
    // "the Irish website TechBote", "US broadcaster CNN", "Ronan Farrow of CNN"
    let skipped =
        (0..5).find(|&n| leads(&lower(n + 1), &lower(n + 2), &lower(n + 3), &lower(n + 4)).is_some())?;
    let between = (1..=skipped).all(|back| {
        is_qualifier(&lower(back)) || start.checked_sub(back).is_some_and(|n| is_capitalized(words.at(n)))
    });
    if !between {
        return None;
    }
    let (length, weak) =
        leads(&lower(skipped + 1), &lower(skipped + 2), &lower(skipped + 3), &lower(skipped + 4))?;
    if weak && named.surety < Surety::Telling || named.surety == Surety::Shaped && skipped > 0 {
        return None;
    }
    start -= skipped + length;
    Some(start..named.tokens.end)
}

/// If the words before a name (nearest first) lead in a source: how many of them do, and whether only a sure name counts.
fn leads(one: &str, two: &str, three: &str, four: &str) -> Option<(usize, bool)> {
    match (two, one) {
        ("according", "to") => return Some((2, false)),
        ("reported", "by" | "in" | "on")
        | ("published", "by" | "in")
        | ("noted" | "cited" | "quoted", "by") => return Some((2, false)),
        ("obtained" | "seen" | "reviewed" | "viewed" | "released" | "broadcast" | "aired", "by") => {
            return Some((2, true));
        }
        (
            "reports" | "report" | "article" | "story" | "op-ed" | "column" | "piece" | "essay" | "editorial",
            "in" | "by" | "from" | "for" | "on",
        ) => return Some((2, true)),
        ("interview" | "interviews" | "interviewed", "with" | "on" | "to" | "by" | "for") => {
            return Some((2, true));
        }
        ("speaking" | "spoke" | "talking" | "talked" | "spoken", "to" | "with" | "on") => {
            return Some((2, true));
        }
        ("statement" | "email" | "comments" | "remarks" | "comment", "to") => return Some((2, true)),
        (
            "said" | "saying" | "says" | "appeared" | "appearing" | "appearance" | "wrote" | "writing"
            | "remarks" | "comments",
            "on" | "in",
        ) => return Some((2, true)),
        ("hosted" | "moderated", "by") | ("said" | "says" | "saying", "at") => return Some((2, true)),
        ("told" | "tells" | "telling", "the") => return Some((2, true)),
        _ => {}
    }
    match one {
        "told" | "tells" | "telling" => Some((1, true)),
        "citing" | "quoting" => Some((1, true)),
        "per" if !two.starts_with(|c: char| c.is_numeric()) && three != "cent" && four != "percent" => {
            Some((1, true))
        }
        "via" => Some((1, true)),
        _ => None,
    }
}

/// Words between a lead-in and a name: "the Irish website", "US broadcaster".
fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "of"
            | "news"
            | "agency"
            | "newspaper"
            | "website"
            | "broadcaster"
            | "magazine"
            | "daily"
            | "state"
            | "local"
            | "site"
            | "channel"
            | "state-run"
            | "state-owned"
            | "tabloid"
            | "affiliate"
            | "station"
            | "television"
            | "tv"
            | "radio"
            | "national"
            | "private"
            | "public"
            | "newswire"
            | "business"
            | "sports"
            | "online"
            | "german-language"
            | "network"
            | "outlet"
            | "host"
            | "'s"
            | "weekly"
    )
}

/// The token of "the" before a name, if there is one, and of "newspaper" or "CNN affiliate" before that.
fn with_article(words: Words<'_>, range: &Range<usize>, start: usize) -> usize {
    match start.checked_sub(1) {
        Some(before) if before >= range.start && words.lower(before) == "the" => before,
        _ => start,
    }
}

/// Past "newspaper", "news agency" after a name.
fn past_kind(words: Words<'_>, at: usize) -> usize {
    let mut at = at;
    if words.at(at) == "," && matches!(&*words.lower(at + 1), "a" | "an" | "the") {
        return at;
    }
    while matches!(
        &*words.lower(at),
        "newspaper"
            | "news"
            | "agency"
            | "website"
            | "magazine"
            | "daily"
            | "broadcaster"
            | "television"
            | "tv"
            | "radio"
            | "channel"
            | "site"
            | "network"
            | "online"
    ) {
        at += 1;
    }
    at
}

pub(super) fn is_day(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "on"
            | "late"
            | "early"
            | "yesterday"
            | "today"
    )
}

/// Verbs that outlets do and others seldom do.
const STRONG: [&str; 6] = ["reported", "reports", "reporting", "quoted", "quotes", "editorialized"];

/// Verbs that outlets share with all who speak.
const PLAIN: [&str; 14] = [
    "said",
    "says",
    "wrote",
    "writes",
    "cited",
    "cites",
    "revealed",
    "published",
    "noted",
    "notes",
    "claimed",
    "learned",
    "described",
    "broke",
];
