//! Expectations laid beside a comparison: one [`Finding`] for each, shown or not.

use stemma_core::{
    Alignment, Cell, DayRange, Divergence, Document, EdgeOrigin, ReportIndex, Span, StoryEntity,
};

use super::expected::{ByReport, Edge, Expected, Pieces, Row};
use super::{Compared, StoryFiles};

/// One thing that must show (or, for the `absent` ones, must not), by the name that `known_missing` uses.
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) holds: bool,
}

/// A text's place: report and spans.
struct At {
    report: ReportIndex,
    spans: Vec<Span>,
}

/// Everything that `expected` asks of `compared`.
pub(crate) fn findings(expected: &Expected, files: &StoryFiles, compared: &Compared) -> Vec<Finding> {
    let checker = Checker { files, compared, found: Vec::new() };
    checker.run(expected)
}

struct Checker<'a> {
    files: &'a StoryFiles,
    compared: &'a Compared,
    found: Vec<Finding>,
}

impl Checker<'_> {
    fn run(mut self, expected: &Expected) -> Vec<Finding> {
        self.published(expected);
        self.segments(expected);
        self.times(expected);
        expected.utterances.iter().for_each(|row| self.row("utterance", row));
        expected.facts.iter().for_each(|row| self.row("fact", row));
        self.lineage(expected);
        self.witnesses(expected);
        self.only_in(expected);
        self.names(expected);
        self.absent(expected);
        self.found
    }

    fn add(&mut self, name: String, holds: bool) {
        self.found.push(Finding { name, holds });
    }

    fn document(&self, report: &str) -> &Document {
        self.compared.story.document(self.files.index(report))
    }

    /// Where `pieces` stand in `report`: each once, else the expectation itself is wrong.
    fn at(&self, report: &str, pieces: &[String]) -> At {
        let text = self.document(report).text();
        let place = |piece: &String| {
            let n = text.matches(piece.as_str()).count();
            assert_eq!(n, 1, "{report}: {piece:?} stands there {n} times:\n{text}");
            let start = text.find(piece.as_str()).expect("it was just counted");
            Span::new(start, start + piece.len())
        };
        At { report: self.files.index(report), spans: pieces.iter().map(place).collect() }
    }

    fn published(&mut self, expected: &Expected) {
        for (report, day) in &expected.published {
            let found = self.document(report).published().map(|published| published.date().to_string());
            self.add(format!("published {report} {day}"), found.as_deref() == Some(day));
        }
    }

    fn segments(&mut self, expected: &Expected) {
        for segment in &expected.segments {
            let at = self.at(&segment.report, std::slice::from_ref(&segment.text));
            let holds =
                self.document(&segment.report).layers().segments.items().iter().any(|found| {
                    found.kind.as_str() == segment.kind && half_overlap(&[found.span], &at.spans)
                });
            self.add(
                format!("segment {} {} “{}”", segment.report, segment.kind, start(&segment.text)),
                holds,
            );
        }
    }

    fn times(&mut self, expected: &Expected) {
        for time in &expected.times {
            let document = self.document(&time.report);
            let first = document.text().find(&time.text);
            let first = first.unwrap_or_else(|| panic!("{}: no {:?}", time.report, time.text));
            let span = Span::new(first, first + time.text.len());
            let day = time.days.parse().expect("an ISO day");
            let days = Some(DayRange { first: day, last: day });
            let holds = document.layers().times.items().iter();
            let holds = holds.clone().any(|found| found.span.touches(span) && found.days == days);
            self.add(format!("time {} “{}” {}", time.report, time.text, time.days), holds);
        }
    }

    fn row(&mut self, what: &str, row: &Row) {
        let cells: Vec<(&String, At)> =
            row.cells.iter().map(|(report, pieces)| (report, self.at(report, pieces.texts()))).collect();
        let (first_report, first) = &cells[0];
        let label = start(&row.cells[*first_report].texts()[0]);
        for (report, at) in &cells[1..] {
            let holds = self.alignments_of(first, at).next().is_some();
            self.add(format!("{what} {first_report} + {report} “{label}”"), holds);
        }
        if let Some(speaker) = &row.speaker {
            let named = |name: &String| speaker.split('|').any(|speaker| speaker == name);
            let says = |alignment: &Alignment| alignment.speaker.as_ref().is_some_and(named);
            let holds = cells[1..].iter().any(|(_, at)| self.alignments_of(first, at).any(says));
            self.add(format!("speaker {speaker} “{label}”"), holds);
        }
        for divergence in &row.divergences {
            let [a, b] = &divergence.reports;
            let holds = self.diverge(&divergence.kind, &row.cells, a, b);
            self.add(format!("{} {a} / {b} “{label}”", divergence.kind), holds);
        }
    }

    /// A divergence of one of `kinds` (with `|` between them) between the cells of `a` and `b`.
    fn diverge(&self, kinds: &str, cells: &ByReport<Pieces>, a: &str, b: &str) -> bool {
        let (at_a, at_b) = (self.at(a, cells[a].texts()), self.at(b, cells[b].texts()));
        self.all_alignments().any(|alignment| {
            alignment.divergences.iter().any(|divergence| {
                kinds.split('|').any(|kind| kind == divergence.kind.as_str())
                    && joins(alignment, divergence, &at_a, &at_b)
            })
        })
    }

    fn all_alignments(&self) -> impl Iterator<Item = &Alignment> {
        self.compared.comparison.alignments().map(|(_, alignment)| alignment)
    }

    fn alignments_of(&self, a: &At, b: &At) -> impl Iterator<Item = &Alignment> {
        let has = |alignment: &&Alignment, at: &At| alignment.cells.iter().any(|cell| is_at(cell, at));
        self.all_alignments().filter(move |alignment| has(alignment, a) && has(alignment, b))
    }

    fn lineage(&mut self, expected: &Expected) {
        for edge in &expected.lineage {
            let holds = self.has_edge(&edge.from, &edge.to, Some(&edge.kind));
            self.add(edge_name(edge), holds);
        }
        for edge in &expected.absent_lineage {
            let holds = !self.has_edge(&edge.from, &edge.to, edge.kind.as_deref());
            let kind = edge.kind.as_deref().unwrap_or("edge");
            self.add(format!("no {kind} {} → {}", edge.from, edge.to), holds);
        }
    }

    /// An edge from one of `from` to `to`, of one of `kind` (each with `|` between them).
    fn has_edge(&self, from: &str, to: &str, kind: Option<&str>) -> bool {
        let to = self.files.index(to);
        let fits = |from: &str, origin: &EdgeOrigin| match (origin, from.strip_prefix("agency:")) {
            (EdgeOrigin::Report(report), None) => *report == self.files.index(from),
            (EdgeOrigin::Unseen(name), Some(agency)) => name == agency,
            _ => false,
        };
        self.compared.comparison.lineage.iter().any(|edge| {
            edge.to == to
                && from.split('|').any(|from| fits(from, &edge.from))
                && kind.is_none_or(|kind| kind.split('|').any(|kind| kind == edge.kind.as_str()))
        })
    }

    fn witnesses(&mut self, expected: &Expected) {
        for witness in &expected.witnesses {
            let mut reports: Vec<ReportIndex> = witness.iter().map(|name| self.files.index(name)).collect();
            reports.sort();
            let mut found = self.compared.comparison.witnesses.iter();
            let holds = found.any(|found| found.reports == reports);
            self.add(format!("witness {}", witness.join(" + ")), holds);
        }
    }

    fn only_in(&mut self, expected: &Expected) {
        for place in &expected.only_in {
            let at = self.at(&place.report, std::slice::from_ref(&place.text));
            let holds = self.compared.comparison.only_in.iter().any(|found| is_at(&found.cell, &at));
            self.add(format!("only-in {} “{}”", place.report, start(&place.text)), holds);
        }
    }

    fn names(&mut self, expected: &Expected) {
        for person in &expected.names {
            let fits = |entity: &&StoryEntity| {
                person
                    .names
                    .iter()
                    .all(|(report, forms)| forms.iter().all(|form| self.names_it(entity, report, form)))
            };
            let holds = self.compared.comparison.entities.iter().find(fits);
            let holds = holds.is_some_and(|entity| entity.kind.as_str() == person.kind);
            let forms: Vec<&str> = person.names.values().map(|forms| forms[0].as_str()).collect();
            self.add(format!("names {}", forms.join(" = ")), holds);
        }
        for apart in &expected.apart {
            let forms: Vec<&str> = apart.names.values().map(String::as_str).collect();
            let one = |entity: &&StoryEntity| {
                apart.names.iter().all(|(report, form)| self.names_it(entity, report, form))
            };
            let holds = self.compared.comparison.entities.iter().find(one).is_none();
            self.add(format!("apart {}", forms.join(" ≠ ")), holds);
        }
    }

    /// True if `report` calls `entity` by `form`, with a title before it or without one.
    fn names_it(&self, entity: &StoryEntity, report: &str, form: &str) -> bool {
        let index = self.files.index(report);
        entity.names.iter().any(|(found, _, forms)| {
            *found == index
                && forms.iter().any(|found| found.text == form || found.text.ends_with(&format!(" {form}")))
        })
    }

    fn absent(&mut self, expected: &Expected) {
        for absent in &expected.absent {
            let mut cells = absent.cells.iter();
            let (Some((a, pieces_a)), Some((b, pieces_b))) = (cells.next(), cells.next()) else {
                panic!("an absent finding has two cells");
            };
            let holds = if absent.kind == "aligned" {
                let (at_a, at_b) = (self.at(a, pieces_a.texts()), self.at(b, pieces_b.texts()));
                self.alignments_of(&at_a, &at_b).next().is_none()
            } else {
                !self.diverge(&absent.kind, &absent.cells, a, b)
            };
            self.add(format!("no {} {a} / {b} “{}”", absent.kind, start(&pieces_a.texts()[0])), holds);
        }
    }
}

fn edge_name(edge: &Edge) -> String {
    format!("{} {} → {}", edge.kind, edge.from, edge.to)
}

/// The first words of `text`, enough to tell findings of one story apart.
fn start(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let more = if words.len() > 7 { " …" } else { "" };
    format!("{}{more}", words[..words.len().min(7)].join(" "))
}

fn joins(alignment: &Alignment, divergence: &Divergence, a: &At, b: &At) -> bool {
    let [first, second] = divergence.cells.map(|n| &alignment.cells[n]);
    is_at(first, a) && is_at(second, b) || is_at(first, b) && is_at(second, a)
}

fn is_at(cell: &Cell, at: &At) -> bool {
    cell.report == at.report && half_overlap(&cell.spans, &at.spans)
}

/// The rule of the gold data: the spans share at least half of the shorter ones.
fn half_overlap(a: &[Span], b: &[Span]) -> bool {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let shared: usize = a.iter().flat_map(|a| b.iter().map(|b| a.overlap(*b))).sum();
    2 * shared >= length(a).min(length(b)).max(1)
}
