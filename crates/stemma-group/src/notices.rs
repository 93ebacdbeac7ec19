//! What stands on many pages of an outlet and tells nothing of an event: "subscribe to read on", mastheads, cookie notices.
//!
//! In a stream, what is a notice shows only after some pages. Of each outlet the [`LATEST`] last reports are asked: a shingle that
//! half of them hold, but at least [`LEAST_PAGES`], each of another address and headline, is part of a notice if a good part of
//! the report is of such shingles, and if they have nothing to do with the rest of it. (An agency that repeats the first
//! paragraphs in each of its reports on a flood is topical: the rest is of the flood, too.) The words of a notice count neither as terms
//! nor for near-duplicates, also in the reports of that outlet that are there already: they are weighed without it, and
//! their stories are looked at again. Notices stay known for their outlet.
//!
//! In a batch all reports are asked before, in order of their ids. Memory: 16 keys and up to [`MOST_KNOWN`] hashes of 4 bytes an outlet.
//! Time: some thousand comparisons a report.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use stemma_core::{Document, Report, Span};

use crate::batch::BatchOutline;
use crate::grouper::Grouper;
use crate::near_duplicate::{Sketch, ToldWords, marks_of, outlet_hash};
use crate::outline::Outline;
use crate::terms::Terms;
use crate::vocabulary::Vocabulary;

/// Latest reports of an outlet that are asked.
const LATEST: usize = 16;
/// Reports that must hold a shingle of a notice.
const LEAST_PAGES: usize = 6;
/// Shingles of a report that are looked at first.
const SAMPLE: usize = 16;
/// Of these so many must be of a notice: less of a page does not matter.
const LEAST_OF_SAMPLE: usize = 3;
/// Hashes of notices that are known of an outlet at most.
const MOST_KNOWN: usize = 512;
/// Cosine from which the repeated part and the rest of a report are about one thing.
const TOPICAL: f64 = 0.08;
/// A page with nothing but repeated words is a notice if it is shorter than this; else it is a report that came again.
const MOST_WORDS: usize = 100;

/// What is known of the pages of outlets.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Notices {
    outlets: BTreeMap<u64, Outlet>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
struct Outlet {
    /// The latest reports, oldest first.
    latest: VecDeque<Page>,
    /// Shingles of its notices, ascending.
    known: Vec<u32>,
}

/// One report of an outlet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Page {
    /// By position in the stream, or in a batch.
    key: u32,
    /// What it is known by.
    marks: Vec<u64>,
}

impl Notices {
    /// The reports of the outlet that are not this one under another text.
    fn others(&self, outlet: u64, marks: &[u64]) -> impl Iterator<Item = u32> {
        let pages = self.outlets.get(&outlet).into_iter().flat_map(|outlet| &outlet.latest);
        pages.filter(|page| !page.marks.iter().any(|mark| marks.contains(mark))).map(|page| page.key)
    }

    fn known(&self, outlet: u64) -> &[u32] {
        self.outlets.get(&outlet).map_or(&[], |outlet| &outlet.known)
    }

    fn learn(&mut self, outlet: u64, hashes: &[u32]) {
        let known = &mut self.outlets.entry(outlet).or_default().known;
        if known.len() + hashes.len() > MOST_KNOWN {
            known.clear();
        }
        known.extend(hashes.iter().take(MOST_KNOWN));
        known.sort_unstable();
        known.dedup();
    }

    fn add(&mut self, outlet: u64, page: Page) {
        let latest = &mut self.outlets.entry(outlet).or_default().latest;
        latest.push_back(page);
        if latest.len() > LATEST {
            latest.pop_front();
        }
    }

    /// The reports that it names.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> {
        self.outlets.values().flat_map(|outlet| outlet.latest.iter().map(|page| page.key))
    }

    /// Forgets the outlets of which no report is alive.
    pub(crate) fn retain(&mut self, is_alive: impl Fn(u32) -> bool) {
        self.outlets.retain(|_, outlet| outlet.latest.iter().any(|page| is_alive(page.key)));
    }

    /// Takes over what `other` knows of outlets that are known here.
    pub(crate) fn merge(&mut self, other: Notices) {
        for (outlet, theirs) in other.outlets {
            if self.outlets.contains_key(&outlet) {
                self.learn(outlet, &theirs.known);
            }
        }
    }
}

