//! A compiled function in this process's memory, to be called with values.

use crate::call::{self, Arguments, Slot};
use numir_interface::{Signature, Type};
use numir_runtime::loader::Loaded;
use numir_runtime::{Frame, RaisedError, Value, take_pending_error};
use std::ffi::c_void;

/// The entry of a compiled module: slots of arguments, slots of results, status.
type Entry = unsafe extern "C" fn(*const Slot, *mut Slot) -> i32;

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// What the function raised.
    #[error("{0}")]
    Raised(Box<RaisedError>),
    /// The values are not those it was compiled for.
    #[error("`{0}` is called with other types than it was compiled for")]
    Values(String),
    /// The code is not what its signature says.
    #[error("{0}")]
    Code(String),
}

impl From<RaisedError> for CallError {
    /// The traceback ends in the user's files: as CPython's functions have no Python frames, numir's library has none either.
    fn from(mut error: RaisedError) -> Self {
        let is_library = |frame: &Frame| frame.file.starts_with("<library>");
        if !error.traceback.iter().all(is_library) {
            error.traceback.retain(|frame| !is_library(frame));
        }
        Self::Raised(Box::new(error))
    }
}

/// A compiled function. It may be called on several threads at a time.
pub struct Callable {
    /// Owns the code behind `entry`.
    _code: Loaded,
    entry: Entry,
    signature: Signature,
}

impl Callable {
    /// The entry of a signature in loaded code.
    ///
    /// # Errors
    /// [`CallError::Code`] if the code has no such entry.
    pub fn new(code: Loaded, signature: Signature) -> Result<Self, CallError> {
        let symbol = format!("numir_entry_{}", signature.symbol);
        let address =
            code.symbol(&symbol).ok_or_else(|| CallError::Code(format!("the compiled module lacks `{symbol}`")))?;
        // SAFETY: the pass that wraps entries gives every symbol of that form this signature.
        let entry = unsafe { std::mem::transmute::<*const c_void, Entry>(address) };
        Ok(Self { _code: code, entry, signature })
    }

    /// What it takes and gives.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Calls it with one value per parameter, in their order; None for those that were left to their defaults when it was
    /// compiled. The arrays that it uses by name follow. Arrays are passed by reference: what the function writes is seen by the caller.
    ///
    /// # Errors
    /// [`CallError::Raised`] with what the function raised; [`CallError::Values`] if the values are not those it was compiled for.
    pub fn call(&self, values: &[Option<Value>]) -> Result<Value, CallError> {
        self.prepare(values)?.call()
    }

    /// The arguments of a call, made ready once to be used many times: what a measurement wants.
    ///
    /// # Errors
    /// As [`call`](Self::call) for wrong values.
    pub fn prepare(&self, values: &[Option<Value>]) -> Result<Call<'_>, CallError> {
        let mut arguments = Arguments::default();
        let captured = self.signature.captured.iter().map(|(_, ty)| Type::Array(*ty));
        let parameters: Vec<Type> = self.signature.parameters.iter().cloned().chain(captured).collect();
        let fit = parameters.len() == values.len()
            && values.iter().zip(&parameters).all(|(value, ty)| match value {
                Some(value) => arguments.push(value, ty),
                None => *ty == Type::None,
            });
        if !fit {
            return Err(CallError::Values(self.signature.symbol.clone()));
        }
        let results = vec![Slot::default(); call::result_slots(&self.signature.result)];
        Ok(Call { callable: self, arguments, results, _kept: values.to_vec() })
    }
}

/// A call that can be made again and again.
pub struct Call<'a> {
    callable: &'a Callable,
    arguments: Arguments,
    results: Vec<Slot>,
    /// Owners of the arrays that the arguments point to.
    _kept: Vec<Option<Value>>,
}

impl Call<'_> {
    /// Makes the call.
    ///
    /// # Errors
    /// [`CallError::Raised`] with what the function raised.
    pub fn call(&mut self) -> Result<Value, CallError> {
        // SAFETY: the slots are laid out as the signature says, the arrays behind them are kept alive by `_kept`, and the code
        // by the callable.
        let status = unsafe { (self.callable.entry)(self.arguments.slots.as_ptr(), self.results.as_mut_ptr()) };
        if status != 0 {
            let here = 0_u8;
            numir_runtime::pool::leave_all_below(&raw const here);
            let raised = take_pending_error();
            return Err(raised
                .map_or_else(|| CallError::Code("compiled code failed without an error".to_owned()), CallError::from));
        }
        let result = &self.callable.signature.result;
        // SAFETY: the entry succeeded, so it wrote the results, which are read once.
        let value = unsafe { call::read(&mut self.results.as_slice(), result) };
        value.ok_or_else(|| CallError::Code(format!("a result of type {result} cannot leave compiled code")))
    }
}
