//! Grouping of small whole streams: what joins, what stays apart, and what must not change the result.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use proptest::prelude::*;
use stemma_annotate::Annotator;
use stemma_core::{Correction, Document, Origin, Published, Report, ReportDraft, ReportId, StoryId};
use stemma_group::{Constraints, Grouper, Options, StoryView, events, group};

fn document(outlet: &str, day: &str, title: &str, text: &str) -> Document {
    static ANNOTATOR: OnceLock<Annotator> = OnceLock::new();
    let draft = ReportDraft {
        outlet: Some(outlet.to_owned()),
        title: Some(title.to_owned()),
        published: day.parse().ok().map(Published::Day),
        text: text.to_owned(),
        ..ReportDraft::default()
    };
    ANNOTATOR.get_or_init(Annotator::load).annotate(Arc::new(Report::new(draft, Origin::whole("test"))))
}

/// Two floods a year apart, a strike, and a verdict; each in two or three outlets.
fn reports() -> Vec<Document> {
    vec![
        document(
            "Valley Post",
            "2026-03-01",
            "Flood cuts off Brevik as river Orla breaks its banks",
            "The river Orla broke its banks near Brevik on Sunday and flooded the lower town. Firefighters took 40 people off roofs by boat, said mayor Ilse Thorn. The bridge to the railway station was closed.",
        ),
        document(
            "Morning Courier",
            "2026-03-01",
            "Forty rescued by boat in flooded Brevik",
            "Firefighters rescued 40 people by boat in Brevik after the Orla flooded the lower town on Sunday. The railway bridge is closed, mayor Ilse Thorn told reporters. Schools stay shut on Monday.",
        ),
        document(
            "The Ledger",
            "2026-03-02",
            "Brevik counts the damage after the Orla flood",
            "A day after the Orla flooded Brevik, mayor Ilse Thorn put the damage to the lower town at 3 million crowns. The bridge to the railway station remains closed.",
        ),
        document(
            "Valley Post",
            "2027-03-09",
            "Brevik flooded again a year after the great flood",
            "The river Orla flooded cellars in Brevik on Tuesday, a year after the great flood. The new dam held, said the engineer Pia Lund. No one was hurt.",
        ),
        document(
            "The Ledger",
            "2027-03-09",
            "New dam holds as Orla rises in Brevik",
            "The new dam held when the Orla rose on Tuesday, the engineer Pia Lund said. Only cellars in Brevik were flooded and no one was hurt.",
        ),
        document(
            "Morning Courier",
            "2026-03-02",
            "Tram drivers in Halden walk out over pay",
            "Tram drivers in Halden began a strike on Monday over pay. The union Fellesforbund wants 6 percent, the company Halden Tram offers 2 percent. No tram left the depot.",
        ),
        document(
            "Valley Post",
            "2026-03-02",
            "Halden trams stand still as drivers strike",
            "No tram left the depot in Halden on Monday as drivers went on strike. Their union asks for 6 percent more pay; Halden Tram has offered 2 percent.",
        ),
        document(
            "The Ledger",
            "2026-03-03",
            "Baker cleared of arson in Moss",
            "A court in Moss cleared the baker Jon Ravn of arson on Tuesday. The judges found no proof that he set fire to his own shop. The prosecutor will appeal.",
        ),
        document(
            "Morning Courier",
            "2026-03-03",
            "Court acquits Jon Ravn of setting fire to his bakery",
            "The baker Jon Ravn did not set fire to his shop, a court in Moss ruled on Tuesday. The prosecutor said she would appeal against the acquittal.",
        ),
    ]
}

/// Stories as lists of positions, in order.
fn streamed(documents: &[Document], order: &[usize]) -> BTreeSet<BTreeSet<usize>> {
    let mut grouper = Grouper::new(Options::default());
    order.iter().for_each(|&n| drop(grouper.add(&documents[n])));
    let position = |id: ReportId| documents.iter().position(|document| document.report().id() == id).unwrap();
    grouper.stories().map(|story| story.reports.into_iter().map(position).collect()).collect()
}

