//! What reports call the same people: "rebels" here, "fighters" there.
//!
//! In: a story and its comparison. Out: a [`Naming`] for each group of people, or act, that two reports call by different nouns of
//! one set of `data/labels.txt`. Two nouns stand for the same where they hold corresponding places of two aligned cells: one change
//! of the word diff holds both, or a word beside the one stands beside the other ("protesters marched", "rioters who had marched").
//! What stands in quotation marks is the speaker's choice and no report's. Linear in the cells of each row, of which at most
//! [`MOST_CELLS`] are laid beside each other; never fails.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use stemma_core::{
    AlignmentRef, Cell, Comparison, Document, MentionForm, ReportIndex, SegmentKind, Span, Story, TokenKind,
};

use crate::diff::word_diff;

/// Cells of one row that are laid beside each other.
const MOST_CELLS: usize = 20;
/// Words with content beside a label that tell what it does.
const BESIDE: usize = 3;
/// Longest change of a word diff that is one place, in words of either side.
const LONGEST_CHANGE: usize = 4;

/// One label as one report uses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelUse {
    /// Whose.
    pub report: ReportIndex,
    /// In lower case, as it first stands there.
    pub text: String,
    /// Its first place.
    pub first: Span,
    /// How often the report uses it, outside of quotation marks.
    pub count: usize,
}

/// A group of people, or an act, that reports call by different nouns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Naming {
    /// True if the choice of the noun takes a side: "rebels", "terrorists".
    pub loaded: bool,
    /// The rows in which the nouns stand for each other.
    pub rows: Vec<AlignmentRef>,
    /// In order of report, then of place; at least two reports, and two labels.
    pub uses: Vec<LabelUse>,
}

/// What the reports of `story` call by different labels, loaded ones first, then the most widely used.
pub fn find_namings(story: &Story, comparison: &Comparison) -> Vec<Naming> {
    let labels: Vec<Vec<Label>> = story.documents().iter().map(read_labels).collect();
    let mut links = Links::default();
    for (of, alignment) in comparison.alignments() {
        let cells: Vec<&Cell> = alignment.cells.iter().take(MOST_CELLS).collect();
        for (n, a) in cells.iter().enumerate() {
            for b in cells[n + 1..].iter().filter(|b| b.report != a.report) {
                links.add(story, of, [in_cell(&labels, a), in_cell(&labels, b)], [a, b]);
            }
        }
    }
    let mut namings = links.namings(story, &labels);
    // Two words of two sets are one choice, and take no side if they take none in one of them.
    namings.sort_by_key(|naming| naming.loaded);
    let mut known: Vec<Vec<LabelUse>> = Vec::new();
    namings.retain(|naming| {
        let is_new = !known.contains(&naming.uses);
        known.push(naming.uses.clone());
        is_new
    });
    let n_reports =
        |naming: &Naming| naming.uses.iter().map(|each| each.report).collect::<BTreeSet<_>>().len();
    namings
        .sort_by_key(|naming| (!naming.loaded, std::cmp::Reverse(n_reports(naming)), naming.uses[0].first));
    namings
}

/// A set of labels, and one of them, by their places in the list.
type Choice = (usize, usize);

struct Sets {
    /// For each set, whether the choice takes a side.
    loaded: Vec<bool>,
    /// First word of a label, singular or plural, to the choices that begin with it and the words after the first.
    by_word: HashMap<String, Vec<(Choice, Vec<&'static str>)>>,
    /// Labels that are adjectives too: "rebel forces".
    adjectives: HashSet<&'static str>,
}

static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let mut sets = Sets { loaded: Vec::new(), by_word: HashMap::new(), adjectives: HashSet::new() };
    for line in crate::terms::words(include_str!("../data/labels.txt")) {
        let mut fields = line.split_whitespace();
        let set = sets.loaded.len();
        sets.loaded.push(fields.next() == Some("loaded"));
        for (n, field) in fields.enumerate() {
            let choice = (set, n);
            let (field, adjective) = field.strip_suffix('*').map_or((field, false), |noun| (noun, true));
            if adjective {
                sets.adjectives.insert(field);
            }
            let (singular, plural) = field.split_once('=').unwrap_or((field, ""));
            let words: Vec<&'static str> = singular.split('_').collect();
            let mut enter = |words: &[&'static str]| {
                sets.by_word.entry(words[0].to_owned()).or_default().push((choice, words[1..].to_vec()));
            };
            enter(&words);
            if !plural.is_empty() && plural != singular {
                enter(&plural.split('_').collect::<Vec<_>>());
            }
        }
    }
    sets
});

