//! What was launched and copied, as an object of Python's.

use numir_runtime::device::Activity;
use pyo3::prelude::*;

/// Adds the function and the class to the extension module.
pub(super) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<DeviceActivity>()?;
    module.add_function(wrap_pyfunction!(device_activity, module)?)
}

/// What was done on devices in some time; its text has a line for each kernel.
#[pyclass(module = "numir._numir", frozen)]
struct DeviceActivity(Activity);

/// What was done so far: launched by any thread, and copied by this one.
#[pyfunction]
fn device_activity() -> DeviceActivity {
    DeviceActivity(Activity::so_far())
}

#[pymethods]
impl DeviceActivity {
    /// What has come since an earlier moment.
    fn since(&self, before: &Self) -> Self {
        Self(self.0.since(&before.0))
    }

    /// For each kernel that was launched: its name, FILE:LINE of the launch or None, launches, copies to the device for it, and their bytes.
    #[getter]
    fn kernels(&self) -> Vec<(String, Option<String>, u64, u64, u64)> {
        let kernels = self.0.kernels.iter();
        kernels
            .map(|kernel| (kernel.name.clone(), kernel.place.clone(), kernel.launches, kernel.copies, kernel.bytes))
            .collect()
    }

    /// How many copies there were to the device, and their bytes.
    #[getter]
    fn to_device(&self) -> (u64, u64) {
        (self.0.transfers.to_device, self.0.transfers.bytes_to_device)
    }

    /// How many copies there were to the host, and their bytes.
    #[getter]
    fn to_host(&self) -> (u64, u64) {
        (self.0.transfers.to_host, self.0.transfers.bytes_to_host)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }
}
