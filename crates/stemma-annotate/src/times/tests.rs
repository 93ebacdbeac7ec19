use proptest::prelude::*;
use stemma_core::{Mark, view};

use super::*;
use crate::numbers::parts;

fn times(text: &str, published: Option<&str>) -> Layer<TimeId, TimeExpression> {
    let (tokens, sentences) = parts(text);
    let published = published.map(|day| Published::Day(day.parse().unwrap()));
    find_times(text, &tokens, &sentences, published)
}

fn shown_with(text: &str, published: Option<&str>, label: impl Fn(&TimeExpression) -> String) -> String {
    let marks: Vec<Mark> =
        times(text, published).items().iter().map(|time| Mark::new(time.span, label(time))).collect();
    view(text, &marks)
}

/// As in a report of Sunday, 2 March 2025.
fn shown(text: &str) -> String {
    shown_with(text, Some("2025-03-02"), |time| format!("{} {}", time.kind.as_str(), time.value))
}

#[test]
fn recurring_days_follow_the_tense() {
    insta::assert_snapshot!(shown("They met on Friday and will meet on Tuesday."), @r"
    They met on Friday and will meet on Tuesday.
                ~~~~~~                            DATE 2025-02-28
                                        ~~~~~~~   DATE 2025-03-04
    ");
    insta::assert_snapshot!(shown("The vote last Sunday, this Sunday and next Sunday was postponed until Monday."), @r"
    The vote last Sunday, this Sunday and next Sunday was postponed until Monday.
             ~~~~~~~~~~~                                                           DATE 2025-02-23
                          ~~~~~~~~~~~                                              DATE 2025-03-02
                                          ~~~~~~~~~~~                              DATE 2025-03-09
                                                                          ~~~~~~   DATE 2025-03-03
    ");
    insta::assert_snapshot!(shown("She resigned in December. He will retire in December, by Jan. 14 at the latest."), @r"
    She resigned in December. He will retire in December, by Jan. 14 at the latest.
                    ~~~~~~~~                                                         DATE 2024-12
                                                ~~~~~~~~                             DATE 2025-12
                                                             ~~~~~~~                 DATE 2025-01-14
    ");
}

#[test]
fn dates_are_read_in_every_spelling() {
    insta::assert_snapshot!(shown("On March 1, 1 March 2025, the 1st of March, 2025-03-01 and 03/01/2025."), @r"
    On March 1, 1 March 2025, the 1st of March, 2025-03-01 and 03/01/2025.
       ~~~~~~~                                                              DATE 2025-03-01
                ~~~~~~~~~~~~                                                DATE 2025-03-01
                              ~~~~~~~~~~~~~~~~                              DATE 2025-03-01
                                                ~~~~~~~~~~                  DATE 2025-03-01
                                                               ~~~~~~~~~~   DATE 2025-03-01
    ");
    insta::assert_snapshot!(shown("From Saturday, March 1, until the end of June 2026, in mid-May or early next year."), @r"
    From Saturday, March 1, until the end of June 2026, in mid-May or early next year.
         ~~~~~~~~~~~~~~~~~                                                              DATE 2025-03-01
                                  ~~~~~~~~~~~~~~~~~~~~                                  DATE 2026-06
                                                           ~~~~~~~                      DATE 2025-05
                                                                      ~~~~~~~~~~~~~~~   DATE 2026
    ");
    insta::assert_snapshot!(shown("In the 1990s, the late ’80s and the 19th century; the 2022 invasion, 1997-98."), @r"
    In the 1990s, the late ’80s and the 19th century; the 2022 invasion, 1997-98.
       ~~~~~~~~~                                                                   DATE 199
                  ~~~~~~~~~~~~~                                                    DATE 198
                                    ~~~~~~~~~~~~~~~~                               DATE 18
                                                          ~~~~                     DATE 2022
                                                                         ~~~~      DATE 1997
    ");
    insta::assert_snapshot!(shown("Last summer, in the spring of 2024, on Christmas Eve and New Year’s Day 2020."), @r"
    Last summer, in the spring of 2024, on Christmas Eve and New Year’s Day 2020.
    ~~~~~~~~~~~                                                                    DATE 2024-SU
                    ~~~~~~~~~~~~~~~~~~                                             DATE 2024-SP
                                           ~~~~~~~~~~~~~                           DATE 2024-12-24
                                                             ~~~~~~~~~~~~~~~~~~~   DATE 2020-01-01
    ");
}

#[test]
fn times_of_day_take_their_day_from_the_text() {
    insta::assert_snapshot!(shown("On Friday night it rained; at 10:30 a.m. Saturday it snowed. It began at 2.40 in the morning."), @r"
    On Friday night it rained; at 10:30 a.m. Saturday it snowed. It began at 2.40 in the morning.
       ~~~~~~~~~~~~                                                                                TIME 2025-02-28TNI
                                  ~~~~~~~~~~~~~~~~~~~                                              TIME 2025-03-01T10:30
                                                                             ~~~~~~~~~~~~~~~~~~~   TIME 2025-03-02T02:40
    ");
    insta::assert_snapshot!(shown("The dam broke at 01:40 GMT on Thursday (0440 local time) and at noon, at six o’clock it was over."), @r"
    The dam broke at 01:40 GMT on Thursday (0440 local time) and at noon, at six o’clock it was over.
                     ~~~~~~~~~~~~~~~~~~~~~                                                             TIME 2025-02-27T01:40Z
                                            ~~~~~~~~~~~~~~~                                            TIME 2025-02-27T04:40
                                                                    ~~~~                               TIME 2025-02-27T12:00
                                                                             ~~~~~~~~~~~               TIME 2025-02-27T06:00
    ");
    insta::assert_snapshot!(shown("He spoke last night and speaks tonight at 8pm EST, not at 7 p.m. last night."), @r"
    He spoke last night and speaks tonight at 8pm EST, not at 7 p.m. last night.
             ~~~~~~~~~~                                                           TIME 2025-03-01TNI
                                   ~~~~~~~                                        TIME 2025-03-02TNI
                                              ~~~~~~~                             TIME 2025-03-02T20:00-05:00
                                                              ~~~~~~~~~~~~~~~~~   TIME 2025-03-01T19:00
    ");
}

#[test]
fn lengths_and_sets_keep_their_amounts() {
    insta::assert_snapshot!(shown("The three-year war cost six years and two months, more than two weeks, half an hour."), @r"
    The three-year war cost six years and two months, more than two weeks, half an hour.
        ~~~~~~~~~~                                                                        DURATION P3Y
                            ~~~~~~~~~~~~~~~~~~~~~~~~                                      DURATION P6Y2M
                                                      ~~~~~~~~~~~~~~~~~~~                 DURATION P2W
                                                                           ~~~~~~~~~~~~   DURATION PT0.5H
    ");
    insta::assert_snapshot!(shown("In the past two months, for decades, she ran 5 1/2 hours a week, every Thursday, twice a day."), @r"
    In the past two months, for decades, she ran 5 1/2 hours a week, every Thursday, twice a day.
       ~~~~~~~~~~~~~~~~~~~                                                                         DURATION P2M
                                ~~~~~~~                                                            DURATION PXY
                                                 ~~~~~~~~~~~                                       DURATION PT5H30M
                                                             ~~~~~~                                DURATION P1W
                                                                     ~~~~~~~~~~~~~~                SET XXXX-WXX-4
                                                                                           ~~~~~   SET P1D
    ");
}

#[test]
fn shifts_count_from_the_report_or_from_the_day_named_before() {
    insta::assert_snapshot!(shown("He left two weeks ago. On Jan. 6 she fell; three days later she died. The next day it snowed."), @r"
    He left two weeks ago. On Jan. 6 she fell; three days later she died. The next day it snowed.
            ~~~~~~~~~~~~~                                                                          DATE 2025-W07
                              ~~~~~~                                                               DATE 2025-01-06
                                               ~~~~~~~~~~~~~~~~                                    DATE 2025-01-09
                                                                          ~~~~~~~~~~~~             DATE 2025-01-10
    ");
    insta::assert_snapshot!(shown("Profit in the third quarter of 2024 rose from a year earlier. The day before yesterday it fell."), @r"
    Profit in the third quarter of 2024 rose from a year earlier. The day before yesterday it fell.
              ~~~~~~~~~~~~~~~~~~~~~~~~~                                                              DATE 2024-Q3
                                                  ~~~~~~~~~~~~~~                                     DATE 2023-Q3
                                                                  ~~~~~~~~~~~~~~~~~~~~~~~~           DATE 2025-02-28
    ");
}

#[test]
fn words_that_only_look_like_times_are_left_alone() {
    insta::assert_snapshot!(shown("They may march on; a second man read the Sunday Times. April Ruiz won 2000 votes."), @"They may march on; a second man read the Sunday Times. April Ruiz won 2000 votes.");
    insta::assert_snapshot!(shown("The 12-year-old saw Flight 1990 on Black Friday, and COVID-19 came in waves."), @"The 12-year-old saw Flight 1990 on Black Friday, and COVID-19 came in waves.");
}

#[test]
fn the_reasoning_is_shown() {
    let reason = |time: &TimeExpression| format!("{}: {}", time.value, time.reason);
    insta::assert_snapshot!(shown_with("They met on Friday, two days after the vote last month.", Some("2025-03-02"), reason), @r"
    They met on Friday, two days after the vote last month.
                ~~~~~~                                       2025-02-28: Friday before 2025-03-02, the report's date
                        ~~~~~~~~                             P2D: a length of time
                                                ~~~~~~~~~~   2025-02: the month before 2025-03-02, the report's date
    ");
    insta::assert_snapshot!(shown_with("On Jan. 6 he left. Two days later he was back.", Some("2025-03-02"), reason), @r"
    On Jan. 6 he left. Two days later he was back.
       ~~~~~~                                       2025-01-06: January 6 before 2025-03-02, the report's date
                       ~~~~~~~~~~~~~~               2025-01-08: 2 days after 2025-01-06, named before
    ");
}

#[test]
fn without_a_date_of_publication_values_stay_open() {
    let value = |time: &TimeExpression| time.value.clone();
    insta::assert_snapshot!(shown_with("On Friday, today, last year, on March 5 and two days ago at 10 a.m. he sang.", None, value), @r"
    On Friday, today, last year, on March 5 and two days ago at 10 a.m. he sang.
       ~~~~~~                                                                     XXXX-WXX-5
               ~~~~~                                                              PRESENT_REF
                      ~~~~~~~~~                                                   XXXX
                                    ~~~~~~~                                       XXXX-03-05
                                                ~~~~~~~~~~~~                      PAST_REF
                                                                ~~~~~~~           XXXX-XX-XXT10:00
    ");
}

proptest! {
    #[test]
    fn any_text_gives_ordered_spans_that_slice(text in "(?s)(\\PC|[0-9]{1,4}|[-/:., ’]|Friday|May|ago|two|years?|the|last|quarter|1990s|\\n){0,40}") {
        for published in [None, Some("2025-03-02"), Some("0001-01-01"), Some("9999-12-31")] {
            let mut end = 0;
            for time in times(&text, published).items() {
                prop_assert!(time.span.start() >= end && !time.span.is_empty() && time.span.fits(&text));
                prop_assert!(!time.value.is_empty() && !time.reason.is_empty());
                prop_assert!(time.days.is_none_or(|days| days.first <= days.last));
                end = time.span.end();
            }
        }
    }
}
