//! How a user names a statement: by the number of its row, by its id, by a place, or by its words.
//!
//! | written | meant |
//! | --- | --- |
//! | `3` | the row with this number on the page of `stemma compare` |
//! | `f-3a5b…`, `u-…`, `s-…` | a row or a cell by its id in JSON, or the first digits of it |
//! | `B:1034` | what stands in report B (a letter or an id) at this offset |
//! | `B:nine people died` | these words in report B |
//! | `nine people died` | these words in any report |
//!
//! Words are compared without regard to case, white space and the shape of quotation marks and apostrophes.

use std::collections::BTreeSet;

use stemma_compare::Place;
use stemma_core::{AlignmentRef, Cell, Comparison, Document, OffsetUnit, Offsets, ReportIndex, Span, Story};

use crate::ids::{alignment_id, cell_id, letter, report_ids};
use crate::render;

/// What was named.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Named {
    /// A row of the comparison.
    Row(AlignmentRef),
    /// A place that stands in no row.
    Place(Place),
}

/// Why it is not clear which statement is meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NamingError {
    /// The number of no row.
    #[error("there is no row {number}; the comparison has {n_rows}")]
    NoRow {
        /// As given.
        number: String,
        /// Rows on the page.
        n_rows: usize,
    },
    /// An id that nothing has.
    #[error("nothing in this comparison has the id {id}")]
    NoId {
        /// As given.
        id: String,
    },
    /// The first digits of several ids.
    #[error("{id} may be {}", candidates.join(" or "))]
    ShortId {
        /// As given.
        id: String,
        /// Ids that start like it.
        candidates: Vec<String>,
    },
    /// A letter that stands for no report.
    #[error("there is no report {name}; the reports are {first} to {last}")]
    NoReport {
        /// As given.
        name: String,
        /// The first letter.
        first: String,
        /// The last letter.
        last: String,
    },
    /// A place after the end of a report, or between its sentences.
    #[error("nothing of report {report} stands at {offset}; its text ends at {length}")]
    NoPlace {
        /// Letter of the report.
        report: String,
        /// As given.
        offset: String,
        /// Length of the text.
        length: usize,
    },
    /// Words that no report holds.
    #[error("“{words}” stands in no report{}", nearest.as_ref().map_or_else(String::new, |(place, text)| format!("; nearest is {place}, “{text}”")))]
    NoWords {
        /// As given.
        words: String,
        /// The place and the words of the sentence that shares most with it.
        nearest: Option<(String, String)>,
    },
    /// Words that stand in several places which are not one row.
    #[error("“{words}” stands in {} places: {}", places.len(), listed(places))]
    ManyPlaces {
        /// As given.
        words: String,
        /// Place and sentence of each.
        places: Vec<(String, String)>,
    },
}

impl NamingError {
    /// What one can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            NamingError::NoRow { .. } | NamingError::NoReport { .. } => {
                "numbers and letters are those of stemma compare with the same files in the same order"
            }
            NamingError::NoId { .. } => "ids are those of stemma compare --json; other texts have other ids",
            NamingError::ShortId { .. } => "give more digits",
            NamingError::NoPlace { .. } => {
                "offsets are those of stemma compare --json; --offsets says what they count"
            }
            NamingError::NoWords { .. } => {
                "give a row's number on the page of stemma compare, or words as they stand in a report, in quotation marks"
            }
            NamingError::ManyPlaces { .. } => "give more of the words, or one of these places",
        }
    }
}

/// Places that a message names; the others are counted.
const MAX_LISTED: usize = 4;
/// Characters of a sentence that a message shows.
const MAX_SHOWN: usize = 60;
/// Digits of an id that tell it from words.
const LEAST_DIGITS: usize = 3;

fn listed(places: &[(String, String)]) -> String {
    let shown = places.iter().take(MAX_LISTED).map(|(place, text)| format!("{place} “{text}”"));
    let more = if places.len() > MAX_LISTED { "; …" } else { "" };
    shown.collect::<Vec<_>>().join("; ") + more
}

/// What `statement` names; offsets in it count in `unit`.
pub(super) fn find(
    story: &Story,
    comparison: &Comparison,
    statement: &str,
    unit: OffsetUnit,
) -> Result<Named, NamingError> {
    let statement = statement.trim();
    let namer = Namer { story, comparison, unit };
    if !statement.is_empty() && statement.bytes().all(|byte| byte.is_ascii_digit()) {
        return namer.row(statement);
    }
    if let Some(named) = namer.id(statement)? {
        return Ok(named);
    }
    if let Some((report, rest)) = namer.report(statement)? {
        return match rest.parse::<usize>() {
            Ok(offset) => namer.offset(report, offset, rest),
            Err(_) => namer.words(rest, Some(report)),
        };
    }
    namer.words(statement, None)
}

