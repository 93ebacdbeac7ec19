//! A made-up story of any number of reports of 600 words, the same on every machine and in every run.
//!
//! The event is a ferry that ran aground. A report of its own takes some of the facts and quotations, the main ones most often,
//! each in one of many wordings, with figures that differ at times, and tells as much that no other report has: its own people,
//! places and scenes. Of every ten reports three print the text of one of a few agencies, cut, with a lead of their own; one
//! relays an earlier report and names it.

use jiff::Timestamp;
use jiff::tz::Offset;
use stemma_core::{Origin, Published, Report, ReportDraft};

/// Words of a report.
const WORDS: usize = 600;

/// The reports, in order of time.
pub(crate) fn reports(count: usize) -> Vec<Report> {
    let agencies: Vec<String> =
        AGENCIES.iter().zip(1_000_u64..).map(|(name, seed)| agency(name, seed)).collect();
    let mut reports: Vec<Report> = Vec::new();
    for n in 0..count {
        let mut dice = Dice::new(n as u64);
        let text = match n % 10 {
            2 | 5 | 8 => reprint(&agencies[dice.below(agencies.len())], &mut dice),
            9 => relay(&reports[dice.below(n)], &mut dice),
            _ => own(&mut dice),
        };
        reports.push(finished(text, n));
    }
    reports
}

/// Numbers that only look random: the multiplier and increment of Knuth's MMIX.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(2_654_435_761).wrapping_add(17));
        dice.below(2);
        dice
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).expect("less than the limit")
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn name(&mut self) -> String {
        format!("{} {}", self.pick(&GIVEN), self.surname())
    }

    fn surname(&mut self) -> String {
        format!("{}{}{}", self.pick(&HEADS), self.pick(&MIDDLES), self.pick(&TAILS))
    }
}

const AGENCIES: [&str; 4] = ["Northline", "Pan-Coast Press", "Meridian News Agency", "Harbour Wire"];
const GIVEN: [&str; 12] =
    ["Anna", "Bela", "Carlos", "Dora", "Emil", "Farid", "Greta", "Hana", "Ivan", "Joana", "Karim", "Lena"];
const HEADS: [&str; 12] =
    ["Bar", "Cor", "Dam", "Fer", "Gal", "Hol", "Kar", "Lan", "Mor", "Pet", "Sal", "Ver"];
const MIDDLES: [&str; 8] = ["an", "el", "in", "os", "ur", "av", "ik", "om"];
const TAILS: [&str; 10] = ["dal", "ek", "ini", "ova", "sen", "berg", "ides", "eau", "ovic", "ita"];

/// A fact: who, did what, to what, and a tail; each part in several wordings. `{n}` is a figure that reports give differently.
struct Fact {
    parts: [&'static [&'static str]; 3],
    figures: &'static [&'static str],
}

const fn fact(parts: [&'static [&'static str]; 3], figures: &'static [&'static str]) -> Fact {
    Fact { parts, figures }
}

