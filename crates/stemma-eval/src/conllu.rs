//! Reading treebanks in CoNLL-U, as far as parts of speech need it.
//!
//! The text of a document is put together from its words: `SpaceAfter=No` joins two, `newpar` begins a paragraph, sentences stand apart. The words of a
//! multiword token ("don’t") share its letters in order.

use std::path::Path;

use stemma_core::Span;

use crate::EvalError;
use crate::gold::open;

/// A text with its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Treebank {
    /// Id of the document.
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) words: Vec<Word>,
}

/// A syntactic word.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) span: Span,
    /// The universal tag.
    pub(crate) tag: String,
    /// Number of the sentence in the document.
    pub(crate) sentence: usize,
    /// Number in the sentence, from 1.
    pub(crate) number: usize,
    /// Number of the head; 0 for a root.
    pub(crate) head: usize,
}

/// A multiword token whose words follow.
struct Multiword {
    span: Span,
    last: usize,
    /// Where the next of its words starts.
    at: usize,
}

/// What the reader knows between two lines.
#[derive(Default)]
struct State {
    documents: Vec<Treebank>,
    multiword: Option<Multiword>,
    sentence: usize,
    /// White space to be written before the next word.
    gap: &'static str,
}

/// All documents of a file.
pub(crate) fn read_treebank(path: &Path) -> Result<Vec<Treebank>, EvalError> {
    let mut state = State::default();
    for (n, line) in open(path)?.enumerate() {
        let line = line.map_err(|source| EvalError::Io { path: path.to_owned(), source })?;
        state.line(&line).ok_or_else(|| EvalError::Inconsistent {
            path: path.to_owned(),
            problem: format!("line {} is not CoNLL-U", n + 1),
        })?;
    }
    Ok(state.documents)
}

impl State {
    fn line(&mut self, line: &str) -> Option<()> {
        if let Some(id) = line.strip_prefix("# newdoc id = ") {
            self.documents.push(Treebank { id: id.to_owned(), ..Treebank::default() });
            self.gap = "";
        } else if line.starts_with("# newpar") && !self.documents.last()?.text.is_empty() {
            self.gap = "\n\n";
        } else if line.is_empty() {
            self.sentence += 1;
            self.gap = if self.gap.is_empty() { " " } else { self.gap };
        } else if !line.starts_with('#') {
            self.word(line)?;
        }
        Some(())
    }

    fn word(&mut self, line: &str) -> Option<()> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [number, form, _, tag, _, _, head, _, _, misc] = columns[..] else { return None };
        if number.contains('.') {
            return Some(()); // an empty node, which is nowhere in the text
        }
        if let Some((_, last)) = number.split_once('-') {
            let span = self.write(form, misc)?;
            self.multiword = Some(Multiword { span, last: last.parse().ok()?, at: span.start() });
            return Some(());
        }
        let number: usize = number.parse().ok()?;
        let span = match self.multiword.take() {
            Some(multiword) => self.part_of(multiword, form, number)?,
            None => self.write(form, misc)?,
        };
        let (sentence, head) = (self.sentence, head.parse().ok()?);
        let words = &mut self.documents.last_mut()?.words;
        words.push(Word { span, tag: tag.to_owned(), sentence, number, head });
        Some(())
    }

    /// Writes a form to the text, and remembers the blank after it.
    fn write(&mut self, form: &str, misc: &str) -> Option<Span> {
        let text = &mut self.documents.last_mut()?.text;
        text.push_str(self.gap);
        let start = text.len();
        text.push_str(form);
        self.gap = if misc.split('|').any(|item| item == "SpaceAfter=No") { "" } else { " " };
        Some(Span::new(start, text.len()))
    }

    /// The letters of one word of a multiword token: as many as its form has, and all that are left for the last.
    fn part_of(&mut self, mut multiword: Multiword, form: &str, number: usize) -> Option<Span> {
        let text = &self.documents.last()?.text;
        let start = multiword.at;
        let mut end = (start + form.len()).min(multiword.span.end());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        if number >= multiword.last {
            end = multiword.span.end();
        } else {
            multiword.at = end;
            self.multiword = Some(multiword);
        }
        Some(Span::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 12] = [
        "# newdoc id = invented",
        "# newpar",
        "1\tRuiz\t_\tPROPN\t_\t_\t3\t_\t_\t_",
        "2-3\tdoesn't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No",
        "2\tdoes\t_\tAUX\t_\t_\t0\t_\t_\t_",
        "3\tn't\t_\tPART\t_\t_\t2\t_\t_\t_",
        "3.1\tgo\t_\tVERB\t_\t_\t_\t_\t_\t_",
        "4\t.\t_\tPUNCT\t_\t_\t2\t_\t_\tSpaceAfter=No",
        "",
        "# newpar",
        "1\tNo\t_\tINTJ\t_\t_\t0\t_\t_\t_",
        "",
    ];

    #[test]
    fn words_are_put_together_to_a_text() {
        let mut state = State::default();
        assert!(LINES.iter().all(|line| state.line(line).is_some()));
        let [document] = &state.documents[..] else { panic!("one document") };
        assert_eq!((document.id.as_str(), document.text.as_str()), ("invented", "Ruiz doesn't.\n\nNo"));
        let words: Vec<&str> = document.words.iter().map(|word| &document.text[word.span.range()]).collect();
        assert_eq!(words, ["Ruiz", "does", "n't", ".", "No"]);
        assert_eq!(document.words.iter().map(|word| word.sentence).collect::<Vec<_>>(), [0, 0, 0, 0, 1]);
    }

    #[test]
    fn other_lines_are_refused() {
        let mut state = State::default();
        assert!(state.line("1\tRuiz").is_none());
        assert!(state.line("1\tRuiz\t_\tPROPN\t_\t_\t3\t_\t_\t_").is_none(), "a word of no document");
    }
}
