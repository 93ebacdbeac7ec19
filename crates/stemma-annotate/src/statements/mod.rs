//! Statements: sentences and clauses that assert something.
//!
//! In: sentences of the body, quotes, attributions. Out: one statement for each sentence, and one for each of its clauses
//! where it has more than one assertion, with the sentence as parent. The words that only report ("Ruiz said") are no
//! statement; what they report is one, in the voice of its source. Time: linear in tokens and layers.
//! The size of a clause was chosen on the cells of `stemma eval comparison`.

mod clauses;
mod markers;
mod verbs;

use std::ops::Range;

use stemma_core::{
    Attribution, AttributionId, Layer, LayerId, Producer, Quote, QuoteId, Segment, SegmentId, SegmentKind,
    Sentence, SentenceId, Span, Statement, StatementId, Token, TokenId, TokenKind, Voice,
};

use crate::words::Words;
use clauses::{Opening, Piece};

/// Fewest words of a clause that is a statement.
const FEWEST_WORDS: usize = 3;

/// Fewest words of a reporting frame that tells more than who spoke: "Reed told some 600 workers at the plant".
const FEWEST_FRAME_WORDS: usize = 8;

/// How many pieces of reported speech before a place are looked at for those that cover it. Speech nests two or three
/// deep; the bound keeps a text that nests without end from costing the square of its length.
const NEAREST: usize = 64;

/// A clause that is at least this share of its sentence is the sentence.
const WHOLE: f64 = 0.92;

/// The statements of the body, with voice, hedges and negations.
pub fn find_statements(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    sentences: &Layer<SentenceId, Sentence>,
    quotes: &Layer<QuoteId, Quote>,
    attributions: &Layer<AttributionId, Attribution>,
) -> Layer<StatementId, Statement> {
    let lower = text.to_ascii_lowercase();
    let words = Words::new(text, tokens).with_lower(&lower);
    let speech = Speech::new(quotes, attributions);
    let mut items = Vec::new();
    for (id, sentence) in sentences.iter() {
        if segments[sentence.segment].kind != SegmentKind::Body {
            continue;
        }
        let range = sentence.first.index()..sentence.end.index();
        if !range.clone().any(|n| matches!(words.kind(n), Some(TokenKind::Word | TokenKind::Number))) {
            continue;
        }
        let parent = StatementId::from_index(items.len());
        items.push(statement(words, &speech, range.clone(), id, None));
        for clause in clauses_of(words, &speech, range) {
            items.push(statement(words, &speech, clause, id, Some(parent)));
        }
    }
    Layer::new(Producer::new("statements", 2), items)
}

/// The clauses of a sentence that are statements of their own; none if the sentence is a single one.
fn clauses_of(words: Words, speech: &Speech, sentence: Range<usize>) -> Vec<Range<usize>> {
    let borders = speech.borders(words, &sentence);
    let pieces = clauses::divide(words, sentence.clone(), &borders);
    let whole = span_of(words, &trimmed_or_all(words, &sentence)).len() as f64;
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut held: Option<Range<usize>> = None;
    for piece in &pieces {
        let mut tokens = piece.tokens.clone();
        // "Ana Ruiz, who came late": a piece without a verb goes with what comes after it.
        if let Some(before) = held.take()
            && before.end == tokens.start
            && piece.opening != Opening::Speech
        {
            tokens.start = before.start;
        }
        if asserts(words, speech, piece) {
            out.push(trimmed(words, tokens));
        } else if piece.opening != Opening::Speech {
            held = Some(tokens);
        }
    }
    out.retain(|clause| !clause.is_empty() && (span_of(words, clause).len() as f64) < WHOLE * whole);
    out
}

/// True for a piece with a verb that is more than a reporting frame.
fn asserts(words: Words, speech: &Speech, piece: &Piece) -> bool {
    let n_words = piece.tokens.clone().filter(|&n| words.kind(n) == Some(TokenKind::Word)).count();
    let span = span_of(words, &piece.tokens);
    if speech.is_frame(span) {
        return n_words >= FEWEST_FRAME_WORDS;
    }
    let has_verb = || piece.tokens.clone().any(|n| verbs::is_finite(words, n));
    n_words >= FEWEST_WORDS && (piece.opening == Opening::Adjunct || has_verb())
}

fn span_of(words: Words, range: &Range<usize>) -> Span {
    words.span(range.start).cover(words.span(range.end - 1))
}

