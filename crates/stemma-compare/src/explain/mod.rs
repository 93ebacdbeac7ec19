//! Why two places of a story are aligned, or why not.
//!
//! In: a story, then places in two of its reports. Out: a [`Link`] for two places: the pieces there that come closest to each
//! other, what the pair model saw of them, and what came of it. Takes the steps of [`crate::compare`] again and keeps what that
//! throws away. Never fails: a place that is not compared at all is told as such.

mod features;
mod judgements;

use std::collections::BTreeMap;

pub use self::judgements::{Judgement, judgements};

use stemma_core::{Document, ReportIndex, SegmentKind, Span, Story};

use crate::alignment::{
    Looked, MIN_LIKENESS, choose_pairs, is_disputed_claim, look_twice, overlap, same_place,
};
use crate::candidates::{Candidate, KEPT, MIN_CONTAINMENT, find_candidates};
use crate::features::{Nearness, shared_weight};
use crate::groups::{Group, join_pairs};
use crate::model::PairModel;
use crate::pieces::{Pieces, SentencePieces};
use crate::surroundings::LEAST;
use crate::terms::Vocabulary;
use crate::training::Place;
use crate::{entities, pieces, terms};

/// What came of two places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The two pieces are a pair that holds a row together.
    Aligned,
    /// Both are aligned with others of one row; the pair alone would not do.
    Joined,
    /// The pair alone would do, but the rows of the two do not agree as a whole.
    Refused,
    /// Other pieces of the two sentences fit each other better.
    Beaten,
    /// Looked at twice, and too improbable.
    BelowThreshold,
    /// Too improbable at first look.
    Improbable,
    /// The sentences were laid side by side, but these pieces share too little to be scored.
    Unlike,
    /// The sentences share too little to be laid side by side.
    NoCandidate,
    /// One of the two is nothing that is compared.
    NotCompared,
}

impl Verdict {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Aligned => "aligned",
            Verdict::Joined => "joined",
            Verdict::Refused => "refused",
            Verdict::Beaten => "beaten",
            Verdict::BelowThreshold => "below-threshold",
            Verdict::Improbable => "improbable",
            Verdict::Unlike => "unlike",
            Verdict::NoCandidate => "no-candidate",
            Verdict::NotCompared => "not-compared",
        }
    }

    /// True if the two stand in one row.
    pub fn is_aligned(self) -> bool {
        matches!(self, Verdict::Aligned | Verdict::Joined)
    }
}

/// What one feature adds to the log-odds of a pair.
#[derive(Clone, PartialEq, Debug)]
pub struct Contribution {
    /// Name of the feature.
    pub name: String,
    /// What it measures.
    pub meaning: &'static str,
    /// Its value for the pair.
    pub value: f64,
    /// Value times weight, in nats.
    pub log_odds: f64,
}

/// Two places, and why they are aligned or not.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The pieces that come closest, or the places that were asked about where no pieces were scored; in the order asked.
    pub places: [Place; 2],
    /// What came of it.
    pub verdict: Verdict,
    /// The same in one plain line.
    pub reason: String,
    /// Probability at first look, `0.0..=1.0`, if they were scored.
    pub first: Option<f64>,
    /// Probability at second look, if there was one.
    pub second: Option<f64>,
    /// Probability from which on such a pair is aligned, if they were scored.
    pub threshold: Option<f64>,
    /// Log-odds of a pair of which every feature is 0, at the last look.
    pub start: f64,
    /// What each feature adds at the last look, heaviest first; features that add nothing are left out.
    pub contributions: Vec<Contribution>,
}

/// Answers why two places of a story are aligned or not.
pub struct Explainer<'a> {
    story: &'a Story,
    vocabulary: Vocabulary,
    pieces: Pieces,
    model: PairModel,
    candidates: Vec<Candidate>,
    looked: Vec<Looked>,
    /// Indices into `looked` of the pairs of each piece.
    pairs_of: Vec<Vec<usize>>,
    chosen: BTreeMap<(usize, usize), f64>,
    groups: Vec<Group>,
}

