/* A CUDA driver without a GPU, for tests: device memory is memory of its own, and work is done as late as a stream allows, when somebody waits,
   so that what does not wait for it is found out. Kernels are known by their names; PTX is not looked at but for words that make it fail. */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_CONTEXT = 201, INVALID_PTX = 218, UNSUPPORTED_PTX = 222, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, ALREADY_PINNED = 712 };

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

/* The stream. */
struct work { int kind; char *to; const char *from; size_t bytes; struct module *module; char name[32]; uint64_t arguments[4]; unsigned threads; };
static struct work queue[65536];
static unsigned done, queued;

static void run(struct work *work) {
    if (sticky) return;
    if (work->kind == 0) { memcpy(work->to, work->from, work->bytes); return; }
    if (!strcmp(work->name, "add_one")) {
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

static unsigned wait_all(void) {
    while (done < queued) run(&queue[done++ % 65536]);
    return sticky;
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
unsigned cuStreamCreate(void **stream, unsigned flags) { if (flags != 1) return INVALID_VALUE; *stream = queue; return 0; }
unsigned cuStreamSynchronize(void *stream) { (void)stream; BEGIN; END(wait_all()); }
/* An event is the number of works that were queued before it. */
unsigned cuEventCreate(void **event, unsigned flags) { if (flags != 2) return INVALID_VALUE; *event = calloc(1, sizeof(unsigned)); return 0; }
unsigned cuEventRecord(void *event, void *stream) { (void)stream; BEGIN; *(unsigned *)event = queued; END(sticky); }
unsigned cuEventSynchronize(void *event) { BEGIN; while (done < *(unsigned *)event) run(&queue[done++ % 65536]); END(sticky); }
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
unsigned cuMemHostUnregister(void *start) { (void)start; BEGIN; if (!pinned || done < queued) END(INVALID_VALUE); pinned--; END(sticky); }
unsigned cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) { BEGIN; if (!inside((void *)to, bytes)) END(INVALID_VALUE); memcpy((void *)to, from, bytes); END(sticky); }
unsigned cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) { BEGIN; if (!inside((void *)from, bytes)) END(INVALID_VALUE); memcpy(to, (void *)from, bytes); END(sticky); }
static void push(struct work work) { queue[queued++ % 65536] = work; }
unsigned cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) { (void)stream; BEGIN; if (!inside((void *)to, bytes)) END(INVALID_VALUE); push((struct work){ .to = (char *)to, .from = from, .bytes = bytes }); END(sticky); }
unsigned cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) { (void)stream; BEGIN; if (!inside((void *)from, bytes)) END(INVALID_VALUE); push((struct work){ .to = to, .from = (char *)from, .bytes = bytes }); END(sticky); }
/* Ranges that overlap may be copied wrongly. */
unsigned cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) { (void)stream; BEGIN; if (!inside((void *)to, bytes) || !inside((void *)from, bytes)) END(INVALID_VALUE); if (to < from + bytes && from < to + bytes) END(INVALID_VALUE); push((struct work){ .to = (char *)to, .from = (char *)from, .bytes = bytes }); END(sticky); }
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
    if (strcmp(name, "add_one") && strcmp(name, "fail") && strcmp(name, "together")) return NOT_FOUND;
    struct function *made = calloc(1, sizeof *made);
    *made = (struct function){ strdup(name), module, 48 << 10 };
    *function = made;
    return 0;
}
unsigned cuFuncGetAttribute(int *value, unsigned attribute, void *function) { (void)function; *value = attribute == 0 ? 512 : attribute == 1 ? 16 : attribute == 4 ? 200 : 0; return 0; }
unsigned cuFuncSetAttribute(struct function *function, unsigned attribute, int value) { if (attribute != 8) return INVALID_VALUE; function->dynamic = value; return 0; }
static unsigned launch(struct function *function, unsigned threads, unsigned shared, void **arguments, int together) {
    BEGIN;
    if (shared > (unsigned)function->dynamic || together != function->module->cooperative) END(INVALID_VALUE);
    struct work work = { .kind = 1, .module = function->module, .threads = threads };
    strcpy(work.name, function->name);
    work.arguments[0] = *(uint64_t *)arguments[0];
    push(work);
    END(sticky);
}
unsigned cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream, void **arguments, void **extra) { (void)stream; return extra ? INVALID_VALUE : launch(function, gx * gy * gz * bx * by * bz, shared, arguments, 0); }
unsigned cuLaunchCooperativeKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream, void **arguments) { (void)stream; return launch(function, gx * gy * gz * bx * by * bz, shared, arguments, 1); }
/* For the tests alone. */
unsigned fake_allocations(void) { return allocations; }
