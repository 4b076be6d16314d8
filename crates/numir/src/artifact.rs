//! A compiled function in this process's memory, to be called with values.

use crate::error::Error;
use crate::phases::Phases;
use numir_frontend::Signature;
use numir_rt::{CallError, Callable};
use numir_runtime::Value;
use numir_runtime::loader::Loaded;

/// A compiled function. It needs neither the session nor a lock, and may be called on several threads at a time.
pub struct Artifact {
    callable: Callable,
    phases: Phases,
}

impl Artifact {
    pub(crate) fn new(code: Loaded, signature: Signature, phases: Phases) -> Result<Self, Error> {
        Ok(Self { callable: Callable::new(code, signature)?, phases })
    }

    /// What it takes and gives.
    pub fn signature(&self) -> &Signature {
        self.callable.signature()
    }

    /// How long its compilation took, step by step.
    pub fn phases(&self) -> &Phases {
        &self.phases
    }

    /// Calls it with one value per parameter, in their order; None for those that were left to their defaults when it was
    /// compiled. The arrays that it uses by name follow. Arrays are passed by reference: what the function writes is seen by the caller.
    ///
    /// # Errors
    /// [`Error::Raised`] with what the function raised; [`Error::Numir`] if the values are not those it was compiled for.
    pub fn call(&self, values: &[Option<Value>]) -> Result<Value, Error> {
        Ok(self.callable.call(values)?)
    }

    /// The arguments of a call, made ready once to be used many times: what a measurement wants.
    ///
    /// # Errors
    /// As [`call`](Self::call) for wrong values.
    pub fn prepare(&self, values: &[Option<Value>]) -> Result<Call<'_>, Error> {
        Ok(Call(self.callable.prepare(values)?))
    }
}

/// A call that can be made again and again.
pub struct Call<'a>(numir_rt::Call<'a>);

impl Call<'_> {
    /// Makes the call.
    ///
    /// # Errors
    /// [`Error::Raised`] with what the function raised.
    pub fn call(&mut self) -> Result<Value, Error> {
        Ok(self.0.call()?)
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Raised(raised) => Self::Raised(raised),
            other => Self::bug(other.to_string()),
        }
    }
}
