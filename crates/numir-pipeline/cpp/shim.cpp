// What MLIR's C API lacks: passes whose name, options and statistics are known at run time only, registration by name,
// pass instrumentation, diagnostics with notes, and MLIR's own command line driver. All decisions are made in Rust (src/shim.rs).

#include "mlir-c/IR.h"
#include "mlir-c/Pass.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Pass.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace mlir;

extern "C" {

struct NumirText {
  const char *data;
  size_t length;
};

enum NumirOptionKind : int32_t { NumirBool = 0, NumirInt = 1, NumirString = 2 };

struct NumirOption {
  NumirText name;
  NumirText summary;
  int32_t kind;
  int64_t number; // the default of a bool or an int
  NumirText text; // the default of a string
};

struct NumirStatistic {
  const char *name; // ends in NUL, as MLIR wants it
  const char *summary;
};

struct NumirValue {
  int64_t number;
  NumirText text;
};

// A pass as Rust describes it. Lives as long as the process.
struct NumirPass {
  NumirText name;
  NumirText summary;
  NumirText anchor;
  const NumirOption *options;
  size_t optionCount;
  const NumirStatistic *statistics;
  size_t statisticCount;
  void (*dialects)(const NumirPass *, MlirDialectRegistry);
  bool (*run)(const NumirPass *, MlirOperation, const NumirValue *options, uint64_t *counts);
};

struct NumirPipeline {
  NumirText name;
  NumirText summary;
  // Gives the elements of the pipeline (without the anchor), or an error message and false.
  bool (*elements)(const NumirPipeline *, int64_t level, NumirText from, NumirText to, MlirStringCallback sink,
                   void *data);
};

struct NumirNote {
  MlirLocation location;
  NumirText message;
};

enum NumirEvent : int32_t { NumirBefore = 0, NumirAfter = 1, NumirFailed = 2 };

using NumirObserver = void (*)(void *data, int32_t event, NumirText pass, bool adaptor, MlirOperation);

} // extern "C"

namespace {

StringRef ref(NumirText text) { return StringRef(text.data, text.length); }
NumirText text(StringRef ref) { return NumirText{ref.data(), ref.size()}; }

// A pass written in Rust. It holds the options of one use of it; all else is in the description.
class RustPass : public Pass {
public:
  explicit RustPass(const NumirPass *description)
      : Pass(TypeID::getFromOpaquePointer(description), anchorOf(description)), description(description) {
    for (size_t i = 0; i < description->optionCount; ++i) {
      const NumirOption &option = description->options[i];
      auto name = ref(option.name);
      auto summary = llvm::cl::desc(ref(option.summary));
      Slot slot;
      if (option.kind == NumirBool)
        slot.flag = std::make_unique<Option<bool>>(*this, name, summary, llvm::cl::init(option.number != 0));
      else if (option.kind == NumirInt)
        slot.number = std::make_unique<Option<int64_t>>(*this, name, summary, llvm::cl::init(option.number));
      else
        slot.string = std::make_unique<Option<std::string>>(*this, name, summary,
                                                            llvm::cl::init(ref(option.text).str()));
      slots.push_back(std::move(slot));
    }
    for (size_t i = 0; i < description->statisticCount; ++i)
      counters.push_back(std::make_unique<Statistic>(this, description->statistics[i].name,
                                                     description->statistics[i].summary));
  }

  StringRef getName() const override { return ref(description->name); }
  StringRef getArgument() const override { return ref(description->name); }
  StringRef getDescription() const override { return ref(description->summary); }

  void getDependentDialects(DialectRegistry &registry) const override {
    description->dialects(description, wrap(&registry));
  }

  bool canScheduleOn(RegisteredOperationName name) const override {
    std::optional<StringRef> anchor = getOpName();
    return !anchor || name.getStringRef() == *anchor;
  }

  std::unique_ptr<Pass> clonePass() const override { return std::make_unique<RustPass>(description); }

  void runOnOperation() override {
    std::vector<NumirValue> values;
    for (Slot &slot : slots) {
      NumirValue value{0, NumirText{nullptr, 0}};
      if (slot.flag)
        value.number = slot.flag->getValue();
      else if (slot.number)
        value.number = slot.number->getValue();
      else
        value.text = text(StringRef(slot.string->getValue()));
      values.push_back(value);
    }
    std::vector<uint64_t> counts(counters.size(), 0);
    if (!description->run(description, wrap(getOperation()), values.data(), counts.data()))
      signalPassFailure();
    for (size_t i = 0; i < counts.size(); ++i)
      *counters[i] += counts[i];
  }

private:
  struct Slot {
    std::unique_ptr<Option<bool>> flag;
    std::unique_ptr<Option<int64_t>> number;
    std::unique_ptr<Option<std::string>> string;
  };

