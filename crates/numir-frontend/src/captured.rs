//! The arrays of a live program that functions use by name: from where they are used up to the entry's arguments.
//!
//! The walk appends `numeric.captured` where it meets such an array. Once all functions are known, those that use one, and
//! those that call them, take it as a further argument, and the calls hand it down.

use crate::function_ir::{Attribute, Function, Instruction, IrType, Region, ValueId, ValueInfo};
use crate::registry::cuda::LAUNCH;
use crate::types::ArrayType;
use std::collections::{BTreeMap, HashMap};

/// The instruction that stands for an array until its function takes it as an argument.
pub(crate) const CAPTURED: &str = "numeric.captured";

/// The arrays that a function needs: by number, their types and names.
type Needs = BTreeMap<u32, (ArrayType, Option<String>)>;

/// Makes captured arrays arguments. Gives those of the entry, which is the first function, in the order of its arguments.
pub(crate) fn hand_down(functions: &mut [Function]) -> Vec<(u32, ArrayType)> {
    let places: HashMap<String, usize> =
        functions.iter().enumerate().map(|(place, function)| (function.symbol.clone(), place)).collect();
    let mut needs: Vec<Needs> = functions.iter().map(direct).collect();
    if needs.iter().all(BTreeMap::is_empty) {
        return Vec::new();
    }
    let calls: Vec<Vec<usize>> = functions.iter().map(|function| callees(&function.body, &places)).collect();
    loop {
        let mut changed = false;
        for (place, callees) in calls.iter().enumerate() {
            for callee in callees {
                let handed = needs[*callee].clone();
                let before = needs[place].len();
                for (number, need) in handed {
                    needs[place].entry(number).or_insert(need);
                }
                changed |= needs[place].len() > before;
            }
        }
        if !changed {
            break;
        }
    }
    for (place, function) in functions.iter_mut().enumerate() {
        take(function, place, &needs, &places);
    }
    needs.first().map_or_else(Vec::new, |entry| entry.iter().map(|(number, (ty, _))| (*number, *ty)).collect())
}

/// A generator of random numbers that a parallel loop reaches by what it calls, by its name.
pub(crate) fn shared_generator(functions: &[Function]) -> Option<String> {
    let places: HashMap<String, usize> =
        functions.iter().enumerate().map(|(place, function)| (function.symbol.clone(), place)).collect();
    let mut named: Vec<Option<String>> = functions.iter().map(|function| generator_in(&function.body)).collect();
    let calls: Vec<Vec<usize>> = functions.iter().map(|function| callees(&function.body, &places)).collect();
    loop {
        let found = calls.iter().enumerate().find_map(|(place, callees)| {
            let name = callees.iter().find_map(|callee| named[*callee].clone())?;
            named[place].is_none().then_some((place, name))
        });
        let Some((place, name)) = found else { break };
        named[place] = Some(name);
    }
    functions.iter().find_map(|function| {
        let mut found = None;
        function.body.any(&mut |instruction| {
            if instruction.name == "numeric.parallel" {
                let reached = instruction.regions.iter().flat_map(|region| callees(region, &places));
                found = reached.into_iter().find_map(|callee| named[callee].clone());
            }
            found.is_some()
        });
        found
    })
}

/// The name of a captured generator that the code itself uses.
fn generator_in(body: &Region) -> Option<String> {
    let mut found = None;
    body.any(&mut |instruction| {
        if let [_, ("generator", Attribute::Text(name))] = instruction.attributes.as_slice()
            && instruction.name == CAPTURED
        {
            found = Some(name.clone());
        }
        found.is_some()
    });
    found
}

/// The number of the array that an instruction stands for.
fn number(instruction: &Instruction) -> Option<u32> {
    match instruction.attributes.as_slice() {
        [(_, Attribute::Integer(number)), ..] if instruction.name == CAPTURED => u32::try_from(*number).ok(),
        _ => None,
    }
}

/// The function that an instruction calls.
fn callee(instruction: &Instruction, places: &HashMap<String, usize>) -> Option<usize> {
    match instruction.attributes.as_slice() {
        [(_, Attribute::Symbol(symbol))] if ["func.call", LAUNCH].contains(&instruction.name) => {
            places.get(symbol).copied()
        }
        _ => None,
    }
}

fn direct(function: &Function) -> Needs {
    let mut needs = Needs::new();
    function.body.any(&mut |instruction| {
        if let Some(number) = number(instruction)
            && let IrType::Array(ty) = function.type_of(instruction.results[0])
        {
            needs.insert(number, (ty, function.name_of(instruction.results[0]).map(str::to_owned)));
        }
        false
    });
    needs
}

fn callees(body: &Region, places: &HashMap<String, usize>) -> Vec<usize> {
    let mut found = Vec::new();
    body.any(&mut |instruction| {
        found.extend(callee(instruction, places));
        false
    });
    found
}

/// Gives a function its further arguments, reads of which take the place of the instructions.
fn take(function: &mut Function, place: usize, needs: &[Needs], places: &HashMap<String, usize>) {
    let mut arguments = HashMap::new();
    for (number, (ty, name)) in &needs[place] {
        let argument = ValueId(function.values.len() as u32);
        function.values.push(ValueInfo { ty: IrType::Array(*ty), name: name.clone() });
        function.body.arguments.push(argument);
        arguments.insert(*number, argument);
    }
    let mut renamed = HashMap::new();
    function.body.any(&mut |instruction| {
        if let Some(argument) = number(instruction).and_then(|number| arguments.get(&number)) {
            renamed.insert(instruction.results[0], *argument);
        }
        false
    });
    function.body.retain(&|instruction| instruction.name != CAPTURED);
    function.body.each_mut(&mut |instruction| {
        for operand in &mut instruction.operands {
            *operand = renamed.get(operand).copied().unwrap_or(*operand);
        }
        if let Some(callee) = callee(instruction, places) {
            instruction.operands.extend(needs[callee].keys().filter_map(|number| arguments.get(number)));
        }
    });
}
