// Heat in a plate; see heat.py.
#include "check.h"

#define OLD(i, j) ITEM(old, i, rows, j, columns)

int run(const double *old, int64_t rows, int64_t columns, double *new, double rate) {
  for (int64_t i = 1; i < rows - 1; i++) {
    for (int64_t j = 1; j < columns - 1; j++) {
      double around = OLD(i - 1, j) + OLD(i + 1, j) + OLD(i, j - 1) + OLD(i, j + 1);
      ITEM(new, i, rows, j, columns) = OLD(i, j) + rate * (around - 4.0 * OLD(i, j));
    }
  }
  return 0;
}
