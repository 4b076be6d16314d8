//! What locations say besides places: the name in the source of a value, and the function an inlined operation comes from.
//!
//! A value that the program binds to a name is defined at `"name"(place)`, which the printer makes its SSA name. The location of
//! an inlined operation is `callsite(fused<"function">[its own location] at the location of the call)`.

use melior::Context;
use melior::ir::attribute::StringAttribute;
use melior::ir::{Attribute, AttributeLike, Location};

/// The place with a value's name.
pub fn named<'c>(context: &'c Context, name: &str, location: Location<'c>) -> Location<'c> {
    Location::name(context, name, location)
}

/// The name that a location gives to a value.
pub fn name_of(location: Location<'_>) -> Option<String> {
    if location.is_name() {
        location.name_value().as_string_ref().as_str().ok().map(str::to_owned)
    } else if location.is_call_site() {
        name_of(location.call_site_callee())
    } else {
        function_of(location).and_then(|(_, inside)| name_of(inside))
    }
}

/// The location without the name of a value.
pub fn unnamed<'c>(context: &'c Context, location: Location<'c>) -> Location<'c> {
    if location.is_name() {
        location.name_child_location()
    } else if location.is_call_site() && name_of(location).is_some() {
        Location::call_site(unnamed(context, location.call_site_callee()), location.call_site_caller())
    } else {
        match function_of(location) {
            Some((name, inside)) if name_of(inside).is_some() => from_function(context, name, unnamed(context, inside)),
            _ => location,
        }
    }
}

/// The location of an operation that comes from the function of that name, before it is said where it was called.
pub fn from_function<'c>(context: &'c Context, name: &str, location: Location<'c>) -> Location<'c> {
    let name: Attribute<'c> = StringAttribute::new(context, name).into();
    Location::fused(context, &[location], name)
}

/// The name of the function that an inlined operation comes from, and its location in it.
pub fn function_of<'c>(location: Location<'c>) -> Option<(&'c str, Location<'c>)> {
    let is_one = location.is_fused() && location.fused_num_locations() == 1;
    let metadata = is_one.then(|| location.fused_metadata()).filter(|metadata| !metadata.to_raw().ptr.is_null())?;
    Some((StringAttribute::try_from(metadata).ok()?.value(), location.fused_location(0)))
}
