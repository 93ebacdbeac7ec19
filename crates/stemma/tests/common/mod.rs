//! Three short reports of one event and a comparison of them, both made by hand, so that what is shown of a comparison
//! can be judged apart from how one is found.

use std::sync::Arc;

use stemma_core::*;

const COURIER: &str = "Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday, the port authority said.

“We heard a bang and then the lights went out, and I mean not only on deck but in the whole harbour,” Captain Inês Duarte said. “Everybody kept calm.”

The ferry was carrying 212 passengers. The pier will stay closed for two weeks. Minister Paul Okafor said that the harbour was safe.

The company has run the line since 1987.";

const POST: &str = "Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday. The ferry was carrying 212 passengers.

The pier will stay closed for two weeks, Okafor said.";

const RADIO: &str = "At least 41 people were injured on Saturday when the ferry Estrella hit a pier in Almara, according to Radio Norte.

“We heard a bang and then the lights went out, and I not only mean on deck but across the whole harbor,” said the captain, Ines Duarte.

Transport chief Paul Okafor said that the harbour was not safe. The pier is believed to stay closed for two weeks. The ferry had 212 people aboard.

Divers searched the hull overnight for two people who were missing. (Photo: Atlantic Wire)";

/// The story and its comparison.
pub(crate) fn fixture() -> (Story, Comparison) {
    let documents = vec![
        document(
            "a1",
            Some("Harbour Courier"),
            Some("Fourteen hurt as ferry hits pier in Almara"),
            Some("2026-05-03"),
            COURIER,
        ),
        document("b2", Some("Almara Post"), Some("Ferry strikes pier, 14 hurt"), Some("2026-05-03"), POST),
        document("c3", None, None, None, RADIO),
    ];
    let story = Story::new(documents);
    let comparison = Maker { story: &story }.comparison();
    (story, comparison)
}

/// A document with words, one body segment for each paragraph, and nothing else.
pub(crate) fn document(
    id: &str,
    outlet: Option<&str>,
    title: Option<&str>,
    published: Option<&str>,
    text: &str,
) -> Document {
    let draft = ReportDraft {
        given_id: Some(id.to_owned()),
        outlet: outlet.map(str::to_owned),
        title: title.map(str::to_owned),
        published: published.map(|day| Published::Day(day.parse().unwrap())),
        text: text.to_owned(),
        ..ReportDraft::default()
    };
    let report = Report::new(draft, Origin::whole(format!("wire/{id}.txt")));
    let made = |name: &str| Producer::new(name, 1);
    let places = |separator: &str| {
        let at = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
        let parts: Vec<&str> = text.split(separator).filter(|part| !part.trim().is_empty()).collect();
        parts.into_iter().map(|part| Span::new(at(part), at(part) + part.len())).collect::<Vec<_>>()
    };
    let tokens = places(" ").into_iter().map(|span| Token { span, kind: TokenKind::Word }).collect();
    let segments = places("\n\n").into_iter().map(|span| Segment { span, kind: SegmentKind::Body }).collect();
    let credits = text.find("Atlantic Wire").map(|at| Credit {
        span: Span::new(at - 7, at + 13),
        name: Span::new(at, at + 13),
        outlet: "Atlantic Wire".into(),
        kind: CreditKind::Picture,
        attribution: None,
    });
    let layers = Layers {
        tokens: Layer::new(made("tokens"), tokens),
        segments: Layer::new(made("segments"), segments),
        sentences: Layer::new(made("sentences"), Vec::new()),
        quotes: Layer::new(made("quotes"), Vec::new()),
        times: Layer::new(made("times"), Vec::new()),
        figures: Layer::new(made("figures"), Vec::new()),
        mentions: Layer::new(made("mentions"), Vec::new()),
        entities: Layer::new(made("entities"), Vec::new()),
        attributions: Layer::new(made("attributions"), Vec::new()),
        statements: Layer::new(made("statements"), Vec::new()),
        credits: Layer::new(made("credits"), credits.into_iter().collect()),
        published: report.published(),
        notes: vec![],
    };
    Document::new(Arc::new(report), layers)
}