/// A report on its way into a stream or a batch.
struct Incoming<'d> {
    document: &'d Document,
    told: ToldWords,
}

impl<'d> Incoming<'d> {
    fn of(document: &'d Document) -> Self {
        Self { document, told: ToldWords::of(document) }
    }

    /// Where the words stand that are of the shingles `notice`, ascending.
    fn places(&self, notice: &[u32]) -> Vec<Span> {
        let held = self.told.held(|shingle| notice.binary_search(&shingle).is_ok());
        self.told.spans.iter().zip(held).filter(|(_, held)| *held).map(|(span, _)| *span).collect()
    }

    /// True if the words at `places` are about the same as the rest.
    fn is_topical(&self, places: &[Span], vocabulary: &Vocabulary) -> bool {
        let rest = Terms::of_part(self.document, |span| !holds(places, span), true);
        if rest.iter().len() == 0 {
            return places.len() >= MOST_WORDS;
        }
        let part = Terms::of_part(self.document, |span| holds(places, span), false);
        vocabulary.likeness(&part, &rest) >= TOPICAL
    }

    /// The terms and the sketch without the words at `places`.
    fn without(&self, places: &[Span]) -> (Terms, Option<Sketch>) {
        let own = self.told.words.iter().zip(&self.told.spans).filter(|(_, span)| !holds(places, **span));
        let own: Vec<u64> = own.map(|(word, _)| *word).collect();
        (Terms::of_part(self.document, |span| !holds(places, span), true), Sketch::of_words(&own))
    }
}

/// True if one of `places`, which are ascending, meets `span`.
fn holds(places: &[Span], span: Span) -> bool {
    let at = places.partition_point(|place| place.end() <= span.start());
    places.get(at).is_some_and(|place| place.start() < span.end())
}

/// Of the shingles of a report those that most `others` hold; none if they are few.
fn repeated(sketch: &Sketch, others: &[&Sketch]) -> Vec<u32> {
    if others.len() < LEAST_PAGES {
        return Vec::new();
    }
    let is_repeated = |hash: &u32| {
        let n_asked = others.iter().filter(|other| other.reaches(*hash)).count();
        let n_holders = others.iter().filter(|other| other.holds(*hash)).count();
        n_holders >= LEAST_PAGES.max(n_asked.div_ceil(2))
    };
    if sketch.hashes().take(SAMPLE).filter(is_repeated).count() < LEAST_OF_SAMPLE {
        return Vec::new();
    }
    sketch.hashes().filter(is_repeated).collect()
}

/// Takes what is a notice out of the terms of `reports`, which are in order of their ids. `again` gives the document of one of them,
/// by its place; without it, the terms stay as they are.
pub(crate) fn leave_notices_out(
    reports: &mut [BatchOutline],
    again: &mut dyn FnMut(usize) -> Option<Document>,
    vocabulary: &Vocabulary,
) {
    let mut pages: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, report) in reports.iter().enumerate() {
        report.imprint.outlet.iter().for_each(|&outlet| pages.entry(outlet).or_default().push(at));
    }
    pages.retain(|_, pages| pages.len() > LEAST_PAGES);
    for pages in pages.values() {
        let marks: Vec<Vec<u64>> = pages.iter().map(|&at| reports[at].imprint.known_by()).collect();
        let sketch = |n: usize| reports[pages[n]].imprint.sketch.as_ref();
        let mut own: Vec<(usize, Terms)> = Vec::new();
        for (n, &at) in pages.iter().enumerate() {
            let Some(asked) = sketch(n) else { continue };
            let is_other = |&m: &usize| m != n && !marks[m].iter().any(|mark| marks[n].contains(mark));
            // Those that follow, in a ring, so that all are asked about equally often.
            let ring = (1..pages.len()).map(|step| (n + step) % pages.len()).filter(is_other);
            let others: Vec<&Sketch> = ring.filter_map(sketch).take(LATEST).collect();
            let notice = repeated(asked, &others);
            if notice.is_empty() {
                continue;
            }
            let Some(document) = again(at) else { continue };
            let incoming = Incoming::of(&document);
            let places = incoming.places(&notice);
            if !incoming.is_topical(&places, vocabulary) {
                own.push((at, incoming.without(&places).0));
            }
        }
        own.into_iter().for_each(|(at, terms)| reports[at].terms = terms);
    }
}

