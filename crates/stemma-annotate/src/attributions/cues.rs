//! The cue lexicon: words that give something to a source, and what they take.
//!
//! The list is data (`data/cues.txt`), one entry a line; its head describes the columns.

use rustc_hash::{FxHashMap, FxHashSet};

use stemma_core::Manner;

use super::speakers::Model;
use crate::words::entries;

const LIST: &str = include_str!("../../data/cues.txt");

/// The model of speakers: learned from a set without a stated licence, so the open profile does without.
#[cfg(feature = "full-models")]
const SPEAKERS: Option<&[u8]> = Some(include_bytes!("../../../../models/speakers.bin"));
#[cfg(not(feature = "full-models"))]
const SPEAKERS: Option<&[u8]> = None;

/// The words that signal attributions.
#[derive(Debug)]
pub struct Cues {
    verbs: FxHashMap<&'static str, Vec<(Inflection, u32)>>,
    verb_entries: Vec<Entry>,
    nouns: FxHashMap<&'static str, Entry>,
    adjectives: FxHashMap<&'static str, Entry>,
    homographs: FxHashSet<&'static str>,
    /// The learned choice of speakers; `None`: the rules decide alone.
    pub(super) speakers: Option<Model>,
}

/// What a cue may be followed by, and the stance that it takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// The base form of a verb, the first form of a noun.
    pub(super) lemma: &'static str,
    /// The stance.
    pub(super) manner: Manner,
    /// A word that must follow: "out" in "point out".
    pub(super) particle: Option<&'static str>,
    /// A quotation.
    pub(super) quote: bool,
    /// A clause that opens with "that".
    pub(super) that: bool,
    /// A clause without "that".
    pub(super) clause: bool,
    /// A clause that opens with "whether", "why", "what".
    pub(super) whether: bool,
    /// "to" and a verb.
    pub(super) infinitive: bool,
    /// A noun phrase, with what depends on it.
    pub(super) object: bool,
    /// The one spoken to stands before the content.
    pub(super) recipient: bool,
    /// Only finite forms count: "supported the plan", not "supporting the plan".
    pub(super) tensed: bool,
    /// Prepositions that lead the content.
    pub(super) prepositions: Vec<&'static str>,
}

/// Which forms of a verb a word can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Inflection {
    pub(super) base: bool,
    pub(super) third: bool,
    pub(super) past: bool,
    pub(super) participle: bool,
    pub(super) gerund: bool,
}

impl Cues {
    /// Reads the built-in list.
    pub fn load() -> Self {
        let mut cues = Self {
            verbs: FxHashMap::default(),
            verb_entries: Vec::new(),
            nouns: FxHashMap::default(),
            adjectives: FxHashMap::default(),
            homographs: FxHashSet::default(),
            speakers: SPEAKERS.and_then(Model::read),
        };
        for line in entries(LIST) {
            cues.insert(line);
        }
        cues
    }

    /// The same with another model of speakers, as `speakers::training` makes it; without one, the rules decide alone. `None` if
    /// it is no model of this version.
    pub fn with_speakers(mut self, model: Option<&'static [u8]>) -> Option<Self> {
        self.speakers = match model {
            Some(bytes) => Some(Model::read(bytes)?),
            None => None,
        };
        Some(self)
    }

    fn insert(&mut self, line: &'static str) {
        if let Some(rest) = line.strip_prefix("homograph ") {
            self.homographs.extend(rest.split_whitespace());
            return;
        }
        let mut columns = line.split('|').map(str::trim);
        let mut words = columns.next().unwrap_or("").split_whitespace();
        let (kind, forms) = (words.next().unwrap_or(""), words.collect::<Vec<_>>());
        let (Some(manner), Some(takes)) = (columns.next(), columns.next()) else { return };
        let (forms, particle) = match forms.iter().position(|&word| word == "+") {
            Some(plus) => (&forms[..plus], forms.get(plus + 1).copied()),
            None => (&forms[..], None),
        };
        let Some(&lemma) = forms.first() else { return };
        let entry = Entry::new(lemma, manner, particle, takes);
        match kind {
            "verb" => self.insert_verb(entry, forms),
            "noun" => self.nouns.extend(forms.iter().map(|&form| (form, entry.clone()))),
            _ => self.adjectives.extend(forms.iter().map(|&form| (form, entry.clone()))),
        }
    }

