//! Who says what: attributions, statements with their voice, and credits to other outlets.

use serde::{Deserialize, Serialize};

use crate::layer::layer_id;
use crate::{EntityId, MentionId, SentenceId, Span};

layer_id!(/** Index into [`crate::Layers::attributions`]. */ AttributionId);
layer_id!(/** Index into [`crate::Layers::statements`]. */ StatementId);
layer_id!(/** Index into [`crate::Layers::credits`]. */ CreditId);

/// How the content of an attribution is given (Pareti 2012).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Every word stands in quotation marks.
    Direct,
    /// Some words do.
    Mixed,
    /// None does.
    Indirect,
}

impl Form {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Direct => "direct",
            Form::Mixed => "mixed",
            Form::Indirect => "indirect",
        }
    }
}

/// The stance that a cue takes to what it introduces.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// "said", "told", "according to"
    #[default]
    Neutral,
    /// "claimed", "alleged": the outlet keeps its distance.
    Doubt,
    /// "insisted", "stressed", "vowed"
    Stress,
    /// "admitted", "revealed", "noted": the outlet takes the content as true.
    Factive,
    /// "denied", "rejected": the source says that the content is false.
    Denial,
    /// "asked", "wondered"
    Question,
    /// "believes", "fears", "hopes"
    Belief,
    /// "called for", "ordered", "urged", "demanded"
    Demand,
}

impl Manner {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Manner::Neutral => "neutral",
            Manner::Doubt => "doubt",
            Manner::Stress => "stress",
            Manner::Factive => "factive",
            Manner::Denial => "denial",
            Manner::Question => "question",
            Manner::Belief => "belief",
            Manner::Demand => "demand",
        }
    }
}

/// What ties the source to the content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A cue in the same sentence: "Putin said".
    Cue,
    /// "according to Putin", "in Putin's words".
    AccordingTo,
    /// "Putin: “…”", or a sentence that ends in a colon.
    Colon,
    /// No cue: the speaker of the quotation before carries over.
    Carried,
    /// No cue and no speaker before it. The source, if there is one, is the subject of the sentence around the words.
    None,
}

impl Basis {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Cue => "cue",
            Basis::AccordingTo => "according-to",
            Basis::Colon => "colon",
            Basis::Carried => "carried",
            Basis::None => "none",
        }
    }
}

/// Words that a report gives to a source. Each of the three parts may be broken: “We will,” he said, “rebuild.”
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attribution {
    /// What is said, without its outer quotation marks where the whole piece stands in them. Never empty.
    pub content: Vec<Span>,
    /// The words that signal the attribution; empty where the speaker carries over.
    pub cue: Vec<Span>,
    /// The words that name the source, the full noun phrase; empty where the sentence names none.
    pub source: Vec<Span>,
    /// The mention that heads the source (or, where the source carries over, the mention it carries over from).
    pub source_mention: Option<MentionId>,
    /// The entity of that mention.
    pub source_entity: Option<EntityId>,
    /// Direct, mixed or indirect.
    pub form: Form,
    /// The stance of the cue.
    pub manner: Manner,
    /// What ties source and content.
    pub basis: Basis,
    /// "did not say that", "refused to say whether".
    pub negated: bool,
    /// The attribution whose content this one lies in: “A said that B said …”.
    pub parent: Option<AttributionId>,
}

/// In whose name a statement is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// The outlet asserts it.
    Own,
    /// The outlet gives it to a source.
    Attributed,
}

impl Voice {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Voice::Own => "own",
            Voice::Attributed => "attributed",
        }
    }
}

/// A sentence or clause of the body that asserts something. Statements may nest: a sentence is one, and so are
/// its clauses; `parent` says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// The sentence that it is or lies in.
    pub sentence: SentenceId,
    /// The larger statement of the same sentence, if this is a clause.
    pub parent: Option<StatementId>,
    /// In whose name.
    pub voice: Voice,
    /// For [`Voice::Attributed`]: the innermost attribution that covers most of it.
    pub attribution: Option<AttributionId>,
    /// Words that lower the outlet's commitment: "is believed to", "reportedly", "may have".
    pub hedges: Vec<Span>,
    /// Words that deny: "not", "never", "failed to".
    pub negations: Vec<Span>,
}

/// How a report ties itself to another outlet or agency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CreditKind {
    /// An agency made the picture beside the text: "clash(AFP)".
    Picture,
    /// The text is an agency's: "(Reuters) —", "By The Associated Press".
    Agency,
    /// An agency or outlet contributed: "AFP contributed to this report", "with inputs from PTI".
    Contribution,
    /// The report takes what it says from an outlet: "according to Mint", "the Courier reported", "told CNN".
    Relay,
}

impl CreditKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            CreditKind::Picture => "picture",
            CreditKind::Agency => "agency",
            CreditKind::Contribution => "contribution",
            CreditKind::Relay => "relay",
        }
    }
}

/// A credit to an agency or another outlet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Credit {
    /// The words of the credit: "according to Mint".
    pub span: Span,
    /// The outlet's name in it: "Mint".
    pub name: Span,
    /// The outlet under its usual name, from the list of outlets where it stands there; else the slice.
    pub outlet: String,
    /// What is credited.
    pub kind: CreditKind,
    /// For a relay: what is taken over, where it is an attribution of its own.
    pub attribution: Option<AttributionId>,
}
