//! Terms: the words of a story in a form in which two reports can be compared.
//!
//! A token becomes one or more terms: lower case, apostrophes made plain, hyphenated words taken apart, reduced to a stem
//! (Porter's second English stemmer, and a list for "took" and "taken"), nationality adjectives brought to their country. Terms are interned per story; a
//! [`Vocabulary`] gives each a weight by its rarity among the story's sentences.

use std::collections::HashMap;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use stemma_core::{Document, LayerId as _, MentionForm, Story, TokenKind};

use crate::disputed::{Disputed, find_disputed};
use crate::meaning::Meanings;

/// A term of one story: an index into its [`Vocabulary`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct TermId(u32);

impl TermId {
    pub(crate) fn of_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("a story has fewer than 2^32 terms"))
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One occurrence of a term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub(crate) id: TermId,
    /// Index of the token that it comes from.
    pub(crate) token: u32,
}

/// What is known of one term.
#[derive(Clone, Debug)]
struct Entry {
    /// Carries no content.
    stop: bool,
    /// "not", "never", "no".
    denial: bool,
    /// Stands in names more often than outside of them.
    name: bool,
    /// Starts with a digit.
    number: bool,
    /// How much a shared occurrence tells; 0 for words without content.
    weight: f64,
}

/// The terms of a story and their weights.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    entries: Vec<Entry>,
    meanings: Meanings,
}

impl Vocabulary {
    /// True for words without content of their own.
    pub(crate) fn is_stop(&self, id: TermId) -> bool {
        self.entries[id.index()].stop
    }

    /// True for terms that stand in names more often than outside of them.
    pub(crate) fn is_name(&self, id: TermId) -> bool {
        self.entries[id.index()].name
    }

    /// True for "not", "never" and "no".
    pub(crate) fn is_denial(&self, id: TermId) -> bool {
        self.entries[id.index()].denial
    }

    /// True for terms that start with a digit.
    pub(crate) fn is_number(&self, id: TermId) -> bool {
        self.entries[id.index()].number
    }

    /// How much a shared occurrence of `id` tells, in nats.
    pub(crate) fn weight(&self, id: TermId) -> f64 {
        self.entries[id.index()].weight
    }

    /// Which terms are near each other.
    pub(crate) fn meanings(&self) -> &Meanings {
        &self.meanings
    }

    /// Number of terms.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// The terms of all documents of a story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'a> {
    /// For each document its terms, in text order.
    pub(crate) terms: &'a [Vec<Term>],
    pub(crate) vocabulary: &'a Vocabulary,
}

impl Texts<'_> {
    /// The terms of the tokens of `range` of a document, in text order.
    pub(crate) fn terms_in(&self, report: usize, range: Range<usize>) -> impl Iterator<Item = TermId> {
        let terms = &self.terms[report];
        let from = terms.partition_point(|term| (term.token as usize) < range.start);
        terms[from..].iter().take_while(move |term| (term.token as usize) < range.end).map(|term| term.id)
    }

    /// The terms of the tokens of `range` of a document that have content, each once, ascending.
    pub(crate) fn bag(&self, report: usize, range: Range<usize>) -> Vec<TermId> {
        let mut bag: Vec<TermId> =
            self.terms_in(report, range).filter(|&id| !self.vocabulary.is_stop(id)).collect();
        bag.sort_unstable();
        bag.dedup();
        bag
    }

    /// Sum of the weights of `bag`.
    pub(crate) fn weight(&self, bag: &[TermId]) -> f64 {
        bag.iter().map(|&id| self.vocabulary.weight(id)).sum()
    }
}

/// The terms of every document of `story`, in text order, and their vocabulary. After each number of a quantity of which reports
/// give different ones stands a term that all of them [share](crate::disputed).
pub(crate) fn read_terms(story: &Story) -> (Vec<Vec<Term>>, Vocabulary) {
    read(story, true)
}

/// The same without these terms. The pair model is fitted so: in invented families disputed figures are far more common than
/// in life, and would teach it that a common number is nearly all.
pub(crate) fn read_plain_terms(story: &Story) -> (Vec<Vec<Term>>, Vocabulary) {
    read(story, false)
}

