//! The closed lists of values in the JSON. Each mirrors a type of `stemma-core`; a new value there does not compile here
//! until it has a name on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident from $inner:ty { $($(#[$value_doc:meta])* $value:ident = $wire:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $(
                $(#[$value_doc])*
                #[serde(rename = $wire)]
                $value,
            )+
        }

        impl $name {
            /// The name in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $wire,)+
                }
            }
        }

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                match inner {
                    $(<$inner>::$value => Self::$value,)+
                }
            }
        }
    };
}

wire_enum!(
    /// The kinds of divergence, worst first.
    DivergenceKind from stemma_core::DivergenceKind {
        /// Yes here, no there.
        Polarity = "polarity",
        /// Two verbatim quotations of one utterance in one language that cannot both be right.
        QuoteAltered = "quote-altered",
        /// A quantity differs beyond rounding.
        Figure = "figure",
        /// The same words or claim, another source.
        Speaker = "speaker",
        /// Another date or order.
        Time = "time",
        /// Another place.
        Place = "place",
        /// Another person or organisation, or a misspelling.
        Name = "name",
        /// Attributed in one report, in the outlet's own voice in another.
        AttributionDropped = "attribution-dropped",
        /// Asserted here, "is believed to" there.
        Hedge = "hedge",
        /// Enumerations whose members differ.
        List = "list",
        /// A fragment against the full sentence.
        QuotePartial = "quote-partial",
        /// Another office or function of the same person.
        Role = "role",
        /// Part / all, may / must, planned / done, with / without a condition.
        Scope = "scope",
        /// A later report supersedes an earlier figure or state: not a conflict.
        Update = "update",
        /// The same utterance in other words.
        Wording = "wording",
    }
);

wire_enum!(
    /// How one report came from another.
    EdgeKind from stemma_core::EdgeKind {
        /// The text is the other's, verbatim or with trivial edits.
        Copy = "copy",
        /// Made from the other report alone, in new words or order.
        Rewrite = "rewrite",
        /// Gives the other outlet as its source.
        Relay = "relay",
        /// Both come from one agency text, press release or pool report.
        SharedSource = "shared-source",
        /// Credits an agency with the text or a part of it.
        AgencyCredit = "agency-credit",
        /// A later version of the same outlet's report.
        Revision = "revision",
    }
);

wire_enum!(
    /// How the content of an attribution is given.
    Form from stemma_core::Form {
        /// Every word stands in quotation marks.
        Direct = "direct",
        /// Some words do.
        Mixed = "mixed",
        /// None does.
        Indirect = "indirect",
    }
);

wire_enum!(
    /// The stance that a cue takes to what it introduces.
    Manner from stemma_core::Manner {
        /// "said", "told", "according to"
        Neutral = "neutral",
        /// "claimed", "alleged"
        Doubt = "doubt",
        /// "insisted", "stressed"
        Stress = "stress",
        /// "admitted", "revealed"
        Factive = "factive",
        /// "denied", "rejected"
        Denial = "denial",
        /// "asked", "wondered"
        Question = "question",
        /// "believes", "fears"
        Belief = "belief",
        /// "called for", "ordered"
        Demand = "demand",
    }
);

wire_enum!(
    /// What ties the source to the content.
    Basis from stemma_core::Basis {
        /// A cue in the same sentence.
        Cue = "cue",
        /// "according to Putin", "in Putin's words".
        AccordingTo = "according-to",
        /// "Putin: “…”", or a sentence that ends in a colon.
        Colon = "colon",
        /// No cue: the speaker of the quotation before carries over.
        Carried = "carried",
        /// No cue and no speaker before it.
        None = "none",
    }
);

wire_enum!(
    /// In whose name a statement is made.
    Voice from stemma_core::Voice {
        /// The outlet asserts it.
        Own = "own",
        /// The outlet gives it to a source.
        Attributed = "attributed",
    }
);

wire_enum!(
    /// How a report ties itself to another outlet or agency.
    CreditKind from stemma_core::CreditKind {
        /// An agency made the picture beside the text.
        Picture = "picture",
        /// The text is an agency's.
        Agency = "agency",
        /// An agency or outlet contributed.
        Contribution = "contribution",
        /// The report takes what it says from an outlet.
        Relay = "relay",
    }
);

wire_enum!(
    /// What an entity is.
    EntityKind from stemma_core::EntityKind {
        /// A human being.
        Person = "person",
        /// A company, agency, government body, party, club, outlet.
        Organization = "organization",
        /// A country, region, town, river, mountain.
        Place = "place",
        /// A building, airport, bridge, road.
        Facility = "facility",
        /// A nationality, religion or political group.
        Group = "group",
        /// A thing with a name.
        Product = "product",
        /// A named event.
        Event = "event",
    }
);

wire_enum!(
    /// How a mention refers.
    MentionForm from stemma_core::MentionForm {
        /// A proper name.
        Named = "named",
        /// A description: "the Ukrainian leader".
        Described = "described",
        /// A pronoun.
        Pronoun = "pronoun",
    }
);

