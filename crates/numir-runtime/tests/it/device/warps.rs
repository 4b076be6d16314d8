//! What lanes of a warp do together.

use std::ffi::c_void;

use super::{barrier, error_of, global_number, line, parameter, pointer, run};
use numir_runtime::device::{
    Thread, numir_sim_active_mask, numir_sim_match, numir_sim_shuffle, numir_sim_syncwarp, numir_sim_vote,
};
use numir_runtime::take_pending_error;

const ALL: i32 = -1;

/// Sums the numbers of each warp's threads by shuffles.
unsafe extern "C" fn sum_of_warp(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: an item per thread.
    unsafe {
        let number = global_number(thread);
        let mut sum = number as i64;
        for across in [16, 8, 4, 2, 1] {
            sum += numir_sim_shuffle(thread, ALL, 3, sum, across, 32, std::ptr::null_mut(), line(1));
        }
        pointer::<i64>(arguments, 0).add(number).write(sum);
    }
}

#[test]
fn shuffles_sum_a_warp() {
    let (status, items) = run(sum_of_warp, [3, 1, 1], [96, 1, 1], 0, 288, &[]);
    assert_eq!((status, take_pending_error()), (0, None));
    let sum = |warp: u64| (warp * 32..(warp + 1) * 32).sum::<u64>();
    assert!(items.into_iter().eq((0..288).map(|number| sum(number / 32))));
}

/// Two items per thread: the value of a lane lower or higher or of a number, as told, and whether there is one.
unsafe extern "C" fn shuffle(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: as the doc says.
    unsafe {
        let [kind, lane, width] = [1, 2, 3].map(|index| parameter(arguments, index) as i32);
        let number = global_number(thread);
        let mut ok = 7;
        let value = numir_sim_shuffle(thread, ALL, kind, 1 << 40 | number as i64, lane, width, &raw mut ok, line(2));
        let items = pointer::<i64>(arguments, 0).add(2 * number);
        items.write(value - (1 << 40));
        items.add(1).write(ok.into());
    }
}

#[test]
fn shuffles_go_up_and_down() {
    let shuffled = |kind: u64, lane: u64, width: u64| {
        let (status, items) = run(shuffle, [1, 1, 1], [64, 1, 1], 0, 128, &[kind, lane, width]);
        assert_eq!(status, 0);
        items.chunks(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    };
    let from = |source: fn(u64) -> Option<u64>| {
        (0..64).map(move |number| source(number).map_or((number, 0), |source| (source, 1)))
    };
    assert!(shuffled(0, 5, 32).into_iter().eq(from(|number| Some(number / 32 * 32 + 5))));
    assert!(shuffled(1, 3, 32).into_iter().eq(from(|number| (number % 32 >= 3).then(|| number - 3))));
    assert!(shuffled(2, 3, 16).into_iter().eq(from(|number| (number % 16 < 13).then(|| number + 3))));
    assert!(shuffled(3, 1, 2).into_iter().eq(from(|number| Some(number ^ 1))));
    let error = error_of(shuffle, 32, 0, &[0, 0, 12]);
    assert_eq!((error.kind.as_str(), error.traceback[0].line), ("ValueError", 2));
    assert_eq!(error.message, "the width of a shuffle is 12, and it must be 1, 2, 4, 8, 16 or 32");
}

/// Lanes of even numbers vote among themselves, then the others do.
unsafe extern "C" fn vote(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: an item per thread.
    unsafe {
        let number = global_number(thread);
        let third = i32::from(number.is_multiple_of(3));
        let item = pointer::<i64>(arguments, 0).add(number);
        if number.is_multiple_of(2) {
            item.write(numir_sim_vote(thread, 0x5555_5555, 3, third, line(3)).into());
        } else {
            item.write(numir_sim_vote(thread, 0xaaaa_aaaa_u32 as i32, 1, third, line(4)).into());
        }
        barrier(thread, 5);
    }
}

#[test]
fn parts_of_a_warp_vote_apart() {
    let (status, items) = run(vote, [1, 1, 1], [40, 1, 1], 0, 40, &[]);
    assert_eq!((status, take_pending_error()), (0, None));
    let thirds = |first: u64| {
        (0..32)
            .filter(move |lane: &u64| lane.is_multiple_of(2) && (first + lane).is_multiple_of(3) && first + lane < 40)
    };
    let ballot = |first: u64| thirds(first).fold(0_u64, |mask, lane| mask | 1 << lane);
    assert!(items.into_iter().enumerate().all(|(number, item)| match number {
        number if number % 2 == 1 => item == 1,
        number => item == ballot(number as u64 / 32 * 32),
    }));
}

/// Which lanes have the same remainder, and which are where this one is.
unsafe extern "C" fn find(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: three items per thread.
    unsafe {
        let number = global_number(thread);
        let items = pointer::<i64>(arguments, 0).add(3 * number);
        items.write(numir_sim_match(thread, ALL, 0, number as i64 % 5, std::ptr::null_mut(), line(6)).into());
        if number % 4 == 1 {
            let mask = numir_sim_active_mask(thread);
            let mut ok = 7;
            items.add(1).write(numir_sim_match(thread, mask, 1, number as i64 % 4, &raw mut ok, line(7)).into());
            items.add(2).write(ok.into());
        }
        numir_sim_syncwarp(thread, ALL, line(8));
    }
}

#[test]
fn lanes_find_each_other() {
    let (status, items) = run(find, [1, 1, 1], [32, 1, 1], 0, 96, &[]);
    assert_eq!((status, take_pending_error()), (0, None));
    let mask =
        |holds: &dyn Fn(u64) -> bool| (0..32).filter(|lane| holds(*lane)).fold(0_u64, |mask, lane| mask | 1 << lane);
    for (lane, found) in items.chunks(3).enumerate() {
        let same = mask(&|other| other % 5 == lane as u64 % 5);
        assert_eq!(found[0] as u32, same as u32);
        let quarter = mask(&|other| other % 4 == 1);
        assert_eq!(found[1..], if lane % 4 == 1 { [quarter, 1] } else { [0, 0] });
    }
}

/// Half a warp shuffles with all lanes, while the other half waits for the block.
unsafe extern "C" fn half_a_warp(thread: *mut Thread, _: *const *const c_void) {
    // SAFETY: threads that a kernel was called with.
    unsafe {
        if (*thread).thread[0] % 32 >= 16 {
            numir_sim_shuffle(thread, ALL, 0, 1, 0, 32, std::ptr::null_mut(), line(9));
        }
        barrier(thread, 10);
    }
}

#[test]
fn lanes_that_do_not_come_are_told() {
    let error = error_of(half_a_warp, 64, 0, &[]);
    let text = "BarrierError: a shuffle waits for lane 0 of its warp, which its mask 0xffffffff names and which waits in line 10 of kernels.py";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 9));
}

unsafe extern "C" fn without_oneself(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: threads that a kernel was called with.
    unsafe { numir_sim_syncwarp(thread, parameter(arguments, 1) as i32, line(11)) };
}

#[test]
fn a_mask_names_who_calls() {
    let error = error_of(without_oneself, 32, 0, &[0x7fff_ffff]);
    let text = "BarrierError: the mask 0x7fffffff of syncwarp does not name the lane that calls it, 31";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 11));
    assert_eq!(
        run(without_oneself, [1, 1, 1], [7, 1, 1], 0, 1, &[u64::MAX]).0,
        0,
        "lanes that are not there are not missed"
    );
}
