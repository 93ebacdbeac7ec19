//! A text with marks under it: how tests and `stemma annotate` show a layer to a reader.

use std::fmt::Write as _;

use crate::Span;

/// One thing to mark: where it stands and what is written beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Where.
    pub span: Span,
    /// What.
    pub label: String,
}

impl Mark {
    /// A mark under `span`.
    pub fn new(span: Span, label: impl Into<String>) -> Self {
        Self { span, label: label.into() }
    }
}

/// Each line of `text`, and under it one line for each mark that starts in it, in order of start and then of length.
/// A mark that runs on is cut at the end of its line and ends in `…`. Empty marks show as `^`.
///
/// Columns are counted in `char`s; wide scripts shift the marks but lose none.
pub fn view(text: &str, marks: &[Mark]) -> String {
    let mut marks: Vec<&Mark> = marks.iter().collect();
    marks.sort_by(|a, b| {
        (a.span.start(), b.span.end(), &a.label).cmp(&(b.span.start(), a.span.end(), &b.label))
    });
    let mut out = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let shown = line.trim_end_matches(['\n', '\r']);
        let width = shown.chars().count();
        out.push_str(shown);
        out.push('\n');
        let last = end == text.len();
        for mark in marks.iter().filter(|m| m.span.start() >= start && (m.span.start() < end || last)) {
            let from = text[start..mark.span.start()].chars().count();
            let stop = mark.span.end().min(start + shown.len()).max(mark.span.start());
            let length = text[mark.span.start()..stop].chars().count();
            let line = if mark.span.is_empty() { "^".to_owned() } else { "~".repeat(length.max(1)) };
            let more = if mark.span.end() > end { "…" } else { " " };
            let gap = width.saturating_sub(from + length.max(1)) + 1;
            writeln!(out, "{}{line}{more}{}{}", " ".repeat(from), " ".repeat(gap), mark.label)
                .expect("writing to a string cannot fail");
        }
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_under_their_words() {
        let text = "“Öl,” he said.\nThen he left.";
        let at = |s: &str| Span::new(text.find(s).unwrap(), text.find(s).unwrap() + s.len());
        let marks =
            [Mark::new(at("he said"), "cue"), Mark::new(at("“Öl,”"), "quote"), Mark::new(at("Then"), "time")];
        insta::assert_snapshot!(view(text, &marks), @r"
        “Öl,” he said.
        ~~~~~           quote
              ~~~~~~~   cue
        Then he left.
        ~~~~           time
        ");
    }
}
