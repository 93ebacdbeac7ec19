//! Orders for learning: the same sequence of shuffles in every run.

/// A fixed sequence of shuffles: xorshift (Marsaglia 2003) from a seed.
pub(crate) struct Shuffle(u64);

impl Shuffle {
    /// The sequence of one learner; learners count from 1.
    pub(crate) fn of_learner(learner: u64) -> Self {
        Self(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(learner))
    }

    /// Brings `order` into its next order (Fisher and Yates).
    pub(crate) fn shuffle(&mut self, order: &mut [usize]) {
        for n in (1..order.len()).rev() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            order.swap(n, (self.0 % (n as u64 + 1)) as usize);
        }
    }
}