#[test]
fn reports_of_one_event_meet_and_a_later_flood_is_another_story() {
    let documents = reports();
    let mut grouper = Grouper::new(Options::default());
    for document in &documents {
        grouper.add(document);
    }
    let mut shown = String::new();
    for story in grouper.stories() {
        let days = story.days.map_or(String::new(), |(first, last)| format!("{first} to {last}"));
        shown += &format!("{days}  {} reports  {}\n", story.reports.len(), story.label);
    }
    insta::assert_snapshot!(shown, @r"
    2026-03-01 to 2026-03-02  3 reports  Flood cuts off Brevik as river Orla breaks its banks
    2027-03-09 to 2027-03-09  2 reports  Brevik flooded again a year after the great flood
    2026-03-02 to 2026-03-02  2 reports  Halden trams stand still as drivers strike
    2026-03-03 to 2026-03-03  2 reports  Court acquits Jon Ravn of setting fire to his bakery
    ");
}

#[test]
fn a_placement_gives_its_reasons() {
    let documents = reports();
    let mut grouper = Grouper::new(Options::default());
    let opened = grouper.add(&documents[0]);
    assert!(opened.opened && opened.reasons.terms.is_empty() && opened.second.is_none());
    let joined = grouper.add(&documents[1]);
    assert_eq!((joined.story, joined.opened, joined.reasons.days_apart), (opened.story, false, Some(0)));
    let words: Vec<&str> = joined.reasons.terms.iter().map(|(term, _)| term.as_str()).collect();
    assert!(words.contains(&"brevik") && words.contains(&"orla"), "{words:?}");
    let other = grouper.add(&documents[5]);
    assert!(other.opened && other.second.is_none_or(|(story, score)| story == opened.story && score < 0.4));
}

#[test]
fn a_near_copy_joins_whatever_its_date() {
    let first = &reports()[0];
    let copy =
        document("Evening Star", "2031-01-01", "Flood in Brevik", &format!("{} More soon.", first.text()));
    let mut grouper = Grouper::new(Options::default());
    let story = grouper.add(first).story;
    let placement = grouper.add(&copy);
    assert_eq!(placement.story, story);
    let (twin, resemblance) = placement.reasons.near_duplicate.unwrap();
    assert_eq!(twin, first.report().id());
    assert!(resemblance > 0.7);
}

#[test]
fn closed_stories_take_no_more_reports_but_keep_theirs() {
    let documents = reports();
    let mut grouper = Grouper::new(Options::default());
    let story = grouper.add(&documents[0]).story;
    grouper.close_before(Date::constant(2026, 4, 1));
    assert!(grouper.add(&documents[1]).opened);
    assert_eq!(grouper.story_of(documents[0].report().id()), Some(story));
    assert!(grouper.add(&documents[0]).known);
}

#[test]
fn what_a_closed_story_needed_is_let_go_of_as_others_come_in() {
    let documents = reports();
    let mut grouper = Grouper::new(Options::default());
    let story = grouper.add(&documents[0]).story;
    let open = grouper.story(story).unwrap();
    let size = |grouper: &Grouper| serde_json::to_string(grouper).unwrap().len();
    let before = size(&grouper);
    grouper.close_before(Date::constant(2026, 4, 1));
    let closed = grouper.story(story).unwrap();
    assert_eq!(closed, StoryView { closed: true, ..open });
    // One more comes, and takes about as much as is let go of.
    grouper.add(&documents[3]);
    assert_eq!(grouper.story(story).unwrap(), closed);
    assert!(size(&grouper) < before + before / 4, "{before} {}", size(&grouper));
}

#[test]
fn stories_that_prove_to_be_one_become_one() {
    let documents = reports();
    let help = document(
        "Evening Star",
        "2026-03-02",
        "State may pay damage of 3 million crowns",
        "The government will decide on Friday whether the state pays 3 million crowns for the damage in the lower town. Insurers refuse to pay.",
    );
    let mut grouper = Grouper::new(Options::default());
    let first = grouper.add(&documents[0]).story;
    let second = grouper.add(&help);
    assert!(second.opened, "{second:?}");
    // The third report has something of both. It joins the second story, and by it the two are found to be one: the smaller one leads
    // to the larger.
    let both = document(
        "The Ledger",
        "2026-03-02",
        "State may pay for the flood in Brevik",
        "The government will decide on Friday whether the state pays 3 million crowns for the damage that the river Orla did in the lower town of Brevik on Sunday, mayor Ilse Thorn said. Insurers refuse to pay.",
    );
    let third = grouper.add(&both);
    let home = second.story;
    assert_eq!((third.story, third.opened), (home, false));
    assert_eq!((grouper.resolve(first), grouper.story_of(documents[0].report().id())), (home, Some(home)));
    assert_eq!(
        grouper.stories().map(|story| (story.id, story.reports.len())).collect::<Vec<_>>(),
        [(home, 3)]
    );
    let copy = document("Wire", "2026-03-03", "", &format!("{} So it went.", help.text()));
    let placement = grouper.add(&copy);
    assert_eq!(placement.story, home, "the index knows where the reports went");
    assert_eq!(placement.reasons.near_duplicate.map(|(report, _)| report), Some(help.report().id()));
    let saved: Grouper = serde_json::from_str(&serde_json::to_string(&grouper).unwrap()).unwrap();
    assert!(saved.stories().eq(grouper.stories()));
}

#[test]
fn next_years_flood_is_related_to_this_years() {
    let documents = reports();
    let groups = group(&documents, &Options::default(), &Constraints::default());
    let related = |n: usize| {
        let of = groups.iter().find(|group| group.members.contains(&n)).unwrap();
        of.related
            .iter()
            .map(|near| groups.iter().position(|group| group.id == near.story).unwrap())
            .collect::<Vec<_>>()
    };
    let home = |n: usize| groups.iter().position(|group| group.members.contains(&n)).unwrap();
    let near = |n: usize| &groups[home(n)].related[0];
    assert_eq!((near(0).days_later, near(3).days_later), (Some(373), Some(-373)));
    assert_eq!((&near(0).label, near(0).fit), (&groups[home(3)].label, near(3).fit));
    let words: Vec<&str> = near(0).terms.iter().map(|(term, _)| term.as_str()).collect();
    assert!(words.contains(&"brevik") && words.contains(&"orla") && !words.contains(&"dam"), "{words:?}");
    assert_eq!((related(0), related(3), related(7)), (vec![home(3)], vec![home(0)], vec![]));
    let mut grouper = Grouper::new(Options::default());
    let ids: Vec<StoryId> = documents.iter().map(|document| grouper.add(document).story).collect();
    let later = grouper.story(ids[3]).unwrap();
    assert_eq!(later.related.iter().map(|near| near.0).collect::<Vec<_>>(), [ids[0]]);
}

#[test]
fn two_streams_merge_and_old_ids_lead_on() {
    let documents = reports();
    let (mut here, mut there) = (Grouper::new(Options::default()), Grouper::new(Options::default()));
    documents.iter().step_by(2).for_each(|document| drop(here.add(document)));
    let ids: Vec<StoryId> =
        documents.iter().skip(1).step_by(2).map(|document| there.add(document).story).collect();
    here.merge(there);
    let groups: BTreeSet<Vec<ReportId>> = here
        .stories()
        .map(|mut story| {
            story.reports.sort();
            story.reports
        })
        .collect();
    let whole = streamed(&documents, &(0..documents.len()).collect::<Vec<_>>());
    let whole: BTreeSet<Vec<ReportId>> = whole
        .into_iter()
        .map(|story| {
            let mut reports: Vec<ReportId> = story.into_iter().map(|n| documents[n].report().id()).collect();
            reports.sort();
            reports
        })
        .collect();
    assert_eq!(groups, whole);
    for (document, id) in documents.iter().skip(1).step_by(2).zip(ids) {
        assert_eq!(here.story_of(document.report().id()), Some(here.resolve(id)));
    }
}

#[test]
fn what_a_person_set_apart_stays_apart_when_streams_merge() {
    let documents = reports();
    let ids = [documents[0].report().id(), documents[1].report().id()];
    let merged = |corrections: &[Correction]| {
        let place = |document: &Document| {
            let mut grouper = Grouper::new(Options::default()).under(Constraints::of(corrections));
            grouper.add(document);
            grouper
        };
        let mut here = place(&documents[0]);
        here.merge(place(&documents[1]));
        here.story_of(ids[0]) == here.story_of(ids[1])
    };
    assert!(merged(&[]) && !merged(&[Correction::Split { reports: vec![ids[0]], rest: vec![ids[1]] }]));
}

#[test]
fn a_closed_story_of_another_stream_keeps_its_label() {
    let documents = reports();
    let (mut here, mut there) = (Grouper::new(Options::default()), Grouper::new(Options::default()));
    here.add(&documents[3]);
    let story = there.add(&documents[0]).story;
    there.close_before(Date::constant(2026, 4, 1));
    let closed = there.story(story);
    here.merge(there);
    assert!(closed.as_ref().is_some_and(|closed| closed.closed && !closed.label.is_empty()));
    assert_eq!(here.story(story), closed);
}

#[test]
fn reports_of_two_events_are_told_apart_and_short_ones_are_left_out() {
    let documents = reports();
    let pick = |numbers: &[usize]| numbers.iter().map(|&n| documents[n].clone()).collect::<Vec<_>>();
    assert_eq!(events(&pick(&[0, 7, 1, 8])), [[0, 2], [1, 3]]);
    assert_eq!(events(&pick(&[0, 1, 2])), [[0, 1, 2]]);
    let short = document("Wire", "2026-03-03", "", "A ship left the harbour.");
    assert_eq!(events(&[documents[0].clone(), short, documents[1].clone()]), [[0, 2]]);
    assert!(events(&[]).is_empty());
}

#[test]
fn empty_and_wordless_reports_stand_alone() {
    let documents = [document("a", "", "", ""), document("b", "", "", "…"), document("c", "", "", "?!")];
    assert_eq!(group(&documents, &Options::default(), &Constraints::default()).len(), 3);
    assert_eq!(streamed(&documents, &[0, 1, 2]).len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_a_batch_changes_nothing(order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle()) {
        let documents = reports();
        let shuffled: Vec<Document> = order.iter().map(|&n| documents[n].clone()).collect();
        let ids = |documents: &[Document]| -> Vec<(StoryId, String, Vec<ReportId>)> {
            let name = |n: &usize| documents[*n].report().id();
            group(documents, &Options::default(), &Constraints::default())
                .into_iter()
                .map(|group| (group.id, group.label, group.members.iter().map(name).collect()))
                .collect()
        };
        prop_assert_eq!(ids(&documents), ids(&shuffled));
        prop_assert_eq!(ids(&documents).len(), 4);
    }

    #[test]
    fn adding_twice_saving_and_loading_change_nothing(
        order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(), cut in 0_usize..9, close in 0_usize..9,
    ) {
        let documents = reports();
        let mut plain = Grouper::new(Options::default());
        let mut disturbed = Grouper::new(Options::default());
        for (n, &at) in order.iter().enumerate() {
            if n == close {
                // Some stories are closed, and what they needed is let go of while further reports come in.
                for grouper in [&mut plain, &mut disturbed] {
                    grouper.close_before(Date::constant(2026, 3, 20));
                }
            }
            let expected = plain.add(&documents[at]);
            if n == cut {
                let saved = serde_json::to_string(&disturbed).unwrap();
                disturbed = serde_json::from_str(&saved).unwrap();
            }
            prop_assert_eq!(&disturbed.add(&documents[at]), &expected);
            let again = disturbed.add(&documents[at]);
            prop_assert!(again.known && again.story == expected.story);
        }
        prop_assert_eq!(serde_json::to_string(&plain).unwrap(), serde_json::to_string(&disturbed).unwrap());
    }
}

#[test]
fn a_stream_heeds_what_a_person_said() {
    let documents = reports();
    let ids: Vec<ReportId> = documents.iter().map(|document| document.report().id()).collect();
    let place = |corrections: &[Correction]| {
        let mut grouper = Grouper::new(Options::default()).under(Constraints::of(corrections));
        let placements: Vec<_> = documents.iter().map(|document| grouper.add(document)).collect();
        let stories: Vec<StoryId> = ids.iter().map(|&id| grouper.story_of(id).unwrap()).collect();
        (placements, stories)
    };
    let (_, plain) = place(&[]);
    assert!(plain[0] == plain[1] && plain[1] == plain[2] && plain[3] == plain[4] && plain[0] != plain[3]);
    let split = Correction::Split { reports: vec![ids[1]], rest: vec![ids[0], ids[2]] };
    let (_, stories) = place(&[split]);
    assert!(stories[0] == stories[2] && stories[0] != stories[1]);
    let merge = Correction::Merge { reports: ids[..5].to_vec() };
    let (placements, stories) = place(&[merge]);
    assert!(stories[..5].iter().all(|&story| story == stories[0]), "{stories:?}");
    assert!(!placements[0].reasons.corrected && placements[3].reasons.corrected);
}
