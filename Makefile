# numir: build, try, test and measure. On a fresh Debian 12 with Rust and Python 3.11 every target installs what it needs.

NUMIR := target/release/numir
# The sample of the generated tests: another one each time, printed, unless it is given.
ifndef SEED
SEED := $(shell shuf -i 1-999999999 -n 1)
endif
PYTHON := .venv/bin/python
# Those of kernels by hand, which run on the simulator or on a GPU.
KERNEL_TESTS := $(patsubst %,tests/python/test_cuda_%.py,places launches memory together atomics numbers mistakes options libdevice libdevice_rounding libdevice_math fp16 vectors prints)

.PHONY: help demo test test-full test-gpu test-numba build setup lint check-aarch64 test-rust test-python bench bench-gpu bench-gpu-pack small-runtime docs

help: ## what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: build ## compile and run the hillshade example on real terrain
	$(NUMIR) run examples/hillshade.py hillshade examples/data/dem.npy 315.0 45.0 -o hillshade.png
	@echo "the picture is $(CURDIR)/hillshade.png"

test: setup lint test-rust test-python ## everything that must pass

test-full: setup lint test-rust ## as test, with every generated case instead of a sample
	$(PYTHON) -m pytest -q tests/python --full

build: setup ## numir and numir-opt in target/release, and the Python package in .venv
	cargo build --release --workspace
	$(PYTHON) scripts/develop.py

setup: ## system packages and the Python environment, as far as they are missing
	@bash scripts/setup.sh

lint: setup ## formatting, clippy, ruff, licences
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- -D warnings
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PYTHON) scripts/licences.py

check-aarch64: ## that everything compiles for 64-bit ARM under Linux; the first time takes minutes
	@bash scripts/setup.sh aarch64
	BINDGEN_EXTRA_CLANG_ARGS_aarch64_unknown_linux_gnu=--target=x86_64-unknown-linux-gnu \
	CXX_aarch64_unknown_linux_gnu=g++ AR_aarch64_unknown_linux_gnu=ar \
	cargo check --release --workspace --target aarch64-unknown-linux-gnu

test-rust: setup ## the Rust tests
	cargo test --release --workspace

test-python: build ## programs and the differential tests against CPython and NumPy
	$(PYTHON) -m pytest -q tests/python --seed $(SEED) --ignore-glob='*/test_numpy_*'
	# Many large functions of the library: verified after the last pass alone, or they would take half an hour.
	NUMIR_VERIFY=end $(PYTHON) -m pytest -q tests/python/test_numpy_*.py --seed $(SEED)

test-gpu: build ## the tests of kernels on a GPU: what else runs on the simulator
	NUMIR_TEST_GPU=1 $(PYTHON) -m pytest -q tests/python/test_devices.py tests/python/test_device_products.py $(KERNEL_TESTS) \
	    tests/python/test_cuda_elementwise.py tests/python/test_cuda_random.py tests/python/test_programs.py

test-numba: build ## the tests of Numba's own package that apply, against numir
	$(PYTHON) tests/numba_suite/run.py

bench: build ## ratios against NumPy, Numba and C, what calls cost, first calls of the guide's programs, array programs, products
	$(PYTHON) benchmarks/run.py
	$(PYTHON) benchmarks/calls.py
	$(PYTHON) benchmarks/guide.py
	$(PYTHON) benchmarks/arrays.py
	$(PYTHON) benchmarks/products.py

bench-gpu: bench-gpu-pack ## the GPU benchmark on the GPU of this machine
	rm -rf target/gpu-bench && tar xf target/numir-gpu-bench.tar.gz -C target
	$(PYTHON) target/gpu-bench/run.py

bench-gpu-pack: build small-runtime ## the GPU benchmark as one archive, for a machine that has a GPU, Python and NumPy
	$(PYTHON) benchmarks/gpu/pack.py --runtime target/small/numir-rt

small-runtime: ## numir-rt in 5 MB, in target/small: what goes along with files of `numir build`
	cargo build --profile small -p numir-rt --bin numir-rt --no-default-features

docs: build ## the reference pages that are generated
	$(PYTHON) scripts/numpy_page.py
	NUMIR_BLESS=1 cargo test --release -p numir-numeric reference