fn read(story: &Story, with_disputed: bool) -> (Vec<Vec<Term>>, Vocabulary) {
    let (mut reader, mut documents, mut stems) = read_sorted(story);
    if with_disputed {
        let disputed = find_disputed(story, &documents, |id| !reader.entries[id.index()].stop);
        add_quantities(&disputed, &mut documents, &mut reader.entries);
        stems.resize(reader.entries.len(), String::new());
    }
    let mut in_sentences = vec![0_u32; reader.entries.len()];
    let mut n_sentences = 0_u32;
    let mut last_seen = vec![0_u32; reader.entries.len()];
    for (document, terms) in story.documents().iter().zip(&documents) {
        let mut at = 0;
        for sentence in document.layers().sentences.items() {
            n_sentences += 1;
            let end = sentence.end.index();
            at = terms[at..].partition_point(|term| (term.token as usize) < sentence.first.index()) + at;
            while at < terms.len() && (terms[at].token as usize) < end {
                let term = terms[at].id.index();
                if last_seen[term] != n_sentences {
                    last_seen[term] = n_sentences;
                    in_sentences[term] += 1;
                }
                at += 1;
            }
        }
    }
    for (entry, &n) in reader.entries.iter_mut().zip(&in_sentences) {
        let rarity = ((f64::from(n_sentences) + 1.0) / (f64::from(n) + 0.5)).ln().max(MIN_WEIGHT);
        entry.weight = if entry.stop { 0.0 } else { rarity.min(MAX_WEIGHT) };
    }
    let named = named_terms(story, &documents, reader.entries.len());
    for (entry, named) in reader.entries.iter_mut().zip(named) {
        entry.name = named;
    }
    let plain = |n: usize| {
        let entry = &reader.entries[n];
        !entry.stop && !entry.number && !entry.name
    };
    let words: Vec<Option<&str>> =
        stems.iter().enumerate().map(|(n, stem)| plain(n).then_some(stem.as_str())).collect();
    let meanings = Meanings::of(&words);
    (documents, Vocabulary { entries: reader.entries, meanings })
}

/// The terms of every document, numbered in the order of their stems, which come along.
fn read_sorted(story: &Story) -> (Reader, Vec<Vec<Term>>, Vec<String>) {
    let mut reader = Reader::new();
    let mut documents: Vec<Vec<Term>> =
        story.documents().iter().map(|document| reader.document(document)).collect();
    let stems = reader.sort(&mut documents);
    (reader, documents, stems)
}

/// What is disputed in `story`.
#[cfg(test)]
pub(crate) fn disputed_numbers(story: &Story) -> Vec<Disputed> {
    let (reader, documents, _) = read_sorted(story);
    find_disputed(story, &documents, |id| !reader.entries[id.index()].stop)
}

/// Puts a new term, the same for all numbers of a quantity, behind each. `disputed` is in order of report and place.
fn add_quantities(disputed: &[Disputed], documents: &mut [Vec<Term>], entries: &mut Vec<Entry>) {
    let n_known = entries.len();
    let n_quantities = disputed.iter().map(|number| number.quantity + 1).max().unwrap_or(0);
    let quantity = Entry { stop: false, denial: false, name: false, number: true, weight: 0.0 };
    entries.resize(n_known + n_quantities, quantity);
    for of_report in disputed.chunk_by(|x, y| x.report == y.report) {
        let terms = &mut documents[of_report[0].report];
        let mut numbers = of_report.iter().peekable();
        let mut more = Vec::with_capacity(terms.len());
        for &term in terms.iter() {
            let token = term.token as usize;
            while numbers.next_if(|number| number.tokens.end <= token).is_some() {}
            more.push(term);
            if let Some(number) = numbers.next_if(|number| number.tokens.contains(&token)) {
                more.push(Term { id: TermId::of_index(n_known + number.quantity), token: term.token });
            }
        }
        *terms = more;
    }
}