/// A label where a report uses it.
struct Label {
    choice: Choice,
    span: Span,
    tokens: Range<usize>,
}

/// The labels of `document` in its headline and body, outside of quotation marks and names, in text order. A word of several sets
/// is several labels.
fn read_labels(document: &Document) -> Vec<Label> {
    let layers = document.layers();
    let tokens = layers.tokens.items();
    let word =
        |n: usize| tokens.get(n).map_or(String::new(), |token| document.slice(token.span).to_lowercase());
    let mut closed = vec![true; tokens.len()];
    for segment in layers.segments.items() {
        if matches!(segment.kind, SegmentKind::Body | SegmentKind::Title) {
            closed[document.tokens_in(segment.span)].fill(false);
        }
    }
    let quotes = layers.quotes.items().iter().map(|quote| quote.span);
    let named = layers.mentions.items().iter().filter(|mention| mention.form == MentionForm::Named);
    for span in quotes.chain(named.map(|mention| mention.span)) {
        closed[document.tokens_in(span)].fill(true);
    }
    let mut labels = Vec::new();
    for n in (0..tokens.len()).filter(|&n| !closed[n] && tokens[n].kind == TokenKind::Word) {
        let found = label_at(&|at| if closed.get(at) == Some(&false) { word(at) } else { String::new() }, n);
        labels.extend(found.into_iter().map(|(choice, end)| {
            let span = tokens[n].span.cover(tokens[end - 1].span);
            Label { choice, span, tokens: n..end }
        }));
    }
    // "immigrants" in "illegal immigrants"
    let mut end: BTreeMap<usize, usize> = BTreeMap::new();
    labels.retain(|label| {
        let known = end.entry(label.choice.0).or_default();
        let is_own = label.tokens.start >= *known;
        *known = label.tokens.end.max(*known);
        is_own
    });
    labels
}

/// The labels that begin at `n`, each with one past its last token: the longest of each set.
fn label_at(word: &dyn Fn(usize) -> String, n: usize) -> Vec<(Choice, usize)> {
    let mut found: BTreeMap<usize, (Choice, usize)> = BTreeMap::new();
    for first in singulars(&word(n)) {
        for (choice, rest) in SETS.by_word.get(&first).into_iter().flatten() {
            let fits = rest.iter().enumerate().all(|(m, part)| {
                let own = word(n + 1 + m);
                own == *part || (m + 1 == rest.len() && singulars(&own).iter().any(|own| own == part))
            });
            // "illegal" of "illegal immigrant": a label of several words is one.
            let whole = rest.is_empty() || first == word(n);
            let adjective = rest.is_empty() && first == word(n) && SETS.adjectives.contains(first.as_str());
            let fits = fits && whole && !(adjective && qualifies(&word(n + 1)));
            let end = n + 1 + rest.len();
            if fits && found.get(&choice.0).is_none_or(|&(_, known)| end > known) {
                found.insert(choice.0, (*choice, end));
            }
        }
    }
    found.into_values().collect()
}

/// True if a noun that is an adjective too is one before `next`: "rebel forces", not "a rebel who", "a rebel fired".
fn qualifies(next: &str) -> bool {
    next.starts_with(char::is_alphabetic) && !STOP.contains(next) && !next.ends_with("ed")
}

/// `word` as it is, and what it may be the plural of.
fn singulars(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    forms.extend(word.strip_suffix('s').map(str::to_owned));
    forms.extend(word.strip_suffix("es").map(str::to_owned));
    forms.extend(word.strip_suffix("ies").map(|head| format!("{head}y")));
    forms.retain(|form| form.len() > 2);
    forms
}

/// The labels that stand in `cell`.
fn in_cell<'a>(labels: &'a [Vec<Label>], cell: &Cell) -> Vec<&'a Label> {
    let all = &labels[cell.report.index()];
    let inside = |&span: &Span| {
        let from = all.partition_point(|label| label.span.start() < span.start());
        all[from..]
            .iter()
            .take_while(move |label| label.span.start() < span.end())
            .filter(move |label| span.contains(label.span))
    };
    cell.spans.iter().flat_map(inside).collect()
}

/// A label of a report: of which report, which choice.
type Node = (ReportIndex, Choice);

