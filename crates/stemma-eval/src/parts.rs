//! Parts of speech against a treebank.
//!
//! Gold: GUM in Universal Dependencies (Zeldes 2017), CoNLL-U. The texts are put together from the words of the treebank and
//! tokenized anew. A token's gold part is that of the word that it covers, and where it covers several ("don’t",
//! "12-year-old"), that of the first whose head lies outside. So every token counts, and none for its edges.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use stemma_annotate::parts::training::LabeledText;
use stemma_annotate::{Annotator, Part, tokenize};
use stemma_core::Report;

use crate::conllu::{Treebank, Word, read_treebank};
use crate::{EvalError, Evaluation, Item, Outcome, Tally};

/// The tokens of one document.
struct Compared {
    id: String,
    /// Gold and found, for each token.
    parts: Vec<(Option<Part>, Part)>,
}

/// Scores the parts of speech that Stemma finds: on `data`, a CoNLL-U file, or on `dev.conllu.gz` in `data`, a folder.
///
/// # Errors
/// If the gold cannot be read.
pub fn evaluate(data: &Path) -> Result<Evaluation, EvalError> {
    let path: PathBuf = if data.is_dir() { data.join("dev.conllu.gz") } else { data.to_owned() };
    let annotator = Annotator::load();
    let compared: Vec<Compared> = read_labeled(&path)?
        .into_par_iter()
        .map(|(id, gold)| {
            let document = annotator.annotate(Arc::new(Report::of_text(&gold.text)));
            Compared { id, parts: gold.parts.into_iter().zip(annotator.find_parts(&document)).collect() }
        })
        .collect();
    Ok(score(format!("parts of speech, {}, {} documents", path.display(), compared.len()), &compared))
}

/// The documents of a treebank with their ids, as tokens with parts.
///
/// # Errors
/// If the file cannot be read or is not CoNLL-U.
pub fn read_labeled(path: &Path) -> Result<Vec<(String, LabeledText)>, EvalError> {
    let documents = read_treebank(path)?;
    Ok(documents.into_iter().map(|document| (document.id.clone(), label(document))).collect())
}

fn label(document: Treebank) -> LabeledText {
    let Treebank { text, words, .. } = document;
    let part = |token: &stemma_core::Token| {
        let first = words.partition_point(|word| word.span.end() <= token.span.start());
        let count = words[first..].iter().take_while(|word| word.span.start() < token.span.end()).count();
        top(&words[first..first + count]).and_then(|word| Part::of_tag(&word.tag))
    };
    let parts = tokenize(&text).items().iter().map(part).collect();
    LabeledText { text, parts }
}

/// The first of `words` whose head is not among them.
fn top(words: &[Word]) -> Option<&Word> {
    let holds =
        |head: &Word| words.iter().any(|word| (word.sentence, word.number) == (head.sentence, head.head));
    words.iter().find(|word| !holds(word))
}

fn score(title: String, documents: &[Compared]) -> Evaluation {
    let mut tallies = [Tally::default(); Part::ALL.len()];
    let mut all = Tally::default();
    let mut items = Vec::new();
    for document in documents {
        for (n, &(gold, found)) in document.parts.iter().enumerate() {
            let Some(gold) = gold else { continue };
            let right = usize::from(gold == found);
            all += Tally { right, predicted: 1, found: right, gold: 1 };
            tallies[found as usize] += Tally { right, predicted: 1, ..Tally::default() };
            tallies[gold as usize] += Tally { found: right, gold: 1, ..Tally::default() };
            items.push(item(&document.id, n, gold, found));
        }
    }
    let mut groups = vec![("all".to_owned(), all)];
    groups.extend(Part::ALL.iter().zip(tallies).map(|(part, tally)| (part.as_str().to_owned(), tally)));
    Evaluation { title, groups, figures: vec![("accuracy".to_owned(), all.recall())], items }
}

/// What became of token `n`: "NOUN", or "NOUN as VERB".
fn item(document: &str, n: usize, gold: Part, found: Part) -> Item {
    let (group, outcome) = if gold == found {
        (gold.as_str().to_owned(), Outcome::Hit)
    } else {
        (format!("{} as {}", gold.as_str(), found.as_str()), Outcome::Missed)
    };
    Item { document: document.to_owned(), id: format!("{n:05}"), group, outcome }
}