    fn insert_verb(&mut self, entry: Entry, forms: &[&'static str]) {
        let id = u32::try_from(self.verb_entries.len()).expect("the built-in list is short");
        self.verb_entries.push(entry);
        for (n, &form) in forms.iter().enumerate() {
            if forms[..n].contains(&form) {
                continue;
            }
            let is = |place: usize| forms.get(place) == Some(&form);
            let inflection =
                Inflection { base: is(0), third: is(1), past: is(2), participle: is(3), gerund: is(4) };
            let uses = self.verbs.entry(form).or_default();
            // An entry with a particle says more than one without, so it is tried first.
            if self.verb_entries[id as usize].particle.is_some() {
                uses.insert(0, (inflection, id));
            } else {
                uses.push((inflection, id));
            }
        }
    }

    /// Verbs that `word` (lower case) can be a form of; those with a particle first.
    pub(super) fn verbs(&self, word: &str) -> impl Iterator<Item = (Inflection, &Entry)> {
        let uses = self.verbs.get(word).map_or(&[][..], Vec::as_slice);
        uses.iter().map(|&(inflection, id)| (inflection, &self.verb_entries[id as usize]))
    }

    /// True if `word` is also a noun or adjective: "claim", "plan".
    pub(super) fn is_homograph(&self, word: &str) -> bool {
        self.homographs.contains(word)
    }

    /// The noun `word` (lower case), if it is a cue.
    pub(super) fn noun(&self, word: &str) -> Option<&Entry> {
        self.nouns.get(word)
    }

    /// The adjective `word` (lower case), if it is a cue.
    pub(super) fn adjective(&self, word: &str) -> Option<&Entry> {
        self.adjectives.get(word)
    }
}

impl Entry {
    fn new(lemma: &'static str, manner: &str, particle: Option<&'static str>, takes: &'static str) -> Self {
        let has = |word: &str| takes.split_whitespace().any(|taken| taken == word);
        Self {
            lemma,
            manner: manner_of(manner),
            particle,
            quote: has("quote"),
            that: has("that"),
            clause: has("clause"),
            whether: has("whether"),
            infinitive: has("infinitive"),
            object: has("object"),
            recipient: has("recipient"),
            tensed: has("tensed"),
            prepositions: takes.split_whitespace().filter(|word| !COMPLEMENTS.contains(word)).collect(),
        }
    }

    /// True for a verb of saying: it takes quotations or a full clause.
    pub(super) fn speaks(&self) -> bool {
        self.quote || self.that
    }
}

/// Words of the last column that are no prepositions.
const COMPLEMENTS: [&str; 8] =
    ["quote", "that", "clause", "whether", "infinitive", "object", "recipient", "tensed"];

fn manner_of(name: &str) -> Manner {
    match name {
        "doubt" => Manner::Doubt,
        "stress" => Manner::Stress,
        "factive" => Manner::Factive,
        "denial" => Manner::Denial,
        "question" => Manner::Question,
        "belief" => Manner::Belief,
        "demand" => Manner::Demand,
        _ => Manner::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_well_formed() {
        for line in entries(LIST).filter(|line| !line.starts_with("homograph ")) {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            assert_eq!(columns.len(), 3, "{line}");
            let forms = columns[0].split_whitespace().skip(1).take_while(|&word| word != "+").count();
            match columns[0].split_whitespace().next() {
                Some("verb") => assert_eq!(forms, 5, "{line}"),
                Some("noun" | "adjective") => assert!(forms >= 1, "{line}"),
                _ => panic!("{line}"),
            }
            let manner = manner_of(columns[1]);
            assert_eq!(manner.as_str(), columns[1], "{line}");
        }
    }

    #[test]
    fn a_particle_is_tried_before_the_bare_verb() {
        let cues = Cues::load();
        let found: Vec<_> = cues.verbs("called").map(|(_, entry)| entry.particle).collect();
        assert_eq!(found.last(), Some(&None));
        assert!(found.contains(&Some("for")));
        assert!(cues.verbs("said").all(|(form, _)| form.past && form.participle && !form.base));
    }
}