/// Labels that stand for the same, and in which rows.
#[derive(Default)]
struct Links {
    pairs: BTreeMap<(Node, Node), BTreeSet<AlignmentRef>>,
}

impl Links {
    fn add(&mut self, story: &Story, of: AlignmentRef, labels: [Vec<&Label>; 2], cells: [&Cell; 2]) {
        let documents = cells.map(|cell| story.document(cell.report));
        let uses = |n: usize, choice: Choice| labels[n].iter().any(|label| label.choice == choice);
        for x in &labels[0] {
            for y in labels[1].iter().filter(|y| y.choice.0 == x.choice.0) {
                // A report that uses both words there means two things by them.
                let is_one = x.choice == y.choice || !(uses(0, y.choice) || uses(1, x.choice));
                if is_one && correspond(documents, cells, [x, y]) {
                    let nodes = ((cells[0].report, x.choice), (cells[1].report, y.choice));
                    self.pairs.entry(nodes).or_default().insert(of);
                }
            }
        }
    }

    /// The groups of linked labels that hold more than one label.
    fn namings(&self, story: &Story, labels: &[Vec<Label>]) -> Vec<Naming> {
        // Each node points at an earlier one of its group, or at itself.
        let mut parent: BTreeMap<Node, Node> = BTreeMap::new();
        let root = |parent: &BTreeMap<Node, Node>, mut node: Node| {
            while let Some(&next) = parent.get(&node).filter(|&&next| next != node) {
                node = next;
            }
            node
        };
        for &(x, y) in self.pairs.keys() {
            let (x, y) = (root(&parent, x), root(&parent, y));
            parent.insert(x.max(y), x.min(y));
            parent.insert(x.min(y), x.min(y));
        }
        let mut members: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        for &node in parent.keys() {
            members.entry(root(&parent, node)).or_default().insert(node);
        }
        // Reports that use all the same words do not choose between them.
        let several = |nodes: &BTreeSet<Node>| {
            let mut by_report: BTreeMap<ReportIndex, Vec<Choice>> = BTreeMap::new();
            for &(report, choice) in nodes {
                by_report.entry(report).or_default().push(choice);
            }
            by_report.values().collect::<BTreeSet<_>>().len() > 1
        };
        members.into_values().filter(several).map(|nodes| self.naming(story, labels, &nodes)).collect()
    }

    fn naming(&self, story: &Story, labels: &[Vec<Label>], nodes: &BTreeSet<Node>) -> Naming {
        let mut uses: Vec<LabelUse> = Vec::new();
        for &(report, choice) in nodes {
            let mut own = labels[report.index()].iter().filter(|label| label.choice == choice);
            let Some(first) = own.next() else { continue };
            let text = story.document(report).slice(first.span).to_lowercase();
            uses.push(LabelUse { report, text, first: first.span, count: 1 + own.count() });
        }
        uses.sort_by_key(|each| (each.report, each.first));
        let rows =
            self.pairs.iter().filter(|((x, y), _)| x.1 != y.1 && nodes.contains(x) && nodes.contains(y));
        let rows: BTreeSet<AlignmentRef> = rows.flat_map(|(_, rows)| rows.iter().copied()).collect();
        let loaded = nodes.first().is_some_and(|(_, choice)| SETS.loaded[choice.0]);
        Naming { loaded, rows: rows.into_iter().collect(), uses }
    }
}

/// True if two labels hold corresponding places of two cells.
fn correspond(documents: [&Document; 2], cells: [&Cell; 2], labels: [&Label; 2]) -> bool {
    let [a, b] = [0, 1].map(|n| beside(documents[n], labels[n]));
    !a.is_disjoint(&b) || is_one_change(documents, cells, labels)
}

/// The stems of the words with content right before and after `label` in its clause, and numbers.
fn beside(document: &Document, label: &Label) -> BTreeSet<String> {
    let tokens = document.layers().tokens.items();
    let stemmer = Stemmer::create(Algorithm::English);
    let content = |n: usize| {
        let word = document.slice(tokens[n].span).to_lowercase();
        let counts =
            matches!(tokens[n].kind, TokenKind::Word | TokenKind::Number) && !STOP.contains(word.as_str());
        counts.then(|| stemmer.stem(&word).into_owned())
    };
    let goes_on = |n: &usize| {
        let token = &tokens[*n];
        matches!(token.kind, TokenKind::Word | TokenKind::Number)
            || matches!(document.slice(token.span), "’" | "'" | "-" | "%" | "$" | "€" | "£")
    };
    let after = (label.tokens.end..tokens.len()).take_while(goes_on).filter_map(content).take(BESIDE);
    let before = (0..label.tokens.start).rev().take_while(goes_on).filter_map(content).take(BESIDE);
    before.chain(after).collect()
}