/// The main facts first.
const FACTS: [Fact; 32] = [
    fact(
        [
            &["The ferry Aurora", "A ferry, the Aurora,", "The passenger ferry Aurora"],
            &[
                "ran aground on a reef off Lysna",
                "struck a reef near the island of Lysna",
                "hit rocks close to Lysna",
            ],
            &["on Tuesday night", "late on Tuesday", "shortly before midnight on Tuesday"],
        ],
        &[],
    ),
    fact(
        [
            &["At least {n} people", "{n} passengers", "No fewer than {n} people"],
            &["were killed in the accident", "died when the ship went down", "lost their lives"],
            &[
                "the coast guard said",
                "according to the coast guard",
                "coast guard officials said on Wednesday",
            ],
        ],
        &["14", "17", "19"],
    ),
    fact(
        [
            &["Another {n} people", "{n} others", "As many as {n} passengers and crew"],
            &["were still missing", "remained unaccounted for", "had not been found"],
            &["on Wednesday evening", "by nightfall on Wednesday", "when the search was halted on Wednesday"],
        ],
        &["31", "33", "36"],
    ),
    fact(
        [
            &["The captain, Oskar Lind,", "Captain Oskar Lind", "Oskar Lind, who commanded the ship,"],
            &["was arrested by police", "was taken into custody", "has been detained"],
            &[
                "on suspicion of negligence",
                "and is suspected of negligence",
                "for questioning about his conduct",
            ],
        ],
        &[],
    ),
    fact(
        [
            &["The Aurora", "The ship", "The vessel"],
            &[
                "was built in 1987 in Gdansk",
                "left a yard in Gdansk in 1987",
                "came from a shipyard in Gdansk, where it was built in 1987,",
            ],
            &["and had been overhauled twice", "and was refitted two times", "and went through two refits"],
        ],
        &[],
    ),
    fact(
        [
            &["Helicopters", "Three helicopters", "Rescue helicopters of the navy"],
            &[
                "lifted {n} survivors from the water",
                "pulled {n} people out of the sea",
                "brought {n} people to safety",
            ],
            &["during the night", "before dawn", "in the hours after the accident"],
        ],
        &["62", "64", "68"],
    ),
    fact(
        [
            &[
                "The transport ministry",
                "Transport minister Ida Roos",
                "The minister of transport, Ida Roos,",
            ],
            &[
                "ordered an inquiry into the accident",
                "has set up a commission of inquiry",
                "said an independent inquiry would be held",
            ],
            &["that is to report by May", "with a report due in May", "whose findings are expected in May"],
        ],
        &[],
    ),
    fact(
        [
            &[
                "The operator, Lysna Line,",
                "Lysna Line, which runs the ferry,",
                "The shipping company Lysna Line",
            ],
            &["suspended all its sailings", "cancelled every crossing", "halted its services"],
            &["until Friday", "for three days", "through the end of the week"],
        ],
        &[],
    ),
    fact(
        [
            &[
                "Winds of {n} kilometres an hour",
                "A gale with gusts of {n} km an hour",
                "Gusts of up to {n} kilometres per hour",
            ],
            &["hampered the search", "made the rescue difficult", "slowed the divers"],
            &["on Wednesday morning", "in the morning", "until Wednesday noon"],
        ],
        &["90", "95", "100"],
    ),
    fact(
        [
            &["The ship", "The ferry", "The Aurora"],
            &[
                "carried {n} passengers and 24 crew",
                "had {n} passengers and a crew of 24 on board",
                "was sailing with {n} passengers and 24 crew members",
            ],
            &["from Porto Vell to Lysna", "on its way from Porto Vell to the island", "bound for Lysna"],
        ],
        &["212", "218", "221"],
    ),
    fact(
        [
            &["King Harald", "The king", "King Harald and the queen"],
            &[
                "sent condolences to the families",
                "expressed sympathy with the bereaved",
                "offered condolences",
            ],
            &["in a message on Wednesday", "in a short statement", "through the palace"],
        ],
        &[],
    ),
    fact(
        [
            &["Flags", "All flags on public buildings", "Official flags"],
            &["will fly at half-mast", "are to be lowered", "were lowered to half-mast"],
            &["on Thursday", "for a day of mourning on Thursday", "throughout the country on Thursday"],
        ],
        &[],
    ),
    fact(
        [
            &["The reef", "The Skarv reef", "The rocks known as Skarv"],
            &["is marked on every chart", "appears on all charts of the area", "has been charted since 1911"],
            &[
                "and lies two miles from the usual route",
                "two miles off the route that ferries take",
                "far from the prescribed lane",
            ],
        ],
        &[],
    ),
    fact(
        [
            &["A mayday call", "The distress call", "The first call for help"],
            &["was received at 11.42 p.m.", "reached the coast guard at 11.42 p.m.", "came in at 11.42 p.m."],
            &[
                "about {n} minutes after the impact",
                "some {n} minutes after the ship had struck",
                "{n} minutes late, investigators believe",
            ],
        ],
        &["20", "25", "30"],
    ),
    fact(
        [
            &["Fishermen from Lysna", "Local fishermen", "A dozen fishing boats"],
            &[
                "were the first to reach the wreck",
                "arrived at the scene first",
                "got to the sinking ship before anybody else",
            ],
            &["and took {n} people on board", "and saved {n} passengers", "picking up {n} survivors"],
        ],
        &["40", "41", "45"],
    ),
    fact(
        [
            &["Two lifeboats", "At least two of the lifeboats", "Two of eight lifeboats"],
            &["could not be lowered", "failed to come down", "jammed in their davits"],
            &["survivors said", "according to several survivors", "passengers told rescuers"],
        ],
        &[],
    ),
    fact(
        [
            &["The hospital in Porto Vell", "Porto Vell's hospital", "Doctors in Porto Vell"],
            &[
                "treated {n} people for hypothermia",
                "admitted {n} people suffering from cold",
                "took in {n} survivors with hypothermia",
            ],
            &["most of whom could go home", "and sent most of them home", "four of them in intensive care"],
        ],
        &["51", "53", "55"],
    ),
    fact(
        [
            &["Prosecutor Mats Dahl", "The prosecutor, Mats Dahl,", "Chief prosecutor Mats Dahl"],
            &[
                "said the ship's recorder had been found",
                "announced that the voyage recorder was recovered",
                "confirmed that divers had retrieved the recorder",
            ],
            &[
                "and would be read in Hamburg",
                "which is being sent to Hamburg",
                "and will be examined by experts in Hamburg",
            ],
        ],
        &[],
    ),
    fact(
        [
            &["The ferry", "The Aurora", "The 37-year-old ship"],
            &[
                "passed an inspection in January",
                "was inspected in January",
                "had last been checked in January",
            ],
            &["without objections", "and no fault was found", "when inspectors found nothing wrong"],
        ],
        &[],
    ),
    fact(
        [
            &["An oil slick", "A film of oil", "Oil from the wreck"],
            &[
                "spread over {n} square kilometres",
                "covered some {n} square kilometres",
                "stretched across {n} square kilometres",
            ],
            &[
                "and threatened a bird sanctuary",
                "close to a sanctuary for birds",
                "and drifted toward a nature reserve",
            ],
        ],
        &["4", "5", "6"],
    ),
    fact(
        [
            &["The government", "The cabinet", "Prime minister Nora Voss's cabinet"],
            &[
                "promised {n} million euros in aid",
                "pledged aid of {n} million euros",
                "set aside {n} million euros",
            ],
            &["for the families of the victims", "for the bereaved", "to help the victims' families"],
        ],
        &["2", "2.5", "3"],
    ),
    fact(
        [
            &[
                "Opposition leader Jan Brekke",
                "Jan Brekke of the opposition",
                "The leader of the opposition, Jan Brekke,",
            ],
            &[
                "called on the minister to resign",
                "demanded that the minister step down",
                "asked for the minister's resignation",
            ],
            &[
                "over a delayed safety law",
                "because of a safety law that was put off",
                "citing a law on ship safety that never passed",
            ],
        ],
        &[],
    ),
    fact(
        [
            &["The sea", "The water", "The sea off Lysna"],
            &["was {n} degrees cold", "had a temperature of {n} degrees", "measured {n} degrees Celsius"],
            &[
                "in which a person survives an hour",
                "giving swimmers about an hour",
                "and nobody lasts much more than an hour in it",
            ],
        ],
        &["7", "8", "9"],
    ),
    fact(
        [
            &["Divers", "Navy divers", "A team of divers"],
            &["searched the upper decks", "went through the cabins of the upper decks", "entered the hull"],
            &[
                "on Wednesday afternoon",
                "after the wind had eased on Wednesday",
                "for the first time on Wednesday",
            ],
        ],
        &[],
    ),
    fact(
        [
            &["Churches on the island", "All churches of Lysna", "The churches"],
            &["stayed open all night", "kept their doors open overnight", "did not close during the night"],
            &[
                "for relatives who waited for news",
                "as families waited",
                "so that relatives could wait there",
            ],
        ],
        &[],
    ),
    fact(
        [
            &["The accident", "It", "The sinking"],
            &[
                "is the worst at sea for the country",
                "was the country's deadliest at sea",
                "is the gravest shipping accident here",
            ],
            &["since 1994", "in three decades", "since the loss of the Balder in 1994"],
        ],
        &[],
    ),
    fact(
        [
            &["A second officer", "The second officer, Per Holm,", "Per Holm, the second officer,"],
            &["was on the bridge alone", "had the bridge to himself", "steered the ship alone"],
            &["when it struck", "at the time of the impact", "in the minutes before the accident"],
        ],
        &[],
    ),
    fact(
        [
            &["Insurers", "The insurer Norsk Mutual", "Norsk Mutual, the insurer,"],
            &[
                "put the damage at {n} million euros",
                "estimated the loss at {n} million euros",
                "expect claims of {n} million euros",
            ],
            &["in a first estimate", "on Wednesday", "in a note to shareholders"],
        ],
        &["80", "85", "90"],
    ),
    fact(
        [
            &["Shares in Lysna Line", "The operator's shares", "Lysna Line stock"],
            &["fell {n} percent", "lost {n} percent", "dropped by {n} percent"],
            &["in Wednesday trading", "on the Porto Vell exchange", "before trading was halted"],
        ],
        &["11", "12", "13"],
    ),
    fact(
        [
            &[
                "The European Maritime Safety Agency",
                "Europe's maritime safety agency",
                "The maritime safety agency of the EU",
            ],
            &["offered two ships", "sent two vessels", "made two of its ships available"],
            &["to contain the oil", "for work on the oil slick", "to fight the spill"],
        ],
        &[],
    ),
    fact(
        [
            &["A crane ship", "A floating crane", "The crane ship Atlas"],
            &["is to raise the wreck", "will lift the ferry", "is expected to bring up the hull"],
            &["in April", "not before April", "once the weather allows, perhaps in April"],
        ],
        &[],
    ),
    fact(
        [
            &["Schools on Lysna", "The island's schools", "All three schools of Lysna"],
            &["were closed on Wednesday", "stayed shut on Wednesday", "gave no lessons on Wednesday"],
            &[
                "because {n} pupils lost a parent",
                "after {n} pupils were orphaned",
                "as {n} of their pupils mourned a parent",
            ],
        ],
        &["6", "7", "8"],
    ),
];

