//! A file of the cache: a head that says what it is and how long, a checksum, and the message. A file may be cut short or damaged,
//! or come from another version: only what the checksum vouches for is read.

use super::identity::Identity;
use crate::environment::Step;
use numir_interface::Type;
use numir_interface::wire::{Compiled, Options, decode, encode};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// What every file begins with, the version of its form included.
const MAGIC: [u8; 8] = *b"numir\0\x01\n";
const HEAD: usize = MAGIC.len() + 16;

/// What an entry is found by, before anything is asked of the program.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) identity: Identity,
    /// The function's definition and place.
    pub(crate) function: Step,
    pub(crate) arguments: Vec<Option<Type>>,
    pub(crate) options: Options,
}

/// Compiled code, and all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The function as people call it.
    pub(crate) name: String,
    pub(crate) key: Key,
    pub(crate) steps: Vec<Step>,
    /// Where the functions in the steps stood; a notebook's cells have other names each time.
    pub(crate) paths: Vec<String>,
    pub(crate) compiled: Compiled,
}

impl Entry {
    /// As the bytes of a file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let message = encode(self);
        let mut bytes = Vec::with_capacity(HEAD + message.len());
        bytes.extend(MAGIC);
        bytes.extend((message.len() as u64).to_le_bytes());
        bytes.extend(hash(&message).to_le_bytes());
        bytes.extend(message);
        bytes
    }

    /// The entry in a file; None where there is none that can be relied on.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let bytes = fs::read(path).ok()?;
        let (head, message) = bytes.split_at_checked(HEAD)?;
        let number = |place: usize| Some(u64::from_le_bytes(head.get(place..place + 8)?.try_into().ok()?));
        let sound = head.starts_with(&MAGIC)
            && number(MAGIC.len())? == message.len() as u64
            && number(MAGIC.len() + 8)? == hash(message);
        if sound { decode(message) } else { None }
    }
}

/// FNV-1a. Each step can be undone, so no change of a single byte goes unseen.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
