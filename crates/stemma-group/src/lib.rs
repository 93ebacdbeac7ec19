//! Documents to stories as they come in.
//!
//! A story is the reports of one event. Two ways lead there, over the same weighted terms and near-duplicate sketches:
//! [`Grouper`] takes reports one at a time, in the order in which they arrive, and its state is a value that can be
//! saved and merged; [`group`] sees all reports at once, is a little better, and does not depend on their order.
//! What a person has corrected holds: [`Constraints`].
//! In both a report must fit the story as a whole, not one of its members, so that stories do not grow into chains.
//! Pure: no I/O, no clock, no randomness.

mod ahead;
mod batch;
mod candidates;
mod corrections;
mod density;
mod elsewhere;
mod events;
mod fitted;
mod grouper;
mod index;
mod linkage;
mod merge;
mod near_duplicate;
mod notices;
mod options;
mod outline;
mod related;
mod review;
mod settle;
mod state;
mod term_table;
mod terms;
mod vector;
mod vocabulary;

pub use batch::{Batch, BatchOutline, Group, Similarities, group};
pub use corrections::Constraints;
pub use events::events;
pub use fitted::Fitted;
pub use grouper::{Grouper, Placement, Reasons, StoryView};
pub use near_duplicate::{
    Duplicate, DuplicateOptions, DuplicatePair, Duplicates, Identity, KEPT, Level, Relation, SHINGLE_LEN,
    Sketch, SketchIndex, canonical_address, duplicates, hash_shingle,
};
pub use options::Options;
pub use outline::Outline;
pub use related::Related;
pub use terms::Terms;
pub use vocabulary::Vocabulary;