/// Who, and what they said: whole, in two or three sentences.
const QUOTATIONS: [(&str, &[&str]); 16] = [
    (
        "coast guard chief Eva Brandt",
        &[
            "We will not stop searching while there is a chance that anybody is alive out there",
            "The first hour decides everything in water that cold",
        ],
    ),
    (
        "transport minister Ida Roos",
        &[
            "Those who are responsible for this will answer for it in court",
            "I have asked for every document on this ship since the day that it was built",
        ],
    ),
    (
        "survivor Milan Horak",
        &[
            "There was a noise like a train and then everything slid to one side",
            "Nobody told us where to go and the lights went out after two minutes",
        ],
    ),
    (
        "fisherman Tor Vik",
        &[
            "We heard them shouting before we saw them, and we just steered toward the voices",
            "I have fished these waters for forty years and never went near that reef at night",
        ],
    ),
    (
        "Lysna Line director Paul Kessler",
        &[
            "Our thoughts are with those who lost somebody on Tuesday night",
            "The ship was in perfect order and the crew was trained for this",
        ],
    ),
    (
        "prosecutor Mats Dahl",
        &[
            "It is too early to say who gave the order to leave the route",
            "We have heard nineteen members of the crew and their accounts do not agree",
        ],
    ),
    (
        "prime minister Nora Voss",
        &[
            "This is a black day for the islands and for the whole country",
            "Nobody should have to fear for his life on a ferry that children take to school",
        ],
    ),
    (
        "opposition leader Jan Brekke",
        &[
            "The minister put off the safety law three times and today we see the price",
            "An apology is not enough when nineteen people are dead",
        ],
    ),
    (
        "nurse Sara Lund",
        &[
            "They came in blankets and bare feet and most of them could not speak",
            "We ran out of beds at three in the morning",
        ],
    ),
    (
        "Captain Oskar Lind's lawyer, Rita Moll,",
        &[
            "My client did everything that he could to save the people in his care",
            "He left the bridge for four minutes, no longer, and he will regret them all his life",
        ],
    ),
    (
        "mayor Aksel Berg",
        &[
            "Every family on this island knows somebody who was on that ship",
            "We need people who listen now more than we need money",
        ],
    ),
    (
        "bishop Karin Aas",
        &[
            "There are no words for this and we should not pretend that there are",
            "The doors will stay open as long as anybody wants to come in",
        ],
    ),
    (
        "marine biologist Luis Prado",
        &[
            "If the wind turns to the north, the oil will be on the cliffs in a day",
            "The birds come back to nest in two weeks and they will come back to this",
        ],
    ),
    (
        "shipping analyst Mona Weiss",
        &[
            "A company of this size cannot survive such a loss without help from outside",
            "The price of insuring an old ferry will double",
        ],
    ),
    (
        "diver Stefan Kolar",
        &["You cannot see your own hand down there", "We felt our way from door to door and counted"],
    ),
    (
        "teacher Elin Strand",
        &[
            "Two of my pupils were waiting at the pier with a cake",
            "I do not know what to tell the children tomorrow",
        ],
    ),
];

