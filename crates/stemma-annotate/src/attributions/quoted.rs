//! Quotations whose speaker is told by marks or by the sentence alone: "Ruiz: “…”", “…” — Ruiz.

use std::ops::Range;

use stemma_core::{Basis, Manner, SegmentKind};

use super::classes::{is_auxiliary, is_preposition, is_subordinator};
use super::drafts::{Draft, Drafter};
use super::extent::{Shape, content_end};
use super::unit::{Kind, Unit};
use super::verbs::verb_use;

/// A quotation of so many words is seldom a title or a nickname: five in six on the training part of PolNeAR.
const LONG_QUOTATION: usize = 6;

/// So many are enough where another part of the same content stands right before.
const PHRASE_QUOTATION: usize = 3;

impl Drafter<'_, '_> {
    /// Long quotations that no cue has taken: what the sentence's subject says, with a verb that no list has.
    pub(super) fn left_over(&mut self) {
        let unit = self.unit;
        let mut taken = vec![false; unit.len()];
        for range in self.drafts.iter().flat_map(|draft| &draft.content) {
            taken[range.clone()].fill(true);
        }
        for (at, _) in taken.iter().enumerate().filter(|(_, taken)| !**taken) {
            if self.n_quoted_words(at) < PHRASE_QUOTATION {
                continue;
            }
            let close =
                |draft: &Draft| draft.content.last().is_some_and(|last| last.end < at && at - last.end < 4);
            if let Some(draft) = self.drafts.iter_mut().rev().take(4).find(|draft| close(draft)) {
                draft.content.push(at..at + 1);
            } else if self.n_quoted_words(at) < LONG_QUOTATION {
                continue;
            } else if let Some((source, basis)) = self.speaker_before(at) {
                let content = at..at + 1;
                let cue = if basis == Basis::Colon { at - 1..at } else { source.end..source.end };
                self.drafts.push(Draft {
                    content: vec![content],
                    cue,
                    source: Some(source),
                    manner: Manner::Neutral,
                    basis,
                    negated: false,
                    awaits: false,
                });
            }
        }
        self.announced();
    }

    /// Who speaks a quotation without a cue: a name right before its colon, else the subject of the sentence.
    fn speaker_before(&self, at: usize) -> Option<(Range<usize>, Basis)> {
        if self.unit.kind_before(at) == Some(Kind::Colon) && self.unit.is_capital(at.wrapping_sub(2)) {
            let source = self.phrases.subject(at - 1, 0)?;
            return Some((source, Basis::Colon));
        }
        self.main_source().map(|source| (source, Basis::None))
    }

    /// A sentence without a cue that ends in a colon announces what its subject says next.
    fn announced(&mut self) {
        let last = self.unit.len() - 1;
        if self.unit.kind(last) != Some(Kind::Colon) || self.drafts.iter().any(|draft| draft.awaits) {
            return;
        }
        let Some(source) = self.main_source().filter(|source| source.end <= last) else { return };
        self.drafts.push(Draft {
            content: Vec::new(),
            cue: last..last + 1,
            source: Some(source),
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            awaits: true,
        });
    }

    /// Words of the quotation at `at`, none if there is none; counted up to [`LONG_QUOTATION`].
    fn n_quoted_words(&self, at: usize) -> usize {
        let Some(id) = self.unit.quote(at) else { return 0 };
        self.unit.text[self.quotes[id].inner.range()].split_whitespace().take(LONG_QUOTATION).count()
    }

    /// “We will rebuild.” — Ana Ruiz
    pub(super) fn signature(&mut self) -> bool {
        let unit = self.unit;
        let Some(name) = signature_start(unit) else { return false };
        let end = (name..unit.len()).find(|&at| unit.is_end(at)).unwrap_or(unit.len());
        if unit.quote(0).is_none() || end == name {
            return false;
        }
        let content = 0..1;
        self.drafts.push(Draft {
            content: vec![content],
            cue: name - 1..name,
            source: Some(name..end),
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            awaits: false,
        });
        true
    }

    /// "Ruiz: “We will rebuild.”", and in headlines "Ruiz: We will rebuild". Gives where to read on.
    pub(super) fn leading_name(&mut self) -> usize {
        let unit = self.unit;
        let Some(colon) = (1..unit.len().min(14)).find(|&at| unit.kind(at) == Some(Kind::Colon)) else {
            return 0;
        };
        let label = LABELS.contains(&unit.word(colon - 1)) || LABELS.contains(&unit.word(0));
        let verb = (0..colon).any(|at| {
            verb_use(unit, self.cues, at).is_some()
                || is_auxiliary(unit.word(at))
                || is_subordinator(unit.word(at))
        });
        let quoted = unit.quote(colon + 1).is_some();
        let plain = (0..colon).all(|at| match unit.kind(at) {
            Some(Kind::Word) => quoted || unit.is_capital(at) || is_preposition(unit.word(at)),
            Some(Kind::Open | Kind::Close) => true,
            Some(Kind::Comma) => quoted,
            Some(Kind::Stop) => unit.is_abbreviation_stop(at),
            _ => false,
        });
        let named =
            unit.is_capital(0) && (unit.is_capital(colon - 1) || unit.kind(colon - 1) == Some(Kind::Close));
        let headline = unit.kind == SegmentKind::Title && colon <= 6;
        if !plain || !named || label || verb || !(quoted || headline) {
            return 0;
        }
        let end = content_end(unit, self.cues, colon + 1, Shape::Clause);
        if end <= colon + 1 {
            return 0;
        }
        let content = colon + 1..end;
        self.drafts.push(Draft {
            content: vec![content],
            cue: colon..colon + 1,
            source: Some(0..colon),
            manner: Manner::Neutral,
            basis: Basis::Colon,
            negated: false,
            awaits: false,
        });
        colon + 1
    }
}

/// Where the name starts in a unit that is "— Ana Ruiz" or a quotation and that.
pub(super) fn signature_start(unit: &Unit<'_>) -> Option<usize> {
    let dash = (0..unit.len().min(3)).find(|&at| unit.kind(at) == Some(Kind::Dash))?;
    let before = (0..dash).all(|at| unit.quote(at).is_some() || unit.kind(at) == Some(Kind::Stop));
    let name = |at: usize| match unit.kind(at) {
        Some(Kind::Word) => unit.is_capital(at) || is_preposition(unit.word(at)) || at > dash + 2,
        Some(Kind::Comma) => true,
        Some(Kind::Stop) => unit.is_abbreviation_stop(at) || unit.is_end(at),
        _ => false,
    };
    let short = unit.len() <= dash + 10 && unit.is_capital(dash + 1);
    (before && short && (dash + 1..unit.len()).all(name)).then_some(dash + 1)
}

/// Words before a colon that name no speaker.
const LABELS: [&str; 30] = [
    "photo",
    "photos",
    "video",
    "watch",
    "read",
    "breaking",
    "exclusive",
    "update",
    "updated",
    "correction",
    "note",
    "editor's",
    "related",
    "more",
    "source",
    "sources",
    "credit",
    "opinion",
    "analysis",
    "live",
    "poll",
    "report",
    "review",
    "story",
    "image",
    "date",
    "time",
    "location",
    "election",
    "topics",
];
