//! How much a text is about the words of a search: BM25 (Robertson, Zaragoza 2009) over the reports that match, the headline
//! weighing more than the text.
//!
//! In how many reports a word stands comes from the list of words that indexing keeps. Endings are cut off by Snowball's
//! stemmer for English, which agrees with the index's (Porter) but for rare words: that changes an order, not what is found.

use std::collections::BTreeMap;

use rust_stemmers::{Algorithm, Stemmer};

use super::words::{each_word, words};

/// How fast more of a word adds less, and how much length counts: the usual values.
const SATURATION: f64 = 1.2;
const LENGTH_SHARE: f64 = 0.75;
/// How much more a word in the headline weighs than one in the text.
const TITLE_WEIGHT: f64 = 4.0;
/// First letters by which most words are told from those that are searched.
const N_FIRST: usize = 3;

/// Counts the words and phrases of a search in texts.
pub(crate) struct Weigher {
    stemmer: Stemmer,
    /// The number of each stem.
    stems: BTreeMap<String, usize>,
    /// The first letters of the stems.
    starts: Vec<String>,
    phrases: Vec<Phrase>,
}

struct Phrase {
    /// Numbers of stems, one after the other.
    stems: Vec<usize>,
    /// What one of them is worth.
    rarity: f64,
}

/// How often each phrase stands in a text, and how long it is in words.
pub(crate) struct Counts {
    weighted: Vec<f64>,
    n_words: usize,
}

impl Weigher {
    /// For the words and phrases that are wanted; `n_reports_with` says in how many of `n_reports` a word stands.
    pub(crate) fn new(
        wanted: &[String],
        n_reports: f64,
        mut n_reports_with: impl FnMut(&str) -> f64,
    ) -> Self {
        let mut weigher = Self {
            stemmer: Stemmer::create(Algorithm::English),
            stems: BTreeMap::new(),
            starts: Vec::new(),
            phrases: Vec::new(),
        };
        for phrase in wanted {
            let words = words(phrase);
            // A phrase is as rare as its rarest word, at least.
            let n_with =
                words.iter().map(|word| n_reports_with(word)).fold(f64::INFINITY, f64::min).min(n_reports);
            let rarity = (1.0 + (n_reports - n_with + 0.5) / (n_with + 0.5)).ln();
            let stems = words.iter().map(|word| weigher.number(word)).collect();
            weigher.phrases.push(Phrase { stems, rarity });
        }
        weigher
    }

    fn number(&mut self, word: &str) -> usize {
        let stem = self.stemmer.stem(word).into_owned();
        self.starts.push(stem.chars().take(N_FIRST).collect());
        let next = self.stems.len();
        *self.stems.entry(stem).or_insert(next)
    }

    /// Counts in one text.
    pub(crate) fn count(&self, title: Option<&str>, text: &str) -> Counts {
        let mut weighted = vec![0.0; self.phrases.len()];
        let mut n_words = 0;
        for (part, weight) in [(title.unwrap_or_default(), TITLE_WEIGHT), (text, 1.0)] {
            let found = self.find(part);
            n_words += found.len();
            for (phrase, sum) in self.phrases.iter().zip(&mut weighted) {
                let fits = |window: &&[Option<usize>]| {
                    window.iter().zip(&phrase.stems).all(|(found, stem)| *found == Some(*stem))
                };
                if !phrase.stems.is_empty() {
                    *sum += weight * found.windows(phrase.stems.len()).filter(fits).count() as f64;
                }
            }
        }
        Counts { weighted, n_words }
    }

    /// For each word of `text` the number of its stem, if that is searched for.
    fn find(&self, text: &str) -> Vec<Option<usize>> {
        let mut found = Vec::with_capacity(text.len() / 6);
        each_word(text, |word| {
            let likely = self.starts.iter().any(|start| word.starts_with(start.as_str()));
            found.push(if likely { self.stems.get(&*self.stemmer.stem(word)).copied() } else { None });
        });
        found
    }

    /// The weight of each of the texts.
    pub(crate) fn weights(&self, counts: &[Counts]) -> Vec<f64> {
        let mean = counts.iter().map(|each| each.n_words as f64).sum::<f64>() / counts.len().max(1) as f64;
        let weight = |each: &Counts| {
            let length = 1.0 - LENGTH_SHARE + LENGTH_SHARE * each.n_words as f64 / mean.max(1.0);
            let of_phrase = |(phrase, &n): (&Phrase, &f64)| {
                phrase.rarity * n * (SATURATION + 1.0) / (n + SATURATION * length)
            };
            self.phrases.iter().zip(&each.weighted).map(of_phrase).sum()
        };
        counts.iter().map(weight).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(wanted: &[&str], texts: &[(&str, &str)]) -> Vec<f64> {
        let wanted: Vec<String> = wanted.iter().map(|&words| words.to_owned()).collect();
        let weigher = Weigher::new(&wanted, 1000.0, |word| if word == "the" { 900.0 } else { 10.0 });
        let counts: Vec<Counts> =
            texts.iter().map(|(title, text)| weigher.count(Some(title), text)).collect();
        weigher.weights(&counts)
    }

    #[test]
    fn headlines_and_rare_words_weigh_more() {
        let found = weights(
            &["tariff", "the"],
            &[
                ("Tariffs rise", "the port waits for the ships"),
                ("The port", "the tariff of the port is the one of the ships"),
                ("The port", "the port waits for the ships of the line"),
            ],
        );
        assert!(found[0] > found[1] && found[1] > found[2] && found[2] > 0.0, "{found:?}");
    }

    #[test]
    fn phrases_count_where_their_words_follow_each_other() {
        let found = weights(
            &["rare earths"],
            &[("", "Rare earth, and the rare earths"), ("", "the earth is rare"), ("", "")],
        );
        assert!(found[0] > 0.0);
        assert_eq!(found[1..], [0.0, 0.0]);
    }
}