/// The words of which what only one report tells is made: no two reports have more than a phrase of it in common.
const NOUNS: [&str; 96] = [
    "copper", "linen", "barley", "clock", "cedar", "velvet", "salt", "bread", "honey", "paper", "glass",
    "candle", "brick", "rope", "saddle", "kettle", "violin", "apple", "cheese", "mirror", "carpet", "pepper",
    "basket", "ladder", "window", "anvil", "button", "feather", "garden", "hammer", "jacket", "lantern",
    "marble", "needle", "orchard", "pencil", "quilt", "ribbon", "spoon", "thimble", "almond", "bakery",
    "bicycle", "blanket", "bottle", "bridge", "bucket", "cabin", "camera", "canvas", "ceiling", "cellar",
    "chapel", "chimney", "coin", "cottage", "curtain", "drawer", "drum", "engine", "envelope", "fence",
    "flute", "fountain", "furnace", "gate", "grain", "guitar", "harvest", "hedge", "horse", "kitchen",
    "letter", "library", "market", "meadow", "medal", "mill", "notebook", "oven", "painting", "parcel",
    "piano", "plough", "pocket", "porch", "poster", "pump", "roof", "scarf", "statue", "stove", "tailor",
    "tower", "trumpet", "wagon",
];
const VERBS: [&str; 40] = [
    "carried",
    "mended",
    "sold",
    "painted",
    "buried",
    "counted",
    "cleaned",
    "opened",
    "borrowed",
    "lifted",
    "sketched",
    "weighed",
    "wrapped",
    "repaired",
    "moved",
    "lit",
    "watched",
    "signed",
    "polished",
    "lent",
    "folded",
    "measured",
    "dropped",
    "guarded",
    "inherited",
    "photographed",
    "rented",
    "restored",
    "returned",
    "shook",
    "stacked",
    "swept",
    "tied",
    "touched",
    "traded",
    "unpacked",
    "washed",
    "burned",
    "hid",
    "described",
];
const ADJECTIVES: [&str; 36] = [
    "old", "narrow", "wooden", "borrowed", "silent", "heavy", "yellow", "broken", "round", "careful",
    "distant", "empty", "familiar", "gentle", "hollow", "iron", "joint", "late", "modest", "noisy", "open",
    "pale", "quiet", "rough", "second", "tall", "unused", "warm", "young", "bitter", "bright", "crowded",
    "damp", "famous", "green", "plain",
];
const ENDS: [&str; 28] = [
    "before breakfast",
    "without a word",
    "for the third time",
    "under the eyes of the neighbours",
    "as a favour",
    "in the rain",
    "until the lamps went out",
    "for an aunt abroad",
    "against advice",
    "on the second floor",
    "with both hands",
    "to the last piece",
    "behind the school",
    "by mistake",
    "in return for firewood",
    "at half price",
    "since childhood",
    "out of habit",
    "to everybody's surprise",
    "while the soup got cold",
    "after the funeral",
    "for luck",
    "from memory",
    "in a borrowed coat",
    "at the wrong address",
    "beside a sleeping dog",
    "twice a year",
    "on credit",
];
const TRADES: [&str; 20] = [
    "baker",
    "driver",
    "widow",
    "student",
    "mason",
    "pensioner",
    "farmer",
    "clerk",
    "barber",
    "guard",
    "cook",
    "painter",
    "porter",
    "printer",
    "shepherd",
    "smith",
    "weaver",
    "plumber",
    "librarian",
    "gardener",
];