impl Grouper {
    /// The outline of a document without notices. What is found to be one now is taken out of earlier reports, too.
    pub(crate) fn own_outline(&mut self, document: &Document) -> Outline {
        let mut outline = Outline::of(document);
        let (Some(outlet), Some(sketch)) = (outlet_hash(document.report()), &outline.sketch) else {
            return outline;
        };
        let marks = marks_of(document.report());
        let others: Vec<u32> = self.notices.others(outlet, &marks).collect();
        let found = repeated(sketch, &others.iter().filter_map(|&key| self.sketch(key)).collect::<Vec<_>>());
        let known = self.notices.known(outlet);
        let is_known = |hash: &u32| known.binary_search(hash).is_ok();
        if found.is_empty() && !sketch.hashes().any(|hash| is_known(&hash)) {
            return outline;
        }
        let incoming = Incoming::of(document);
        let mut notice: Vec<u32> =
            incoming.told.shingles().filter(is_known).chain(found.iter().copied()).collect();
        notice.sort_unstable();
        let places = incoming.places(&notice);
        if !found.is_empty() {
            if incoming.is_topical(&places, &self.vocabulary) {
                return outline;
            }
            self.notices.learn(outlet, &found);
            let (own, _) = incoming.without(&places);
            self.take_out(&found, &others, &outline.terms, &own);
        }
        (outline.terms, outline.sketch) = incoming.without(&places);
        outline
    }

    /// Remembers a report that was placed as one of its outlet.
    pub(crate) fn remember(&mut self, report: &Report) {
        if let (Some(outlet), Some(&key)) = (outlet_hash(report), self.places.get(&report.id())) {
            self.notices.add(outlet, Page { key, marks: marks_of(report) });
        }
    }

    fn sketch(&self, key: u32) -> Option<&Sketch> {
        self.members[key as usize].live.as_ref()?.sketch.as_ref()
    }

    /// Takes a notice out of earlier reports that hold it: of the report in which it was found, the terms are `all`, and `own`
    /// without it.
    fn take_out(&mut self, notice: &[u32], others: &[u32], all: &Terms, own: &Terms) {
        let own: BTreeSet<&str> = own.iter().map(|(term, _)| term).collect();
        let foreign = all.iter().map(|(term, _)| term).filter(|term| !own.contains(term));
        let foreign: BTreeSet<u32> = foreign.filter_map(|term| self.vocabulary.id(term)).collect();
        let holds =
            |key: &u32| self.sketch(*key).is_some_and(|sketch| notice.iter().any(|&hash| sketch.holds(hash)));
        let holders: BTreeSet<u32> = others.iter().copied().filter(holds).collect();
        for &key in &holders {
            if let Some(live) = &mut self.members[key as usize].live {
                live.sketch = live.sketch.take().and_then(|sketch| sketch.without(notice));
                live.leave_out(&foreign);
            }
        }
        let stories: BTreeSet<u32> = holders.iter().map(|&key| self.members[key as usize].story).collect();
        for &story in &stories {
            self.unbind_twins(story);
            self.sum_again(story);
        }
        for &story in &stories {
            let state = &self.stories[story as usize];
            if !state.closed && !state.kept && state.members.len() > 1 {
                self.regroup(&[story]);
            }
        }
    }

