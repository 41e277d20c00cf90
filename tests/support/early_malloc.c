// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded with a sanitizer's runtime: allocates once before any other library of Orthanc starts.
#include <stdlib.h>
__attribute__((constructor)) static void allocate_once(void) { free(malloc(1)); }
