//! Made-up reports for benchmarks: the same on every machine and in every run.
//!
//! An event is a flood in an invented town. Every fact of it has several wordings; a report takes some of the facts, in its
//! own wording and order, until it has as many words as asked. A story holds reports of their own, copies that are cut at
//! the end, and relays that name the report they take from, as stories do.
#![allow(dead_code, reason = "each benchmark uses what it needs")]

use jiff::civil::Date;
use stemma_core::{Origin, Published, Report, ReportDraft};

/// Words of a report of usual length.
pub(crate) const USUAL_WORDS: usize = 600;

/// A short report, as agencies send it.
pub(crate) fn short() -> Report {
    report(1, 1, 120)
}

/// A report of usual length about event `event` by outlet `outlet`.
pub(crate) fn usual(event: u64, outlet: u64) -> Report {
    report(event, outlet, USUAL_WORDS)
}

/// A long report, as magazines print it.
pub(crate) fn long() -> Report {
    report(1, 2, 6_000)
}

/// A day of reports about `events` events.
pub(crate) fn day(events: u64, outlets: u64) -> Vec<Report> {
    (0..events).flat_map(|event| (0..outlets).map(move |outlet| usual(event, outlet))).collect()
}

/// A story of `count` reports: of every five, one copies and one relays an earlier one.
pub(crate) fn story(count: u64) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for n in 0..count {
        let earlier = (n / 2) as usize;
        reports.push(match n % 5 {
            3 => copy(&reports[earlier], n),
            4 => relay(&reports[earlier], n),
            _ => usual(7, n),
        });
    }
    reports
}

/// Numbers that only look random: the multiplier and increment of Knuth's MMIX.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).expect("less than the limit")
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

const TOWNS: [&str; 6] = ["Verdal", "Ostrica", "Marlow Creek", "Santa Lucia", "Khorat", "Bellune"];
const MAYORS: [&str; 6] = [
    "Elena Markovic",
    "Tomás Herrera",
    "Ruth Okafor",
    "Jean-Paul Mercier",
    "Somchai Prasert",
    "Anna Lindqvist",
];
const MINISTERS: [&str; 5] = ["Karim Haddad", "Ingrid Solberg", "Peter Novák", "Grace Mensah", "Luis Ortega"];
const OUTLETS: [&str; 7] = [
    "The Daily Ledger",
    "Northern Post",
    "Harbour Wire",
    "La Voz del Valle",
    "Evening Courier",
    "The Observer of Kells",
    "City Gazette",
];

/// What is fixed for one event.
struct Event {
    town: &'static str,
    mayor: &'static str,
    minister: &'static str,
    dead: usize,
    homes: usize,
    level: usize,
}

impl Event {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(2_654_435_761).wrapping_add(17));
        Self {
            town: dice.pick(&TOWNS),
            mayor: dice.pick(&MAYORS),
            minister: dice.pick(&MINISTERS),
            dead: 4 + dice.below(30),
            homes: 200 + dice.below(4_000),
            level: 3 + dice.below(6),
        }
    }

    fn fill(&self, template: &str) -> String {
        let surname = |name: &str| name.rsplit(' ').next().unwrap_or(name).to_owned();
        template
            .replace("{town}", self.town)
            .replace("{mayor}", self.mayor)
            .replace("{mayor_surname}", &surname(self.mayor))
            .replace("{minister}", self.minister)
            .replace("{minister_surname}", &surname(self.minister))
            .replace("{dead}", &self.dead.to_string())
            .replace("{homes}", &self.homes.to_string())
            .replace("{level}", &self.level.to_string())
    }
}

