//! Segments: what each stretch of a text is for.
//!
//! In: the text as a crawler left it, its tokens, and the headline where it was given apart. Out: segments that together
//! hold everything but white space, in text order: one for each paragraph, more where a dateline, a date stub or the
//! description of a picture is glued to one. Only `Body` holds statements, so a rule here takes text away from
//! everything after it: each asks for firm evidence, and what is in doubt stays in the body.
//! Linear in the text; never fails. Word lists: `data/paragraphs.txt`, `data/agencies.txt`.

mod captions;
mod datelines;
mod headings;
mod paragraphs;
mod rules;

use stemma_core::{Layer, Producer, Segment, SegmentId, SegmentKind, Span, Token, TokenId};

use crate::words::Words;

/// A piece of a paragraph on its way to be a segment.
type Piece = (Span, SegmentKind);

/// Divides `text` into segments. `title` is the headline where it was given apart from the text.
pub fn find_segments(
    text: &str,
    tokens: &Layer<TokenId, Token>,
    title: Option<&str>,
) -> Layer<SegmentId, Segment> {
    let words = Words::new(text, tokens);
    let paragraphs = paragraphs::divide(text);
    let kinds = paragraph_kinds(text, words, &paragraphs, title);
    let n_body = kinds.iter().filter(|&&kind| kind == SegmentKind::Body).count();
    let labels = datelines::has_speaker_labels(text, &paragraphs);
    let mut items = Vec::new();
    let mut body_seen = 0;
    for (n, (&paragraph, &kind)) in paragraphs.iter().zip(&kinds).enumerate() {
        let pieces = match kind {
            SegmentKind::Caption => captions::whole(text, paragraph),
            SegmentKind::Body => {
                body_seen += 1;
                let (mut pieces, rest) = datelines::head(text, words, paragraph, n == 0, body_seen, labels);
                pieces.extend(captions::glued(text, words, rest, body_seen == n_body));
                pieces
            }
            _ => vec![(paragraph, kind)],
        };
        // A rule that reads letters may cut inside a token, where a sign joins two words: then nothing is cut.
        let cuts_token = pieces.iter().any(|(span, _)| words.splits(span.trim(text).start()));
        push(text, &mut items, if cuts_token { vec![(paragraph, kind)] } else { pieces });
    }
    Layer::new(Producer::new("segments", 3), items)
}

/// The kind of each paragraph as a whole.
fn paragraph_kinds(text: &str, words: Words, paragraphs: &[Span], title: Option<&str>) -> Vec<SegmentKind> {
    let n = paragraphs.len();
    let mut kinds: Vec<SegmentKind> = paragraphs
        .iter()
        .enumerate()
        .map(|(at, &paragraph)| {
            let from_end = n - 1 - at;
            if datelines::is_date_line(words, paragraph) {
                // In the middle of a text a date heads an entry of a chronicle.
                if at < 6 || from_end < 3 { SegmentKind::DateStub } else { SegmentKind::Title }
            } else if at < 3 && from_end > 0 && datelines::is_signed_date_line(words, paragraph) {
                SegmentKind::DateStub
            } else if let Some(kind) = rules::kind(text, words, paragraph, at, from_end) {
                kind
            } else if n > at + 1
                && datelines::is_dateline_line(&text[paragraph.range()], &text[paragraphs[at + 1].range()])
            {
                SegmentKind::Dateline
            } else if n > 1 && captions::is_caption(text, words, paragraph) {
                SegmentKind::Caption
            } else {
                SegmentKind::Body
            }
        })
        .collect();
    headings::mark(text, words, paragraphs, title, &mut kinds);
    kinds
}

