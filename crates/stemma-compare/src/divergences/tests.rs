//! What is found between two sentences that say the same, a line for each divergence.

use std::sync::Arc;

use stemma_annotate::Annotator;
use stemma_core::{Report, ReportIndex, SegmentKind, Span, Story};

use crate::model::PairModel;
use crate::training::{Place, compare_given};

/// The divergences of the last body sentences of reports that begin with a dateline: `kind: reason`.
pub(super) fn found(texts: &[&str]) -> String {
    let annotator = Annotator::load();
    let read = |text: &&str| annotator.annotate(Arc::new(Report::of_text(text)));
    let story = Story::new(texts.iter().map(read).collect());
    let cells: Vec<Place> = story
        .iter()
        .map(|(report, document): (ReportIndex, _)| {
            let layers = document.layers();
            let body = |span: &Span| {
                document
                    .sentence_at(span.start())
                    .is_some_and(|id| layers.segments[layers.sentences[id].segment].kind == SegmentKind::Body)
            };
            let last = layers.sentences.items().iter().map(|sentence| sentence.span).rfind(|span| body(span));
            (report, last.into_iter().collect())
        })
        .collect();
    let comparison = compare_given(&story, &[cells], &PairModel::built_in());
    let alignments = comparison.utterances.iter().chain(&comparison.facts);
    let lines = alignments.flat_map(|alignment| &alignment.divergences);
    lines.map(|d| format!("{}: {}", d.kind.as_str(), d.reason)).collect::<Vec<_>>().join("\n")
}

#[test]
fn figures_of_one_thing_disagree() {
    let text = "The storm left 41 houses without a roof in the village.";
    insta::assert_snapshot!(found(&[text, "The storm tore the roofs off 14 houses in the village."]), @"figure: “41” / “14” do not agree, also not within their rounding");
    insta::assert_snapshot!(found(&[text, "The storm tore the roofs off about 40 houses in the village."]), @"");
    insta::assert_snapshot!(found(&["A crowd of 27,340 saw the match.", "There were 23,740 spectators in the ground for the match."]), @"figure: “27,340” / “23,740” do not agree, also not within their rounding");
    insta::assert_snapshot!(found(&["The wall is 45 metres long.", "The wall is 150 feet long."]), @"");
    insta::assert_snapshot!(found(&["The wall is 45 metres long.", "The wall is 200 feet long."]), @"figure: “45 metres” / “200 feet” do not agree, also not within their rounding");
}

#[test]
fn figures_of_two_things_do_not() {
    let text = "The storm killed 14 people in the hills and left 23 missing on Monday.";
    insta::assert_snapshot!(found(&[text, "The storm left 23 people missing in the hills on Monday."]), @"");
    insta::assert_snapshot!(found(&["He and two others were fined by the court in Porto.", "The three were fined by the court in Porto."]), @"");
    insta::assert_snapshot!(found(&["The ship carried 16 cars.", "The ship carried 14 sailors."]), @"");
}

