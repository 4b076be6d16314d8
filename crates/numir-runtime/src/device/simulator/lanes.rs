//! What the lanes of a warp give each other, as the PTX manual defines shfl.sync, vote.sync and match.sync.

use super::block::LANES;
use super::thread::Answer;
use super::warp::Operation;

/// A lane's part in a shuffle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shuffle {
    /// Whose value: that of a lane's number (0), of one lower (1), higher (2), or across (3).
    pub(super) kind: i32,
    pub(super) value: i64,
    /// The number, or how far.
    pub(super) lane: u32,
    /// Lanes of a part of the warp, a power of two.
    pub(super) width: u32,
}

impl Shuffle {
    /// The lane whose value that lane gets; None if there is none in its part.
    fn source(&self, lane: u32) -> Option<u32> {
        let segment = 32 - self.width;
        let operand = self.lane & 31;
        let lowest = lane & segment;
        let highest = lowest | (31 & !segment);
        let source = match self.kind {
            0 => Some(lowest | (operand & !segment)),
            1 => lane.checked_sub(operand).filter(|source| *source >= lowest),
            2 => Some(lane + operand),
            _ => Some(lane ^ operand),
        };
        source.filter(|source| *source <= highest)
    }
}

/// What each lane is answered that takes part in an operation, which is the same for all.
pub(super) fn exchange(parts: &[Option<Operation>; LANES]) -> [Answer; LANES] {
    let lanes = |holds: &dyn Fn(&Operation) -> bool| {
        let chosen = parts.iter().enumerate().filter(|(_, part)| part.as_ref().is_some_and(holds));
        chosen.fold(0_u32, |mask, (lane, _)| mask | 1 << lane)
    };
    let all = lanes(&|_| true);
    let mut answers = [Answer::default(); LANES];
    for (lane, answer) in answers.iter_mut().enumerate() {
        *answer = match parts[lane] {
            Some(Operation::Shuffle(own)) => {
                let source = own.source(lane as u32);
                let from = source.and_then(|source| parts[source as usize]);
                let value = match from {
                    Some(Operation::Shuffle(other)) => other.value,
                    _ => own.value,
                };
                Answer { value, holds: source.is_some() }
            }
            Some(Operation::Vote { kind, .. }) => {
                let yes = lanes(&|part| matches!(part, Operation::Vote { predicate: true, .. }));
                let value = match kind {
                    0 => u32::from(yes == all),
                    1 => u32::from(yes != 0),
                    2 => u32::from(yes == 0 || yes == all),
                    _ => yes,
                };
                Answer { value: i64::from(value), holds: true }
            }
            Some(Operation::Match { kind, value: own }) => {
                let same = lanes(&|part| matches!(part, Operation::Match { value, .. } if *value == own));
                match kind {
                    0 => Answer { value: i64::from(same), holds: true },
                    _ => Answer { value: if same == all { i64::from(all) } else { 0 }, holds: same == all },
                }
            }
            Some(Operation::Synchronize | Operation::Matrices(_)) | None => Answer::default(),
        };
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lanes whose values lanes get in a shuffle, 32 and more for none.
    fn sources(kind: i32, lane: u32, width: u32) -> Vec<Option<u32>> {
        (0..32).map(|own| Shuffle { kind, value: 0, lane, width }.source(own)).collect()
    }

    #[test]
    fn shuffles_stay_within_their_part() {
        assert!(sources(0, 3, 8).into_iter().eq((0..32).map(|lane| Some(lane / 8 * 8 + 3))));
        assert!(sources(0, 11, 8).into_iter().eq((0..32).map(|lane| Some(lane / 8 * 8 + 3))), "modulo the width");
        assert!(sources(1, 2, 4).into_iter().eq((0..32).map(|lane| (lane % 4 >= 2).then(|| lane - 2))));
        assert!(sources(2, 5, 16).into_iter().eq((0..32).map(|lane| (lane % 16 + 5 < 16).then_some(lane + 5))));
        assert!(sources(3, 1, 32).into_iter().eq((0..32).map(|lane| Some(lane ^ 1))));
        // Across to an earlier part is allowed, to a later one not.
        assert!(sources(3, 8, 8).into_iter().eq((0..32).map(|lane| (lane & 8 != 0).then_some(lane ^ 8))));
    }

    #[test]
    fn votes_count_those_who_take_part() {
        let vote = |kind, yes: u32, all: u32| {
            let mut parts = [None; LANES];
            for (lane, part) in parts.iter_mut().enumerate().filter(|(lane, _)| all >> lane & 1 != 0) {
                *part = Some(Operation::Vote { kind, predicate: yes >> lane & 1 != 0 });
            }
            exchange(&parts)[all.trailing_zeros() as usize].value
        };
        assert_eq!([0b1110, 0b1010, 0].map(|yes| vote(0, yes, 0b1110)), [1, 0, 0]);
        assert_eq!([0b1110, 0b1010, 0].map(|yes| vote(1, yes, 0b1110)), [1, 1, 0]);
        assert_eq!([0b1110, 0b1010, 0].map(|yes| vote(2, yes, 0b1110)), [1, 0, 1]);
        assert_eq!([0b1110, 0b1010, 0].map(|yes| vote(3, yes, 0b1110)), [0b1110, 0b1010, 0]);
    }

    #[test]
    fn equal_values_are_found() {
        let found = |kind, values: &[i64]| {
            let mut parts = [None; LANES];
            for (part, value) in parts.iter_mut().zip(values) {
                *part = Some(Operation::Match { kind, value: *value });
            }
            let answers = exchange(&parts);
            answers[..values.len()].iter().map(|answer| (answer.value, answer.holds)).collect::<Vec<_>>()
        };
        assert_eq!(found(0, &[7, 8, 7]), [(0b101, true), (0b010, true), (0b101, true)]);
        assert_eq!(found(1, &[7, 8, 7]), [(0, false); 3]);
        assert_eq!(found(1, &[7, 7]), [(0b11, true); 2]);
    }
}