static STOP: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    crate::terms::words(include_str!("../data/stopwords.txt")).flat_map(str::split_whitespace).collect()
});

/// True if one short change of the word diff of the two cells holds both labels.
fn is_one_change(documents: [&Document; 2], cells: [&Cell; 2], labels: [&Label; 2]) -> bool {
    let covers = cells.map(|cell| cell.spans.iter().copied().reduce(Span::cover).unwrap_or(Span::new(0, 0)));
    let diff = word_diff(documents[0].slice(covers[0]), documents[1].slice(covers[1]));
    let holds = |n: usize, span: Span| {
        let start = covers[n].start();
        Span::new(span.start() + start, span.end() + start).contains(labels[n].span)
    };
    // Between two common words, or at an end of cells that have much in common.
    let n_same: usize = diff.iter().filter(|piece| piece.same).map(|piece| piece.n_words[0]).sum();
    n_same >= BESIDE
        && diff.iter().any(|piece| {
            !piece.same
                && piece.n_words.iter().all(|&n| n <= LONGEST_CHANGE)
                && holds(0, piece.a)
                && holds(1, piece.b)
        })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_core::Report;

    use super::*;

    /// One line for each naming: the labels of each report.
    fn found(texts: &[&str]) -> String {
        let annotator = stemma_annotate::Annotator::load();
        let annotate = |text: &&str| annotator.annotate(Arc::new(Report::of_text(text)));
        let story = Story::new(texts.iter().map(annotate).collect());
        let comparison = crate::compare(&story);
        let line = |naming: &Naming| {
            let each = |each: &LabelUse| format!("{} {} {}", each.report.index(), each.text, each.count);
            let uses: Vec<String> = naming.uses.iter().map(each).collect();
            format!("{}: {}", if naming.loaded { "loaded" } else { "plain" }, uses.join(", "))
        };
        find_namings(&story, &comparison).iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn labels_of_one_group_are_laid_side_by_side() {
        insta::assert_snapshot!(found(&[
            "The rebels took the bridge at Lom on Sunday evening. Nine soldiers were killed when the rebels shelled the post, the army said.",
            "Militants took the bridge at Lom on Sunday evening. Nine troops were killed when the militants shelled the post, the army said.",
            "Terrorists took the bridge at Lom on Sunday evening, and a ferry sank.",
        ]), @r"
        loaded: 0 rebels 2, 1 militants 2, 2 terrorists 1
        plain: 0 soldiers 1, 1 troops 1
        ");
    }

    #[test]
    fn a_report_that_uses_both_words_means_two_groups() {
        insta::assert_snapshot!(found(&[
            "Police chased the rioters away, while protesters sang at the gate of the port of Varna.",
            "Protesters sang at the gate of the port of Varna, and police chased the rioters away.",
        ]), @"");
    }

    #[test]
    fn an_adjective_is_no_label() {
        let texts = |label: &str| {
            [
                "The rebels burned the mill at Lom on Sunday evening.".to_owned(),
                format!("The {label} burned the mill at Lom on Sunday evening."),
            ]
        };
        let found = |label: &str| found(&texts(label).each_ref().map(String::as_str));
        insta::assert_snapshot!(found("militants"), @"loaded: 0 rebels 1, 1 militants 1");
        insta::assert_snapshot!(found("militant leaders"), @"");
    }

    #[test]
    fn what_a_speaker_says_is_the_speaker_s_choice() {
        insta::assert_snapshot!(found(&[
            "“The migrants were put on a bus at the harbor,” the mayor of Varna said on Sunday.",
            "“The illegal immigrants were put on a bus at the harbor,” the mayor of Varna said on Sunday.",
        ]), @"");
        insta::assert_snapshot!(found(&[
            "The migrants were put on a bus at the harbor, the mayor of Varna said on Sunday.",
            "The illegal immigrants were put on a bus at the harbor, the mayor of Varna said on Sunday.",
        ]), @"loaded: 0 migrants 1, 1 illegal immigrants 1");
    }
}