/// A fact in one of its wordings.
fn told(fact: &Fact, dice: &mut Dice) -> String {
    let [who, what, tail] = fact.parts.map(|wordings| dice.pick(wordings));
    // The first figure is the usual one.
    let figure = if fact.figures.is_empty() {
        ""
    } else {
        fact.figures[dice.below(fact.figures.len() * 2).saturating_sub(fact.figures.len())]
    };
    let joint = if tail.starts_with("the coast") || tail.starts_with("according") || tail.ends_with("said") {
        ", "
    } else {
        " "
    };
    format!("{who} {what}{joint}{tail}.").replace("{n}", figure)
}

/// A quotation: whole, in part, with a word changed, or as indirect speech.
fn quoted(n: usize, dice: &mut Dice) -> String {
    let (who, sentences) = QUOTATIONS[n];
    let first = sentences[dice.below(sentences.len())];
    match dice.below(6) {
        0 => format!("“{first},” {who} said. “{}.”", sentences[sentences.len() - 1]),
        1 => format!("“{first},” said {who}."),
        2 => format!(
            "“{},” {who} told reporters.",
            first.replace(" this ", " that ").replace("nobody", "no one")
        ),
        3 => {
            let cut =
                first.char_indices().filter(|(_, c)| *c == ' ').nth(8).map_or(first.len(), |(at, _)| at);
            format!("“{},” {who} said.", &first[..cut])
        }
        4 => {
            let mut chars = first.chars();
            let start = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
            format!("{} said that {start}{}.", sentence_start(who), chars.as_str())
        }
        _ => format!("{}: “{first}.”", sentence_start(who)),
    }
}