    /// Near-duplicates that are none any more no longer stay together.
    fn unbind_twins(&mut self, story: u32) {
        for at in 0..self.stories[story as usize].members.len() {
            let key = self.stories[story as usize].members[at] as usize;
            let Some(twin) = self.members[key].live.as_ref().and_then(|live| live.twin) else { continue };
            let pair = self.sketch(self.stories[story as usize].members[at]).zip(self.sketch(twin));
            let resemblance = pair.map_or(0.0, |(a, b)| a.resemblance(b));
            if resemblance < self.options.duplicate_threshold
                && let Some(live) = &mut self.members[key].live
            {
                live.twin = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use stemma_annotate::Annotator;
    use stemma_core::{Origin, ReportDraft};

    use super::*;
    use crate::{Constraints, Options, group};

    const NOTICE: &str = "Our reporters bring you the news of the valley each day with the help of readers who give what they can. \
        To read the whole report you need a subscription, which you can end each month. Thank you to all who stand by the paper.";

    const STUBS: [(&str, &str); 10] = [
        ("Ferry stays in port as gale blows", "The ferry to Skarvik did not sail on Monday."),
        ("Chess club wins the cup again", "Varna beat Sofia by four boards to two."),
        ("Baker cleared of arson", "A court in Moss found no proof against Jon Ravn."),
        ("Tram drivers walk out", "No tram left the depot in Halden."),
        ("Price of herring at its highest", "A crate cost 900 crowns at auction."),
        ("Museum finds lost letter of poet", "It lay between two maps for a century."),
        ("School roof gives way under snow", "Nobody was inside when it fell, the mayor said."),
        ("Wolves seen near Brevik", "Farmers want leave to shoot three animals."),
        ("New bridge opens a year late", "Cars have crossed the Orla since noon."),
        ("Doctors warn of early flu", "The clinic counted eighty cases in a week."),
    ];

    fn page(n: usize, title: &str, text: &str) -> Document {
        static ANNOTATOR: OnceLock<Annotator> = OnceLock::new();
        let draft = ReportDraft {
            outlet: Some("Valley Post".to_owned()),
            url: Some(format!("valleypost.example/{n}")),
            title: Some(title.to_owned()),
            text: text.to_owned(),
            ..ReportDraft::default()
        };
        ANNOTATOR.get_or_init(Annotator::load).annotate(Arc::new(Report::new(draft, Origin::whole("-"))))
    }

    fn stubs() -> Vec<Document> {
        let all = STUBS.iter().enumerate();
        all.map(|(n, (title, text))| page(n, title, &format!("{text}\n\n{NOTICE}"))).collect()
    }

    #[test]
    fn pages_with_one_notice_are_no_story() {
        let documents = stubs();
        let mut grouper = Grouper::new(Options::default());
        let mut n_stories = Vec::new();
        for (n, document) in documents.iter().enumerate() {
            grouper.add(document);
            n_stories.push(grouper.n_stories());
            if n == 8 {
                grouper = serde_json::from_str(&serde_json::to_string(&grouper).unwrap()).unwrap();
            }
        }
        assert_eq!(n_stories, [1, 1, 1, 1, 1, 1, 7, 8, 9, 10], "six pages do not show what is a notice");
        assert_eq!(group(&documents, &Options::default(), &Constraints::default()).len(), 10);
    }

    #[test]
    fn what_an_agency_repeats_about_one_event_is_no_notice() {
        let background = "The storm reached the coast near Brevik on Sunday, tore roofs off forty houses and cut the road to Halden. \
            Mayor Ilse Thorn asked the army for help on Monday. The river Orla rose by two metres in a night.";
        let news = [
            "Brevik counts two dead after the storm",
            "Third body found in Brevik",
            "Army reaches Brevik by boat",
            "Road to Halden open again after the storm",
            "Mayor Thorn puts the damage in Brevik at three million",
            "Orla falls, but cellars in Brevik stay under water",
            "Storm in Brevik: seven still missing",
            "Missing boy found alive in Brevik",
            "Brevik buries its dead",
        ];
        let documents: Vec<Document> = news
            .iter()
            .enumerate()
            .map(|(n, news)| page(n, news, &format!("{news}, officials said.\n\n{background}")))
            .collect();
        let mut grouper = Grouper::new(Options::default());
        documents.iter().for_each(|document| drop(grouper.add(document)));
        assert_eq!(grouper.n_stories(), 1);
        assert_eq!(group(&documents, &Options::default(), &Constraints::default()).len(), 1);
    }
}
