//! Meaning: which terms of a story are near each other ("lawyer" and "attorney"), by word vectors that are built in.
//!
//! `models/words.bin` holds a small vector for each of some thousand word stems (`models/README.md` says where they come
//! from). The terms of a story are laid beside each other once; pairs from [`MIN_COSINE`] on are kept. Names and numbers
//! have no vector: another name is another bearer.

use crate::terms::TermId;

/// Cosine from which on two words are taken as near.
const MIN_COSINE: f64 = 0.4;

/// Number of a vector's dimensions.
const DIMENSIONS: usize = 128;

/// Word vectors, ascending by word.
struct WordVectors {
    words: Vec<&'static str>,
    vectors: &'static [u8],
}

impl WordVectors {
    /// The vectors that are built into the program. The file: number of words, dimensions, and bytes of the list of words
    /// (each 32 bits, little endian), the words with line ends between them, then a signed byte for each dimension of each.
    fn built_in() -> Self {
        let file: &'static [u8] = include_bytes!("../models/words.bin");
        let number =
            |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize;
        let (head, length) = (12, number(8));
        assert_eq!(number(4), DIMENSIONS, "the file of vectors is checked by a test");
        let list =
            std::str::from_utf8(&file[head..head + length]).expect("the list of words is checked by a test");
        Self { words: list.split('\n').collect(), vectors: &file[head + length..] }
    }

    /// The vector of `word` at unit length, if it has one.
    fn of(&self, word: &str) -> Option<Vec<f32>> {
        let n = self.words.binary_search(&word).ok()?;
        let bytes = &self.vectors[n * DIMENSIONS..(n + 1) * DIMENSIONS];
        unit(bytes.iter().map(|&byte| f32::from(byte.cast_signed())).collect())
    }
}

/// What the terms of a story mean.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    /// For each term its vector at unit length; empty for names, numbers and rare words.
    vectors: Vec<Vec<f32>>,
    /// For each term those near it, with the cosine.
    near: Vec<Vec<(TermId, f64)>>,
}

impl Meanings {
    /// Lays the terms beside each other. `words` gives for each, in order, the stem under which its vector is looked up;
    /// `None` for terms for which no other word can stand. Time: square of the number of terms with a vector.
    pub(crate) fn of(words: &[Option<&str>]) -> Self {
        let table = WordVectors::built_in();
        let vectors: Vec<Vec<f32>> =
            words.iter().map(|word| word.and_then(|word| table.of(word)).unwrap_or_default()).collect();
        let known: Vec<usize> = (0..vectors.len()).filter(|&n| !vectors[n].is_empty()).collect();
        let mut near = vec![Vec::new(); words.len()];
        for (n, &a) in known.iter().enumerate() {
            for &b in &known[n + 1..] {
                let cosine = cosine(&vectors[a], &vectors[b]).min(1.0);
                if cosine >= MIN_COSINE {
                    near[a].push((TermId::of_index(b), cosine));
                    near[b].push((TermId::of_index(a), cosine));
                }
            }
        }
        Self { vectors, near }
    }

    /// Terms near `id`, with the cosine, ascending by term.
    pub(crate) fn near(&self, id: TermId) -> &[(TermId, f64)] {
        &self.near[id.index()]
    }

    /// How near the nearest term of `bag` (ascending) is to `id`: 1 if `id` is in it, 0 if none is near.
    pub(crate) fn nearness(&self, id: TermId, bag: &[TermId]) -> f64 {
        if bag.binary_search(&id).is_ok() {
            return 1.0;
        }
        let found = self.near(id).iter().filter(|(other, _)| bag.binary_search(other).is_ok());
        found.map(|&(_, cosine)| cosine).fold(0.0, f64::max)
    }

    /// The weighted mean of the vectors of `bag` at unit length; empty if none of its terms has one.
    pub(crate) fn mean(&self, bag: &[TermId], weight: impl Fn(TermId) -> f64) -> Vec<f32> {
        let mut sum = vec![0.0_f32; DIMENSIONS];
        for &id in bag {
            let weight = weight(id) as f32;
            for (sum, x) in sum.iter_mut().zip(&self.vectors[id.index()]) {
                *sum += weight * x;
            }
        }
        unit(sum).unwrap_or_default()
    }
}

/// Cosine of two vectors of unit length; 0 if either is empty.
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    // Eight sums side by side: the order of additions is fixed, and the compiler may take eight at a time.
    let mut sums = [0.0_f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for n in 0..8 {
            sums[n] += x[n] * y[n];
        }
    }
    f64::from(sums.iter().sum::<f32>())
}

fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|x| *x /= norm);
    (norm > 0.0).then_some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_vectors_are_whole() {
        let table = WordVectors::built_in();
        assert!(table.words.is_sorted());
        assert_eq!(table.vectors.len(), table.words.len() * DIMENSIONS);
    }

    #[test]
    fn words_of_like_meaning_are_near() {
        let table = WordVectors::built_in();
        let cosine = |a: &str, b: &str| cosine(&table.of(a).unwrap(), &table.of(b).unwrap());
        assert!(cosine("lawyer", "attorney") > 0.6);
        assert!(cosine("lawyer", "river") < 0.2);
        assert!(table.of("seven").is_none(), "another number is another figure");
    }

    #[test]
    fn a_term_is_nearest_to_itself() {
        let meanings = Meanings::of(&[Some("lawyer"), Some("attorney"), None]);
        let [lawyer, attorney, name] = [0, 1, 2].map(TermId::of_index);
        assert!((meanings.nearness(lawyer, &[lawyer, name]) - 1.0).abs() < f64::EPSILON);
        assert!(meanings.nearness(lawyer, &[attorney]) > 0.6);
        assert!(meanings.nearness(name, &[lawyer, attorney]).abs() < f64::EPSILON);
    }
}
