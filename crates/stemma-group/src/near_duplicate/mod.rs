//! Which reports are one text: duplicates of three levels, versions of one report, and what is neither.
//!
//! [`words`] turns what a report tells into hashed words, [`sketch`] these into a few hundred bytes from which the resemblance of
//! two reports is estimated, [`index`] finds the sketches worth comparing, [`identity`] says what one report is known by
//! (address, guid, headline), and [`finder`] puts these together: [`Duplicates`].

mod decision;
mod finder;
mod furniture;
mod identity;
mod index;
mod passages;
mod sketch;
mod words;

pub use decision::{Duplicate, DuplicateOptions, Identity, Level, Relation};
pub use finder::{DuplicatePair, Duplicates, duplicates};
pub(crate) use finder::{Imprint, duplicates_among};
pub use identity::canonical_address;
pub(crate) use identity::{marks_of, outlet_hash};
pub use index::SketchIndex;
pub use sketch::{KEPT, Sketch};
pub(crate) use words::ToldWords;
pub use words::{SHINGLE_LEN, hash_shingle};
