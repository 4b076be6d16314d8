/* A CUDA driver without a GPU, for tests: device memory is memory of its own, and work is done as late as a stream allows, when somebody waits,
   so that what does not wait for it is found out. Kernels are known by the beginnings of their names; PTX is not looked at but for words that make it fail. */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_CONTEXT = 201, INVALID_HANDLE = 400, NOT_READY = 600, INVALID_PTX = 218, UNSUPPORTED_PTX = 222, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, ALREADY_PINNED = 712 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int depth;
static unsigned sticky;

/* Device memory: blocks of which the driver knows the bounds. */
static struct { char *start; size_t bytes; } blocks[4096];
static int block_count;
static size_t in_use;
static int allocations;

static int inside(const void *address, size_t bytes) {
    for (int i = 0; i < block_count; i++)
        if (blocks[i].start && (char *)address >= blocks[i].start && (char *)address + bytes <= blocks[i].start + blocks[i].bytes) return 1;
    return 0;
}

static char *add_block(size_t bytes) {
    blocks[block_count].start = calloc(1, bytes ? bytes : 1);
    memset(blocks[block_count].start, 0x5c, bytes);
    blocks[block_count].bytes = bytes;
    return blocks[block_count++].start;
}

/* What kernels record. */
struct operand { int64_t tag; uint64_t words[2]; };
struct failure { uint32_t lock, used; uint64_t thread; int64_t count; struct operand operands[8]; int64_t frames; uint64_t sites[16]; };
struct module { struct failure *failure; char *sites; int cooperative; };

/* What is begun and not done: in the order in which it was begun, each in a stream; null is the default stream. What is begun there is done after all
   before it, and before all behind it; in other streams only after what is before it in the same one. */
struct event { void *stream; unsigned place; int timing; };
struct work { int kind, done; char *to; const char *from; size_t bytes; struct module *module; char name[32]; uint64_t arguments[4]; unsigned threads; void *stream; struct event event; void (*call)(void *); void *data; };
static struct work queue[65536];
static unsigned done, queued;
static void wait_until(void *stream, unsigned place);

static void run(struct work *work) {
    if (sticky) return;
    if (work->kind == 0) { memcpy(work->to, work->from, work->bytes); return; }
    if (work->kind == 2) { wait_until(work->event.stream, work->event.place); return; }
    if (work->kind == 3) { pthread_mutex_unlock(&turn); work->call(work->data); pthread_mutex_lock(&turn); return; }
    if (!strncmp(work->name, "add_one", 7)) {
        int64_t *items = (int64_t *)work->arguments[0];
        if (!inside(items, 8 * work->threads)) { sticky = ILLEGAL_ADDRESS; return; }
        for (unsigned i = 0; i < work->threads; i++) items[i]++;
    } else if (!strcmp(work->name, "fail")) {
        struct failure *failure = work->module->failure;
        if (failure->used) return;
        failure->used = 1;
        failure->count = 3;
        for (int i = 0; i < 3; i++) failure->operands[i] = (struct operand){ (int64_t)work->arguments[0], { (uint64_t[]){ 10, 0, 5 }[i], 0 } };
        failure->frames = 1;
        failure->sites[0] = (uint64_t)work->module->sites;
    }
}

static void finish(unsigned place) { struct work *work = &queue[place % 65536]; if (!work->done) { work->done = 1; run(work); } }

/* Does what a stream has been given up to a place. */
static void wait_until(void *stream, unsigned place) {
    unsigned whole = done;
    for (unsigned i = done; i < place; i++) if (!stream || !queue[i % 65536].stream) whole = stream ? i + 1 : place;
    for (unsigned i = done; i < whole; i++) finish(i);
    for (unsigned i = whole; i < place; i++) if (queue[i % 65536].stream == stream) finish(i);
    while (done < queued && queue[done % 65536].done) done++;
}

static unsigned wait_all(void) { wait_until(0, queued); return sticky; }
static int is_done(void *stream, unsigned place) {
    for (unsigned i = done; i < place; i++) if ((!stream || queue[i % 65536].stream == stream || !queue[i % 65536].stream) && !queue[i % 65536].done) return 0;
    return 1;
}

#define BEGIN do { if (!depth) return INVALID_CONTEXT; pthread_mutex_lock(&turn); } while (0)
#define END(code) do { unsigned result = (code); pthread_mutex_unlock(&turn); return result; } while (0)

static int setting(const char *name, int otherwise) { const char *text = getenv(name); return text ? atoi(text) : otherwise; }