/// Facts of an event, each in three wordings.
const FACTS: [[&str; 3]; 24] = [
    [
        "At least {dead} people were killed when the river burst its banks in {town} on Friday, officials said.",
        "Floods in {town} on Friday killed at least {dead} people, according to local officials.",
        "{dead} people are known to have died in the floods that swept through {town} on Friday.",
    ],
    [
        "Some {homes} houses were under water by Saturday morning, {mayor}, the mayor, told reporters.",
        "The mayor, {mayor}, said about {homes} homes had been flooded by Saturday morning.",
        "By Saturday morning water stood in nearly {homes} houses, mayor {mayor} said.",
    ],
    [
        "“We have never seen the river rise so fast,” {mayor_surname} said. “People had minutes, not hours.”",
        "“We have never seen the river rise this fast,” said {mayor_surname}. “People had only minutes.”",
        "{mayor_surname} said the town had “never seen the river rise so fast”.",
    ],
    [
        "The water reached {level} metres at the old bridge, the highest level since 1974.",
        "At the old bridge the river stood at {level} metres, higher than at any time since 1974.",
        "Gauges at the old bridge showed {level} metres, a record for the past fifty years.",
    ],
    [
        "Interior minister {minister} flew over the area and promised $12 million in emergency aid.",
        "{minister}, the interior minister, promised emergency aid of $12 million after a flight over the area.",
        "The government will pay $12 million in aid, interior minister {minister} said after seeing the town from the air.",
    ],
    [
        "“Nobody will be left alone with this,” {minister_surname} said, adding that the first payments would be made next week.",
        "“No one will be left alone with this,” said {minister_surname}; the first payments are to be made next week.",
        "{minister_surname} said that nobody would be left alone and that payments would begin next week.",
    ],
    [
        "Soldiers in boats took more than 300 people from their roofs during the night.",
        "More than 300 people were rescued from roofs by soldiers in boats overnight.",
        "During the night, army boats brought over 300 people down from the roofs.",
    ],
    [
        "Critics say that warnings came too late.",
        "The warning came too late, critics say.",
        "Opposition members accused the government of having warned the town too late.",
    ],
    [
        "The weather service had issued an alert at 6 p.m. on Thursday, a spokeswoman said.",
        "A spokeswoman for the weather service said an alert had been issued at 6 p.m. on Thursday.",
        "According to the weather service, the alert went out on Thursday at six in the evening.",
    ],
    [
        "Three schools and the hospital of St. Anne were evacuated, and trains to the coast were cancelled.",
        "The hospital of St. Anne and three schools had to be evacuated; no trains ran to the coast.",
        "Trains to the coast were cancelled, and St. Anne hospital and three schools were cleared.",
    ],
    [
        "A dam 14 kilometres upstream was not damaged, its operator, Hydra Power, said in a statement.",
        "Hydra Power, which runs a dam 14 km upstream, said in a statement that it had not been damaged.",
        "The dam about nine miles upstream held, according to a statement by its operator, Hydra Power.",
    ],
    [
        "“They opened the gates without telling anybody,” said Marta Ruiz, 43, who lost her bakery.",
        "Marta Ruiz, 43, whose bakery was destroyed, said: “They opened the gates and told nobody.”",
        "“They opened the gates without telling anyone,” baker Marta Ruiz said.",
    ],
    [
        "The company denied that it had opened the gates before Friday noon.",
        "Hydra Power denies having opened the gates before noon on Friday.",
        "It is not true that the gates were opened before Friday noon, the company said.",
    ],
    [
        "An inquiry is expected to report within six months.",
        "A commission is to report in six months.",
        "The results of an inquiry are expected within half a year.",
    ],
    [
        "About 11 percent of the region is without electricity.",
        "Roughly 11% of the region had no power on Saturday.",
        "One household in nine was still without electricity on Saturday.",
    ],
    [
        "The Red Cross has opened shelters for 1,200 people in a sports hall and two churches.",
        "In a sports hall and two churches the Red Cross has made room for 1,200 people.",
        "Shelters for 1,200 people were opened by the Red Cross.",
    ],
    [
        "Drinking water must be boiled until further notice, the health office warned.",
        "The health office told residents to boil drinking water until further notice.",
        "Residents were told to boil their water.",
    ],
    [
        "In 2019 a smaller flood caused damage of about €4.5 million.",
        "A smaller flood in 2019 had cost some 4.5 million euros.",
        "The damage of a smaller flood in 2019 was put at €4.5m.",
    ],
    [
        "“My grandmother used to say that the river comes back for what it gave,” said Pavel Dusek, a fisherman.",
        "“My grandmother said the river comes back for what it gave us,” fisherman Pavel Dusek said.",
        "The river takes back what it gave, said Pavel Dusek, a fisherman, quoting his grandmother.",
    ],
    [
        "Scientists say that such rain has become twice as likely since the 1990s.",
        "Such rain is now twice as likely as in the 1990s, scientists say.",
        "According to scientists, rain of this kind has become much more likely since the 1990s.",
    ],
    [
        "The European Union offered to send helicopters and pumps.",
        "Helicopters and pumps were offered by the European Union.",
        "Brussels offered pumps and helicopters.",
    ],
    [
        "The prime minister is believed to be considering a state of emergency.",
        "The prime minister may declare a state of emergency, according to two people who know of the plans.",
        "A state of emergency could be declared on Monday, two officials said on condition of anonymity.",
    ],
    [
        "More rain is forecast for Tuesday, but the river should fall by 40 centimetres a day.",
        "Although more rain is forecast for Tuesday, the level is expected to fall by 40 cm a day.",
        "Forecasters expect more rain on Tuesday.",
    ],
    [
        "On Sunday several thousand people are expected at a service in the cathedral of {town}.",
        "Several thousand people are expected at a memorial service in {town} cathedral on Sunday.",
        "A service for the dead will be held on Sunday in the cathedral of {town}.",
    ],
];

