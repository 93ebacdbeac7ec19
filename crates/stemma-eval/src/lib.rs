//! Readers of gold data, and scores.
//!
//! One module for each task. Each reads gold of the format that its module describes, runs Stemma on the texts, and gives
//! an [`Evaluation`]: counts by group, and one [`Item`] for every gold or predicted item, named by id and never by text.

pub mod attributions;
pub mod comparison;
mod conllu;
pub mod duplicates;
pub mod entities;
pub mod extraction;
pub mod fitting;
mod gold;
pub mod name_forms;
pub mod newsroom;
pub mod pairs;
pub mod paraphrases;
pub mod parts;
pub mod passages;
pub mod regression;
mod reports;
mod score;
pub mod stories;
pub mod stream;
pub mod times;

pub use gold::{EvalError, read_records};
pub use score::{Evaluation, Item, Outcome, Tally};
