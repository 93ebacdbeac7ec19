//! Versions of a report and what changed between them, and reports that are one text, for a terminal.

use std::collections::BTreeMap;

use stemma_core::{Document, Span};

use super::TextOptions;
use super::layout::Page;
use super::overview::counted;
use super::runs::{Run, Style};
use crate::versions::{
    Change, ChangePlace, Duplicate, DuplicatePair, Level, Relation, VersionStep, Versions, tied,
};

/// Column of what a change says.
const INDENT: usize = 14;
/// Changes between two versions that are shown.
const MOST_SHOWN: usize = 24;
/// Characters of the sentence that are shown on each side of a change.
const CONTEXT: usize = 72;

/// See [`super::versions`].
pub(super) fn versions(documents: &[Document], found: &[Versions], options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.color);
    if found.is_empty() {
        page.item(0, "", 0, &[Run::plain("no report is there in more than one version")]);
    }
    for versions in found {
        page.heading(&counted(versions.reports.len(), "version"), &known_as(documents, versions));
        for (n, &report) in versions.reports.iter().enumerate() {
            page.item(2, &(n + 1).to_string(), 5, &[Run::plain(line(&documents[report]))]);
        }
        for (n, step) in versions.steps.iter().enumerate() {
            let two = [versions.reports[n], versions.reports[n + 1]].map(|report| &documents[report]);
            write_step(&mut page, n + 1, two, step, options.all);
        }
    }
    page.finish()
}

/// Headline or address under which the versions are known.
fn known_as(documents: &[Document], versions: &Versions) -> String {
    let newest = versions.reports.last().map(|&n| documents[n].report());
    newest.and_then(|report| report.title().or(report.url())).unwrap_or("").to_owned()
}