impl<'a> Explainer<'a> {
    /// Looks at `story` as [`crate::compare`] does.
    pub fn new(story: &'a Story) -> Self {
        let model = PairModel::built_in();
        let cast = entities::join_entities(story);
        let (terms, vocabulary) = terms::read_terms(story);
        let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
        let candidates = find_candidates(&pieces, &vocabulary);
        let looked = look_twice(&pieces, &candidates, &vocabulary, &model, 0.0);
        let scored = choose_pairs(&pieces, &looked);
        let groups = join_pairs(&pieces, &scored, &model);
        let chosen = scored.chosen.iter().map(|pair| ((pair.a, pair.b), pair.probability)).collect();
        let mut pairs_of = vec![Vec::new(); pieces.all.len()];
        for (n, looked) in looked.iter().enumerate() {
            pairs_of[looked.raw.a].push(n);
            pairs_of[looked.raw.b].push(n);
        }
        Self { story, vocabulary, pieces, model, candidates, looked, pairs_of, chosen, groups }
    }

    /// Why `a` and `b` are aligned or not.
    pub fn link(&self, a: &Place, b: &Place) -> Link {
        if a.0 == b.0 {
            let reason = "both stand in one report, and only different reports are compared";
            return self.unscored([a, b], Verdict::NotCompared, reason.to_owned());
        }
        let sides = [self.pieces_at(a), self.pieces_at(b)];
        for (place, pieces) in [a, b].into_iter().zip(&sides) {
            if pieces.is_empty() {
                return self.unscored([a, b], Verdict::NotCompared, self.why_not_compared(place));
            }
        }
        match self.best(&sides[0], |piece| sides[1].contains(&piece)) {
            Some((n, turned)) => self.scored(&sides, n, turned),
            None if self.in_one_group(&sides) => {
                let link = self.apart([a, b], &sides);
                Link { verdict: Verdict::Joined, reason: joined(&link.reason), ..link }
            }
            None => self.apart([a, b], &sides),
        }
    }

    /// What comes closest to `place` in `report`; `None` if nothing was laid beside it.
    pub fn nearest(&self, place: &Place, report: ReportIndex) -> Option<Link> {
        let own = self.pieces_at(place);
        let (n, turned) = self.best(&own, |piece| self.pieces.all[piece].report == report.index())?;
        let raw = &self.looked[n].raw;
        let there = if turned { raw.a } else { raw.b };
        Some(self.scored(&[own, vec![there]], n, turned))
    }

    /// The link of `place` to that of `others` that comes closest; `None` if nothing was laid beside it.
    pub fn closest(&self, place: &Place, others: &[Place]) -> Option<Link> {
        let own = self.pieces_at(place);
        let there: Vec<usize> = others.iter().flat_map(|other| self.pieces_at(other)).collect();
        let (n, turned) = self.best(&own, |piece| there.contains(&piece))?;
        Some(self.scored(&[own, there], n, turned))
    }

    /// Why `place` is not compared with anything; `None` if it is.
    pub fn not_compared(&self, place: &Place) -> Option<Link> {
        let nothing = (place.0, Vec::new());
        self.pieces_at(place)
            .is_empty()
            .then(|| self.unscored([place, &nothing], Verdict::NotCompared, self.why_not_compared(place)))
    }

    /// The pieces that `place` is, or else those that hold it or lie in it.
    fn pieces_at(&self, (report, spans): &Place) -> Vec<usize> {
        let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
        let first = self.pieces.all.partition_point(|piece| piece.report < report.index());
        let end = self.pieces.all.partition_point(|piece| piece.report <= report.index());
        let of_report = || (first..end).map(|n| (n, &self.pieces.all[n]));
        let exact: Vec<usize> =
            of_report().filter(|(_, piece)| piece.spans == *spans).map(|(n, _)| n).collect();
        if !exact.is_empty() {
            return exact;
        }
        let touched = of_report().filter(|(_, piece)| {
            let both = overlap(&piece.spans, spans);
            both > 0 && 2 * both >= length(&piece.spans).min(length(spans))
        });
        touched.map(|(n, _)| n).collect()
    }

    /// The most probable pair of one of `own` with a piece that `wanted` takes, and whether that piece is its first.
    fn best(&self, own: &[usize], wanted: impl Fn(usize) -> bool) -> Option<(usize, bool)> {
        let mut found: Option<(usize, bool)> = None;
        let key = |n: usize| {
            let looked = &self.looked[n];
            (looked.pair.as_ref().map_or(-1.0, |pair| pair.probability), looked.first)
        };
        for &piece in own {
            for &n in &self.pairs_of[piece] {
                let raw = &self.looked[n].raw;
                let turned = raw.b == piece;
                let other = if turned { raw.a } else { raw.b };
                if wanted(other) && found.is_none_or(|(best, _)| key(n) > key(best)) {
                    found = Some((n, turned));
                }
            }
        }
        found
    }

