//! The shapes that flow through Stemma, from one report to the comparison of a story.
//!
//! A [`Report`] is what an outlet published. A [`Document`] is that report with [`Layers`] of annotation,
//! each a typed list of spans into the report's text. A [`Story`] is several documents about one event, and a
//! [`Comparison`] says what they share and where they differ. Everything here is owned, plain data: no I/O, no
//! lifetimes, no global state.

mod comparison;
mod content;
mod correction;
mod document;
mod layer;
mod names;
mod quantity;
mod report;
mod span;
mod speech;
mod story;
mod structure;
mod view;

pub use comparison::{
    Alignment, AlignmentRef, Cell, Comparison, Diagnosis, Divergence, DivergenceKind, Doubt, Edge, EdgeKind,
    EdgeOrigin, NameForm, Omission, OnlyIn, Passage, StoryEntity, TimelineEntry, Witness,
};
pub use content::Content;
pub use correction::Correction;
pub use document::{Document, Layers, Note};
pub use layer::{Layer, LayerId, Producer};
pub use names::{Entity, EntityId, EntityKind, Gender, Mention, MentionForm, MentionId};
pub use quantity::{
    Approximation, DayRange, Figure, FigureId, TimeExpression, TimeId, TimeKind, Unit, comparable,
    compatible, compatible_times, last_place,
};
pub use report::{Origin, Published, Report, ReportDraft, ReportId};
pub use span::{OffsetUnit, Offsets, Span};
pub use speech::{
    Attribution, AttributionId, Basis, Credit, CreditId, CreditKind, Form, Manner, Statement, StatementId,
    Voice,
};
pub use story::{ReportIndex, Story, StoryId};
pub use structure::{
    Quote, QuoteId, Segment, SegmentId, SegmentKind, Sentence, SentenceId, Token, TokenId, TokenKind,
};
pub use view::{Mark, view};