struct Maker<'a> {
    story: &'a Story,
}

impl Maker<'_> {
    /// The place of `words`, which stand in `report`.
    fn span(&self, report: u32, words: &str) -> Span {
        let text = self.story.document(ReportIndex(report)).text();
        let at = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in report {report}"));
        Span::new(at, at + words.len())
    }

    fn spans(&self, report: u32, words: &[&str]) -> Vec<Span> {
        words.iter().map(|words| self.span(report, words)).collect()
    }

    fn own(&self, report: u32, words: &str) -> Cell {
        Cell {
            report: ReportIndex(report),
            spans: vec![self.span(report, words)],
            voice: Voice::Own,
            form: None,
            attribution: None,
            source: Vec::new(),
            source_name: None,
            manner: None,
            statement: None,
        }
    }

    fn said(&self, report: u32, form: Form, words: &[&str], source: &str, name: &str) -> Cell {
        Cell {
            spans: self.spans(report, words),
            voice: Voice::Attributed,
            form: Some(form),
            source: vec![self.span(report, source)],
            source_name: Some(name.to_owned()),
            manner: Some(Manner::Neutral),
            ..self.own(report, words[0])
        }
    }

    fn divergence(
        &self,
        kind: DivergenceKind,
        alignment: &[Cell],
        cells: [usize; 2],
        words: [&[&str]; 2],
        reason: &str,
    ) -> Divergence {
        let evidence = [0, 1].map(|side| self.spans(alignment[cells[side]].report.0, words[side]));
        Divergence { kind, cells, evidence, score: 0.9, reason: reason.to_owned() }
    }

    fn alignment(&self, cells: Vec<Cell>, witnesses: &[usize], divergences: Vec<Divergence>) -> Alignment {
        let speaker = cells.iter().find_map(|cell| cell.form.and(cell.source_name.clone()));
        let diagnosis = Diagnosis { features: vec![("words".into(), 0.812_345)] };
        let ties = vec![0.8; cells.len()];
        Alignment { cells, speaker, divergences, score: 0.8, ties, witnesses: witnesses.to_vec(), diagnosis }
    }

    fn comparison(&self) -> Comparison {
        Comparison {
            witnesses: vec![
                Witness { reports: vec![ReportIndex(0), ReportIndex(1)] },
                Witness { reports: vec![ReportIndex(2)] },
            ],
            utterances: self.utterances(),
            facts: self.facts(),
            only_in: self.only_in(),
            doubtful: Vec::new(),
            omissions: vec![Omission { report: ReportIndex(1), of: AlignmentRef::Utterance(0) }],
            entities: self.entities(),
            timeline: self.timeline(),
            lineage: self.lineage(),
            passages: vec![
                self.passage("The pier will stay closed for two weeks", 8),
                self.passage(
                    "Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday",
                    15,
                ),
            ],
        }
    }

    fn utterances(&self) -> Vec<Alignment> {
        use DivergenceKind::{Polarity, Role, Wording};
        let bang = vec![
            self.said(0, Form::Direct, &["We heard a bang and then the lights went out, and I mean not only on deck but in the whole harbour"], "Captain Inês Duarte", "Inês Duarte"),
            self.said(2, Form::Direct, &["We heard a bang and then the lights went out, and I not only mean on deck but across the whole harbor"], "the captain, Ines Duarte", "Ines Duarte"),
        ];
        let wording =
            self.divergence(Wording, &bang, [0, 1], [&[], &[]], "the same quotation in other words");
        let safe = vec![
            self.said(
                0,
                Form::Indirect,
                &["that the harbour was safe"],
                "Minister Paul Okafor",
                "Paul Okafor",
            ),
            self.said(2, Form::Indirect, &["that the harbour was not safe"], "Paul Okafor", "Paul Okafor"),
        ];
        let polarity = self.divergence(
            Polarity,
            &safe,
            [0, 1],
            [&["was safe"], &["was not safe"]],
            "denied in one report only",
        );
        let role = self.divergence(
            Role,
            &safe,
            [0, 1],
            [&["Minister"], &["Transport chief"]],
            "minister / transport chief",
        );
        vec![
            self.alignment(bang, &[0, 1], vec![wording]),
            self.alignment(safe, &[0, 1], vec![polarity, role]),
        ]
    }

    fn facts(&self) -> Vec<Alignment> {
        use DivergenceKind::{AttributionDropped, Figure, Hedge, Name, Time};
        let hurt = "Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday";
        let hurt = vec![
            Cell {
                voice: Voice::Attributed,
                form: Some(Form::Indirect),
                source: self.spans(0, &["the port authority"]),
                ..self.own(0, hurt)
            },
            self.own(1, hurt),
            self.own(
                2,
                "At least 41 people were injured on Saturday when the ferry Estrella hit a pier in Almara",
            ),
        ];
        let divergences = vec![
            self.divergence(
                Figure,
                &hurt,
                [0, 2],
                [&["Fourteen people"], &["At least 41 people"]],
                "14 people against at least 41",
            ),
            self.divergence(
                Figure,
                &hurt,
                [1, 2],
                [&["Fourteen people"], &["At least 41 people"]],
                "14 people against at least 41",
            ),
            self.divergence(
                Time,
                &hurt,
                [0, 2],
                [&["Sunday"], &["Saturday"]],
                "2026-05-03 against 2026-05-02",
            ),
            self.divergence(
                Time,
                &hurt,
                [1, 2],
                [&["Sunday"], &["Saturday"]],
                "2026-05-03 against 2026-05-02",
            ),
            self.divergence(
                Name,
                &hurt,
                [0, 2],
                [&["Estrela"], &["Estrella"]],
                "the spelling differs by one letter",
            ),
            self.divergence(
                AttributionDropped,
                &hurt,
                [0, 1],
                [&["the port authority"], &[]],
                "given to the port authority in one report, to nobody in the other",
            ),
        ];
        let closed = vec![
            self.own(0, "The pier will stay closed for two weeks"),
            Cell {
                voice: Voice::Attributed,
                form: Some(Form::Indirect),
                source: self.spans(1, &["Okafor"]),
                ..self.own(1, "The pier will stay closed for two weeks")
            },
            self.own(2, "The pier is believed to stay closed for two weeks"),
        ];
        let hedge = self.divergence(
            Hedge,
            &closed,
            [0, 2],
            [&["will"], &["is believed to"]],
            "“is believed to” in one report only",
        );
        let aboard = vec![
            self.own(0, "The ferry was carrying 212 passengers"),
            self.own(1, "The ferry was carrying 212 passengers"),
        ];
        vec![
            self.alignment(hurt, &[0, 1], divergences),
            self.alignment(closed, &[0, 1], vec![hedge]),
            self.alignment(aboard, &[0], Vec::new()),
        ]
    }

    fn only_in(&self) -> Vec<OnlyIn> {
        vec![
            OnlyIn {
                cell: self.said(
                    0,
                    Form::Direct,
                    &["Everybody kept calm."],
                    "Captain Inês Duarte",
                    "Inês Duarte",
                ),
                weight: 0.2,
            },
            OnlyIn { cell: self.own(0, "The company has run the line since 1987."), weight: 0.4 },
            OnlyIn {
                cell: self.own(2, "Divers searched the hull overnight for two people who were missing."),
                weight: 0.5,
            },
        ]
    }

    fn name(&self, report: u32, forms: &[(&str, usize)]) -> (ReportIndex, EntityId, Vec<NameForm>) {
        let form = |&(text, count): &(&str, usize)| NameForm {
            text: text.to_owned(),
            first: self.span(report, text),
            count,
        };
        (ReportIndex(report), EntityId::from_index(0), forms.iter().map(form).collect())
    }

    fn entities(&self) -> Vec<StoryEntity> {
        let entity = |kind, name: &str, names| StoryEntity { kind, name: name.to_owned(), names };
        vec![
            entity(
                EntityKind::Person,
                "Paul Okafor",
                vec![
                    self.name(0, &[("Minister Paul Okafor", 1)]),
                    self.name(1, &[("Okafor", 1)]),
                    self.name(2, &[("Paul Okafor", 2)]),
                ],
            ),
            entity(
                EntityKind::Person,
                "Inês Duarte",
                vec![self.name(0, &[("Captain Inês Duarte", 1)]), self.name(2, &[("Ines Duarte", 1)])],
            ),
            entity(
                EntityKind::Place,
                "Almara",
                vec![self.name(0, &[("Almara", 1)]), self.name(2, &[("Almara", 1)])],
            ),
            entity(EntityKind::Organization, "Radio Norte", vec![self.name(2, &[("Radio Norte", 1)])]),
        ]
    }

    fn timeline(&self) -> Vec<TimelineEntry> {
        let day = |day: &str| DayRange { first: day.parse().unwrap(), last: day.parse().unwrap() };
        let mention = |report: u32, time: &str, sentence: &str, reason: &str| {
            (ReportIndex(report), self.span(report, time), self.span(report, sentence), reason.to_owned())
        };
        vec![
            TimelineEntry {
                days: day("2026-05-02"),
                mentions: vec![mention(
                    2,
                    "Saturday",
                    "At least 41 people were injured on Saturday when the ferry Estrella hit a pier in Almara, according to Radio Norte.",
                    "Saturday before 2026-05-03, the story's date",
                )],
            },
            TimelineEntry {
                days: day("2026-05-03"),
                mentions: vec![mention(
                    0,
                    "Sunday",
                    "Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday, the port authority said.",
                    "the report's own day",
                )],
            },
        ]
    }

    fn lineage(&self) -> Vec<Edge> {
        vec![
            Edge {
                from: EdgeOrigin::Report(ReportIndex(0)),
                to: ReportIndex(1),
                kind: EdgeKind::Copy,
                credited: false,
                partly: false,
                evidence: self.spans(
                    1,
                    &["Fourteen people were hurt when the ferry Estrela struck a pier in Almara on Sunday"],
                ),
                score: 0.95,
                reason: "29 of its 31 words stand in the Harbour Courier, in the same order".into(),
            },
            Edge {
                from: EdgeOrigin::Unseen("Radio Norte".into()),
                to: ReportIndex(2),
                kind: EdgeKind::Relay,
                credited: true,
                partly: false,
                evidence: self.spans(2, &["according to Radio Norte"]),
                score: 0.9,
                reason: "names an outlet as its source".into(),
            },
        ]
    }

    fn passage(&self, words: &str, n_words: usize) -> Passage {
        let side = |report: u32| (ReportIndex(report), self.span(report, words));
        Passage { a: side(0), b: side(1), n_words, quoted: false, aside: false }
    }
}

/// The same comparison with the reports in the opposite order.
#[allow(dead_code, reason = "not every test turns the story")]
pub(crate) fn turned(story: &Story, comparison: &Comparison) -> (Story, Comparison) {
    let last = u32::try_from(story.documents().len()).unwrap() - 1;
    let turn = |alignment: &Alignment| {
        let cells: Vec<Cell> = alignment
            .cells
            .iter()
            .rev()
            .map(|cell| Cell { report: ReportIndex(last - cell.report.0), ..cell.clone() })
            .collect();
        Alignment { cells, divergences: Vec::new(), ..alignment.clone() }
    };
    let mut only_in = comparison.only_in.clone();
    for only in &mut only_in {
        only.cell.report = ReportIndex(last - only.cell.report.0);
    }
    let turned = Comparison {
        utterances: comparison.utterances.iter().map(turn).collect(),
        facts: comparison.facts.iter().map(turn).collect(),
        only_in,
        ..Comparison::default()
    };
    (Story::new(story.documents().iter().rev().cloned().collect()), turned)
}