    fn place(&self, piece: usize) -> Place {
        let piece = &self.pieces.all[piece];
        let report = u32::try_from(piece.report).expect("a story has fewer than 2^32 reports");
        (ReportIndex(report), piece.spans.clone())
    }

    fn sentence(&self, piece: usize) -> usize {
        self.pieces.sentences.partition_point(|sentence| sentence.pieces.end <= piece)
    }

    /// The link of a pair that was looked at.
    fn scored(&self, sides: &[Vec<usize>; 2], n: usize, turned: bool) -> Link {
        let looked = &self.looked[n];
        let (verdict, reason) = self.judge(sides, looked);
        let mut places = [self.place(looked.raw.a), self.place(looked.raw.b)];
        if turned {
            places.reverse();
        }
        let (look, values) = match &looked.pair {
            Some(pair) => (&self.model.second, &pair.features[..]),
            None => (&self.model.first, &looked.raw.features[..]),
        };
        let mut parts = look.contributions(values);
        let start = parts.pop().map_or(0.0, |(_, bias)| bias);
        let mut contributions: Vec<Contribution> = parts
            .into_iter()
            .zip(values)
            .filter(|((_, log_odds), _)| *log_odds != 0.0)
            .map(|((name, log_odds), &value)| Contribution {
                meaning: features::meaning(&name),
                name,
                value: f64::from(value),
                log_odds,
            })
            .collect();
        contributions.sort_by(|x, y| y.log_odds.abs().total_cmp(&x.log_odds.abs()));
        let second = looked.pair.as_ref().map(|pair| pair.probability);
        let threshold = Some(self.threshold(looked));
        Link { places, verdict, reason, first: Some(looked.first), second, threshold, start, contributions }
    }

    /// Probability from which on such a pair is aligned.
    fn threshold(&self, looked: &Looked) -> f64 {
        self.model.threshold_of(&self.pieces.all[looked.raw.a], &self.pieces.all[looked.raw.b])
    }

    /// What came of a pair that was looked at, and why.
    fn judge(&self, sides: &[Vec<usize>; 2], looked: &Looked) -> (Verdict, String) {
        let (a, b) = (looked.raw.a, looked.raw.b);
        let threshold = self.threshold(looked);
        let ruled = is_disputed_claim(&self.pieces.all[a], &self.pieces.all[b]);
        let rule = if ruled {
            "; two sources say it of one person, and by rule that is never below 0.50"
        } else {
            ""
        };
        let probability = looked.pair.as_ref().map_or(looked.first, |pair| pair.probability);
        let shown = format!("{probability:.2}");
        let needed = format!("{shown}, and {threshold:.2} is needed{rule}");
        if self.in_one_group(sides) {
            if probability >= threshold {
                return (Verdict::Aligned, needed);
            }
            return (Verdict::Joined, joined(&needed));
        }
        if looked.pair.is_none() {
            let reason =
                format!("at first look {:.3}, and below {LEAST} a pair is not looked at again", looked.first);
            return (Verdict::Improbable, reason);
        }
        if probability < threshold {
            return (Verdict::BelowThreshold, needed);
        }
        match self.rival(a, b).filter(|_| !self.is_chosen(a, b)) {
            Some((pair, probability)) => {
                let [x, y] = pair.map(|n| self.excerpt(n));
                let reason =
                    format!("other parts of the two sentences fit better, {probability:.2}: {x} and {y}");
                (Verdict::Beaten, reason)
            }
            None => {
                let reason = format!("{needed}; but what each is aligned with does not agree with the other");
                (Verdict::Refused, reason)
            }
        }
    }

    fn in_one_group(&self, sides: &[Vec<usize>; 2]) -> bool {
        let stands_in = |group: &Group, side: &[usize]| {
            let mut pieces = side.iter().map(|&n| &self.pieces.all[n]);
            pieces.any(|x| group.pieces.iter().any(|&m| same_place(x, &self.pieces.all[m])))
        };
        self.groups.iter().any(|group| sides.iter().all(|side| stands_in(group, side)))
    }

    fn is_chosen(&self, a: usize, b: usize) -> bool {
        self.chosen.contains_key(&(a, b))
    }

    /// The chosen pair that overlaps this one, in the order of `a` and `b`.
    fn rival(&self, a: usize, b: usize) -> Option<([usize; 2], f64)> {
        let sentences = [self.sentence(a), self.sentence(b)];
        let rival = self.chosen.iter().find(|&(&(x, y), _)| {
            [self.sentence(x), self.sentence(y)] == sentences && (self.overlap(x, a) || self.overlap(y, b))
        })?;
        let (&(x, y), &probability) = rival;
        Some(([x, y], probability))
    }