/// Words for which an outlet has its own: without them reports of their own would look like copies.
const SYNONYMS: [(&str, [&str; 3]); 24] = [
    ("people", ["people", "residents", "persons"]),
    ("said", ["said", "told reporters", "stated"]),
    ("river", ["river", "stream", "water"]),
    ("houses", ["houses", "homes", "buildings"]),
    ("promised", ["promised", "pledged", "offered"]),
    ("expected", ["expected", "likely", "due"]),
    ("killed", ["killed", "left dead", "drowned"]),
    ("flooded", ["flooded", "under water", "inundated"]),
    ("officials", ["officials", "authorities", "officers"]),
    ("emergency", ["emergency", "urgent", "immediate"]),
    ("town", ["town", "municipality", "community"]),
    ("during the night", ["during the night", "overnight", "in the dark"]),
    ("evacuated", ["evacuated", "cleared", "emptied"]),
    ("damaged", ["damaged", "harmed", "broken"]),
    ("statement", ["statement", "release", "note"]),
    ("company", ["company", "firm", "operator"]),
    ("region", ["region", "province", "county"]),
    ("electricity", ["electricity", "power", "current"]),
    ("shelters", ["shelters", "beds", "places"]),
    ("warned", ["warned", "cautioned", "advised"]),
    ("about", ["about", "around", "roughly"]),
    ("scientists", ["scientists", "researchers", "experts"]),
    ("rain", ["rain", "rainfall", "wet weather"]),
    ("opened", ["opened", "set up", "provided"]),
];

/// `sentence` in the words of `outlet`.
fn in_words_of(outlet: u64, sentence: &str) -> String {
    let mut dice = Dice(outlet.wrapping_mul(97).wrapping_add(5));
    SYNONYMS
        .iter()
        .fold(sentence.to_owned(), |said, (word, choices)| said.replace(word, choices[dice.below(3)]))
}

/// Openings of further rounds of facts, so that a long report does not repeat itself word for word.
const TURNS: [&str; 4] =
    ["Meanwhile, in a second town, ", "Last year, ", "In the neighbouring valley, ", "Earlier, "];

fn report(event: u64, outlet: u64, words: usize) -> Report {
    let facts = Event::new(event);
    let mut dice = Dice(event.wrapping_mul(1_000_003).wrapping_add(outlet));
    let mut text = format!("{}, March 1 ({}) — ", facts.town.to_uppercase(), outlet_name(outlet));
    let mut order: Vec<usize> = (0..FACTS.len()).collect();
    for round in 0.. {
        // The lead comes first; every outlet orders the rest in its own way.
        for n in (2..order.len()).rev() {
            order.swap(n, 1 + dice.below(n));
        }
        for (n, &fact) in order.iter().enumerate() {
            // A usual report tells about two facts of three.
            if round == 0 && n > 0 && words == USUAL_WORDS && dice.below(3) == 0 {
                continue;
            }
            if text.split_whitespace().count() >= words {
                return finished(text, outlet, None);
            }
            if round > 0 {
                text.push_str(TURNS[(n + round) % TURNS.len()]);
            }
            text.push_str(&in_words_of(outlet, &facts.fill(FACTS[fact][dice.below(3)])));
            text.push_str(if n % 3 == 2 { "\n\n" } else { " " });
        }
    }
    finished(text, outlet, None)
}

/// `original` cut after two thirds, under another name.
fn copy(original: &Report, outlet: u64) -> Report {
    let text = original.text();
    let cut = text[..text.len() * 2 / 3].rfind(". ").map_or(text.len(), |at| at + 1);
    finished(text[..cut].to_owned(), outlet, original.url())
}

/// A report that takes from `original` and says so.
fn relay(original: &Report, outlet: u64) -> Report {
    let from = original.outlet().unwrap_or("another outlet");
    let own = usual(7, outlet);
    let text = format!("{from} reported on Saturday that the river had burst its banks. {}", own.text());
    finished(text, outlet, None)
}

fn outlet_name(outlet: u64) -> &'static str {
    OUTLETS[usize::try_from(outlet % OUTLETS.len() as u64).expect("less than the number of outlets")]
}

fn finished(text: String, outlet: u64, copied: Option<&str>) -> Report {
    let draft = ReportDraft {
        outlet: Some(outlet_name(outlet).to_owned()),
        url: Some(format!("https://outlet{outlet}.example/{}", copied.map_or("report", |_| "copy"))),
        published: Some(Published::Day(Date::constant(2025, 3, 2))),
        text,
        ..ReportDraft::default()
    };
    Report::new(draft, Origin::whole("-"))
}
