//! Credits: how a report ties itself to an agency or another outlet.
//!
//! In: tokens, segments, attributions, and the list of outlets. Out: credits in text order. An outlet's name alone is no
//! credit: words around it must say that the text, the picture, or what is told comes from there. Never fails; linear.

mod outlets;
mod patterns;

use stemma_core::{
    Attribution, AttributionId, Credit, CreditId, CreditKind, Layer, LayerId, Producer, Segment, SegmentId,
    SegmentKind, Span, Token, TokenId,
};

use crate::words::Words;
pub use outlets::Outlets;
use outlets::{Named, Surety};

/// Credits in `text`.
pub fn find_credits(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    segments: &Layer<SegmentId, Segment>,
    attributions: &Layer<AttributionId, Attribution>,
    outlets: &Outlets,
) -> Layer<CreditId, Credit> {
    let lower = text.to_ascii_lowercase();
    let words = Words::new(text, tokens).with_lower(&lower);
    let mut items: Vec<Credit> = Vec::new();
    let mut after_caption = false;
    let mut seen = Vec::new();
    for segment in segments.items() {
        let range = words.inside(segment.span);
        let reader = Reader { text, words, range, kind: segment.kind, after_caption, outlets };
        reader.read(&mut items, &mut seen);
        after_caption = segment.kind == SegmentKind::Caption;
    }
    for credit in &mut items {
        if credit.kind == CreditKind::Relay {
            credit.attribution = attribution_of(credit, attributions);
        }
    }
    Layer::new(Producer::new("credits", 1), items)
}

/// The attribution whose source or cue stands in the words of a credit.
fn attribution_of(
    credit: &Credit,
    attributions: &Layer<AttributionId, Attribution>,
) -> Option<AttributionId> {
    let items = attributions.items();
    // Attributions are ordered by their first byte; what touches the credit starts before its end.
    let end = items.partition_point(|item| first_byte(item) < credit.span.end());
    let touches = |spans: &[Span]| spans.iter().any(|span| span.touches(credit.span));
    (0..end)
        .rev()
        .take(12)
        .find(|&n| {
            touches(&items[n].cue) && (touches(&items[n].source) || credit.span.contains(items[n].cue[0]))
        })
        .or_else(|| (0..end).rev().take(12).find(|&n| touches(&items[n].source)))
        .map(AttributionId::from_index)
}

fn first_byte(attribution: &Attribution) -> usize {
    let spans = attribution.content.iter().chain(&attribution.cue).chain(&attribution.source);
    spans.map(|span| span.start()).min().unwrap_or(0)
}

/// The agency that sells pictures alone.
const PICTURES: &str = "Getty Images";

/// How many names a report's short forms ("the Times") can refer to.
const MEMORY: usize = 32;

/// An outlet that was named before.
#[derive(Debug)]
struct Seen {
    /// Last word of its name.
    last: String,
    outlet: String,
    agency: bool,
}

/// Reads one segment.
struct Reader<'a> {
    text: &'a str,
    words: Words<'a>,
    range: std::ops::Range<usize>,
    kind: SegmentKind,
    /// The segment before is a caption.
    after_caption: bool,
    outlets: &'a Outlets,
}