wire_enum!(
    /// Grammatical evidence for a person.
    Gender from stemma_core::Gender {
        /// "she", "Mrs"
        Feminine = "feminine",
        /// "he", "Mr"
        Masculine = "masculine",
        /// Nothing points one way.
        Unknown = "unknown",
    }
);

wire_enum!(
    /// What a stretch of a report's text is for.
    SegmentKind from stemma_core::SegmentKind {
        /// A headline that stands in the text.
        Title = "title",
        /// "KYIV, March 1 (Reuters) —"
        Dateline = "dateline",
        /// The description of a picture.
        Caption = "caption",
        /// Who made the text or the picture.
        Credit = "credit",
        /// A publication date that a crawler left.
        DateStub = "date-stub",
        /// "Read more", share buttons, copyright lines.
        Furniture = "furniture",
        /// "This story has been updated …"
        UpdateNote = "update-note",
        /// The report itself.
        Body = "body",
    }
);

wire_enum!(
    /// The four types of TIMEX3.
    TimeKind from stemma_core::TimeKind {
        /// A day or something longer.
        Date = "DATE",
        /// A part of a day.
        Time = "TIME",
        /// A length.
        Duration = "DURATION",
        /// Something that recurs.
        Set = "SET",
    }
);

wire_enum!(
    /// How exact a figure claims to be.
    Approximation from stemma_core::Approximation {
        /// "14"
        Exact = "exact",
        /// "about 14"
        About = "about",
        /// "at least 14"
        AtLeast = "at-least",
        /// "more than 14"
        MoreThan = "more-than",
        /// "at most 14"
        AtMost = "at-most",
        /// "fewer than 14"
        LessThan = "less-than",
        /// "12 to 14"
        Range = "range",
    }
);

wire_enum!(
    /// What offsets count.
    Unit from stemma_core::OffsetUnit {
        /// UTF-8 bytes.
        Bytes = "bytes",
        /// Unicode code points.
        Chars = "chars",
        /// UTF-16 code units.
        Utf16 = "utf16",
    }
);

wire_enum!(
    /// What changed between two versions, what matters most first.
    ChangeKind from stemma_compare::ChangeKind {
        /// The headline, given apart or in the text.
        Headline = "headline",
        /// Words in quotation marks, or what stands in such marks.
        Quotation = "quotation",
        /// Yes in one version, no in the other.
        Polarity = "polarity",
        /// A quantity.
        Figure = "figure",
        /// A date or time.
        Time = "time",
        /// A person, organization or place.
        Name = "name",
        /// How sure the outlet is.
        Hedge = "hedge",
        /// A sentence that only the newer version has.
        Added = "added",
        /// A sentence that only the older version has.
        Removed = "removed",
        /// Other words, of which none of the above can be said.
        Wording = "wording",
    }
);

wire_enum!(
    /// What came of two places.
    Verdict from stemma_compare::Verdict {
        /// The pair holds a row together.
        Aligned = "aligned",
        /// Both are aligned with others of one row; the pair alone would not do.
        Joined = "joined",
        /// The pair alone would do, but the rows of the two do not agree as a whole.
        Refused = "refused",
        /// Other parts of the two sentences fit each other better.
        Beaten = "beaten",
        /// Looked at twice, and too improbable.
        BelowThreshold = "below-threshold",
        /// Too improbable at first look.
        Improbable = "improbable",
        /// The sentences were laid side by side, but these parts share too little.
        Unlike = "unlike",
        /// The sentences share too little to be laid side by side.
        NoCandidate = "no-candidate",
        /// One of the two is nothing that is compared.
        NotCompared = "not-compared",
    }
);

wire_enum!(
    /// How much of their text two reports have in common, the most first.
    DuplicateLevel from stemma_group::Level {
        /// The same bytes.
        Exact = "exact",
        /// The same words: case, white space, punctuation, quotation marks and Unicode form aside.
        Normalized = "normalized",
        /// More than half of the words of the shorter text stand in common runs, or half of all runs of five words are common.
        Near = "near",
        /// Less than that, between versions of one report.
        Partial = "partial",
    }
);

wire_enum!(
    /// What two reports of one text are to each other.
    Relation from stemma_group::Relation {
        /// One report, fetched twice.
        Same = "same",
        /// One report, edited between.
        Version = "version",
        /// Two publications of one text.
        Republication = "republication",
    }
);

wire_enum!(
    /// What makes two reports versions of one.
    Identity from stemma_group::Identity {
        /// The same canonical address.
        Address = "address",
        /// The same id in the feed, of the same outlet.
        Guid = "guid",
        /// The same outlet and headline.
        Headline = "headline",
    }
);

/// Whether an alignment is an utterance or a fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlignmentKind {
    /// One act of speech or writing.
    Utterance,
    /// One assertion.
    Fact,
}

/// Where a date of publication was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateOrigin {
    /// In the metadata of the input.
    Metadata,
    /// In the text: a dateline or a date that a crawler left.
    Text,
}
