//! The file that `numir build` writes, `.nmx`: a function's code, kernels for a device in it, and how it is called.
//!
//! A magic word, then a [`Package`] in postcard's encoding. Who reads it checks the version, which is that of numir: code calls the runtime's functions,
//! and those of another version are others.

use crate::call::is_of_type;
use crate::callable::{CallError, Callable};
use crate::processor;
use numir_interface::{Signature, Type};
use numir_runtime::Value;
use numir_runtime::loader::{self, LoadError, Loaded};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::{fs, io};

/// What such a file starts with.
const MAGIC: &[u8; 8] = b"numirpk\0";

/// A parameter of a packed function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type; None for one that was left to its default.
    pub ty: Option<Type>,
}

/// What a function was compiled for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The target, such as `cuda:sm_80`.
    pub target: String,
    /// What the code uses that not every CPU has, under LLVM's names.
    pub cpu_features: Vec<String>,
}

/// A compiled function as a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// The version of numir.
    version: String,
    /// The function's name in the program.
    pub name: String,
    /// What it was compiled for.
    pub made: Made,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// How the entry is called.
    signature: Signature,
    /// The object file.
    code: Vec<u8>,
}

/// Why a file is no function that can be called here.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// It cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is something else, or broken.
    #[error("this is no file of `numir build`, or it is broken")]
    Broken,
    /// It was written by another version.
    #[error("it was built by numir {0}, and this is {1}: build it anew")]
    Version(String, &'static str),
    /// The code uses what the CPU has not.
    #[error("it was built for a CPU with {0}, which this one has not: build it with --cpu x86-64-v3, or --cpu generic")]
    Cpu(String),
    /// The code cannot be loaded here.
    #[error("its code cannot be loaded: {0}")]
    Load(#[from] LoadError),
    /// The code is not what it should be.
    #[error("{0}")]
    Call(#[from] CallError),
    /// A value that is given is of another type.
    #[error("{0}")]
    Value(String),
}

impl Package {
    /// A function for a target, by its object file.
    pub fn new(name: &str, made: Made, parameters: Vec<Parameter>, signature: Signature, code: Vec<u8>) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { version, name: name.to_owned(), made, parameters, signature, code }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`PackageError::Io`], [`PackageError::Broken`] or [`PackageError::Version`].
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        Self::decode(&fs::read(path)?)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`PackageError::Broken`] for what has no encoding.
    pub fn encode(&self) -> Result<Vec<u8>, PackageError> {
        postcard::to_extend(self, MAGIC.to_vec()).map_err(|_| PackageError::Broken)
    }

    fn decode(bytes: &[u8]) -> Result<Self, PackageError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(PackageError::Broken)?;
        // The version comes first: what follows is of its making.
        let (version, _) = postcard::take_from_bytes::<String>(rest).map_err(|_| PackageError::Broken)?;
        if version != env!("CARGO_PKG_VERSION") {
            return Err(PackageError::Version(version, env!("CARGO_PKG_VERSION")));
        }
        postcard::from_bytes(rest).map_err(|_| PackageError::Broken)
    }

    /// The type of what it returns.
    pub fn result(&self) -> &Type {
        &self.signature.result
    }

    /// Loads the code into this process.
    ///
    /// # Errors
    /// [`PackageError::Cpu`], [`PackageError::Load`] or [`PackageError::Call`].
    pub fn load(&self) -> Result<Callable, PackageError> {
        let missing = processor::missing(&self.made.cpu_features);
        if !missing.is_empty() {
            return Err(PackageError::Cpu(missing.join(", ")));
        }
        let code = Loaded::load(&self.code, &loader::resolve)?;
        Ok(Callable::new(code, self.signature.clone())?)
    }

    /// The values of a call, one for each parameter, of those that are given in order.
    ///
    /// # Errors
    /// [`PackageError::Value`] for too few or too many, and for an array of another type than the parameter's.
    pub fn bind(&self, given: Vec<Value>) -> Result<Vec<Option<Value>>, PackageError> {
        let wanted = self.parameters.iter().filter(|parameter| parameter.ty.is_some()).count();
        if given.len() != wanted {
            let (name, s) = (&self.name, if wanted == 1 { "" } else { "s" });
            let message = format!("{name}() takes {wanted} argument{s}, of which {} were given", given.len());
            return Err(PackageError::Value(message));
        }
        for (value, parameter) in given.iter().zip(self.parameters.iter().filter(|parameter| parameter.ty.is_some())) {
            if let (Value::Array(array), Some(Type::Array(wanted))) = (value, &parameter.ty)
                && !is_of_type(array, wanted)
            {
                let (name, dtype, rank) = (&parameter.name, array.dtype(), array.rank());
                let message = format!("`{name}` is {wanted}, and is given an array of {dtype} with {rank} axes")
                    + if array.is_c_contiguous() { "" } else { ", not in C's order" };
                return Err(PackageError::Value(message));
            }
        }
        let mut given = given.into_iter();
        Ok(self.parameters.iter().map(|parameter| parameter.ty.as_ref().and_then(|_| given.next())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn package() -> Package {
        let signature = Signature { symbol: "f".to_owned(), parameters: vec![], result: Type::None, captured: vec![] };
        Package::new("f", Made::default(), vec![Parameter { name: "x".to_owned(), ty: None }], signature, vec![1, 2, 3])
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = package().encode().unwrap();
        assert_eq!(Package::decode(&bytes).unwrap(), package());
    }

    #[test]
    fn another_version_is_told() {
        let other = Package { version: "0.0.1".to_owned(), ..package() };
        let error = Package::decode(&other.encode().unwrap()).unwrap_err();
        assert!(error.to_string().starts_with("it was built by numir 0.0.1, and this is "), "{error}");
    }

    proptest! {
        #[test]
        fn broken_files_are_told(cut in 0_usize..40, noise in prop::collection::vec(any::<u8>(), 0..64)) {
            let bytes = package().encode().unwrap();
            let short = &bytes[..cut.min(bytes.len() - 1)];
            prop_assert!(Package::decode(short).is_err());
            prop_assert!(Package::decode(&noise).is_err());
        }
    }

    #[test]
    fn arguments_are_counted() {
        let mut package = package();
        package.parameters[0].ty = Some(Type::None);
        assert!(matches!(package.bind(vec![Value::Int(1)]).unwrap()[..], [Some(Value::Int(1))]));
        let error = package.bind(vec![]).unwrap_err();
        assert_eq!(error.to_string(), "f() takes 1 argument, of which 0 were given");
    }
}
