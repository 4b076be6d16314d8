// Shaded relief by Horn's method; see hillshade.py.
#include "check.h"

#define DEM(i, j) ITEM(dem, i, rows, j, columns)

int run(const double *dem, int64_t rows, int64_t columns, double azimuth, double altitude, double *shade) {
  double sun = (90.0 - azimuth) * M_PI / 180.0, zenith = (90.0 - altitude) * M_PI / 180.0;
  for (int64_t i = 1; i < rows - 1; i++) {
    for (int64_t j = 1; j < columns - 1; j++) {
      double west = DEM(i - 1, j - 1) + 2.0 * DEM(i, j - 1) + DEM(i + 1, j - 1);
      double east = DEM(i - 1, j + 1) + 2.0 * DEM(i, j + 1) + DEM(i + 1, j + 1);
      double north = DEM(i - 1, j - 1) + 2.0 * DEM(i - 1, j) + DEM(i - 1, j + 1);
      double south = DEM(i + 1, j - 1) + 2.0 * DEM(i + 1, j) + DEM(i + 1, j + 1);
      double across = (east - west) / 592.0, down = (south - north) / 744.0;
      double slope = atan(sqrt(across * across + down * down)), downhill = atan2(down, -across);
      double light = cos(zenith) * cos(slope) + sin(zenith) * sin(slope) * cos(sun - downhill);
      ITEM(shade, i, rows, j, columns) = light > 0.0 ? light : 0.0;
    }
  }
  return 0;
}
