//! Lines of a page of text: wrapping by display width, hanging indents, ANSI colors.
//!
//! Widths are columns of a terminal (Unicode East Asian Width): a Han character takes two, a combining mark none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::runs::{Run, Style};

/// A page that is being written.
#[derive(Debug)]
pub(crate) struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    /// An empty page of `width` columns.
    pub(crate) fn new(width: usize, color: bool) -> Self {
        Self { out: String::new(), width: width.max(40), color }
    }

    /// The finished page.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless there is one, or the page is empty.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// The heading of a section, in capitals, with what it counts in the same line.
    pub(crate) fn heading(&mut self, title: &str, count: &str) {
        self.gap();
        let title = Run::new(Style::Strong, title.to_uppercase());
        let mut runs = vec![title];
        if !count.is_empty() {
            runs.push(Run::new(Style::Faint, format!(" · {count}")));
        }
        self.item(0, "", 0, &runs);
    }

    /// A paragraph of `runs`. Its first line starts with `label` at column `indent`, and after a label at `hanging`; the
    /// others start at `hanging`.
    pub(crate) fn item(&mut self, indent: usize, label: &str, hanging: usize, runs: &[Run]) {
        let hanging = hanging.max(indent + label.width() + usize::from(!label.is_empty()));
        let lines = wrap(&words(runs, self.color), self.width.saturating_sub(hanging).max(20));
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                self.out.push_str(&" ".repeat(hanging));
            } else {
                self.out.push_str(&" ".repeat(indent));
                if !label.is_empty() {
                    self.fragment(Style::Strong, label);
                    self.out.push_str(&" ".repeat(hanging - indent - label.width()));
                }
            }
            for fragment in line {
                self.fragment(fragment.style, &fragment.text);
            }
            self.out.push('\n');
        }
    }

    /// A line of a table, as it is: columns are kept.
    pub(crate) fn columns(&mut self, style: Style, line: &str) {
        self.fragment(style, line);
        self.out.push('\n');
    }

    fn fragment(&mut self, style: Style, text: &str) {
        let code = match style {
            _ if !self.color => "",
            Style::Plain => "",
            Style::Old => "\u{1b}[4;31m",
            Style::New => "\u{1b}[1;32m",
            Style::Faint => "\u{1b}[2m",
            Style::Strong => "\u{1b}[1m",
        };
        self.out.push_str(code);
        self.out.push_str(text);
        if !code.is_empty() {
            self.out.push_str("\u{1b}[0m");
        }
    }
}

/// A part of a word in one style.
type Fragment = Run;

/// A word: what is not broken.
#[derive(Clone, Debug, Default)]
struct Word {
    fragments: Vec<Fragment>,
    width: usize,
}

impl Word {
    fn push(&mut self, style: Style, text: &str) {
        self.width += text.width();
        match self.fragments.last_mut() {
            Some(last) if last.style == style => last.text.push_str(text),
            _ => self.fragments.push(Run { text: text.to_owned(), style }),
        }
    }
}

/// The words of `runs`. Without color, signs stand around the words that differ.
fn words(runs: &[Run], color: bool) -> Vec<Word> {
    let mut words = vec![Word::default()];
    for run in runs {
        let (open, close) = match run.style {
            Style::Old if !color => ("[-", "-]"),
            Style::New if !color => ("{+", "+}"),
            _ => ("", ""),
        };
        let inner = run.text.trim();
        if inner.is_empty() {
            if !run.text.is_empty() {
                words.push(Word::default());
            }
            continue;
        }
        if run.text.starts_with(' ') {
            words.push(Word::default());
        }
        let marked = format!("{open}{inner}{close}");
        for (n, part) in marked.split(' ').enumerate() {
            if n > 0 {
                words.push(Word::default());
            }
            words.last_mut().expect("there is always a word").push(run.style, part);
        }
        if run.text.ends_with(' ') {
            words.push(Word::default());
        }
    }
    words.retain(|word| !word.fragments.is_empty());
    words
}

/// Lines of at most `width` columns. A word that is wider is broken.
fn wrap(words: &[Word], width: usize) -> Vec<Vec<Fragment>> {
    let mut lines: Vec<Vec<Fragment>> = Vec::new();
    let mut used = 0;
    for word in words.iter().flat_map(|word| split(word, width)) {
        match lines.last_mut() {
            Some(line) if used + 1 + word.width <= width => {
                let inside = match (line.last(), word.fragments.first()) {
                    (Some(a), Some(b)) if a.style == b.style => a.style,
                    _ => Style::Plain,
                };
                line.push(Run { text: " ".into(), style: inside });
                line.extend(word.fragments);
                used += 1 + word.width;
            }
            _ => {
                used = word.width;
                lines.push(word.fragments);
            }
        }
    }
    lines.into_iter().map(joined).collect()
}

/// `word`, in pieces of at most `width` columns.
fn split(word: &Word, width: usize) -> Vec<Word> {
    if word.width <= width {
        return vec![word.clone()];
    }
    let mut pieces = vec![Word::default()];
    for fragment in &word.fragments {
        for c in fragment.text.chars() {
            if pieces.last().is_some_and(|last| last.width + c.width().unwrap_or(0) > width) {
                pieces.push(Word::default());
            }
            let last = pieces.last_mut().expect("there is always a piece");
            last.push(fragment.style, c.encode_utf8(&mut [0; 4]));
        }
    }
    pieces
}

/// Neighbours of one style as one fragment.
fn joined(line: Vec<Fragment>) -> Vec<Fragment> {
    let mut out: Vec<Fragment> = Vec::new();
    for fragment in line {
        match out.last_mut() {
            Some(last) if last.style == fragment.style => last.text.push_str(&fragment.text),
            _ => out.push(fragment),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, color: bool, runs: &[Run]) -> String {
        let mut page = Page::new(width, color);
        page.item(2, "A B", 7, runs);
        page.finish()
    }

    #[test]
    fn lines_hang_under_their_first_word_and_signs_mark_what_differs() {
        let runs = [
            Run::plain("The harbour will be "),
            Run::new(Style::Old, "closed until"),
            Run::plain(", they say, the end of the month."),
        ];
        insta::assert_snapshot!(page(40, false, &runs), @r"
        A B  The harbour will be [-closed
             until-], they say, the end of the
             month.
        ");
        insta::assert_snapshot!(page(40, true, &runs).replace('\u{1b}', "^"), @r"
        ^[1mA B^[0m  The harbour will be ^[4;31mclosed until^[0m,
             they say, the end of the month.
        ");
    }

    #[test]
    fn width_is_counted_in_columns_and_long_words_are_broken() {
        let han = [Run::plain("港口".repeat(20))];
        assert!(page(40, false, &han).lines().all(|line| line.width() <= 40));
        let address = [Run::plain(format!("see https://example.org/{}", "x".repeat(60)))];
        insta::assert_snapshot!(page(40, false, &address), @r"
        A B  see
             https://example.org/xxxxxxxxxxxxx
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
             xxxxxxxxxxxxxx
        ");
    }
}