/// Outlet, time, origin of a report.
fn line(document: &Document) -> String {
    let report = document.report();
    let published = document.published().map(|at| at.to_string());
    let parts = [report.outlet().map(str::to_owned), published, Some(report.origin().to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn write_step(page: &mut Page, n: usize, documents: [&Document; 2], step: &VersionStep, all: bool) {
    let n_matter = step.changes.iter().filter(|change| change.matters).count();
    let n_wording = step.changes.len() - n_matter;
    let mut counts = match (n_matter, n_wording) {
        (0, 0) => "nothing but white space and punctuation changed".to_owned(),
        (0, _) => "no change that matters".to_owned(),
        (1, _) => "1 change that matters".to_owned(),
        (n, _) => format!("{n} changes that matter"),
    };
    if n_wording > 0 {
        let hidden = if all { "" } else { " (--all shows them)" };
        counts += &format!(", {n_wording} of wording{hidden}");
    }
    page.gap();
    let head = Run::new(Style::Strong, format!("{n} → {}", n + 1));
    let likeness = step.found.as_ref().map_or(String::new(), |found| format!(" · {}", share(found)));
    page.item(2, "", 2, &[head, Run::new(Style::Faint, format!(" · {counts}{likeness}"))]);
    let (shown, n_left) = shown(&step.changes, all);
    for change in shown {
        page.item(2, change.kind.as_str(), INDENT, &runs(documents, change));
        page.item(INDENT, "", INDENT, &[Run::new(Style::Faint, &change.reason)]);
    }
    if n_left > 0 {
        page.item(
            INDENT,
            "",
            INDENT,
            &[Run::new(Style::Faint, format!("… and {n_left} more (--all shows them)"))],
        );
    }
}

/// Those that matter, of many the [`MOST_SHOWN`] that matter most, in order; and how many of them are left out.
fn shown(changes: &[Change], all: bool) -> (Vec<&Change>, usize) {
    if all {
        return (changes.iter().collect(), 0);
    }
    let mut places: Vec<usize> = (0..changes.len()).filter(|&n| changes[n].matters).collect();
    let n_left = places.len().saturating_sub(MOST_SHOWN);
    places.sort_by_key(|&n| (changes[n].kind, n));
    places.truncate(MOST_SHOWN);
    places.sort_unstable();
    (places.into_iter().map(|n| &changes[n]).collect(), n_left)
}

/// The changed words in their sentence.
pub(super) fn runs(documents: [&Document; 2], change: &Change) -> Vec<Run> {
    let source = |side: usize, place: ChangePlace| {
        if place.in_title { documents[side].report().title().unwrap_or("") } else { documents[side].text() }
    };
    let words = |side: usize, place: ChangePlace| source(side, place)[place.span.range()].to_owned();
    let (place, side) = match (change.new, change.old) {
        (Some(new), _) => (new, 1),
        (None, Some(old)) => (old, 0),
        (None, None) => return Vec::new(),
    };
    let text = source(side, place);
    let (before, after) = (
        Span::new(place.sentence.start(), place.span.start()),
        Span::new(place.span.end(), place.sentence.end()),
    );
    let mut runs = vec![Run::plain(tail(&text[before.range()]))];
    let old = change.old.map(|old| words(0, old)).filter(|words| !words.is_empty());
    let new = change.new.map(|new| words(1, new)).filter(|words| !words.is_empty());
    runs.extend(old.map(|words| Run::new(Style::Old, words)));
    runs.extend(new.map(|words| Run::new(Style::New, words)));
    runs.push(Run::plain(head(&text[after.range()])));
    runs
}

/// The last characters of `text`, from the start of a word.
fn tail(text: &str) -> String {
    let start = text.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    if start == 0 {
        return text.to_owned();
    }
    let cut = text[start..].split_once(' ').map_or(&text[start..], |(_, rest)| rest);
    format!("… {cut}")
}

/// The first characters of `text`, to the end of a word.
fn head(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(CONTEXT) else { return text.to_owned() };
    let cut = text[..end].rsplit_once(' ').map_or(&text[..end], |(rest, _)| rest);
    format!("{cut} …")
}

fn share(found: &Duplicate) -> String {
    let percent = (found.share * 100.0).round();
    match found.level {
        Level::Exact => "the same text".to_owned(),
        Level::Normalized => "the same words".to_owned(),
        Level::Near | Level::Partial => format!("{percent} % of the shorter text in common"),
    }
}

/// See [`super::duplicates`].
pub(super) fn duplicates(documents: &[Document], found: &[DuplicatePair], options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.color);
    let groups = groups(documents.len(), found);
    let mut pairs_of: Vec<Vec<usize>> = vec![Vec::new(); documents.len()];
    for (n, pair) in found.iter().enumerate() {
        pairs_of[pair.first].push(n);
        pairs_of[pair.second].push(n);
    }
    let n_in: usize = groups.iter().map(Vec::len).sum();
    let counts = format!(
        "{} · {} that stand in {} with others",
        counted(documents.len(), "report"),
        n_in,
        counted(groups.len(), "group")
    );
    page.item(0, "", 0, &[Run::plain(counts)]);
    for group in &groups {
        page.gap();
        page.item(0, "", 0, &[Run::new(Style::Strong, line(&documents[group[0]]))]);
        let place: BTreeMap<usize, usize> =
            group.iter().enumerate().map(|(place, &report)| (report, place)).collect();
        for &report in &group[1..] {
            let is_before = |other: usize| place.get(&other) < place.get(&report);
            let before = pairs_of[report].iter().map(|&n| &found[n]);
            let before = before.filter(|pair| is_before(pair.first) || is_before(pair.second));
            let best = before.min_by(|a, b| {
                a.found.level.cmp(&b.found.level).then(b.found.share.total_cmp(&a.found.share))
            });
            let what = best.map_or(String::new(), |pair| said(&pair.found));
            page.item(
                2,
                "·",
                4,
                &[Run::plain(line(&documents[report])), Run::new(Style::Faint, format!(" – {what}"))],
            );
        }
    }
    page.finish()
}

/// "version, same address · near: 92 % of the shorter text in common".
fn said(found: &Duplicate) -> String {
    let relation = match (found.relation, found.identity) {
        (Relation::Same, _) => "fetched again".to_owned(),
        (Relation::Version, Some(identity)) => format!("version, same {}", identity.as_str()),
        (relation, _) => relation.as_str().to_owned(),
    };
    format!("{relation} · {}: {}", found.level.as_str(), share(found))
}

/// Reports that pairs tie together, those of the most reports first; in each the earliest first, as far as pairs tell.
fn groups(n: usize, found: &[DuplicatePair]) -> Vec<Vec<usize>> {
    let mut later = vec![0; n];
    found.iter().for_each(|pair| later[pair.second] += 1);
    let mut groups = tied(n, found.iter());
    groups.iter_mut().for_each(|reports| reports.sort_by_key(|&report| (later[report], report)));
    groups.sort_by_key(|reports| (std::cmp::Reverse(reports.len()), reports[0]));
    groups
}

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, Report, ReportDraft};

    use super::*;
    use crate::Engine;

    fn documents() -> (Engine, Vec<Document>) {
        let text = "A bridge at Lom fell on Sunday after a week of rain and two people died, police said. Mayor Ana Ruiz said: \
            “We had warned of the cracks for years.” The school will open on Monday, and ferries carry people over the river.";
        let later = text.replace("two people", "three people").replace("will open", "opens")
            + " “Nobody listened,” a neighbor said.";
        let report = |outlet: &str, title: &str, text: &str, at: &str| {
            let (title, url) = (Some(title.to_owned()), Some(format!("{outlet}.example/bridge")));
            let draft = ReportDraft {
                outlet: Some(outlet.into()),
                title,
                url,
                text: text.into(),
                ..ReportDraft::default()
            };
            Report::new(draft, Origin::whole(at))
        };
        let reports = vec![
            report("post", "Bridge falls at Lom", text, "old.txt"),
            report("post", "Three die as bridge falls", &later, "new.txt"),
            report("sun", "Bridge falls", &text.to_uppercase(), "sun.txt"),
        ];
        let engine = Engine::load();
        let documents = engine.annotate(reports, 1);
        (engine, documents)
    }

    #[test]
    fn what_changed_stands_in_its_sentence() {
        let (engine, documents) = documents();
        let options = TextOptions { width: 90, ..TextOptions::default() };
        insta::assert_snapshot!(versions(&documents, &engine.versions(&documents), &options), @"
        2 VERSIONS · Three die as bridge falls
          1  post · old.txt
          2  post · new.txt

          1 → 2 · 3 changes that matter, 1 of wording (--all shows them) · 72 % of the shorter
          text in common
          headline    [-Bridge falls at Lom-]{+Three die as bridge falls+}
                      the headline has other words
          figure      A bridge at Lom fell on Sunday after a week of rain and [-two-]{+three+}
                      people died, police said.
                      figures: two / three
          added       {+“Nobody listened,” a neighbor said.+}
                      only in the new version, with a quotation
        ");
    }

    #[test]
    fn reports_of_one_text_stand_in_groups() {
        let (engine, documents) = documents();
        let options = TextOptions { width: 90, ..TextOptions::default() };
        insta::assert_snapshot!(duplicates(&documents, &engine.duplicates(&documents), &options), @"
        3 reports · 3 that stand in 1 group with others

        post · old.txt
          · sun · sun.txt – republication · normalized: the same words
          · post · new.txt – version, same address · near: 72 % of the shorter text in common
        ");
    }

    #[test]
    fn context_is_cut_at_words() {
        let text = "word ".repeat(40);
        assert!(tail(&text).starts_with("… word") && tail(&text).chars().count() <= CONTEXT + 2);
        assert!(head(&text).ends_with("word …") && head(&text).chars().count() <= CONTEXT + 2);
        assert_eq!((tail("as it is"), head("as it is")), ("as it is".to_owned(), "as it is".to_owned()));
    }
}