fn sentence_start(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default() + chars.as_str()
}

/// What no other report has.
fn scene(people: &[String], places: &[String], dice: &mut Dice) -> String {
    let [who, other] = [dice.below(people.len()), dice.below(people.len())].map(|n| &people[n]);
    let place = &places[dice.below(places.len())];
    let mut thing = || format!("{} {}", dice.pick(&ADJECTIVES), dice.pick(&NOUNS));
    let (first, second, third) = (thing(), thing(), thing());
    let (verb, then, end, trade) =
        (dice.pick(&VERBS), dice.pick(&VERBS), dice.pick(&ENDS), dice.pick(&TRADES));
    let age = 19 + dice.below(70);
    match dice.below(10) {
        0 => format!("{who}, {age}, a {trade} from {place}, {verb} the {first} {end}."),
        1 => format!("“I {verb} the {first} {end},” said {who}, “and then the {second}.”"),
        2 => format!("In {place} a {trade} {verb} a {first} and {then} the {second} {end}."),
        3 => format!("The {first} that {who} {verb} in {place} stood beside a {second}."),
        4 => format!("{age} of the {first}s were {verb} {end}, and {other} {then} the {second}."),
        5 => format!("{who} and {other} {verb} a {first}, the {trade} a {second}."),
        6 => format!("Near {place} the {first} had been {verb} {end}; nobody {then} the {third}."),
        7 => format!("“Who {verb} the {first}?” {other} asked the {trade}, who {then} his {second}."),
        8 => format!("It was {who} who {verb} the {first} of {place} {end}, not the {trade}."),
        _ => format!("A {first}, a {second} and a {third} were {verb} {end}."),
    }
}

