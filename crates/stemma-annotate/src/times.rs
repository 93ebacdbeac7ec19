//! Times: dates, times of day, durations and sets, with TIMEX3 values.
//!
//! In: tokens and sentences of one report, and when it was published. Out: expressions in text order that do not overlap,
//! each with its type, value, days and the reasoning; also those of datelines and date stubs, which are in no sentence. Without a date of publication "Friday" stays `XXXX-WXX-5`.
//! What recurs ("Friday", "March 5") is looked for backwards from the report's day, or forwards where the verb of the
//! clause speaks of the future; "later" and "earlier" count from the day that the text spoke of last. Never fails; linear
//! in the text. Sources: TimeML and its TIMEX3 (Pustejovsky et al. 2003); the order of rules follows the practice that
//! Strötgen and Gertz describe for news (HeidelTime, 2013).

mod calendar;
mod clock;
mod context;
mod grammar;
mod length;
mod lexicon;
mod relative;
mod resolve;
mod tense;
mod value;
mod years;

use jiff::civil::Date;
use stemma_core::{Layer, Producer, Published, Sentence, SentenceId, TimeExpression, TimeId, Token, TokenId};

use crate::numbers::{Pieces, paragraphs};

use grammar::Grammar;
use lexicon::time_word;
use resolve::Context;
use tense::{Tense, tense};
use value::Value;

/// Expressions of time, resolved against the day of publication.
pub fn find_times(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    sentences: &Layer<SentenceId, Sentence>,
    published: Option<Published>,
) -> Layer<TimeId, TimeExpression> {
    let lower = text.to_ascii_lowercase();
    let mut reader = Reader::new(published.map(Published::date));
    for pieces in paragraphs(text, &lower, tokens, sentences) {
        reader.read(&pieces);
    }
    Layer::new(Producer::new("times", 2), reader.found)
}

/// How a reason names the day that relative times are counted from.
pub(crate) const REPORT_DATE: &str = "the report's date";

/// Goes through a report and remembers which times it spoke of.
struct Reader {
    context: Context,
    /// Sentence in which the last quarter and the last day were named.
    quarter_sentence: Option<u32>,
    day_sentence: Option<u32>,
    found: Vec<TimeExpression>,
}

impl Reader {
    fn new(report: Option<Date>) -> Self {
        let context = Context {
            report,
            mentioned: None,
            quarter: None,
            quarter_is_near: false,
            day_of_sentence: None,
            tense: Tense::Unknown,
        };
        Self { context, quarter_sentence: None, day_sentence: None, found: Vec::new() }
    }

    fn read(&mut self, pieces: &Pieces<'_>) {
        let words: Vec<_> = (0..pieces.len()).map(|at| time_word(pieces.word(at))).collect();
        let grammar = Grammar { pieces, words: &words };
        let mut at = 0;
        while at < pieces.len() {
            let end = self.expression(grammar, at);
            at = end.unwrap_or(at + 1);
        }
    }

    /// Reads the expression at `at`, if there is one, and gives one past its end.
    fn expression(&mut self, grammar: Grammar<'_>, at: usize) -> Option<usize> {
        let (meaning, end) = grammar.expression(at)?;
        let pieces = grammar.pieces;
        let sentence = pieces.get(at)?.sentence;
        self.context.tense = tense(pieces, at, end);
        self.context.quarter_is_near = self.quarter_sentence.is_some_and(|n| n + 1 >= sentence);
        if self.day_sentence != Some(sentence) {
            self.context.day_of_sentence = None;
        }
        let (value, reason) = self.context.resolve(&meaning)?;
        if pieces.prose {
            self.remember(&value, sentence);
        }
        self.found.push(TimeExpression {
            span: pieces.span(at, end),
            kind: value.kind(),
            value: value.to_string(),
            days: value.days(),
            reason,
        });
        Some(end)
    }

    fn remember(&mut self, value: &Value, sentence: u32) {
        match *value {
            Value::Quarter(year, quarter) => {
                // "a year ago" is measured against the quarter before it, so the newest one stays.
                if self.context.quarter.is_none_or(|newest| newest <= (year, quarter)) {
                    self.context.quarter = Some((year, quarter));
                }
                self.quarter_sentence = Some(sentence);
            }
            Value::Day(day) | Value::Part(day, _) | Value::Clock { day: Some(day), .. } => {
                self.context.day_of_sentence = Some(day);
                self.day_sentence = Some(sentence);
            }
            _ => {}
        }
        if value.grain().is_some() {
            self.context.mentioned = Some(value.clone());
        }
    }
}

#[cfg(test)]
mod tests;
