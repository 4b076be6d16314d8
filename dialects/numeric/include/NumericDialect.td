// The dialect itself, and the classes its types and operations derive from.
#ifndef NUMERIC_DIALECT_TD
#define NUMERIC_DIALECT_TD

include "mlir/IR/OpBase.td"

def Numeric_Dialect : Dialect {
  let name = "numeric";
  let cppNamespace = "::mlir::numeric";
  let summary = "Python and NumPy meaning, fully typed";
  let description = [{
    The `numeric` dialect says what a numerical program written in Python with NumPy means, once all of its types are
    known. It is what a front end emits and what every target of numir starts from. Nothing below it knows Python.

    **Values.** Scalars are values: booleans (`i1`), NumPy's integers (`si8` to `si64`, `ui8` to `ui64`), floats (`f16`,
    `f32`, `f64`) and complex numbers (`complex<f32>`, `complex<f64>`), Python's own numbers (`!numeric.int`,
    `!numeric.float`, `!numeric.complex`), and `index` for positions and extents. Arrays (`!numeric.array<2xf64, C>`)
    are references: mutable, and several of them may name the same memory.

    **Scalar operations are pure and total.** None of them traps. Where Python raises (a division by zero, say) the
    front end emits a `numeric.check` before, and the operation itself gives NumPy's value. Integers wrap around at
    their width; `!numeric.int` is 64 bits wide and signed, and so is `index`. Nothing is promoted implicitly: both
    operands of an operation have one type, and a front end inserts `numeric.cast`.

    **Errors are operations, not control flow.** `numeric.check`, `numeric.check_index`, `numeric.raise` and
    `numeric.check_recursion` leave the function with an exception. They are ordered among each other by a write to the
    resource `numeric::CheckResource`; operations without side effects move across them freely. Whoever lowers the
    dialect keeps stores and prints on their side of a check.

    **Control flow is structured.** Regions have one block. Loops and branches come from `scf`, functions and calls from
    `func`; this dialect adds `numeric.parallel` for loops whose iterations are independent.

    **Function attributes.** `numeric.entry` (unit) marks a function that is callable from outside under its symbol
    name. `numeric.python_name` (string) is the name that tracebacks show.

    All scalar operations fold constants with exactly the meaning given here; floats fold only where IEEE 754 defines
    every bit of the result.
  }];
  let hasConstantMaterializer = 1;
  let hasOperationAttrVerify = 1;
  let useDefaultTypePrinterParser = 1;
}

#endif // NUMERIC_DIALECT_TD
