// What the kernels in C share: an index that is checked as Python checks it when CHECKED is defined.
#include <math.h>
#include <stdint.h>

#ifdef CHECKED
#define AT(index, extent)                                                                                              \
  ({                                                                                                                   \
    int64_t at = (index), end = (extent);                                                                              \
    if (at < -end || at >= end)                                                                                        \
      return 1;                                                                                                        \
    at < 0 ? at + end : at;                                                                                            \
  })
#else
#define AT(index, extent) (index)
#endif

// An item of a matrix in C order.
#define ITEM(a, i, rows, j, columns) ((a)[AT(i, rows) * (columns) + AT(j, columns)])