/// Terms that stand in names more often than outside of them.
fn named_terms(story: &Story, documents: &[Vec<Term>], n_terms: usize) -> Vec<bool> {
    let mut counts = vec![(0_u32, 0_u32); n_terms];
    for (document, terms) in story.documents().iter().zip(documents) {
        let in_name = tokens_in_names(document);
        for term in terms {
            let (inside, all) = &mut counts[term.id.index()];
            *inside += u32::from(in_name[term.token as usize]);
            *all += 1;
        }
    }
    counts.into_iter().map(|(inside, all)| 2 * inside > all).collect()
}

/// For each token whether it stands in a name.
pub(crate) fn tokens_in_names(document: &Document) -> Vec<bool> {
    let layers = document.layers();
    let mut in_name = vec![false; layers.tokens.len()];
    for mention in layers.mentions.items().iter().filter(|m| m.form == MentionForm::Named) {
        in_name[document.tokens_in(mention.span)].fill(true);
    }
    in_name
}

/// Even a word that stands in every sentence of a story counts a little; unit: nats.
const MIN_WEIGHT: f64 = 0.3;
/// Above this, rarity says nothing more: most words of a long story stand in it once. Unit: nats.
const MAX_WEIGHT: f64 = 5.0;

struct Reader {
    ids: HashMap<String, TermId>,
    cache: HashMap<String, Vec<TermId>>,
    entries: Vec<Entry>,
    stemmer: Stemmer,
    stop: std::collections::HashSet<&'static str>,
    countries: HashMap<&'static str, &'static str>,
    /// The plain form of each irregular one.
    irregular: HashMap<&'static str, &'static str>,
}

impl Reader {
    fn new() -> Self {
        let stop = words(include_str!("../data/stopwords.txt")).flat_map(str::split_whitespace).collect();
        let mut countries = HashMap::new();
        for line in words(include_str!("../data/countries.txt")) {
            let mut forms = line.split('|').map(str::trim);
            let country = forms.next().unwrap_or("");
            countries.insert(country, country);
            countries.extend(forms.map(|form| (form, country)));
        }
        let mut irregular = HashMap::new();
        for line in words(include_str!("../data/irregular.txt")) {
            let (plain, forms) = line.split_once(' ').unwrap_or((line, ""));
            irregular.extend(forms.split(' ').map(|form| (form, plain)));
        }
        let stemmer = Stemmer::create(Algorithm::English);
        Self {
            ids: HashMap::new(),
            cache: HashMap::new(),
            entries: Vec::new(),
            stemmer,
            stop,
            countries,
            irregular,
        }
    }

    /// Numbers the terms in the order of their letters: sums over terms must not depend on which report came first. Gives
    /// their stems in that order.
    fn sort(&mut self, documents: &mut [Vec<Term>]) -> Vec<String> {
        let mut sorted: Vec<(&String, TermId)> = self.ids.iter().map(|(term, &id)| (term, id)).collect();
        sorted.sort_unstable();
        let mut renumbered = vec![TermId(0); self.entries.len()];
        for (new, (_, old)) in (0_u32..).zip(&sorted) {
            renumbered[old.index()] = TermId(new);
        }
        self.entries = sorted.iter().map(|(_, old)| self.entries[old.index()].clone()).collect();
        for term in documents.iter_mut().flatten() {
            term.id = renumbered[term.id.index()];
        }
        let stems = sorted.iter().map(|(stem, _)| (*stem).clone()).collect();
        // The ids in them are out of date.
        self.ids.clear();
        self.cache.clear();
        stems
    }

    fn document(&mut self, document: &Document) -> Vec<Term> {
        let mut terms = Vec::new();
        let tokens = document.layers().tokens.items();
        let word = |n: usize| tokens.get(n).map_or("", |token| document.slice(token.span));
        let mut n = 0;
        while n < tokens.len() {
            let short = short_form(word(n), word(n + 1));
            if matches!(tokens[n].kind, TokenKind::Word | TokenKind::Number) {
                let token = u32::try_from(n).expect("a text has fewer than 2^32 tokens");
                for &id in self.token(short.unwrap_or(word(n))) {
                    terms.push(Term { id, token });
                }
            }
            n += if short.is_some() { 2 } else { 1 };
        }
        terms
    }