struct Namer<'a> {
    story: &'a Story,
    comparison: &'a Comparison,
    unit: OffsetUnit,
}

impl Namer<'_> {
    fn row(&self, number: &str) -> Result<Named, NamingError> {
        let rows = render::rows(self.story, self.comparison);
        let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let row = at.and_then(|n| rows.get(n));
        let unknown = || NamingError::NoRow { number: number.to_owned(), n_rows: rows.len() };
        row.map(|&of| Named::Row(of)).ok_or_else(unknown)
    }

    /// A row or a cell by its id or the first digits of it; `None` for what is no id.
    fn id(&self, id: &str) -> Result<Option<Named>, NamingError> {
        let is_digits = |digits: &str| {
            digits.len() >= LEAST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let Some((kind @ ("f" | "u" | "s"), digits)) = id.split_once('-') else { return Ok(None) };
        if !is_digits(digits) {
            return Ok(None);
        }
        let mut known: Vec<(String, Named)> = if kind == "s" { self.cell_ids() } else { self.row_ids() };
        known.retain(|(other, _)| other.starts_with(id));
        known.sort_by(|x, y| x.0.cmp(&y.0));
        known.dedup_by(|x, y| x.0 == y.0);
        match known.len() {
            0 => Err(NamingError::NoId { id: id.to_owned() }),
            1 => Ok(known.pop().map(|(_, named)| named)),
            _ => Err(NamingError::ShortId {
                id: id.to_owned(),
                candidates: known.into_iter().map(|(id, _)| id).collect(),
            }),
        }
    }

    fn row_ids(&self) -> Vec<(String, Named)> {
        let id = |(of, alignment)| {
            let kind = if matches!(of, AlignmentRef::Utterance(_)) { 'u' } else { 'f' };
            (alignment_id(self.story, kind, alignment), Named::Row(of))
        };
        self.comparison.alignments().map(id).collect()
    }

    fn cell_ids(&self) -> Vec<(String, Named)> {
        let in_rows = self.comparison.alignments().flat_map(|(of, alignment)| {
            alignment.cells.iter().map(move |cell| (cell_id(self.story, cell), Named::Row(of)))
        });
        let place =
            |cell: &Cell| (cell_id(self.story, cell), Named::Place((cell.report, cell.spans.clone())));
        let alone = self.comparison.only_in.iter().map(|only| place(&only.cell));
        let doubtful = self.comparison.doubtful.iter().flat_map(|doubt| doubt.cells.iter().map(place));
        in_rows.chain(alone).chain(doubtful).collect()
    }

    /// The report before the colon and what stands behind it; `None` where no report is named.
    fn report<'s>(&self, statement: &'s str) -> Result<Option<(ReportIndex, &'s str)>, NamingError> {
        let Some((name, rest)) = statement.split_once(':') else { return Ok(None) };
        let ids = report_ids(self.story);
        let named =
            |&(report, _): &(ReportIndex, &Document)| letter(report) == name || ids[report.index()] == name;
        if let Some((report, _)) = self.story.iter().find(named) {
            return Ok(Some((report, rest.trim())));
        }
        let is_letter = name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_letter || name.is_empty() {
            return Ok(None);
        }
        let last = u32::try_from(ids.len().saturating_sub(1)).unwrap_or(u32::MAX);
        Err(NamingError::NoReport {
            name: name.to_owned(),
            first: letter(ReportIndex(0)),
            last: letter(ReportIndex(last)),
        })
    }

    fn offset(&self, report: ReportIndex, offset: usize, given: &str) -> Result<Named, NamingError> {
        let document = self.story.document(report);
        let offsets = Offsets::new(document.text(), self.unit);
        let length = offsets.of_byte(document.text().len());
        let outside = || NamingError::NoPlace { report: letter(report), offset: given.to_owned(), length };
        if offset >= length {
            return Err(outside());
        }
        let at = offsets.to_byte(offset);
        let layers = document.layers();
        let holds = |span: &Span| span.start() <= at && at < span.end();
        let sentence = document.sentence_at(at).map(|id| layers.sentences[id].span);
        let segment = || layers.segments.items().iter().map(|segment| segment.span).find(holds);
        let around = sentence.or_else(segment).ok_or_else(outside)?;
        let statements = layers.statements.items().iter().map(|statement| statement.span).filter(holds);
        let smallest = statements.min_by_key(|span| span.len());
        let letter_at = Span::new(at, at + document.text()[at..].chars().next().map_or(1, char::len_utf8));
        Ok(match self.row_at(report, letter_at) {
            Some(of) => Named::Row(of),
            None => Named::Place((report, vec![smallest.unwrap_or(around)])),
        })
    }

    /// The row of which a cell covers most of `span`.
    fn row_at(&self, report: ReportIndex, span: Span) -> Option<AlignmentRef> {
        let mut found: Option<(usize, AlignmentRef)> = None;
        for (of, alignment) in self.comparison.alignments() {
            for cell in alignment.cells.iter().filter(|cell| cell.report == report) {
                let both = cell.spans.iter().map(|own| own.overlap(span)).sum();
                if both > found.map_or(0, |(most, _)| most) {
                    found = Some((both, of));
                }
            }
        }
        found.map(|(_, of)| of)
    }

    fn words(&self, words: &str, only: Option<ReportIndex>) -> Result<Named, NamingError> {
        let wanted = Plain::of(words.trim_matches(['"', '“', '”', '…', '.', ' ']));
        let reports = || self.story.iter().filter(|(report, _)| only.is_none_or(|only| only == *report));
        let places: Vec<(ReportIndex, Span)> = reports()
            .flat_map(|(report, document)| {
                let mut found = Plain::of(document.text()).find(&wanted.text);
                // Once in each sentence is enough to tell it.
                found.dedup_by_key(|span| document.sentence_at(span.start()).ok_or(span.start()));
                found.into_iter().map(move |span| (report, span))
            })
            .collect();
        let rows: BTreeSet<Option<AlignmentRef>> =
            places.iter().map(|&(report, span)| self.row_at(report, span)).collect();
        match (&places[..], rows.first()) {
            ([], _) => {
                Err(NamingError::NoWords { words: words.to_owned(), nearest: self.nearest(&wanted, only) })
            }
            (_, Some(&Some(of))) if rows.len() == 1 => Ok(Named::Row(of)),
            (&[(report, span)], _) => Ok(Named::Place((report, vec![span]))),
            _ => {
                let places = places.iter().map(|&(report, span)| self.told(report, span)).collect();
                Err(NamingError::ManyPlaces { words: words.to_owned(), places })
            }
        }
    }

    /// `B:1034`, and the sentence there.
    fn told(&self, report: ReportIndex, span: Span) -> (String, String) {
        let document = self.story.document(report);
        let offset = Offsets::new(document.text(), self.unit).of_byte(span.start());
        let sentence = document.sentence_at(span.start());
        let around = sentence.map_or(span, |id| document.layers().sentences[id].span);
        let text: Vec<&str> = document.slice(around).split_whitespace().collect();
        let text = text.join(" ");
        let shown = if text.chars().count() > MAX_SHOWN {
            format!("{}…", text.chars().take(MAX_SHOWN).collect::<String>().trim_end())
        } else {
            text
        };
        (format!("{}:{offset}", letter(report)), shown)
    }

    /// The first sentence that shares most words with `wanted`, if it shares half of those that tell something.
    fn nearest(&self, wanted: &Plain, only: Option<ReportIndex>) -> Option<(String, String)> {
        let words: BTreeSet<String> = words_of(&wanted.text);
        let mut best: Option<(usize, ReportIndex, Span)> = None;
        for (report, document) in
            self.story.iter().filter(|(report, _)| only.is_none_or(|only| only == *report))
        {
            for sentence in document.layers().sentences.items() {
                let shared =
                    words_of(&Plain::of(document.slice(sentence.span)).text).intersection(&words).count();
                if shared > best.map_or(0, |(most, _, _)| most) {
                    best = Some((shared, report, sentence.span));
                }
            }
        }
        let (shared, report, span) = best?;
        (2 * shared >= words.len()).then(|| self.told(report, span))
    }
}

fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let tells = |word: &&str| word.chars().count() >= LONG_WORD || word.starts_with(char::is_numeric);
    words.filter(tells).map(str::to_owned).collect()
}

/// Words of this many characters tell what a sentence is about.
const LONG_WORD: usize = 5;

/// Text in lower case with plain quotation marks and single spaces, and where each of its characters comes from.
struct Plain {
    text: String,
    /// For each `char`: where it starts in `text`, and the bytes that it stands for in the original.
    places: Vec<(usize, Span)>,
}

impl Plain {
    fn of(original: &str) -> Self {
        let mut plain = Self { text: String::new(), places: Vec::new() };
        for (at, c) in original.char_indices() {
            let c = match c {
                '“' | '”' | '„' | '«' | '»' => '"',
                '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
                '–' | '—' | '‑' | '‐' => '-',
                c if c.is_whitespace() => ' ',
                c => c.to_lowercase().next().unwrap_or(c),
            };
            if c == ' ' && (plain.text.is_empty() || plain.text.ends_with(' ')) {
                continue;
            }
            let length = original[at..].chars().next().map_or(1, char::len_utf8);
            plain.places.push((plain.text.len(), Span::new(at, at + length)));
            plain.text.push(c);
        }
        plain
    }

    /// Where `wanted` stands as whole words, as spans of the original.
    fn find(&self, wanted: &str) -> Vec<Span> {
        let wanted = wanted.trim();
        if !wanted.contains(char::is_alphanumeric) {
            return Vec::new();
        }
        let is_whole = |&(at, _): &(usize, &str)| {
            let before = self.text[..at].chars().next_back();
            let after = self.text[at + wanted.len()..].chars().next();
            let joins = |beside: Option<char>, edge: Option<char>| {
                beside.is_some_and(char::is_alphanumeric) && edge.is_some_and(char::is_alphanumeric)
            };
            !joins(before, wanted.chars().next()) && !joins(after, wanted.chars().next_back())
        };
        let span = |(at, found): (usize, &str)| {
            let place =
                |byte: usize| self.places[self.places.partition_point(|&(start, _)| start <= byte) - 1].1;
            place(at).cover(place(at + found.len() - 1))
        };
        self.text.match_indices(wanted).filter(is_whole).map(span).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, Report};

