//! Reading ahead: what will be needed one after the other is asked for at once.
//!
//! The state of a stream is far larger than the caches of a processor, and a report meets some hundred places of it that are nowhere near each
//! other. Where each is worked on before the next is read, the processor waits for memory as often; where all are read in one
//! short loop first, it waits for many at the same time.

/// Reads some part of everything that will be needed: what it is does not matter.
pub(crate) fn read_ahead(parts: impl Iterator<Item = u32>) {
    std::hint::black_box(parts.fold(0, |all, part| all ^ part));
}