  static std::optional<StringRef> anchorOf(const NumirPass *description) {
    if (description->anchor.length == 0)
      return std::nullopt;
    return ref(description->anchor);
  }

  const NumirPass *description;
  std::vector<Slot> slots;
  std::vector<std::unique_ptr<Statistic>> counters;
};

// Tells Rust what runs. Adaptors (which walk the functions for a nested pipeline) are marked, they are no passes of anyone's.
class Observer : public PassInstrumentation {
public:
  Observer(NumirObserver callback, void *data) : callback(callback), data(data) {}

  void runBeforePass(Pass *pass, Operation *op) override { tell(NumirBefore, pass, op); }
  void runAfterPass(Pass *pass, Operation *op) override { tell(NumirAfter, pass, op); }
  void runAfterPassFailed(Pass *pass, Operation *op) override { tell(NumirFailed, pass, op); }

private:
  void tell(NumirEvent event, Pass *pass, Operation *op) {
    StringRef name = pass->getArgument();
    bool adaptor = name.empty() && pass->getName().ends_with("OpToOpPassAdaptor");
    callback(data, event, text(name.empty() ? pass->getName() : name), adaptor, wrap(op));
  }

  NumirObserver callback;
  void *data;
};

struct PipelineOptions : public PassPipelineOptions<PipelineOptions> {
  Option<int64_t> level{*this, "opt", llvm::cl::desc("Optimisation level, 0 to 3"), llvm::cl::init(2)};
  Option<std::string> from{*this, "from", llvm::cl::desc("The stage of the input"), llvm::cl::init("")};
  Option<std::string> to{*this, "to", llvm::cl::desc("The stage to reach"), llvm::cl::init("")};
};

void append(MlirStringRef part, void *data) { static_cast<std::string *>(data)->append(part.data, part.length); }

} // namespace

extern "C" {

// Makes a pass known by its name. False if MLIR already knows one of that name.
bool numir_shim_register_pass(const NumirPass *description) {
  if (PassInfo::lookup(ref(description->name)))
    return false;
  registerPass([description]() -> std::unique_ptr<Pass> { return std::make_unique<RustPass>(description); });
  return true;
}

// Makes a pipeline known by its name, for `--name` on the command line and `name{...}` in a pipeline's text.
bool numir_shim_register_pipeline(const NumirPipeline *pipeline) {
  if (PassPipelineInfo::lookup(ref(pipeline->name)))
    return false;
  registerPassPipeline(
      ref(pipeline->name), ref(pipeline->summary),
      [pipeline](OpPassManager &manager, StringRef options,
                 function_ref<LogicalResult(const Twine &)> fail) -> LogicalResult {
        PipelineOptions parsed;
        if (failed(parsed.parseFromString(options)))
          return failure();
        std::string result;
        if (!pipeline->elements(pipeline, parsed.level, text(StringRef(parsed.from.getValue())),
                                text(StringRef(parsed.to.getValue())), append, &result))
          return fail(result);
        return parsePassPipeline(result, manager);
      },
      [](function_ref<void(const mlir::detail::PassOptions &)> show) { show(PipelineOptions()); });
  return true;
}

// Has `callback` called around every pass that `manager` runs, from then on.
void numir_shim_observe(MlirPassManager manager, NumirObserver callback, void *data) {
  unwrap(manager)->addInstrumentation(std::make_unique<Observer>(callback, data));
}

// Emits an error with notes at a location.
void numir_shim_emit_error(MlirLocation location, NumirText message, const NumirNote *notes, size_t noteCount) {
  InFlightDiagnostic diagnostic = emitError(unwrap(location)) << ref(message);
  for (size_t i = 0; i < noteCount; ++i)
    diagnostic.attachNote(unwrap(notes[i].location)) << ref(notes[i].message);
}

// MLIR's own driver; returns the exit status of the process.
int numir_shim_opt_main(int argc, char **argv, NumirText banner, MlirDialectRegistry registry) {
  return asMainReturnCode(MlirOptMain(argc, argv, ref(banner), *unwrap(registry)));
}

} // extern "C"
