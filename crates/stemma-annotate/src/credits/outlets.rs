//! Names of outlets: those of the list, and others by their shape ("the Lindau Herald", "the newspaper El Faro").

use rustc_hash::FxHashMap;
use std::ops::Range;

use crate::words::{Words, entries, is_capitalized};

const LIST: &str = include_str!("../../data/outlets.txt");

/// The outlets and agencies that reports name.
#[derive(Debug)]
pub struct Outlets {
    /// By the first word of a name, in lower case; the longest name first.
    names: FxHashMap<String, Vec<Name>>,
}

#[derive(Debug)]
struct Name {
    words: Vec<String>,
    /// As it must be written: "TIME" is an outlet, "time" is none.
    spelling: Vec<&'static str>,
    canonical: &'static str,
    agency: bool,
    after_the: bool,
}

/// How sure it is that a name is an outlet's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Surety {
    /// Its shape allows it: "Lindau Star".
    Shaped,
    /// Its shape says so: "Lindau Herald", "the newspaper El Faro".
    Telling,
    /// It is in the list.
    Listed,
}

/// A name of an outlet in a text.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Tokens of the name, without "the" before it.
    pub(super) tokens: Range<usize>,
    /// The usual name, where the list has one.
    pub(super) canonical: Option<String>,
    pub(super) agency: bool,
    pub(super) surety: Surety,
}

impl Outlets {
    /// Reads the built-in list.
    pub fn load() -> Self {
        let mut names: FxHashMap<String, Vec<Name>> = FxHashMap::default();
        for line in entries(LIST) {
            let (agency, line) = match line.strip_prefix("agency:") {
                Some(rest) => (true, rest),
                None => (false, line),
            };
            let mut aliases = line.split('|').map(str::trim);
            let Some(canonical) = aliases.clone().next() else { continue };
            for alias in &mut aliases {
                let lone = alias.strip_prefix("The ").is_some_and(|rest| !rest.contains(' '));
                let after_the = lone || alias.starts_with("the ");
                let bare = alias.strip_prefix("the ").or(alias.strip_prefix("The ")).unwrap_or(alias);
                let spelling = divided(bare);
                let words: Vec<String> = spelling.iter().map(|word| folded(word)).collect();
                let Some(first) = words.first().cloned() else { continue };
                let known = names.entry(first).or_default();
                let place = known.partition_point(|name| name.words.len() >= words.len());
                known.insert(place, Name { words, spelling, canonical, agency, after_the });
            }
        }
        Self { names }
    }

    /// The name of an outlet that starts at token `at`, if one does.
    pub(super) fn at(&self, words: Words<'_>, at: usize) -> Option<Named> {
        let listed = self.listed(words, at);
        let run = name_run(words, at);
        if let Some(listed) = &listed
            && (run.is_empty()
                || listed.tokens.end >= run.end
                || !tells(words, run.end - 1)
                || continues_with_own_name(words, listed.tokens.end))
        {
            let longer = run.end > listed.tokens.end && is_title_word(words, listed.tokens.end);
            return (!longer).then(|| listed.clone());
        }
        shaped(words, run)
    }

    fn listed(&self, words: Words<'_>, at: usize) -> Option<Named> {
        if !is_capitalized_or_short(words.at(at)) {
            return None;
        }
        let found = self.names.get(&folded(words.at(at)))?;
        found.iter().find_map(|name| {
            let end = at + name.words.len();
            let same = name.words.iter().enumerate().all(|(n, word)| folded(words.at(at + n)) == *word);
            let spelled = name.words.len() > 1
                || name.spelling[0] == words.at(at)
                || all_capitals(words.at(at)) && name.spelling[0].chars().count() > 4;
            let introduced = !name.after_the || at > 0 && words.at(at - 1).eq_ignore_ascii_case("the");
            (same && spelled && introduced).then(|| Named {
                tokens: at..end,
                canonical: Some(name.canonical.to_owned()),
                agency: name.agency,
                surety: Surety::Listed,
            })
        })
    }
}

fn is_capitalized_or_short(word: &str) -> bool {
    is_capitalized(word) || word.starts_with(|c: char| c.is_numeric()) || word.chars().count() <= 3
}

