//! Lineage of small stories of invented reports, as lines "from -> to kind" and the witnesses.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::Offset;
use stemma_core::{Comparison, Edge, EdgeOrigin, Origin, Published, Report, ReportDraft, ReportIndex, Story};

use crate::compare;

/// The report of `outlet`, the `hour`th hour of the story.
fn report(outlet: &str, hour: i64, text: &str) -> Arc<Report> {
    let at = Timestamp::constant(1_773_820_800, 0) + jiff::SignedDuration::from_hours(hour);
    let draft = ReportDraft {
        outlet: Some(outlet.to_owned()),
        published: (hour >= 0).then_some(Published::Instant(at, Offset::UTC)),
        text: text.to_owned(),
        ..ReportDraft::default()
    };
    Arc::new(Report::new(draft, Origin::whole("test")))
}

fn compared(reports: Vec<Arc<Report>>) -> Comparison {
    let annotator = stemma_annotate::Annotator::load();
    compare(&Story::new(reports.into_iter().map(|report| annotator.annotate(report)).collect()))
}

/// "0 -> 1 copy", one line for each edge, then the witnesses: "0+1 2".
fn shown(reports: Vec<Arc<Report>>) -> String {
    let comparison = compared(reports);
    let edge = |edge: &Edge| {
        let from = match &edge.from {
            EdgeOrigin::Report(ReportIndex(n)) => n.to_string(),
            EdgeOrigin::Unseen(name) => name.clone(),
        };
        let partly = if edge.partly { ", partly" } else { "" };
        format!("{from} -> {} {}{partly}\n", edge.to.0, edge.kind.as_str())
    };
    let edges: String = comparison.lineage.iter().map(edge).collect();
    let witness = |reports: &[ReportIndex]| {
        reports.iter().map(|report| report.0.to_string()).collect::<Vec<_>>().join("+")
    };
    let witnesses: Vec<String> = comparison.witnesses.iter().map(|w| witness(&w.reports)).collect();
    edges + &witnesses.join(" ")
}

const BRIDGE: &str = "The bridge over the river at Lom fell on Sunday evening when a barge struck its second pillar. \
    Eleven cars were on it, and divers had found four of them by midnight. \
    The barge had lost its rudder an hour before and was drifting without lights. \
    The town has set up beds in the sports hall for those who cannot cross.";

