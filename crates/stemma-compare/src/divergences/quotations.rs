//! `quote-altered`, `quote-partial`, `wording`: what became of the words in quotation marks.
//!
//! Two verbatim quotations of one utterance in one language cannot both be right if a word inside differs. Words left off at
//! either end make a fragment. Where the speaker speaks another language and the quotations differ, they are translations.

use std::collections::BTreeMap;

use stemma_core::{Alignment, DivergenceKind, Form, Span, Story};

use super::{Finding, Pair, Side, show};
use crate::diff::{DiffPiece, word_diff};
use crate::entities::Cast;

/// Shortest common run (in words) that shows two quoted strings to be of one utterance.
const MIN_COMMON: usize = 2;
/// Share of the shorter string's words that must be common.
const MIN_SHARE: f64 = 0.6;

/// Speakers whose words reach the reports in translation, by entity of the story, with the evidence.
#[derive(Debug, Default)]
pub(crate) struct Translations {
    evidence: BTreeMap<usize, String>,
}

impl Translations {
    /// Looks for speakers with an office of a country whose language is not English, of whose direct quotations most differ
    /// inside from report to report.
    pub(crate) fn find(story: &Story, utterances: &[Alignment], cast: &Cast) -> Self {
        let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for utterance in utterances {
            let direct: Vec<_> = utterance.cells.iter().filter(|c| c.form == Some(Form::Direct)).collect();
            for (n, a) in direct.iter().enumerate() {
                for b in direct.iter().skip(n + 1).filter(|b| b.report != a.report) {
                    let entity = [a, b].into_iter().find_map(|cell| speaker(story, cast, cell));
                    let text = |cell: &stemma_core::Cell| story.document(cell.report).slices(&cell.spans);
                    if let Some(entity) = entity {
                        let entry = counts.entry(entity).or_default();
                        let altered = !inner_changes(&word_diff(&text(a), &text(b))).is_empty();
                        entry.0 += usize::from(altered);
                        entry.1 += 1;
                    }
                }
            }
        }
        let mut evidence = BTreeMap::new();
        for (entity, (altered, all)) in counts {
            if let Some(office) = foreign_office(story, cast, entity)
                && 2 * altered >= all
            {
                let name = &cast.entities[entity].name;
                evidence.insert(
                    entity,
                    format!("{name} ({office}) speaks another language: {altered} of {all} shared quotations differ inside"),
                );
            }
        }
        Self { evidence }
    }
}

fn speaker(story: &Story, cast: &Cast, cell: &stemma_core::Cell) -> Option<usize> {
    let attribution = &story.document(cell.report).layers().attributions[cell.attribution?];
    attribution.source_entity.map(|entity| cast.entity(cell.report.index(), entity))
}

/// A title of the entity, in any report, that names a country where English is not the language.
fn foreign_office(story: &Story, cast: &Cast, entity: usize) -> Option<String> {
    let lists: Vec<Vec<&str>> = crate::terms::words(include_str!("../../data/countries.txt"))
        .filter(|line| !ENGLISH.contains(&line.split('|').next().unwrap_or("").trim()))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for (report, id, _) in &cast.entities[entity].names {
        let document = story.document(*report);
        for &role in &document.layers().entities[*id].roles {
            let words = document.slice(role).to_lowercase();
            let foreign = |word: &str| lists.iter().any(|forms| forms.contains(&word));
            if words.split(|c: char| !c.is_alphabetic()).any(foreign) {
                return Some(document.slice(role).to_owned());
            }
        }
    }
    None
}

/// Countries of the list where public figures speak English to the press.
const ENGLISH: [&str; 12] = [
    "u.s.",
    "britain",
    "england",
    "scotland",
    "ireland",
    "australia",
    "canada",
    "nigeria",
    "ghana",
    "kenya",
    "philippines",
    "india",
];

/// Compares the quoted words of two cells.
pub(super) fn compare(pair: &Pair<'_>, translations: &Translations) -> Vec<Finding> {
    let (quoted_a, quoted_b) = (pair.a.quoted(), pair.b.quoted());
    if quoted_a.is_empty() || quoted_b.is_empty() {
        return Vec::new();
    }
    let translated = [pair.a, pair.b].into_iter().find_map(|side| {
        let attribution = &side.document.layers().attributions[side.cell.attribution?];
        let entity = pair.cast.entity(side.report.index(), attribution.source_entity?);
        translations.evidence.get(&entity)
    });
    let mut findings = Vec::new();
    // The report of the lower id asks for the best partner of each of its strings, whichever column it stands in.
    let flipped = pair.b.document.report().id() < pair.a.document.report().id();
    let (asking, asked) = if flipped { (&quoted_b, &quoted_a) } else { (&quoted_a, &quoted_b) };
    for &one in asking {
        let sides = |other: Span| if flipped { (other, one) } else { (one, other) };
        let best = asked
            .iter()
            .map(|&other| {
                let (a, b) = sides(other);
                (word_diff(pair.a.slice(a), pair.b.slice(b)), other)
            })
            .max_by_key(|(diff, other)| (common(diff), std::cmp::Reverse(*other)));
        if let Some((diff, other)) = best {
            findings.extend(compare_strings(pair, sides(other), &diff, translated));
        }
    }
    // Broken quotations give several findings of one kind: one is enough, the strongest.
    findings.sort_by(|x, y| x.kind.cmp(&y.kind).then(y.score.total_cmp(&x.score)));
    findings.dedup_by_key(|f| f.kind);
    if findings.iter().any(|f| f.kind == DivergenceKind::QuoteAltered) {
        findings.retain(|f| f.kind == DivergenceKind::QuoteAltered);
    }
    findings
}

