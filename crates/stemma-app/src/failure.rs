//! Why the program ends, and the exit code for it.

use std::process::ExitCode;

use anyhow::Error;
use stemma_desk::DeskError;
use stemma_eval::EvalError;
use stemma_store::StoreError;

/// How the program ends. The numbers are part of the interface: scripts rely on them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Done, but some inputs could not be read.
    SomeUnread = 1,
    /// Wrong usage: an unknown option, or fewer than two different reports to compare.
    Usage = 2,
    /// No input could be read.
    NothingReadable = 3,
    /// A resource failed: gold data, the store, or a file to write.
    Failed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// The end of a run that could not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) error: Error,
    /// What one can do about it.
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, error: Error) -> Self {
        Self { exit, error, hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Self {
        let hint = match &error {
            EvalError::Io { .. } => {
                "give the folder of the gold data with --data; it is no part of the program"
            }
            _ => "check that the data is of the format that this task reads",
        };
        Failure::new(Exit::Failed, error.into()).hint(hint)
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let hint = error.remedy();
        let failure = match error {
            DeskError::Store(error) => error.into(),
            DeskError::NoFeeds { .. } => Failure::new(Exit::NothingReadable, error.into()),
            _ => Failure::new(Exit::Failed, error.into()),
        };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Open { .. } => "check that the folder exists and may be written to",
            StoreError::NotAStore { .. } => "give --store the name of a new file, or of a store of Stemma",
            StoreError::Newer { .. } => "use the version of Stemma that wrote it, or a later one",
            StoreError::Folder { .. } => "check that the folder above it exists and may be written to",
            StoreError::Busy { .. } => "try again when the other process is done",
            StoreError::Full { .. } => {
                "make room, or name a file on another disk with --store; what was kept before is there"
            }
            StoreError::ReadOnly { .. } => {
                "make the file and its folder writable, or name another file with --store"
            }
            StoreError::Corrupt { .. } => "stemma doctor tells what is damaged and what can be saved",
            StoreError::Damaged { .. } => {
                "stemma doctor --repair takes out what is damaged, so that it is made again"
            }
            _ => "check the disk and the room on it; what was kept before is there",
        };
        Failure::new(Exit::Failed, error.into()).hint(hint)
    }
}