#[test]
fn the_later_text_is_the_copy() {
    let copy = format!("There was bad news from the river.\n\n{BRIDGE}");
    insta::assert_snapshot!(shown(vec![report("Lom Post", 3, &copy), report("River Echo", 1, BRIDGE)]), @r"
    1 -> 0 copy
    0+1
    ");
}

#[test]
fn two_reports_of_one_speech_are_two_witnesses() {
    let a = "Mayor Ana Ruiz spoke in the hall on Monday. “We will build this bridge again, and we will build it higher, and nobody in this town shall pay a cent for crossing it,” she said. Her party applauded.";
    let b = "Crowds came to hear the mayor. “We will build this bridge again, and we will build it higher, and nobody in this town shall pay a cent for crossing it,” Ana Ruiz promised. Two men walked out.";
    insta::assert_snapshot!(shown(vec![report("Lom Post", 1, a), report("River Echo", 2, b)]), @"0 1");
}

#[test]
fn what_an_agency_wrote_is_one_witness_though_only_one_report_names_it() {
    let named = format!("LOM, Bulgaria (Reuters) - {BRIDGE}");
    let silent = format!("{BRIDGE} Our reporters are on their way.");
    insta::assert_snapshot!(shown(vec![report("Lom Post", 1, &silent), report("River Echo", 2, &named)]), @r"
    Reuters -> 0 shared-source
    Reuters -> 1 agency-credit
    0+1
    ");
}

#[test]
fn an_agency_that_contributed_to_two_reports_wrote_neither() {
    let a = "The bridge at Lom fell on Sunday.\n\nThe Associated Press contributed to this report.";
    let b =
        "A barge without lights has cut the town in two.\n\nThe Associated Press contributed to this report.";
    insta::assert_snapshot!(shown(vec![report("Lom Post", 1, a), report("River Echo", 2, b)]), @r"
    Associated Press -> 0 agency-credit, partly
    Associated Press -> 1 agency-credit, partly
    0 1
    ");
}

const RELEASE: &str = "The new pump will lift 400 litres of water a second and cost 3 million crowns. \
    It replaces a pump of 1961 that failed in each of the past four winters. \
    Households in the lower town will pay nothing for it.";

#[test]
fn what_two_reports_have_from_a_release_neither_has_from_the_other() {
    let named = format!(
        "The Ministry of Water presented its plans for the lower town in a press release on Monday. {RELEASE}"
    );
    let silent = format!("Dry cellars at last. {RELEASE} The next meeting of the council is in June.");
    let other = "Nobody asked the fishermen of Lom. “The pump will suck in every young eel,” said Ivo Petrov at the pier.";
    let reports =
        vec![report("Lom Post", 1, &named), report("River Echo", 2, &silent), report("Eel", 3, other)];
    insta::assert_snapshot!(shown(reports), @r"
    release:Ministry of Water -> 0 shared-source, partly
    release:Ministry of Water -> 1 shared-source, partly
    0+1 2
    ");
}

#[test]
fn who_copies_a_relay_has_it_from_the_relay() {
    let first = "Divers of the navy have found the captain of the barge alive, a nurse told our reporter at the hospital gate.";
    let relay = "The captain of the barge lives, the Lom Post reported on Tuesday. He was found by divers and lies in a hospital under guard, the paper said. Nobody in the town had reckoned with that after three days. His daughter was on her way from Vidin.";
    let copy = format!("Good news for once. {relay}");
    let reports =
        vec![report("Lom Post", 1, first), report("River Echo", 2, relay), report("Vidin Mail", 3, &copy)];
    insta::assert_snapshot!(shown(reports), @r"
    0 -> 1 relay, partly
    1 -> 2 copy
    0+1+2
    ");
}

#[test]
fn without_times_nobody_copies_himself_by_way_of_others() {
    let thirds: Vec<&str> = BRIDGE.split_inclusive(". ").collect();
    let text = |own: &str, parts: [usize; 3]| {
        format!("{own} {}{}{}", thirds[parts[0]], thirds[parts[1]], thirds[parts[2]])
    };
    let reports = vec![
        report("Lom Post", -1, &text("It was a black Sunday.", [0, 1, 2])),
        report("River Echo", -1, &text("Nobody slept that night in the lower town.", [1, 2, 3])),
        report("Vidin Mail", -1, &text("The radio had warned of fog.", [2, 3, 0])),
    ];
    let edges = compared(reports).lineage;
    assert_eq!(edges.len(), 2, "of three texts that share their sentences one is nobody's copy: {edges:?}");
}

#[test]
fn page_furniture_ties_nobody() {
    let box_ = "Please verify you’re not a robot by clicking the box. Invalid email address. Please re-enter. You must select a newsletter to subscribe to. Sign up now for our best stories, delivered to your inbox every morning before you leave the house.";
    let a = format!("The bridge at Lom fell on Sunday.\n\n{box_}");
    let b = format!("Scientists have found a frog that sings at noon.\n\n{box_}");
    insta::assert_snapshot!(shown(vec![report("Lom Post", 1, &a), report("Lom Post", 2, &b)]), @"0 1");
}

#[test]
fn a_paper_that_speaks_of_itself_by_half_its_name_relays_nobody() {
    let text = "“I saw it fall,” Ivo Petrov said in an interview with the Observer on Monday.";
    let reports =
        vec![report("Bergen Observer", 1, text), report("Lom Post", 2, "The bridge at Lom fell on Sunday.")];
    insta::assert_snapshot!(shown(reports), @"0 1");
}

/// The reasons of the edges, one a line.
fn reasons(reports: Vec<Arc<Report>>) -> String {
    let reason = |edge: &Edge| format!("{:?} -> {} {}\n", edge.from, edge.to.0, edge.reason);
    compared(reports).lineage.iter().map(reason).collect()
}

/// Five reports of one accident; two write the skipper's name with the misprint.
fn with_misprint(in_second: &str) -> Vec<Arc<Report>> {
    let first = "Skipper Marta Lindqvits lost the rudder of her barge an hour before it struck the bridge at Lom. \
        She had asked the harbor for a tug and was told to wait until the morning. Nobody on board was hurt.";
    let second = format!(
        "It was the skipper, Marta {in_second}, whose barge lost its rudder an hour before it struck the bridge at Lom. \
        Anglers are angry about the oil on their beach. The harbor had told her to wait for a tug until the morning. \
        The ferry to Vidin runs again from Thursday, and the old ferryman is delighted."
    );
    let third = "The barge of skipper Marta Lindqvist lost its rudder an hour before it struck the bridge at Lom, \
        the coast guard said. It has opened an inquiry against the company. A crane is on its way from Ruse.";
    let fourth = "An hour before it struck the bridge at Lom, the barge of skipper Marta Lindqvist lost its rudder. \
        The mayor wants a new bridge by Christmas. Schools stay shut on Monday.";
    let fifth = "Trains were late all over the north. Only the ferry was on time. \
        For want of a rudder the barge of skipper Marta Lindqvist struck the bridge at Lom.";
    vec![
        report("Lom Post", 1, first),
        report("River Echo", 2, &second),
        report("Vidin Mail", 3, third),
        report("Eel", 4, fourth),
        report("Ruse Herald", 5, fifth),
    ]
}

#[test]
fn who_carries_a_misprint_has_it_from_one_that_has_it() {
    insta::assert_snapshot!(reasons(with_misprint("Lindqvits")), @"Report(ReportIndex(0)) -> 1 59 % of its text is aligned with the other, and 1 of their statements (0 verbatim) stand in no third report; both have “Marta Lindqvits” where 3 other reports have “Marta Lindqvist”; it is the later text");
    insta::assert_snapshot!(reasons(with_misprint("Lindqvist")), @"");
}

#[test]
fn without_times_the_rounded_figure_comes_from_the_exact_one() {
    let exact = "The flood at Lom drove 1,984 people out of their homes by Sunday evening. The army brought them beds and soup. \
        The mayor wants the dam raised before the spring.";
    let rounded = "Soup and beds came from the army. By Sunday evening the flood at Lom drove nearly 2,000 people out of their \
        homes. Before the spring, the mayor wants the dam raised, and he wants it soon, whatever it takes and costs.";
    let reports = |swap: bool| {
        let mut reports = vec![report("Lom Post", -1, exact), report("River Echo", -1, rounded)];
        if swap {
            reports.reverse();
        }
        reports
    };
    insta::assert_snapshot!(reasons(reports(false)), @"Report(ReportIndex(0)) -> 1 100 % of its text is aligned with the other, and 3 of their statements (0 verbatim) stand in no third report; the times do not tell which is later, but it rounds “1,984” to “nearly 2,000”");
    insta::assert_snapshot!(reasons(reports(true)), @"Report(ReportIndex(1)) -> 0 100 % of its text is aligned with the other, and 3 of their statements (0 verbatim) stand in no third report; the times do not tell which is later, but it rounds “1,984” to “nearly 2,000”");
}