/// `clause` without the marks and the conjunction at its edges.
fn trimmed(words: Words, clause: Range<usize>) -> Range<usize> {
    let mut clause = clause;
    let is_mark = |n: usize| {
        !matches!(words.kind(n), Some(TokenKind::Word | TokenKind::Number))
            && !matches!(words.at(n), "$" | "€" | "£" | "%")
    };
    while !clause.is_empty() && (is_mark(clause.end - 1) || words.lower(clause.end - 1) == "that") {
        clause.end -= 1;
    }
    while !clause.is_empty()
        && (is_mark(clause.start) || matches!(&*words.lower(clause.start), "and" | "but" | "or" | "that"))
    {
        clause.start += 1;
    }
    clause
}

/// `sentence` without the marks at its edges; all of it if it has nothing else.
fn trimmed_or_all(words: Words, sentence: &Range<usize>) -> Range<usize> {
    let inner = trimmed(words, sentence.clone());
    if inner.is_empty() { sentence.clone() } else { inner }
}

fn statement(
    words: Words,
    speech: &Speech,
    tokens: Range<usize>,
    sentence: SentenceId,
    parent: Option<StatementId>,
) -> Statement {
    let span = span_of(words, &tokens);
    let attribution = speech.attribution_of(span);
    Statement {
        span,
        sentence,
        parent,
        voice: if attribution.is_some() { Voice::Attributed } else { Voice::Own },
        attribution,
        hedges: markers::HEDGES.find(words, tokens.clone()),
        negations: markers::NEGATIONS.find(words, tokens),
    }
}

/// Reported speech, sorted for look-up.
struct Speech {
    /// Pieces of content with their attributions, by start.
    contents: Vec<(Span, AttributionId)>,
    /// For each piece, the largest end among it and those before it.
    reach: Vec<usize>,
    /// Cues with their attributions, by start.
    cues: Vec<(Span, AttributionId)>,
    /// Quotes of depth 0, by start, without their marks.
    quotes: Vec<Span>,
}

impl Speech {
    fn new(quotes: &Layer<QuoteId, Quote>, attributions: &Layer<AttributionId, Attribution>) -> Self {
        let mut contents: Vec<(Span, AttributionId)> = attributions
            .iter()
            .flat_map(|(id, attribution)| attribution.content.iter().map(move |&span| (span, id)))
            .collect();
        contents.sort();
        let mut furthest = 0;
        let reach = contents
            .iter()
            .map(|(span, _)| {
                furthest = furthest.max(span.end());
                furthest
            })
            .collect();
        let mut cues: Vec<(Span, AttributionId)> = attributions
            .iter()
            .flat_map(|(id, attribution)| attribution.cue.iter().map(move |&span| (span, id)))
            .collect();
        cues.sort();
        let quotes =
            quotes.items().iter().filter(|quote| quote.depth == 0).map(|quote| quote.inner).collect();
        Self { contents, reach, cues, quotes }
    }

    /// Pieces of content that touch `span`.
    fn contents_in(&self, span: Span) -> impl Iterator<Item = &(Span, AttributionId)> {
        let end = self.contents.partition_point(|(content, _)| content.start() < span.end());
        let first = self.reach[..end].partition_point(|&reach| reach <= span.start());
        let first = first.max(end.saturating_sub(NEAREST));
        self.contents[first..end].iter().filter(move |(content, _)| content.touches(span))
    }

    /// The innermost attribution whose content covers most of `span`: the one with the shortest content there.
    fn attribution_of(&self, span: Span) -> Option<AttributionId> {
        let mut covered: Vec<(AttributionId, usize, usize)> = Vec::new();
        for &(content, id) in self.contents_in(span) {
            match covered.iter_mut().find(|(other, ..)| *other == id) {
                Some((_, overlap, length)) => {
                    *overlap += content.overlap(span);
                    *length += content.len();
                }
                None => covered.push((id, content.overlap(span), content.len())),
            }
        }
        covered
            .into_iter()
            .filter(|&(_, overlap, _)| 2 * overlap > span.len())
            .min_by_key(|&(id, _, length)| (length, id))
            .map(|(id, ..)| id)
    }

    /// True if `span` holds a cue and little of what the cue introduces.
    fn is_frame(&self, span: Span) -> bool {
        let from = self.cues.partition_point(|(cue, _)| cue.start() < span.start());
        let Some(&(_, id)) = self.cues.get(from).filter(|(cue, _)| span.contains(*cue)) else { return false };
        let own = self.contents_in(span).filter(|(_, other)| *other == id);
        own.map(|(content, _)| content.overlap(span)).sum::<usize>() * 4 < span.len()
    }