    fn overlap(&self, a: usize, b: usize) -> bool {
        overlap(&self.pieces.all[a].spans, &self.pieces.all[b].spans) > 0
    }

    fn excerpt(&self, piece: usize) -> String {
        let (report, spans) = self.place(piece);
        crate::divergences::show(&self.story.document(report).slices(&spans))
    }

    /// The link of pieces that were never scored: the closest of their sentences tell why.
    fn apart(&self, asked: [&Place; 2], sides: &[Vec<usize>; 2]) -> Link {
        let mut closest: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for &a in &sides[0] {
            for &b in &sides[1] {
                let (x, y) = (&self.pieces.all[a], &self.pieces.all[b]);
                let likeness =
                    Nearness::of((&x.bag, x.weight), (&y.bag, y.weight), &self.vocabulary).likeness();
                let sentences = (self.sentence(a), self.sentence(b));
                let best =
                    closest.entry((sentences.0.min(sentences.1), sentences.0.max(sentences.1))).or_default();
                *best = best.max(likeness);
            }
        }
        let laid = |&(a, b): &(usize, usize)| self.candidates.iter().any(|c| (c.a, c.b) == (a, b));
        if let Some((_, likeness)) = closest.iter().find(|(sentences, _)| laid(sentences)) {
            let reason = format!(
                "the sentences are near enough to be laid side by side, but these parts are not: likeness {likeness:.2}, and \
                 {MIN_LIKENESS:.2} is needed"
            );
            return self.unscored(asked, Verdict::Unlike, reason);
        }
        let share =
            |&(a, b): &(usize, usize)| self.shared(&self.pieces.sentences[a], &self.pieces.sentences[b]);
        let share = closest.keys().map(share).fold(0.0, f64::max);
        let reason = if share == 0.0 {
            "the sentences share no words with content, nor near ones".to_owned()
        } else if share < MIN_CONTAINMENT {
            format!(
                "the sentences share {:.0} % of the weight of the lighter one's words, and {:.0} % are needed to be laid side by side",
                100.0 * share,
                100.0 * MIN_CONTAINMENT
            )
        } else {
            format!(
                "each sentence has {KEPT} in the other report that are nearer, and only those are laid side by side"
            )
        };
        self.unscored(asked, Verdict::NoCandidate, reason)
    }

    /// Shared weight of two sentences by that of the lighter one, near words counted in part.
    fn shared(&self, a: &SentencePieces, b: &SentencePieces) -> f64 {
        let (weight, _, _) = shared_weight(&a.bag, &b.bag, &self.vocabulary);
        let near = Nearness::of((&a.bag, a.weight), (&b.bag, b.weight), &self.vocabulary);
        (weight / a.weight.min(b.weight).max(f64::MIN_POSITIVE)).max(near.of_lighter)
    }

    fn unscored(&self, asked: [&Place; 2], verdict: Verdict, reason: String) -> Link {
        let places = asked.map(Clone::clone);
        Link {
            places,
            verdict,
            reason,
            first: None,
            second: None,
            threshold: None,
            start: 0.0,
            contributions: Vec::new(),
        }
    }

    /// Why nothing at `place` is compared.
    fn why_not_compared(&self, (report, spans): &Place) -> String {
        let document: &Document = self.story.document(*report);
        let at = spans.first().map_or(0, |span| span.start());
        let layers = document.layers();
        let segment = layers
            .segments
            .items()
            .iter()
            .find(|segment| segment.span.start() <= at && at < segment.span.end());
        let what = match segment.map(|segment| segment.kind) {
            Some(SegmentKind::Title) => "a title",
            Some(SegmentKind::Dateline) => "a dateline",
            Some(SegmentKind::Caption) => "a caption",
            Some(SegmentKind::Credit) => "a credit",
            Some(SegmentKind::DateStub) => "a date",
            Some(SegmentKind::Furniture) => "furniture of the page",
            Some(SegmentKind::UpdateNote) => "a note of an update",
            Some(SegmentKind::Body) => {
                return format!(
                    "{} is no statement: it only names who speaks, has fewer than two words with content, or repeats a sentence",
                    crate::divergences::show(&document.slices(spans))
                );
            }
            None => "no text",
        };
        format!(
            "{} is {what}, and only the body of a report is compared",
            crate::divergences::show(&document.slices(spans))
        )
    }
}

/// Why two stand in one row of which the pair alone would not do.
fn joined(alone: &str) -> String {
    format!("each is aligned with others of the row; this pair alone: {alone}")
}
