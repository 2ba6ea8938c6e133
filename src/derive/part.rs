//! The work of deriving, in parts at the same time.

use rayon::prelude::*;

use super::question::OpenQuestions;

/// How many things of a kind are derived one after the other: an eighth of them, within these bounds. The ids of gaps, and
/// so the order of the work, hang on it, and not on the number of threads.
const PART: (usize, usize) = (16, 256);

impl OpenQuestions {
    /// Makes something of each of many things, in parts at the same time: a part knows which questions were open before,
    /// and what it leaves open itself. What is made keeps the order of the things, whatever the number of threads.
    pub(super) fn in_parts<T: Sync, R: Send>(
        &mut self,
        things: &[T],
        make: impl Fn(&mut Self, &[T]) -> Vec<R> + Sync,
    ) -> Vec<R> {
        let part = (things.len() / 8).clamp(PART.0, PART.1);
        if things.len() <= part {
            return make(self, things);
        }
        let (before, parts) = self.parts(things.len().div_ceil(part));
        let work = things.par_chunks(part).zip(parts).map(|(things, mut open)| (make(&mut open, things), open));
        let (made, left): (Vec<Vec<R>>, Vec<Self>) = work.collect();
        *self = Self::join(before, left);
        made.into_iter().flatten().collect()
    }
}