fn push(text: &str, items: &mut Vec<Segment>, pieces: Vec<Piece>) {
    for (span, kind) in pieces {
        let span = span.trim(text);
        if !span.is_empty() {
            items.push(Segment { span, kind });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenize;

    fn show(text: &str, title: Option<&str>) -> String {
        let segments = find_segments(text, &tokenize(text), title);
        segments
            .items()
            .iter()
            .map(|segment| format!("{}: {}", segment.kind.as_str(), &text[segment.span.range()]))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_date_stub_and_a_glued_caption_leave_the_lead() {
        insta::assert_snapshot!(
            show(" date 2026-05-04 Mayor Ana Ruiz opened the bridge. The works took years. Ana Ruiz cuts a ribbon at the bridge(AFP)\n\nIt cost a lot.\n\nWhat did the mayor say?\n\nShe was proud.", None),
            @r"
        date-stub: date 2026-05-04
        body: Mayor Ana Ruiz opened the bridge. The works took years.
        caption: Ana Ruiz cuts a ribbon at the bridge
        credit: (AFP)
        body: It cost a lot.
        title: What did the mayor say?
        body: She was proud.
        "
        );
        insta::assert_snapshot!(
            show("Published: May 4, 2026 10:30 AM GMT\nRuiz spoke on 4 May 2026. The bridge is open. (AFP)\nMay 4, 2026, was a good day.", None),
            @r"
        date-stub: Published: May 4, 2026 10:30 AM GMT
        body: Ruiz spoke on 4 May 2026. The bridge is open.
        credit: (AFP)
        body: May 4, 2026, was a good day.
        "
        );
    }

    #[test]
    fn datelines() {
        insta::assert_snapshot!(
            show("PORTO, May 4 (Reuters) - The bridge is open.\nIt is long.\nNATO — which paid — was glad.\nRuiz (AP) — the mayor — left.", None),
            @r"
        dateline: PORTO, May 4 (Reuters) -
        body: The bridge is open.
        body: It is long.
        body: NATO — which paid — was glad.
        body: Ruiz (AP) — the mayor — left.
        "
        );
        insta::assert_snapshot!(show("ST. IVES, Cornwall — “We did it,” she said.\nIt rained.", None), @r"
        dateline: ST. IVES, Cornwall —
        body: “We did it,” she said.
        body: It rained.
        ");
        insta::assert_snapshot!(show("(CNN) The bridge is open.\nIt rained.", None), @r"
        dateline: (CNN)
        body: The bridge is open.
        body: It rained.
        ");
        insta::assert_snapshot!(show("NEW DELHI: The bridge is open.\nIt rained.", None), @r"
        dateline: NEW DELHI:
        body: The bridge is open.
        body: It rained.
        ");
        insta::assert_snapshot!(show("RUIZ: The bridge is open.\nOTA: It rained.", None), @r"
        body: RUIZ: The bridge is open.
        body: OTA: It rained.
        ");
    }

    #[test]
    fn captions_and_credits() {
        insta::assert_snapshot!(
            show("FILE PHOTO: The bridge in May. REUTERS/Ana Ota\nBy JOAN REED\nThe bridge is open.\nRuiz waves. (Photo by Al Ota/Getty Images)\nThe mayor left.\nReporting by Joan Reed; Editing by Al Ota\n© 2026 The Example Press. All rights reserved.", None),
            @r"
        caption: FILE PHOTO: The bridge in May. REUTERS/Ana Ota
        credit: By JOAN REED
        body: The bridge is open.
        caption: Ruiz waves.
        credit: (Photo by Al Ota/Getty Images)
        body: The mayor left.
        credit: Reporting by Joan Reed; Editing by Al Ota
        credit: © 2026 The Example Press. All rights reserved.
        "
        );
        insta::assert_snapshot!(
            show("The bridge is open, the mayor said (Reuters).\nPolice closed it at night (AFP)\nThe Example Press contributed to this report.", None),
            @r"
        body: The bridge is open, the mayor said (Reuters).
        body: Police closed it at night
        credit: (AFP)
        credit: The Example Press contributed to this report.
        "
        );
    }

    #[test]
    fn captions_joined_without_a_space() {
        insta::assert_snapshot!(
            show("The bridge is open, the mayor said.Ruiz cuts a ribbon. Photograph: Al Ota/Example Pictures\n\n“It is done,” she told them, and left. (Photo: Al Ota)\n\nPORTO, 4 May\n\nThe bridge is closed.", None),
            @r"
        body: The bridge is open, the mayor said.
        caption: Ruiz cuts a ribbon.
        credit: Photograph: Al Ota/Example Pictures
        body: “It is done,” she told them, and left.
        credit: (Photo: Al Ota)
        dateline: PORTO, 4 May
        body: The bridge is closed.
        "
        );
        insta::assert_snapshot!(
            show("Ruiz cuts a ribbon at the bridge (Photo: Al Ota)For years the town waited. The Example Press (AP) Chairman left.\nIt rained.", None),
            @r"
        caption: Ruiz cuts a ribbon at the bridge
        credit: (Photo: Al Ota)
        body: For years the town waited. The Example Press (AP) Chairman left.
        body: It rained.
        "
        );
    }

    #[test]
    fn furniture_and_update_notes() {
        insta::assert_snapshot!(
            show("The bridge is open.\nRead more: The old bridge\nAdvertisement\nAdvertisements on the bridge are banned.\nSubscribers to the bridge rejoiced.\n___\nCorrection: The bridge is 5 km long.\nThis story has been updated.", None),
            @r"
        body: The bridge is open.
        furniture: Read more: The old bridge
        furniture: Advertisement
        body: Advertisements on the bridge are banned.
        body: Subscribers to the bridge rejoiced.
        furniture: ___
        update-note: Correction: The bridge is 5 km long.
        update-note: This story has been updated.
        "
        );
    }

    #[test]
    fn a_sentence_that_links_broke_is_one_paragraph() {
        insta::assert_snapshot!(
            show("PORTO —\n\nThe mayor told the\n\nPost\n\nthat it was late, and\n\nAl Ota\n\n– a guard – left.\n\niPhone sales rose.", None),
            @r"
        dateline: PORTO —
        body: The mayor told the

        Post

        that it was late, and

        Al Ota

        – a guard – left.
        body: iPhone sales rose.
        "
        );
    }

    #[test]
    fn titles() {
        insta::assert_snapshot!(
            show("The Bridge Is Open\n\nThe mayor opened the bridge.\n\nA long wait\n\nIt took years.\n\n“Why now?”\n\nNobody knows.", Some("The bridge is open")),
            @r"
        title: The Bridge Is Open
        body: The mayor opened the bridge.
        title: A long wait
        body: It took years.
        body: “Why now?”
        body: Nobody knows.
        "
        );
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        insta::assert_snapshot!(
            show("The mayor opened the bridge on Monday, after many years of work and of\nwaiting, and said that the city had never seen anything that was as long\nas this one or as dear.\nShe left at noon, and the crowd that had come from all of the quarters of\nthe city went over the bridge.\n", None),
            @r"
        body: The mayor opened the bridge on Monday, after many years of work and of
        waiting, and said that the city had never seen anything that was as long
        as this one or as dear.
        body: She left at noon, and the crowd that had come from all of the quarters of
        the city went over the bridge.
        "
        );
    }
}