    /// Tokens of `sentence` at which reported speech starts or ends, sorted.
    fn borders(&self, words: Words, sentence: &Range<usize>) -> Vec<usize> {
        let span = span_of(words, sentence);
        let first = self.quotes.partition_point(|quote| quote.end() <= span.start());
        let quotes =
            self.quotes[first..].iter().take_while(|quote| quote.start() < span.end()).filter(|quote| {
                // A word or two in quotation marks are part of their clause.
                let inside = words.inside(**quote);
                inside.len() >= 5 && verbs::first_finite(words, inside).is_some()
            });
        // "called on them to leave", "agreed to attend": what has no verb of its own is no clause.
        let contents = self.contents_in(span).map(|(content, _)| content).filter(|content| {
            let inside = words.inside(**content);
            let is_object = matches!(&*words.lower(inside.start), "them" | "him" | "me" | "us");
            content.contains(span)
                || !is_object
                    && clauses::has_verb_ahead(words, inside.start..inside.end.min(inside.start + 16))
        });
        let spans = contents.chain(quotes);
        let mut borders: Vec<usize> = Vec::new();
        for content in spans {
            let inside = words.inside(*content);
            // Ruiz said that he “can return”: the subject belongs to what he said.
            let opening = inside.start
                - usize::from(words.kind(inside.start.wrapping_sub(1)) == Some(TokenKind::QuoteMark));
            let has_subject =
                opening > sentence.start && verbs::is_subject_pronoun(&words.lower(opening - 1));
            let start = if has_subject { opening - 1 } else { inside.start };
            borders.extend([start, inside.end].into_iter().filter(|n| sentence.contains(n)));
        }
        borders.sort_unstable();
        borders.dedup();
        borders
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{find_quotes, find_segments, split_sentences, tokenize};
    use stemma_core::{Basis, Form, Manner, Mark, view};

    /// A view of the statements of `text`, in which `contents` are reported speech and `cues` their cues.
    fn show(text: &str, contents: &[(&str, &str)]) -> String {
        let tokens = tokenize(text);
        let segments = find_segments(text, &tokens, None);
        let quotes = find_quotes(text, &tokens, &segments, &mut Vec::new());
        let sentences = split_sentences(text, &tokens, &segments, &quotes);
        let at = |part: &str| {
            let start = text.find(part).expect("the test's part stands in its text");
            Span::new(start, start + part.len())
        };
        let attributions = contents.iter().map(|(content, cue)| Attribution {
            content: vec![at(content)],
            cue: vec![at(cue)],
            source: Vec::new(),
            source_mention: None,
            source_entity: None,
            form: Form::Indirect,
            manner: Manner::Neutral,
            basis: Basis::Cue,
            negated: false,
            parent: None,
        });
        let attributions = Layer::new(Producer::new("attributions", 1), attributions.collect());
        let statements = find_statements(text, &tokens, &segments, &sentences, &quotes, &attributions);
        let mut marks = Vec::new();
        for (id, statement) in statements.iter() {
            let parent = statement.parent.map_or(String::new(), |parent| format!(" of {}", parent.index()));
            let source =
                statement.attribution.map_or(String::new(), |a| format!(", attribution {}", a.index()));
            marks.push(Mark::new(
                statement.span,
                format!("{}{parent}, {}{source}", id.index(), statement.voice.as_str()),
            ));
            if statement.parent.is_none() {
                marks.extend(statement.hedges.iter().map(|&hedge| Mark::new(hedge, "hedge")));
                marks.extend(statement.negations.iter().map(|&negation| Mark::new(negation, "negation")));
            }
        }
        view(text, &marks)
    }

    #[test]
    fn a_sentence_with_one_assertion_has_no_clauses() {
        insta::assert_snapshot!(show("The bridge over the river was closed on Monday.", &[]), @r"
        The bridge over the river was closed on Monday.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ");
        insta::assert_snapshot!(show("The workers and their friends wanted to go home.", &[]), @r"
        The workers and their friends wanted to go home.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ");
    }

    #[test]
    fn clauses_are_statements() {
        insta::assert_snapshot!(
            show("The bridge, which cost a fortune, was closed on Monday, and the mayor left town because she was tired.", &[]),
            @r"
        The bridge, which cost a fortune, was closed on Monday, and the mayor left town because she was tired.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                                                        1 of 0, own
                                          ~~~~~~~~~~~~~~~~~~~~                                                  2 of 0, own
                                                                    ~~~~~~~~~~~~~~~~~~~                         3 of 0, own
                                                                                        ~~~~~~~~~~~~~~~~~~~~~   4 of 0, own
        "
        );
        insta::assert_snapshot!(
            show("As the crowd left the square, police fired in the air, wounding two men; a third fled.", &[]),
            @r"
        As the crowd left the square, police fired in the air, wounding two men; a third fled.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                                            1 of 0, own
                                      ~~~~~~~~~~~~~~~~~~~~~~~                                   2 of 0, own
                                                               ~~~~~~~~~~~~~~~~                 3 of 0, own
                                                                                 ~~~~~~~~~~~~   4 of 0, own
        "
        );
        insta::assert_snapshot!(
            show("She filed a lawsuit and asked for damages, offering to settle as a last resort before the trial.", &[]),
            @r"
        She filed a lawsuit and asked for damages, offering to settle as a last resort before the trial.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ~~~~~~~~~~~~~~~~~~~                                                                               1 of 0, own
                                ~~~~~~~~~~~~~~~~~                                                         2 of 0, own
                                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   3 of 0, own
        "
        );
    }

    #[test]
    fn conditions_stay_with_what_they_bind() {
        insta::assert_snapshot!(
            show("He can come back when he is ready for peace, and fell ill, just hours after the vote failed.", &[]),
            @r"
        He can come back when he is ready for peace, and fell ill, just hours after the vote failed.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                                   1 of 0, own
                                                         ~~~~~~~~                                     2 of 0, own
                                                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   3 of 0, own
        "
        );
        insta::assert_snapshot!(
            show("Ruiz posted that he “can return if he wants to talk,” a remark that angered many.", &[("can return if he wants to talk", "posted")]),
            @r"
        Ruiz posted that he “can return if he wants to talk,” a remark that angered many.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
                         ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                1 of 0, attributed, attribution 0
                                                              ~~~~~~~~~~~~~~~~~~~~~~~~~~   2 of 0, own
        "
        );
    }

    #[test]
    fn what_is_reported_is_a_statement_and_the_frame_is_none() {
        insta::assert_snapshot!(
            show("Ruiz said the bridge may have fallen, but police did not see it.", &[("the bridge may have fallen", "said")]),
            @r"
        Ruiz said the bridge may have fallen, but police did not see it.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
                  ~~~~~~~~~~~~~~~~~~~~~~~~~~                              1 of 0, attributed, attribution 0
                             ~~~~~~~~                                     hedge
                                                  ~~~~~~~~~~~~~~~~~~~~~   2 of 0, own
                                                             ~~~          negation
        "
        );
        insta::assert_snapshot!(
            show("Police said that Ota claimed he was not there, Reed wrote.", &[("Police said that Ota claimed he was not there", "wrote"), ("Ota claimed he was not there", "Police said"), ("he was not there", "claimed")]),
            @r"
        Police said that Ota claimed he was not there, Reed wrote.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, attributed, attribution 0
                                     ~~~~~~~~~~~~~~~~               1 of 0, attributed, attribution 2
                                            ~~~                     negation
        "
        );
        insta::assert_snapshot!(show("“We will go. We will not wait,” Ruiz told them. “Never.”", &[]), @r"
        “We will go. We will not wait,” Ruiz told them. “Never.”
        ~~~~~~~~~~~~                                              0, own
                     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~           1, own
                     ~~~~~~~~~~~~~~~~                             2 of 1, own
                             ~~~                                  negation
                                        ~~~~~~~~~~~~~~            3 of 1, own
                                                        ~~~~~~~~  4, own
                                                         ~~~~~    negation
        ");
    }

    #[test]
    fn hedges_and_negations() {
        insta::assert_snapshot!(
            show("He is believed to have left in May, not only for the suspected leak: he denied it and won’t return.", &[]),
            @r"
        He is believed to have left in May, not only for the suspected leak: he denied it and won’t return.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                  1 of 0, own
           ~~~~~~~~~~~~~~                                                                                    hedge
                                                             ~~~~~~~~~                                       hedge
                                                                             ~~~~~~~~~~~~                    2 of 0, own
                                                                                ~~~~~~                       negation
                                                                                              ~~~~~~~~~~~~   3 of 0, own
                                                                                              ~~~~~          negation
        "
        );
        insta::assert_snapshot!(
            show("Police could not enter as soon as possible, as they were supposed to, after a possible attack.", &[]),
            @r"
        Police could not enter as soon as possible, as they were supposed to, after a possible attack.
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  0, own
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~                                                      1 of 0, own
                     ~~~                                                                                negation
                                                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   2 of 0, own
                                                                                      ~~~~~~~~          hedge
        "
        );
        insta::assert_snapshot!(show("No. 10 said no. It may reportedly have failed to pay the No Tax Party.", &[]), @r"
        No. 10 said no. It may reportedly have failed to pay the No Tax Party.
        ~~~~~~~~~~~~~~~                                                         0, own
                    ~~                                                          negation
                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~  1, own
                           ~~~                                                  hedge
                               ~~~~~~~~~~                                       hedge
                                               ~~~~~~~~~                        negation
        ");
    }
}