/// One of `limit`, the first most often.
fn main_ones(limit: usize, dice: &mut Dice) -> usize {
    dice.below(limit).min(dice.below(limit))
}

/// A report of its own: the accident first, then facts, quotations and scenes in turn, each fact and quotation once.
fn own(dice: &mut Dice) -> String {
    let people: Vec<String> = (0..6).map(|_| dice.name()).collect();
    let places: Vec<String> = (0..3).map(|_| dice.surname()).collect();
    let (mut facts, mut quotations) = (vec![0], Vec::new());
    let mut text = told(&FACTS[0], dice);
    let mut n = 1;
    while text.split_whitespace().count() < WORDS {
        let fact = main_ones(FACTS.len(), dice);
        let quotation = main_ones(QUOTATIONS.len(), dice);
        let sentence = match dice.below(20) {
            0..8 if !facts.contains(&fact) => {
                facts.push(fact);
                told(&FACTS[fact], dice)
            }
            8..11 if !quotations.contains(&quotation) => {
                quotations.push(quotation);
                quoted(quotation, dice)
            }
            _ => scene(&people, &places, dice),
        };
        text.push_str(if n % 3 == 0 { "\n\n" } else { " " });
        text.push_str(&sentence);
        n += 1;
    }
    text
}

/// The text that an agency sent.
fn agency(name: &str, seed: u64) -> String {
    format!("PORTO VELL ({name}) — {}", own(&mut Dice::new(seed)))
}

/// The agency's text with its end cut, and an end of its own.
fn reprint(agency: &str, dice: &mut Dice) -> String {
    let paragraphs: Vec<&str> = agency.split("\n\n").collect();
    let kept = paragraphs.len() * (60 + dice.below(40)) / 100;
    filled(paragraphs[..kept.max(1)].join("\n\n"), dice)
}

/// `text` with paragraphs of a report of its own, up to the usual length.
fn filled(mut text: String, dice: &mut Dice) -> String {
    for paragraph in own(dice).split("\n\n").skip(1) {
        if text.split_whitespace().count() >= WORDS {
            break;
        }
        text.push_str("\n\n");
        text.push_str(paragraph);
    }
    text
}

/// A report that gives an earlier one as its source.
fn relay(earlier: &Report, dice: &mut Dice) -> String {
    let from = earlier.outlet().unwrap_or("another paper");
    let told: Vec<&str> = earlier.text().split("\n\n").skip(1).take(3).collect();
    let lead = format!("{from} reported on Wednesday that the ferry had left its route.");
    filled(format!("{lead}\n\n{}", told.join("\n\n")), dice)
}

fn finished(text: String, n: usize) -> Report {
    let mut dice = Dice::new(n as u64 + 77_777);
    let kind = dice.pick(&["Post", "Courier", "Ledger", "Observer", "Gazette", "Echo", "Tribune"]);
    let outlet = format!("{} {kind}", dice.surname());
    let minutes = i64::try_from(n).expect("stories are small") * 7;
    let at = Timestamp::constant(1_773_820_800, 0) + jiff::SignedDuration::from_mins(minutes);
    let draft = ReportDraft {
        url: Some(format!("https://outlet{n}.example/ferry")),
        outlet: Some(outlet),
        published: Some(Published::Instant(at, Offset::UTC)),
        text,
        ..ReportDraft::default()
    };
    Report::new(draft, Origin::whole("-"))
}