    fn token(&mut self, word: &str) -> &[TermId] {
        if !self.cache.contains_key(word) {
            let ids = normal_forms(word).into_iter().map(|form| self.intern(&form)).collect();
            self.cache.insert(word.to_owned(), ids);
        }
        &self.cache[word]
    }

    fn intern(&mut self, form: &str) -> TermId {
        let stop = self.stop.contains(form);
        let number = form.starts_with(char::is_numeric);
        let denial = matches!(form, "not" | "never" | "no");
        let stem = match self.countries.get(form) {
            Some(country) => (*country).to_owned(),
            // "others" has the stem "other": the key of a word without content is one that no stem has.
            None if stop => format!("\0{form}"),
            None if number => form.to_owned(),
            None => self.stemmer.stem(self.irregular.get(form).copied().unwrap_or(form)).into_owned(),
        };
        if let Some(&id) = self.ids.get(&stem) {
            return id;
        }
        let id = TermId(u32::try_from(self.entries.len()).expect("a story has fewer than 2^32 terms"));
        self.entries.push(Entry { stop, denial, name: false, number, weight: 0.0 });
        self.ids.insert(stem, id);
        id
    }
}

/// Names of two words that reports as often give by their letters.
fn short_form(first: &str, second: &str) -> Option<&'static str> {
    match (first, second) {
        ("United", "States") => Some("US"),
        ("United", "Kingdom") => Some("UK"),
        ("United", "Nations") => Some("UN"),
        ("European", "Union") => Some("EU"),
        _ => None,
    }
}

/// Lower case, plain apostrophes, initialisms without full stops ("U.S." and "US" are `u.s.`, "us" stays), hyphenated
/// words and contractions taken apart.
fn normal_forms(word: &str) -> Vec<String> {
    let plain: String =
        word.chars().map(|c| if matches!(c, '’' | 'ʼ' | '´' | '`') { '\'' } else { c }).collect();
    if matches!(plain.as_str(), "US" | "U.S" | "U.S." | "USA" | "U.S.A.") {
        return vec!["u.s.".to_owned()];
    }
    let lower = plain.to_lowercase();
    if lower.contains('.') && !lower.starts_with(char::is_numeric) && lower.len() <= 8 {
        return vec![lower.replace('.', "")];
    }
    let number = lower.starts_with(char::is_numeric);
    lower
        .split(['-', '\u{2010}', '\u{2011}'])
        .filter(|part| !part.is_empty())
        .flat_map(|part| match part.strip_suffix("n't") {
            Some(verb) if !verb.is_empty() => vec![expand(verb), "not".to_owned()],
            _ if number => vec![part.replace(',', "")],
            _ => match part.split_once('\'') {
                Some((head, "ll" | "re" | "ve" | "d" | "m" | "s")) if !head.is_empty() => {
                    vec![head.to_owned()]
                }
                _ => vec![part.trim_matches(['@', '#']).to_owned()],
            },
        })
        .collect()
}

/// The verb in "wo" + "n't".
fn expand(verb: &str) -> String {
    match verb {
        "wo" => "will",
        "ca" => "can",
        "sha" => "shall",
        other => other,
    }
    .to_owned()
}

/// Entries of a list that is built into the program.
pub(crate) fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Reader, normal_forms};

    #[test]
    fn a_word_without_content_is_no_stem_of_another() {
        let mut reader = Reader::new();
        assert_ne!(reader.intern("others"), reader.intern("other"));
        assert_eq!(reader.intern("developing"), reader.intern("developed"));
    }

    #[test]
    fn forms_of_one_word_meet() {
        assert_eq!(normal_forms("U.S."), normal_forms("US"));
        assert_ne!(normal_forms("US"), normal_forms("us"));
        assert_eq!(normal_forms("won’t"), ["will", "not"]);
        assert_eq!(normal_forms("rare-earth"), ["rare", "earth"]);
        assert_eq!(normal_forms("1,200"), ["1200"]);
        assert_eq!(normal_forms("F.B.I."), normal_forms("FBI"));
    }
}