impl Reader<'_> {
    fn read(&self, items: &mut Vec<Credit>, seen: &mut Vec<Seen>) {
        let mut at = self.range.start;
        while at < self.range.end {
            let found = self.outlets.at(self.words, at).or_else(|| self.short_form(at, seen));
            let Some(named) = found.filter(|named| named.tokens.end <= self.range.end) else {
                at = self.generic(at, items).unwrap_or_else(|| self.in_brackets(at, items));
                continue;
            };
            seen.push(self.remembered(&named));
            if seen.len() > MEMORY {
                seen.remove(0);
            }
            at = named.tokens.end;
            if let Some((kind, span)) = self.credit(&named) {
                items.push(self.made(&named, kind, span));
            }
        }
    }

    fn remembered(&self, named: &Named) -> Seen {
        let name = self.span(&named.tokens);
        let outlet = named.canonical.clone().unwrap_or_else(|| self.slice(name));
        Seen { last: self.words.at(named.tokens.end - 1).to_owned(), outlet, agency: named.agency }
    }

    /// "the Times" after "the Lindau Times".
    fn short_form(&self, at: usize, seen: &[Seen]) -> Option<Named> {
        let alone = at > 0
            && self.words.at(at - 1).eq_ignore_ascii_case("the")
            && !crate::words::is_capitalized(self.words.at(at + 1));
        let before = seen.iter().rev().find(|before| alone && before.last == self.words.at(at))?;
        Some(Named {
            tokens: at..at + 1,
            canonical: Some(before.outlet.clone()),
            agency: before.agency,
            surety: Surety::Listed,
        })
    }

    fn made(&self, named: &Named, kind: CreditKind, tokens: std::ops::Range<usize>) -> Credit {
        let name = self.span(&named.tokens);
        Credit {
            span: self.span(&tokens),
            name,
            outlet: named.canonical.clone().unwrap_or_else(|| self.slice(name)),
            kind,
            attribution: None,
        }
    }

    /// The text under `span`, its white space made single blanks.
    fn slice(&self, span: Span) -> String {
        self.text[span.range()].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn span(&self, tokens: &std::ops::Range<usize>) -> Span {
        self.words.span(tokens.start).cover(self.words.span(tokens.end - 1))
    }

    /// What is credited to the outlet named at `named`, and the words that say so.
    fn credit(&self, named: &Named) -> Option<(CreditKind, std::ops::Range<usize>)> {
        if let Some(tokens) = patterns::contribution(self.words, &self.range, named) {
            return Some((CreditKind::Contribution, tokens));
        }
        if named.canonical.as_deref() == Some(PICTURES) {
            let credited = self.kind != SegmentKind::Body || patterns::is_set_off(self.words, named);
            return credited.then(|| (CreditKind::Picture, named.tokens.clone()));
        }
        if named.agency
            && named.surety == Surety::Listed
            && self.words.at(named.tokens.start.wrapping_sub(1)) == "/"
        {
            return Some((CreditKind::Picture, named.tokens.clone()));
        }
        match self.kind {
            SegmentKind::Dateline => Some((CreditKind::Agency, named.tokens.clone())),
            SegmentKind::Credit | SegmentKind::Caption if named.surety == Surety::Listed => {
                self.signed(named)
            }
            SegmentKind::Furniture
            | SegmentKind::UpdateNote
            | SegmentKind::Credit
            | SegmentKind::DateStub => {
                patterns::copyright(self.words, &self.range, named).map(|tokens| (CreditKind::Agency, tokens))
            }
            _ => patterns::relay(self.words, &self.range, named).map(|tokens| (CreditKind::Relay, tokens)),
        }
    }

    /// "(AFP)", "Al Ota/Reuters", "By The Associated Press": the picture's after a caption, else the text's.
    fn signed(&self, named: &Named) -> Option<(CreditKind, std::ops::Range<usize>)> {
        let picture = self.kind == SegmentKind::Caption
            || self.after_caption
            || patterns::speaks_of_pictures(self.words, &self.range);
        if self.kind == SegmentKind::Caption && !patterns::is_set_off(self.words, named) {
            return None;
        }
        let kind = if picture { CreditKind::Picture } else { CreditKind::Agency };
        (picture || named.agency || patterns::is_set_off(self.words, named))
            .then(|| (kind, named.tokens.clone()))
    }

    /// "(Steppe Wire)" in a dateline or credit, for agencies that no list has.
    fn in_brackets(&self, at: usize, items: &mut Vec<Credit>) -> usize {
        let set_off = self.words.at(at) == "(" && self.kind == SegmentKind::Dateline;
        let close = (at + 1..self.range.end.min(at + 6)).find(|&n| self.words.at(n) == ")");
        let Some(close) = close.filter(|&close| set_off && close > at + 1) else { return at + 1 };
        let tokens = at + 1..close;
        if self.outlets.at(self.words, at + 1).is_some()
            || !crate::words::is_capitalized(self.words.at(at + 1))
        {
            return at + 1;
        }
        let named = Named { tokens: tokens.clone(), canonical: None, agency: true, surety: Surety::Telling };
        items.push(self.made(&named, CreditKind::Agency, tokens));
        close + 1
    }

    /// "local media reported": outlets that are not named.
    fn generic(&self, at: usize, items: &mut Vec<Credit>) -> Option<usize> {
        if !matches!(self.kind, SegmentKind::Body | SegmentKind::Title) {
            return None;
        }
        let name = patterns::unnamed(self.words, &self.range, at)?;
        let named = Named { tokens: name, canonical: None, agency: false, surety: Surety::Telling };
        let tokens = patterns::relay(self.words, &self.range, &named)?;
        items.push(self.made(&named, CreditKind::Relay, tokens));
        Some(named.tokens.end)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use stemma_core::{LayerId, Mark, Report, view};

    use crate::Annotator;

    /// Read once for all tests.
    static ANNOTATOR: LazyLock<Annotator> = LazyLock::new(Annotator::load);

    fn shown(text: &str) -> String {
        let document = ANNOTATOR.annotate(Arc::new(Report::of_text(text)));
        let layer = &document.layers().credits;
        let mark = |credit: &stemma_core::Credit| {
            let tie = credit.attribution.map_or(String::new(), |id| format!(", attribution {}", id.index()));
            Mark::new(credit.span, format!("{} {}{tie}", credit.kind.as_str(), credit.outlet))
        };
        view(text, &layer.items().iter().map(mark).collect::<Vec<_>>())
    }

    #[test]
    fn relays() {
        insta::assert_snapshot!(shown("The bank failed, according to Mint. Ruiz told CNN that it was late. The Lindau Herald reported on Monday that Kaya had left.\nThe Herald has seen the letter, first reported by El Faro newspaper. “It is over,” reports TechBote, a website in Bern."), @r"
        The bank failed, according to Mint. Ruiz told CNN that it was late. The Lindau Herald reported on Monday that Kaya had left.
                         ~~~~~~~~~~~~~~~~~                                                                                            relay Mint, attribution 0
                                                 ~~~~~~~~                                                                             relay CNN, attribution 1
                                                                            ~~~~~~~~~~~~~~~~~~~~~~~~~~                                relay Lindau Herald, attribution 2
        The Herald has seen the letter, first reported by El Faro newspaper. “It is over,” reports TechBote, a website in Bern.
                                              ~~~~~~~~~~~~~~~~~~~                                                                relay El Faro
                                                                                           ~~~~~~~~~~~~~~~~                      relay TechBote, attribution 3
        ");
    }

    #[test]
    fn a_bare_mention_is_no_credit() {
        insta::assert_snapshot!(shown("Ruiz bought the Lindau Herald in May. Reuters cut forty jobs. She stood on Times Square with a copy of Time. An Omani newspaper closed."), @"Ruiz bought the Lindau Herald in May. Reuters cut forty jobs. She stood on Times Square with a copy of Time. An Omani newspaper closed.");
    }

    #[test]
    fn agencies_pictures_and_contributions() {
        insta::assert_snapshot!(shown("PORTO, May 4 (Reuters) - The bridge is open.\nMayor Ruiz opened the bridge. The works took years. Ana Ruiz cuts a ribbon at the bridge(AFP)\n\nIt rained.\nThe Associated Press contributed to this report."), @r"
        PORTO, May 4 (Reuters) - The bridge is open.
                      ~~~~~~~                         agency Reuters
        Mayor Ruiz opened the bridge. The works took years. Ana Ruiz cuts a ribbon at the bridge(AFP)
                                                                                                 ~~~   picture Agence France-Presse
        
        It rained.
        The Associated Press contributed to this report.
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~   contribution Associated Press
        ");
        insta::assert_snapshot!(shown("KONYA, Turkey (Meridian Sport) — The bridge is open.\nIt rained.\n(With inputs from PTI)"), @r"
        KONYA, Turkey (Meridian Sport) — The bridge is open.
                       ~~~~~~~~~~~~~~                         agency Meridian Sport
        It rained.
        (With inputs from PTI)
         ~~~~~~~~~~~~~~~~~~~~   contribution Press Trust of India
        ");
    }

    #[test]
    fn outlets_without_a_name() {
        insta::assert_snapshot!(shown("Local media reported that the dam had burst. The mayor met local media on Monday."), @r"
        Local media reported that the dam had burst. The mayor met local media on Monday.
        ~~~~~~~~~~~~~~~~~~~~                                                               relay Local media, attribution 0
        ");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(\\PC|[“”(),.\n]|The |Times |Reuters |of |told |CNN |reported |newspaper |via |'s )*") {
            let document = ANNOTATOR.annotate(Arc::new(Report::of_text(&text)));
            for credit in document.layers().credits.items() {
                proptest::prop_assert!(credit.span.contains(credit.name) || credit.kind != stemma_core::CreditKind::Relay);
                proptest::prop_assert!(credit.span.fits(&text));
            }
        }
    }
}