fn common(diff: &[DiffPiece]) -> usize {
    diff.iter().filter(|p| p.same).map(|p| p.n_words[0]).sum()
}

fn compare_strings(
    pair: &Pair<'_>,
    (a, b): (Span, Span),
    diff: &[DiffPiece],
    translated: Option<&String>,
) -> Option<Finding> {
    let n = |side: usize| diff.iter().map(|p| p.n_words[side]).sum::<usize>();
    let shorter = n(0).min(n(1));
    let same = common(diff);
    if same < MIN_COMMON.min(shorter) || (same as f64) < MIN_SHARE * shorter as f64 {
        return None;
    }
    let shift = |span: Span, by: Span| Span::new(span.start() + by.start(), span.end() + by.start());
    let evidence = |changes: &[&DiffPiece]| -> [Vec<Span>; 2] {
        [
            changes.iter().map(|p| shift(p.a, a)).filter(|s| !s.is_empty()).collect(),
            changes.iter().map(|p| shift(p.b, b)).filter(|s| !s.is_empty()).collect(),
        ]
    };
    let changes: Vec<&DiffPiece> = inner_changes(diff)
        .into_iter()
        .filter(|p| !is_marked(pair, p, (a, b)) && !is_style(pair, p, (a, b)))
        .collect();
    if !changes.is_empty() {
        let words = |side: Side<'_>, spans: &[Span]| {
            spans.iter().map(|&s| side.slice(s)).collect::<Vec<_>>().join(" … ")
        };
        let evidence = evidence(&changes);
        let shown =
            format!("{} / {}", show(&words(pair.a, &evidence[0])), show(&words(pair.b, &evidence[1])));
        return Some(match translated {
            // A translator's "the" is no other wording.
            Some(_) if !changes.iter().any(|p| has_content(pair, p, (a, b))) => return None,
            Some(reason) => Finding {
                kind: DivergenceKind::Wording,
                evidence,
                score: 0.8,
                reason: format!("{shown}: two translations; {reason}"),
            },
            None => Finding {
                kind: DivergenceKind::QuoteAltered,
                evidence,
                score: (same as f64 / n(0).max(n(1)) as f64).clamp(0.5, 0.95),
                reason: format!("both stand in quotation marks and differ inside: {shown}"),
            },
        });
    }
    let is_trim = |p: &&DiffPiece| {
        !p.same && has_content(pair, p, (a, b)) && !is_style(pair, p, (a, b)) && n(0) != n(1)
    };
    let trims: Vec<&DiffPiece> = diff.iter().filter(is_trim).collect();
    (!trims.is_empty()).then(|| Finding {
        kind: DivergenceKind::QuotePartial,
        evidence: evidence(&trims),
        score: 0.85,
        reason: format!("one quotes {shorter} of the other’s {} words", n(0).max(n(1))),
    })
}

/// Changes that have common words on both sides of them: not trims at an end.
fn inner_changes(diff: &[DiffPiece]) -> Vec<&DiffPiece> {
    let inner = |n: usize| n > 0 && n + 1 < diff.len();
    let at_end = |p: &DiffPiece| p.n_words[0] > 0 && p.n_words[1] > 0;
    diff.iter().enumerate().filter(|(n, p)| !p.same && (inner(*n) || at_end(p))).map(|(_, p)| p).collect()
}

/// The change is marked as one: by an ellipsis, or by square brackets around what was put in.
fn is_marked(pair: &Pair<'_>, piece: &DiffPiece, (a, b): (Span, Span)) -> bool {
    let around = |side: Side<'_>, whole: Span, span: Span| {
        let text = side.slice(whole);
        let mut start = span.start().saturating_sub(6).min(text.len());
        let mut end = (span.end() + 6).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        text[start..end].to_owned()
    };
    [around(pair.a, a, piece.a), around(pair.b, b, piece.b)].iter().any(|text| {
        text.contains('…')
            || text.contains("..")
            || text.contains(". .")
            || text.contains('[')
            || text.contains(']')
    })
}

/// The change is of spelling alone: a contraction, a number in words, British and American endings, a title.
fn is_style(pair: &Pair<'_>, piece: &DiffPiece, (a, b): (Span, Span)) -> bool {
    let text = |side: Side<'_>, whole: Span, span: Span| side.slice(whole)[span.range()].to_owned();
    crate::style::same_but_for_style(&text(pair.a, a, piece.a), &text(pair.b, b, piece.b))
}

/// More is left off than words like "but" or "and".
fn has_content(pair: &Pair<'_>, piece: &DiffPiece, (a, b): (Span, Span)) -> bool {
    let words = |side: Side<'_>, whole: Span, span: Span| side.slice(whole)[span.range()].to_lowercase();
    let left_off = format!("{} {}", words(pair.a, a, piece.a), words(pair.b, b, piece.b));
    left_off
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .any(|word| !EMPTY.contains(&word))
}

/// Words at the edge of a quotation that nobody misses.
const EMPTY: [&str; 14] =
    ["and", "but", "so", "well", "now", "then", "both", "also", "that", "because", "the", "a", "i", "look"];