    const POST: &str = "Nine people died when the ferry Orla sank off Brevik on Friday, the coast guard said. \
        The harbour stays closed. “We can’t go on,” Mayor Ana Ruiz said.";
    const COURIER: &str = "Twelve people died when the ferry Orla sank off Brevik on Friday, according to the coast \
        guard. Divers searched the hull at night. The harbour stays closed until May.";

    fn named(statement: &str) -> String {
        let engine = Engine::load();
        let reports = [POST, COURIER].map(Report::of_text).to_vec();
        let compared = engine.compare(engine.annotate(reports, 1));
        match find(&compared.story, &compared.comparison, statement, OffsetUnit::Chars) {
            Ok(Named::Row(of)) => {
                let cell = &compared.comparison.alignment(of).cells[0];
                format!("row: {}", compared.story.document(cell.report).slices(&cell.spans))
            }
            Ok(Named::Place((report, spans))) => {
                format!("{}: {}", letter(report), compared.story.document(report).slices(&spans))
            }
            Err(error) => format!("{error}\n{}", error.remedy()),
        }
    }

    #[test]
    fn a_statement_is_named_by_number_place_or_words() {
        let row = named("1");
        assert!(row.starts_with("row: Nine people died"), "{row}");
        for same in ["nine people DIED", "A:3", "A: people died", "people died when", "“Twelve people”"] {
            assert_eq!(named(same), row, "{same}");
        }
        insta::assert_snapshot!(named("searched the hull"), @"B: searched the hull");
        insta::assert_snapshot!(named("B:110"), @"B: Divers searched the hull at night.");
        insta::assert_snapshot!(named("can't go on"), @"A: can’t go on");
    }

    #[test]
    fn what_is_not_clear_is_told_with_a_remedy() {
        let told =
            ["99", "f-abc", "C:12", "A:9000", "the divers searched a hull", "brevik on friday", "the", ""];
        let told: Vec<String> = told.iter().map(|statement| named(statement)).collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        there is no row 99; the comparison has 2
        numbers and letters are those of stemma compare with the same files in the same order
        nothing in this comparison has the id f-abc
        ids are those of stemma compare --json; other texts have other ids
        there is no report C; the reports are A to B
        numbers and letters are those of stemma compare with the same files in the same order
        nothing of report A stands at 9000; its text ends at 150
        offsets are those of stemma compare --json; --offsets says what they count
        “the divers searched a hull” stands in no report; nearest is B:96, “Divers searched the hull at night.”
        give a row's number on the page of stemma compare, or words as they stand in a report, in quotation marks
        row: Nine people died when the ferry Orla sank off Brevik on Friday
        “the” stands in 5 places: A:22 “Nine people died when the ferry Orla sank off Brevik on Frid…”; A:86 “The harbour stays closed.”; B:24 “Twelve people died when the ferry Orla sank off Brevik on Fr…”; B:112 “Divers searched the hull at night.”; …
        give more of the words, or one of these places
        “” stands in no report
        give a row's number on the page of stemma compare, or words as they stand in a report, in quotation marks
        ");
    }

    #[test]
    fn words_are_whole() {
        let plain = Plain::of("He “led”  the\nleader’s LED.");
        let found: Vec<Span> = plain.find("led");
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(plain.find("the leader's").len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_words_are_found_where_they_stand(before in "\\PC{0,12}", words in "[a-zÀ-ſ’ ]{1,12}[a-z]", after in "\\PC{0,12}") {
            let text = format!("{before} {words} {after}");
            let found = Plain::of(&text).find(&Plain::of(&words).text);
            let same = |span: &Span| Plain::of(&text[span.range()]).text.trim() == Plain::of(&words).text.trim();
            proptest::prop_assert!(!found.is_empty() && found.iter().all(same), "{found:?}");
        }
    }
}
