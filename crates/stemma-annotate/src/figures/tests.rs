use proptest::prelude::*;
use stemma_core::{Mark, Published, comparable, compatible, view};

use super::*;
use crate::find_times;
use crate::numbers::parts;

fn figures(text: &str) -> Layer<FigureId, Figure> {
    let (tokens, sentences) = parts(text);
    let published = Published::Day("2025-03-02".parse().unwrap());
    let times = find_times(text, &tokens, &sentences, Some(published));
    find_figures(text, &tokens, &sentences, &times)
}

fn shown(text: &str) -> String {
    let label = |figure: &Figure| {
        let bounds = match figure.approximation {
            Approximation::Exact => String::new(),
            _ => format!(" ({} to {})", figure.low, figure.high),
        };
        let counted = figure.counted.map_or(String::new(), |span| format!(", {}", &text[span.range()]));
        let rank = if figure.ordinal { ", rank" } else { "" };
        format!("{} {}{bounds}{counted}{rank}", figure.value, figure.unit.symbol).replace("  ", " ")
    };
    let marks: Vec<Mark> =
        figures(text).items().iter().map(|figure| Mark::new(figure.span, label(figure))).collect();
    view(text, &marks)
}

#[test]
fn counts_say_what_they_count() {
    insta::assert_snapshot!(shown("At least 14 people died and twenty-two others were hurt in 300 burned-out wooden houses."), @r"
    At least 14 people died and twenty-two others were hurt in 300 burned-out wooden houses.
    ~~~~~~~~~~~                                                                               14 (14 to inf), people
                                ~~~~~~~~~~                                                    22 , others
                                                               ~~~                            300 , houses
    ");
    insta::assert_snapshot!(shown("One child and two police officers saw 900 of the jobs go; no one else, one of them said."), @r"
    One child and two police officers saw 900 of the jobs go; no one else, one of them said.
    ~~~                                                                                       1 , child
                  ~~~                                                                         2 , officers
                                          ~~~                                                 900 , jobs
    ");
    insta::assert_snapshot!(shown("The last of eleven cut-off villages; two co-defendants; nine more bodies; seven-year terms; 20 more."), @r"
    The last of eleven cut-off villages; two co-defendants; nine more bodies; seven-year terms; 20 more.
                ~~~~~~                                                                                    11 , villages
                                         ~~~                                                              2 , defendants
                                                            ~~~~                                          9 , bodies
                                                                              ~~~~~~~~~~                  7 y
                                                                                                ~~        20
    ");
    insta::assert_snapshot!(shown("Dozens of villagers, hundreds of thousands of fans and half a million euros."), @r"
    Dozens of villagers, hundreds of thousands of fans and half a million euros.
    ~~~~~~                                                                        24 (24 to 120), villagers
                         ~~~~~~~~~~~~~~~~~~~~~                                    200000 (200000 to 1000000), fans
                                                           ~~~~~~~~~~~~~~~~~~~~   500000 EUR
    ");
}

#[test]
fn a_verb_keeps_its_over() {
    insta::assert_snapshot!(shown("They handed over 24 men, aged 16 and 17, to several hundred police, over 30 of them in cars."), @r"
    They handed over 24 men, aged 16 and 17, to several hundred police, over 30 of them in cars.
                     ~~                                                                           24 , men
                             ~~~~~~~                                                              16 yr
                                         ~~                                                       17 yr
                                                ~~~~~~~~~~~~~~~                                   200 (200 to 1000), police
                                                                        ~~~~~~~                   30 (30 to inf)
    ");
}

#[test]
fn bounds_and_ranges_widen_a_figure() {
    insta::assert_snapshot!(shown("About 900 jobs, nearly 2,000 men, more than 80 shops, up to 20 cows, 50 or more hens."), @r"
    About 900 jobs, nearly 2,000 men, more than 80 shops, up to 20 cows, 50 or more hens.
    ~~~~~~~~~                                                                              900 (855 to 945), jobs
                    ~~~~~~~~~~~~                                                           2000 (1900 to 2000), men
                                      ~~~~~~~~~~~~                                         80 (80 to inf), shops
                                                          ~~~~~~~~                         20 (0 to 20), cows
                                                                         ~~~~~~~~~~        50 (50 to inf), hens
    ");
    insta::assert_snapshot!(shown("Between 5 and 7 boats, 12 to 14 million fish, 10-12% of $3-5 billion, 12–14 dogs."), @r"
    Between 5 and 7 boats, 12 to 14 million fish, 10-12% of $3-5 billion, 12–14 dogs.
    ~~~~~~~~~~~~~~~                                                                    6 (5 to 7), boats
                           ~~~~~~~~~~~~~~~~                                            13000000 (12000000 to 14000000), fish
                                                  ~~~~~~                               11 % (10 to 12)
                                                            ~~~~~~~~~~~~               4000000000 USD (3000000000 to 5000000000)
                                                                          ~~~~~        13 (12 to 14), dogs
    ");
}

#[test]
fn a_range_has_one_unit() {
    insta::assert_snapshot!(shown("It rose 6.4% to 4.81 billion crowns, 5% to 7% more than planned, or $3m to €5m."), @r"
    It rose 6.4% to 4.81 billion crowns, 5% to 7% more than planned, or $3m to €5m.
            ~~~~                                                                     6.4 %
                    ~~~~~~~~~~~~~~~~~~~                                              4810000000 CZK
                                         ~~~~~~~~                                    6 % (5 to 7)
                                                                        ~~~          3000000 USD
                                                                               ~~~   5000000 EUR
    ");
}

#[test]
fn money_is_in_the_currency_of_its_sign_or_name() {
    insta::assert_snapshot!(shown("It cost $5m, £3bn, Rs 20 crore, C$1.5 million, 7.5 million soles and 200 million Swiss francs."), @r"
    It cost $5m, £3bn, Rs 20 crore, C$1.5 million, 7.5 million soles and 200 million Swiss francs.
            ~~~                                                                                     5000000 USD
                 ~~~~                                                                               3000000000 GBP
                       ~~~~~~~~~~~                                                                  200000000 INR
                                    ~~~~~~~~~~~~~                                                   1500000 CAD
                                                   ~~~~~~~~~~~~~~~~~                                7500000 PEN
                                                                         ~~~~~~~~~~~~~~~~~~~~~~~~   200000000 CHF
    ");
}

#[test]
fn measures_keep_their_units() {
    insta::assert_snapshot!(shown("A 45m wide gap, a 100ft hole, 12 km away, 80 km/h winds, 38 degrees Celsius, -5°C, 640 acres."), @r"
    A 45m wide gap, a 100ft hole, 12 km away, 80 km/h winds, 38 degrees Celsius, -5°C, 640 acres.
      ~~~                                                                                          45 m
                      ~~~~~                                                                        100 ft
                                  ~~~~~                                                            12 km
                                              ~~~~~~~                                              80 km/h
                                                             ~~~~~~~~~~~~~~~~~~                    38 °C
                                                                                  ~~~              -5 °C
                                                                                       ~~~~~~~~~   640 acre
    ");
    insta::assert_snapshot!(shown("7.4 percent, two percentage points, a magnitude 6.4 quake, 2.6 lakh people, 500 megawatts."), @r"
    7.4 percent, two percentage points, a magnitude 6.4 quake, 2.6 lakh people, 500 megawatts.
    ~~~~~~~~~~~                                                                                 7.4 %
                 ~~~~~~~~~~~~~~~~~~~~~                                                          2 pp
                                                    ~~~                                         6.4 
                                                               ~~~~~~~~                         260000 , people
                                                                                ~~~~~~~~~~~~~   500 MW
    ");
    insta::assert_snapshot!(shown("The three-year war; six years and two months in jail; four weeks of 35-hour shifts."), @r"
    The three-year war; six years and two months in jail; four weeks of 35-hour shifts.
        ~~~~~~~~~~                                                                       3 y
                        ~~~~~~~~~~~~~~~~~~~~~~~~                                         6.166666666666667 y
                                                          ~~~~~~~~~~                     4 wk
                                                                        ~~~~~~~          35 h
    ");
}

#[test]
fn ages_shares_scores_and_ranks() {
    insta::assert_snapshot!(shown("The 43-year-old, Ana Cowan, 43, and her son, aged 7, who is 12 years old."), @r"
    The 43-year-old, Ana Cowan, 43, and her son, aged 7, who is 12 years old.
        ~~~~~~~~~~~                                                            43 yr
                                ~~                                             43 yr
                                                 ~~~~~~                        7 yr
                                                                ~~~~~~~~~~~~   12 yr
    ");
    insta::assert_snapshot!(shown("One voter in seven, two thirds of the votes, a third of them, half of the town, three out of five."), @r"
    One voter in seven, two thirds of the votes, a third of them, half of the town, three out of five.
    ~~~~~~~~~~~~~~~~~~                                                                                  14.285714285714286 %
                        ~~~~~~~~~~                                                                      66.66666666666667 %, votes
                                                 ~~~~~~~                                                33.333333333333336 %
                                                                  ~~~~                                  50 %, town
                                                                                    ~~~~~~~~~~~~~~~~~   60 %
    ");
    insta::assert_snapshot!(shown("They won 3-1 and the senate voted 52–48 on the third draft, the 10th in all."), @r"
    They won 3-1 and the senate voted 52–48 on the third draft, the 10th in all.
             ~                                                                    3 
               ~                                                                  1 
                                      ~~                                          52 
                                         ~~                                       48 
                                                   ~~~~~                          3 , draft, rank
                                                                    ~~~~          10 , rank
    ");
}

#[test]
fn times_and_names_are_left_out() {
    for text in [
        "In 2010, on 3 May at 10:30, the COVID-19 ward of 10 Downing Street was closed.",
        "A Boeing 747, Article 5, SB 1062, the G20 and Apollo 11 were on Channel 4 on March 1, 2025.",
        "No one called 555-867-5309 on Flight 370.",
    ] {
        assert_eq!(shown(text), format!("{text}\n"));
    }
}

/// The one figure of `text`.
fn the(text: &str) -> Figure {
    let figures = figures(text);
    assert_eq!(figures.len(), 1, "{}", shown(text));
    figures.items()[0].clone()
}

#[test]
fn figures_agree_within_the_rounding_of_their_words() {
    for (a, b) in [
        ("1,980 people came", "Nearly 2,000 people came"),
        ("The lake is 12 km long", "The lake is 7.5 miles long"),
        ("More than 80 people died", "84 people died"),
        ("It fell 61.2 per cent", "It fell 61% since"),
        ("2.6 lakh voters", "260,000 voters"),
        ("3.1 million bees", "more than three million bees"),
        ("An estimated 297,000 people", "nearly 300,000 people"),
        ("a 30m wide road", "a road of about 100ft"),
        ("eleven kilometres away", "less than seven miles away"),
        ("snow of up to two metres", "drifts of up to 7ft"),
        ("One voter in seven stayed", "It was 14 per cent"),
        ("It lasted three weeks", "It lasted 21 days"),
        ("The price was 4.7 million euros", "The price was €4.7m"),
        ("Dozens of people died", "45 people died"),
    ] {
        assert!(compatible(&the(a), &the(b)) && compatible(&the(b), &the(a)), "{a} / {b}");
    }
}

#[test]
fn figures_conflict_beyond_their_rounding() {
    for (a, b) in [
        ("84 people died", "85 people died"),
        ("More than 70 people died", "84 people died"),
        ("Some 2,470 people came", "2,740 people came"),
        ("Close to 2,500 people came", "2,310 people came"),
        ("About 400 jobs go", "430 jobs go"),
        ("Six years and two months in jail", "A little over five years in jail"),
        ("It fell 16 per cent", "It fell 60%"),
        ("250,000 votes", "520,000 votes"),
        ("two hours of rain", "one hour of rain"),
        ("More than six years in jail", "A little over five years in jail"),
    ] {
        let (a_is, b_is) = (the(a), the(b));
        assert!(comparable(&a_is, &b_is) && !compatible(&a_is, &b_is), "{a} / {b}");
    }
    assert!(!comparable(&the("It cost $6 million"), &the("It cost 20 million soles")));
    let (dollars, soles) = (the("It cost $6 million"), the("It cost 6 million soles"));
    assert!(comparable(&dollars, &soles) && !compatible(&dollars, &soles));
}

proptest! {
    #[test]
    fn any_text_gives_ordered_figures(text in "(?s)(\\PC|[0-9]{1,5}|[-/:.,% $€–]|million|two|half|a|third|of|years?|old|km|one|in|and|to|between|more than|\n){0,40}") {
        let mut end = 0;
        for figure in figures(&text).items() {
            prop_assert!(figure.span.start() >= end && !figure.span.is_empty() && figure.span.fits(&text));
            prop_assert!(figure.counted.is_none_or(|counted| counted.fits(&text)));
            prop_assert!(figure.low <= figure.high && figure.value.is_finite() && figure.step > 0.0);
            prop_assert!(compatible(figure, figure));
            end = figure.span.end();
        }
    }
}