#[test]
fn a_toll_that_rises_with_time_is_an_update() {
    let (noon, night) = (
        "PORTO, 3 May 2026 - The storm killed 14 people in the hills.",
        "PORTO, 4 May 2026 - The storm killed 19 people in the hills.",
    );
    insta::assert_snapshot!(found(&[noon, night]), @"update: “14” / “19”: the higher count in the report that is 24 hours later");
    insta::assert_snapshot!(found(&["PORTO, 2 May 2026 - The storm killed 19 people in the hills.", noon, night]), @r"
figure: “19” / “14” do not agree, also not within their rounding
figure: “14” / “19” do not agree, also not within their rounding
");
}

#[test]
fn another_date_for_one_thing() {
    let monday = "PORTO, 6 May 2026 - The ferry left the port at 11:40 p.m. on Monday.";
    insta::assert_snapshot!(found(&[monday, "PORTO, 6 May 2026 - The boat had left port at 10:40 p.m. on Monday."]), @"time: “11:40 p.m. on Monday” is 2026-05-04T23:40, “10:40 p.m. on Monday” is 2026-05-04T22:40");
    insta::assert_snapshot!(found(&["The works must close by the end of 2031.", "The works will close by the end of 2032."]), @"time: “the end of 2031” is 2031, “the end of 2032” is 2032");
    insta::assert_snapshot!(found(&["PORTO, 6 May 2026 - The bridge passed its last inspection in March.", "PORTO, 6 May 2026 - The bridge had passed an inspection in April."]), @"time: “March” is 2026-03, “April” is 2026-04");
    insta::assert_snapshot!(found(&["She was caught in September 2022.", "She was caught in September 2021."]), @"time: “September 2022” is 2022-09, “September 2021” is 2021-09");
}

#[test]
fn dates_of_two_things_and_rounded_ones() {
    let monday = "PORTO, 6 May 2026 - The ferry left the port at 11:40 p.m. on Monday.";
    insta::assert_snapshot!(found(&[monday, "PORTO, 6 May 2026 - The ferry sank on Tuesday after it left the port."]), @"");
    insta::assert_snapshot!(found(&[monday, "PORTO, 6 May 2026 - The ferry left the port at 9:40 p.m. Azores time on Monday."]), @"");
    insta::assert_snapshot!(found(&[monday, "PORTO, 6 May 2026 - The ferry left the port shortly before midnight on Monday."]), @"");
    insta::assert_snapshot!(found(&["PORTO, 6 May 2026 - She bit a guard two years ago.", "PORTO, 6 May 2026 - She bit a guard in 2023."]), @"");
    insta::assert_snapshot!(found(&["PORTO, 6 May 2026 - By noon 30 men had been saved.", "PORTO, 6 May 2026 - By 6 p.m. 30 men had been saved."]), @"");
    insta::assert_snapshot!(found(&["PORTO, 6 May 2026 - The port closed on Monday.", "PORTO, 6 May 2026 - The port was closed, the mayor said Tuesday."]), @"");
}

#[test]
fn another_place_for_one_thing() {
    let harbor = "The company will build its new shipyard in Aveiro next spring.";
    insta::assert_snapshot!(found(&[harbor, "The company will build its new shipyard in Setúbal next spring."]), @"place: “Aveiro” / “Setúbal”");
    insta::assert_snapshot!(found(&[harbor, "The company will build its new shipyard in Portugal next spring."]), @"");
    insta::assert_snapshot!(found(&[harbor, "The firm is based in Setúbal. The company will build its new shipyard in Aveiro next spring."]), @"");
}

#[test]
fn a_town_and_what_holds_it_do_not_contradict_each_other() {
    let held = "The regatta starts in Cascais, near Lisbon. The boats left the pier in Lisbon at dawn.";
    insta::assert_snapshot!(found(&[held, "The boats left the pier in Cascais at dawn."]), @"");
    insta::assert_snapshot!(found(&["The boats left the pier in Lisbon at dawn.", "The boats left the pier in Cascais at dawn."]), @"place: “Lisbon” / “Cascais”");
}

#[test]
fn places_that_the_rest_of_the_words_tell_apart() {
    let both = "The hall in Aveiro and the one in Ovar are old.";
    insta::assert_snapshot!(found(&[&format!("{both} Aveiro will again be one of the sites."), &format!("{both} Ovar will again be one of the sites.")]), @"place: “Aveiro” / “Ovar”");
    insta::assert_snapshot!(found(&["The start of a plant in Aveiro has been put back to 2028.", "A factory in Ovar will not open until 2028."]), @"place: “Aveiro” / “Ovar”");
    insta::assert_snapshot!(found(&["The towns of Aveiro, Ovar and Murtosa are dry. The tower stands nine kilometres north of Aveiro.", "The tower stands nine kilometres north of Ovar."]), @"place: “Aveiro” / “Ovar”");
}

#[test]
fn a_ministry_in_other_words() {
    insta::assert_snapshot!(found(&["The Public Safety Ministry posted photographs of the wreck on Facebook.", "The Ministry of Public Security posted several photographs of the wreck."]), @"name: “Public Safety Ministry” / “Ministry of Public Security”");
}

#[test]
fn two_names_where_one_must_be_meant() {
    let delegate = "The delegate, Ingrid Solheim, travelled with the buses to the border.";
    insta::assert_snapshot!(found(&[delegate, "Its delegate Solveig Solheim rode with the buses to the border."]), @"name: “Ingrid Solheim” / “Solveig Solheim”");
    insta::assert_snapshot!(found(&["Ivo Tomas of Porto University led the study.", "Ivo Tomas of Braga University led the study."]), @"name: “Porto University” / “Braga University”");
    insta::assert_snapshot!(found(&["The company is owned by the agent Rui Marques.", "The company is owned by the agent Rui Mardes."]), @"name: “Rui Marques” / “Rui Mardes”");
}

#[test]
fn variants_of_one_name() {
    insta::assert_snapshot!(found(&["The pilot, Teresita Solano, swam to the shore.", "The pilot, Tess Solano, swam to the shore."]), @"");
    insta::assert_snapshot!(found(&["The mayor, Đorđe Kovač, opened the bridge.", "The mayor, Djordje Kovac, opened the bridge."]), @"");
    insta::assert_snapshot!(found(&["The minister, Farrukh Nazaroev, opened the road.", "The minister, Farrukh Nazaroyev, opened the road."]), @"");
    insta::assert_snapshot!(found(&["The fee was declared to the Porto Football Association on Monday.", "The fee was declared to the Porto FA on Monday."]), @"");
}

#[test]
fn enumerations_with_other_members() {
    let three = "Those who were freed are border guards, truck drivers and a schoolteacher.";
    insta::assert_snapshot!(found(&[three, "The men who were freed are border guards and truck drivers."]), @"list: 2 members are common; only in the first: schoolteacher");
    insta::assert_snapshot!(found(&["A state of emergency was declared in Aveiro, Ovar and Murtosa.", "The mayor declared two towns, Aveiro and Ovar, a disaster area."]), @"list: 2 members are common; only in the first: Murtosa");
}

#[test]
fn enumerations_with_the_same_members() {
    insta::assert_snapshot!(found(&["The talks under Omani mediation took a week, in Muscat, Salalah and Nizwa.", "The talks took a week in Muscat, Salalah and Nizwa."]), @"");
    insta::assert_snapshot!(found(&["Two ships, a helicopter and some boats were searching the area.", "A helicopter, two ships and some boats were taking part in the search."]), @"");
}

#[test]
fn a_time_compared_with_is_not_the_time_of_it() {
    let now = "Profit reached 40 million kroner in the fourth quarter of 2025.";
    insta::assert_snapshot!(found(&[now, "Profit reached 40 million kroner in the fourth quarter of 2024."]), @"time: “the fourth quarter of 2025” is 2025-Q4, “the fourth quarter of 2024” is 2024-Q4");
    insta::assert_snapshot!(found(&[now, "Profit rose by a tenth from 36 million kroner in the fourth quarter of 2024."]), @"");
}

#[test]
fn reports_of_two_days_tell_of_their_own_day() {
    let monday = "PORTO, 4 May 2026 - Divers reached the wreck on Monday.";
    insta::assert_snapshot!(found(&[monday, "PORTO, 5 May 2026 - Divers reached the ferry's wreck on Tuesday."]), @"time: “Monday” is 2026-05-04, “Tuesday” is 2026-05-05");
    insta::assert_snapshot!(found(&[
        "PORTO, 4 May 2026 - Food and water came to the upper village on Monday with mules and drivers.",
        "PORTO, 5 May 2026 - On Tuesday the upper village was left by helpers who had found nothing but a broken church tower.",
    ]), @"");
}

#[test]
fn a_length_is_no_distance_from_an_end() {
    let text = "Her side was the better team for 80 minutes.";
    insta::assert_snapshot!(found(&[text, "Her side was the better team for 10 minutes."]), @"figure: “80 minutes” / “10 minutes” do not agree, also not within their rounding");
    insta::assert_snapshot!(found(&[text, "Her side was the better team until 10 minutes from time."]), @"");
}

#[test]
fn a_toll_is_no_count_of_villages() {
    let toll = "The toll of the floods in the hills of the northern province rose to 14 on Monday.";
    insta::assert_snapshot!(found(&[toll, "The toll of the floods in the hills of the northern province rose to 11 on Monday."]), @"figure: “14” / “11” do not agree, also not within their rounding");
    insta::assert_snapshot!(found(&[toll, "Help for the floods in the hills of the northern province came to 11 cut-off villages on Monday."]), @"");
}

#[test]
fn one_figure_in_a_list_is_one_member() {
    insta::assert_snapshot!(found(&[
        "The union demands a 15 percent raise, two free Sundays a month, cooling in the hall and contracts in Polish.",
        "The union wants 15 per cent more pay, two free Sundays a month and contracts in Polish.",
    ]), @"list: 3 members are common; only in the first: cooling in the hall");
}

#[test]
fn could_is_no_doubt_beside_let() {
    let rule = "The veto would have let any one member stop the others from boarding a ship.";
    insta::assert_snapshot!(found(&[rule, "Nobody would accept that any one member could stop the others from boarding a ship."]), @"");
    insta::assert_snapshot!(found(&["The new ships stop the smugglers from boarding.", "The new ships could stop the smugglers from boarding."]), @"hedge: “could” in one, asserted in the other");
}

#[test]
fn another_person_at_another_place_is_another_case() {
    let porto = "A court in Porto jailed Rui Valente for four years for selling stolen fuel.";
    insta::assert_snapshot!(found(&[porto, "A court in Braga jailed Rui Valente for four years for selling stolen fuel."]), @"place: “Porto” / “Braga”");
    insta::assert_snapshot!(found(&[porto, "A court in Braga jailed Nuno Salgado for seven years for selling stolen fuel."]), @"");
}

#[test]
fn spellings_of_a_given_name() {
    insta::assert_snapshot!(found(&["He and his wife Stacy have three young daughters.", "His wife, Stacey, and their three daughters watched."]), @"name: “Stacy” / “Stacey”");
    insta::assert_snapshot!(found(&["The study was led by Jon Lind in Lom.", "The study was led by John Lind in Lom."]), @"name: “Jon Lind” / “John Lind”");
    insta::assert_snapshot!(found(&["Stephen Lind and Steven Berg led the study in Lom.", "Stephen Lind led the study in Lom."]), @"list: 1 member is common; only in the first: Steven Berg");
}

#[test]
fn one_distance_from_two_towns() {
    insta::assert_snapshot!(found(&["Part of the dam, seven kilometres upstream of Lom, gave way at night.", "The dam lies seven kilometres above Vidin and burst."]), @"place: “Lom” / “Vidin”");
    insta::assert_snapshot!(found(&["Part of the dam, seven kilometres upstream of Lom, gave way at night.", "The dam lies twelve kilometres above Vidin and burst."]), @"");
}

#[test]
fn a_bound_that_leaves_out_what_the_other_counts() {
    insta::assert_snapshot!(found(&["After the crash 51 people were taken to the hospital.", "After the crash more than 51 people were taken to the hospital."]), @"figure: “51” / “more than 51” do not agree, also not within their rounding");
    insta::assert_snapshot!(found(&["After the crash 50 people were taken to the hospital.", "After the crash more than 50 people were taken to the hospital."]), @"");
}

#[test]
fn what_is_reportedly_said_or_apparently_meant() {
    insta::assert_snapshot!(found(&["She reportedly claimed that he closed the northern gate of the harbour.", "He closed the northern gate of the harbour."]), @"attribution-dropped: given to “She” in one, in the outlet’s own voice in the other");
    insta::assert_snapshot!(found(&["He reportedly closed the northern gate of the harbour on Monday.", "He closed the northern gate of the harbour on Monday."]), @"hedge: “reportedly” in one, asserted in the other");
}

#[test]
fn names_after_titles_with_a_full_stop() {
    insta::assert_snapshot!(found(&["The letter came from Gov. Ana Ruiz, and former Sens. Ivo Berg, Jo Lind and Rui Marques.", "He cited former senators like Ivo Berg, Jo Lind and Rui Marques."]), @"list: 3 members are common; only in the first: Ana Ruiz");
}

#[test]
fn what_somebody_says_it_is() {
    insta::assert_snapshot!(found(&["The gang is selling what it says are 9,000 entries of the harbour register.", "9,000 entries of the harbour register are being sold."]), @"hedge: “what it says are” in one, asserted in the other");
}