fn all_capitals(word: &str) -> bool {
    word.chars().all(|c| !c.is_lowercase())
}

fn folded(word: &str) -> String {
    if word.is_ascii() { word.to_ascii_lowercase() } else { word.to_lowercase().replace('’', "'") }
}

/// The words of a name as the tokenizer divides them, near enough: at blanks and around marks.
fn divided(name: &'static str) -> Vec<&'static str> {
    let mut out = Vec::new();
    let tokens = crate::tokenize(name);
    for token in tokens.items() {
        out.push(&name[token.span.range()]);
    }
    out
}

/// "Times Square", "Post Office": the word after a listed name makes it another one.
fn is_title_word(words: Words<'_>, at: usize) -> bool {
    matches!(
        words.at(at),
        "Square"
            | "Office"
            | "Corp"
            | "Corporation"
            | "Company"
            | "Group"
            | "Inc"
            | "Center"
            | "Centre"
            | "Tower"
            | "Building"
            | "Award"
            | "Awards"
            | "Prize"
    )
}

/// "CNN Chief Ruiz", "Reuters Ana Ota": what follows a listed name is no part of it.
fn continues_with_own_name(words: Words<'_>, at: usize) -> bool {
    !tells(words, at)
}

/// Words with capitals from `at` on, joined by "of", "de", "&", "and".
fn name_run(words: Words<'_>, at: usize) -> Range<usize> {
    let mut end = at;
    while end < words.len() && end - at < 7 {
        let word = words.at(end);
        let joins = end > at
            && matches!(
                word,
                "of" | "de" | "del" | "della" | "der" | "and" | "&" | "di" | "la" | "el" | "du" | "des"
            )
            && is_capitalized(words.at(end + 1));
        let day = end > at && super::patterns::is_day(&words.lower(end));
        if day || !(is_capitalized(word) && word.chars().any(char::is_alphabetic) || joins) {
            break;
        }
        end += 1;
    }
    at..end
}

/// A run of capitalised words that looks like an outlet's name.
fn shaped(words: Words<'_>, run: Range<usize>) -> Option<Named> {
    let run = run.start..before_of(words, &run);
    let opens =
        run.start == 0 || !is_capitalized(words.at(run.start - 1)) || words.at(run.start - 1) == "The";
    if run.is_empty() || !opens || opens_sentence(words.at(run.start)) || is_people(words, &run) {
        return None;
    }
    let last = run.end - 1;
    let kind_before = run.start.checked_sub(1).is_some_and(|before| is_kind(&words.lower(before)))
        || run
            .start
            .checked_sub(2)
            .is_some_and(|before| words.lower(before) == "news" && words.lower(before + 1) == "agency");
    let kind_after = is_kind(&words.lower(run.end))
        || words.lower(run.end) == "news"
            && matches!(&*words.lower(run.end + 1), "agency" | "website" | "site" | "channel" | "portal");
    let surety = if kind_before
        || kind_after
        || (run.len() > 1 && tells(words, last))
        || (run.len() > 1 && matches!(words.at(run.start), "Radio" | "Agence"))
        || (run.len() == 1 && is_call_sign(words.at(run.start)))
    {
        Surety::Telling
    } else if run.len() > 1 && may_be(words.at(last)) || has_apposition(words, run.end) {
        Surety::Shaped
    } else {
        return None;
    };
    Some(Named { tokens: run, canonical: None, agency: false, surety })
}

/// "Ana Ota of CNN": the name before "of" is none of the outlet's.
fn before_of(words: Words<'_>, run: &Range<usize>) -> usize {
    let of = run.clone().find(|&n| words.at(n) == "of" && n + 2 < words.len());
    of.filter(|&n| tells(words, run.end - 1) && n > run.start + 1).unwrap_or(run.end)
}

/// Words with a capital for their place alone.
fn opens_sentence(word: &str) -> bool {
    matches!(
        word,
        "The"
            | "As"
            | "In"
            | "On"
            | "But"
            | "And"
            | "When"
            | "After"
            | "While"
            | "According"
            | "For"
            | "A"
            | "An"
            | "At"
            | "If"
            | "Since"
            | "That"
            | "This"
            | "Then"
            | "Yet"
            | "So"
    )
}

/// "the Omani newspaper", "a South Korean daily": whose outlet, not which.
fn is_people(words: Words<'_>, run: &Range<usize>) -> bool {
    let last = words.lower(run.end - 1);
    run.len() <= 2
        && ["an", "ish", "ese", "ch", "ni", "aeli", "aqi", "udi", "german"]
            .iter()
            .any(|ending| last.ends_with(ending))
}

/// "KTVI": the call sign of an American station.
fn is_call_sign(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['K', 'W']) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// ", a newspaper in Oman"
fn has_apposition(words: Words<'_>, at: usize) -> bool {
    words.at(at) == ","
        && matches!(&*words.lower(at + 1), "a" | "an" | "the")
        && (at + 2..at + 5).any(|n| is_kind(&words.lower(n)))
}

/// "newspaper", "broadcaster"
fn is_kind(word: &str) -> bool {
    matches!(
        word,
        "newspaper"
            | "daily"
            | "broadcaster"
            | "magazine"
            | "website"
            | "tabloid"
            | "weekly"
            | "newswire"
            | "newsagency"
            | "broadsheet"
            | "newsmagazine"
    )
}

/// True if the word at `at` ends the names of outlets and of little else.
fn tells(words: Words<'_>, at: usize) -> bool {
    matches!(
        words.at(at),
        "Times"
            | "Post"
            | "News"
            | "Herald"
            | "Gazette"
            | "Tribune"
            | "Chronicle"
            | "Courier"
            | "Ledger"
            | "Telegraph"
            | "Examiner"
            | "Sentinel"
            | "Dispatch"
            | "Observer"
            | "Daily"
            | "Weekly"
            | "Zeitung"
            | "Courant"
            | "Inquirer"
            | "Wire"
            | "TV"
            | "Radio"
            | "Television"
            | "Broadcasting"
            | "Bulletin"
            | "Newswire"
            | "Gazeta"
            | "Shimbun"
            | "Ilbo"
            | "Tageblatt"
            | "Nachrichten"
            | "Kurir"
            | "Postası"
            | "Pravda"
            | "Journal"
            | "Register"
            | "Examiner-News"
    ) || words.at(at) == "Agency" && words.at(at.wrapping_sub(1)) == "News"
}

/// True if a name may be an outlet's by its last word, and may be another thing's.
fn may_be(word: &str) -> bool {
    matches!(
        word,
        "Star"
            | "Mail"
            | "Globe"
            | "Standard"
            | "Mirror"
            | "Express"
            | "Monitor"
            | "Mercury"
            | "Echo"
            | "Argus"
            | "Guardian"
            | "Sun"
            | "Today"
            | "Online"
            | "Magazine"
            | "Press"
            | "Independent"
            | "Horizon"
            | "Beacon"
            | "Lantern"
            | "Islander"
            | "Reporter"
            | "Insider"
            | "Meridian"
            | "Diario"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenize;

    fn names(text: &str) -> String {
        let (outlets, tokens) = (Outlets::load(), tokenize(text));
        let words = Words::new(text, &tokens);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match outlets.at(words, at) {
                Some(named) => {
                    let name = named.tokens.clone().map(|n| words.at(n)).collect::<Vec<_>>().join(" ");
                    found.push(format!(
                        "{name} ({}, {:?})",
                        named.canonical.as_deref().unwrap_or("-"),
                        named.surety
                    ));
                    at = named.tokens.end;
                }
                None => at += 1,
            }
        }
        found.join("; ")
    }

    #[test]
    fn listed_names_and_their_aliases() {
        insta::assert_snapshot!(
            names("AFP and the NYT, El Pais, the Washington Post, The Hill; mint leaves, Times Square"),
            @"AFP (Agence France-Presse, Listed); NYT (New York Times, Listed); El Pais (El País, Listed); Washington Post (Washington Post, Listed); Hill (The Hill, Listed)"
        );
    }

    #[test]
    fn names_by_their_shape() {
        insta::assert_snapshot!(
            names("The Lindau Herald, the newspaper El Faro, TechBote, a website in Bern, the Lindau Star, the Post Office"),
            @"Lindau Herald (-, Telling); El Faro (-, Telling); TechBote (-, Shaped); Lindau Star (-, Shaped)"
        );
    }
}