unsigned cuInit(unsigned flags) { (void)flags; return setting("FAKE_INIT", 0); }
unsigned cuDriverGetVersion(int *version) { *version = setting("FAKE_VERSION", 12040); return 0; }
unsigned cuGetErrorName(unsigned code, const char **text) { *text = code == ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS" : code == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : code == INVALID_PTX ? "CUDA_ERROR_INVALID_PTX" : code == UNSUPPORTED_PTX ? "CUDA_ERROR_UNSUPPORTED_PTX_VERSION" : code == NOT_FOUND ? "CUDA_ERROR_NOT_FOUND" : 0; return *text ? 0 : INVALID_VALUE; }
unsigned cuGetErrorString(unsigned code, const char **text) { (void)code; *text = "words of the driver"; return 0; }
unsigned cuDeviceGetCount(int *count) { *count = setting("FAKE_COUNT", 1); return 0; }
unsigned cuDeviceGet(int *device, int number) { *device = number; return 0; }
unsigned cuDeviceGetName(char *name, int bytes, int device) { snprintf(name, bytes, "Fake %d", device); return 0; }
unsigned cuDeviceGetAttribute(int *value, unsigned attribute, int device) { (void)device; *value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 97 ? 232448 : 0; return 0; }
unsigned cuDeviceTotalMem_v2(size_t *bytes, int device) { (void)device; *bytes = 64u << 20; return 0; }
unsigned cuDeviceGetUuid(char *identity, int device) { memset(identity, device + 1, 16); return 0; }
unsigned cuMemGetInfo_v2(size_t *left, size_t *total) { BEGIN; *total = 64u << 20; *left = *total - in_use; END(sticky); }
unsigned cuDevicePrimaryCtxRetain(void **context, int device) { (void)device; *context = &turn; return 0; }
unsigned cuCtxPushCurrent_v2(void *context) { if (context != &turn) return INVALID_CONTEXT; depth++; return 0; }
unsigned cuCtxPopCurrent_v2(void **context) { *context = &turn; depth--; return 0; }
unsigned cuCtxSynchronize(void) { BEGIN; END(wait_all()); }
unsigned cuStreamCreate(void **stream, unsigned flags) { if (flags) return INVALID_VALUE; *stream = malloc(1); return 0; }
unsigned cuStreamDestroy_v2(void *stream) { (void)stream; BEGIN; END(0); }
unsigned cuStreamSynchronize(void *stream) { BEGIN; wait_until(stream, queued); END(sticky); }
unsigned cuStreamQuery(void *stream) { BEGIN; END(sticky ? sticky : is_done(stream, queued) ? 0 : NOT_READY); }
static void push(struct work work) { queue[queued++ % 65536] = work; }
unsigned cuStreamWaitEvent(void *stream, struct event *event, unsigned flags) { BEGIN; if (flags) END(INVALID_VALUE); push((struct work){ .kind = 2, .stream = stream, .event = *event }); END(sticky); }
unsigned cuLaunchHostFunc(void *stream, void (*call)(void *), void *data) { BEGIN; push((struct work){ .kind = 3, .stream = stream, .call = call, .data = data }); END(sticky); }
/* An event is a stream and how much it had been given. The time from one to another is how many works were begun in between. */
unsigned cuEventCreate(struct event **event, unsigned flags) { if (flags & ~2u) return INVALID_VALUE; *event = calloc(1, sizeof **event); (*event)->timing = !flags; return 0; }
unsigned cuEventDestroy_v2(struct event *event) { free(event); return 0; }
unsigned cuEventRecord(struct event *event, void *stream) { BEGIN; event->stream = stream; event->place = queued; END(sticky); }
unsigned cuEventSynchronize(struct event *event) { BEGIN; wait_until(event->stream, event->place); END(sticky); }
unsigned cuEventQuery(struct event *event) { BEGIN; END(sticky ? sticky : is_done(event->stream, event->place) ? 0 : NOT_READY); }
unsigned cuEventElapsedTime(float *time, struct event *start, struct event *end) { BEGIN; if (!start->timing || !end->timing) END(INVALID_HANDLE); if (!is_done(end->stream, end->place)) END(NOT_READY); *time = (float)end->place - (float)start->place; END(sticky); }
unsigned cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    BEGIN;
    if (in_use + bytes > 64u << 20) END(OUT_OF_MEMORY);
    in_use += bytes;
    allocations++;
    *address = (uint64_t)add_block(bytes);
    END(sticky);
}
unsigned cuMemFree_v2(uint64_t address) {
    BEGIN;
    for (int i = 0; i < block_count; i++)
        if (blocks[i].start == (char *)address) { wait_all(); in_use -= blocks[i].bytes; free(blocks[i].start); blocks[i].start = 0; END(0); }
    END(INVALID_VALUE);
}
unsigned cuMemHostAlloc(void **start, size_t bytes, unsigned flags) { (void)flags; *start = malloc(bytes); return 0; }
/* Pinned memory, which is counted. */
static int pinned;
unsigned cuMemFreeHost(void *start) { BEGIN; wait_all(); free(start); END(sticky); }
unsigned cuMemHostRegister_v2(void *start, size_t bytes, unsigned flags) { (void)start; BEGIN; if (!bytes || flags != 1) END(INVALID_VALUE); if (pinned) END(ALREADY_PINNED); pinned++; END(sticky); }
unsigned cuMemHostUnregister(void *start) { (void)start; BEGIN; if (!pinned || !is_done(0, queued)) END(INVALID_VALUE); pinned--; END(sticky); }
unsigned cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) { BEGIN; if (!inside((void *)to, bytes)) END(INVALID_VALUE); wait_all(); memcpy((void *)to, from, bytes); END(sticky); }
unsigned cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) { BEGIN; if (!inside((void *)from, bytes)) END(INVALID_VALUE); wait_all(); memcpy(to, (void *)from, bytes); END(sticky); }
unsigned cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) { BEGIN; if (!inside((void *)to, bytes)) END(INVALID_VALUE); push((struct work){ .to = (char *)to, .from = from, .bytes = bytes, .stream = stream }); END(sticky); }
unsigned cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) { BEGIN; if (!inside((void *)from, bytes)) END(INVALID_VALUE); push((struct work){ .to = to, .from = (char *)from, .bytes = bytes, .stream = stream }); END(sticky); }
/* Ranges that overlap may be copied wrongly. */
unsigned cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) { BEGIN; if (!inside((void *)to, bytes) || !inside((void *)from, bytes)) END(INVALID_VALUE); if (to < from + bytes && from < to + bytes) END(INVALID_VALUE); push((struct work){ .to = (char *)to, .from = (char *)from, .bytes = bytes, .stream = stream }); END(sticky); }
unsigned cuModuleLoadDataEx(void **module, const char *image, unsigned count, unsigned *options, void **values) {
    BEGIN;
    if (strstr(image, "too new")) END(UNSUPPORTED_PTX);
    if (strstr(image, "wrong")) {
        if (count == 2 && options[0] == 5 && options[1] == 6) snprintf(values[0], (size_t)values[1], "ptxas application ptx input, line 7; fatal\n");
        END(INVALID_PTX);
    }
    struct module *made = calloc(1, sizeof *made);
    if (strstr(image, "numir_failure")) {
        made->failure = (struct failure *)add_block(sizeof *made->failure);
        memset(made->failure, 0, sizeof *made->failure);
        made->failure->thread = UINT64_MAX;
        static const char site[] = "IndexError\xff\xffkernels.py\xffkernel\xff" "17:1-17:9\xff";
        made->sites = add_block(sizeof site);
        memcpy(made->sites, site, sizeof site);
    }
    made->cooperative = strstr(image, "numir_grid_barrier") != 0;
    *module = made;
    END(0);
}
unsigned cuModuleGetGlobal_v2(uint64_t *address, size_t *bytes, struct module *module, const char *name) {
    if (!strcmp(name, "numir_failure") && module->failure) { *address = (uint64_t)module->failure; *bytes = sizeof *module->failure; return 0; }
    if (!strcmp(name, "numir_grid_barrier") && module->cooperative) { *address = (uint64_t)module; *bytes = 8; return 0; }
    return NOT_FOUND;
}
/* A function is its name and its module. */
struct function { const char *name; struct module *module; int dynamic; };
unsigned cuModuleGetFunction(void **function, struct module *module, const char *name) {
    /* Those of the tests of the runtime, and what numir makes of a function that is called `kernel`. */
    if (strncmp(name, "add_one", 7) && strcmp(name, "fail") && strcmp(name, "together") && !strstr(name, "_kernel_kernel")) return NOT_FOUND;
    struct function *made = calloc(1, sizeof *made);
    *made = (struct function){ strdup(name), module, 48 << 10 };
    *function = made;
    return 0;
}
unsigned cuFuncGetAttribute(int *value, unsigned attribute, void *function) { (void)function; *value = attribute == 0 ? 512 : attribute == 1 ? 16 : attribute == 2 ? 24 : attribute == 3 ? 40 : attribute == 4 ? 200 : 0; return 0; }
unsigned cuFuncSetAttribute(struct function *function, unsigned attribute, int value) { if (attribute != 8) return INVALID_VALUE; function->dynamic = value; return 0; }
static unsigned launch(struct function *function, unsigned threads, unsigned shared, void *stream, void **arguments, int together) {
    BEGIN;
    if (shared > (unsigned)function->dynamic || together != function->module->cooperative) END(INVALID_VALUE);
    struct work work = { .kind = 1, .module = function->module, .threads = threads, .stream = stream };
    strcpy(work.name, function->name);
    work.arguments[0] = *(uint64_t *)arguments[0];
    push(work);
    END(sticky);
}
unsigned cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream, void **arguments, void **extra) { return extra ? INVALID_VALUE : launch(function, gx * gy * gz * bx * by * bz, shared, stream, arguments, 0); }
unsigned cuLaunchCooperativeKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream, void **arguments) { return launch(function, gx * gy * gz * bx * by * bz, shared, stream, arguments, 1); }
/* For the tests alone. */
unsigned fake_allocations(void) { return allocations; }
