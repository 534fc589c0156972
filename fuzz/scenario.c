/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario and noise files: read, or refused with one line; what is read can be freed. */
#include <string.h>

#include "sim/box_noise.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autoptr(GError) error = NULL, noise_error = NULL;
  g_autoptr(IvScenario) scenario = iv_scenario_parse((const char *)input, length, &error);
  g_assert_true((scenario == NULL) == (error != NULL));
  if (error)
    g_assert_null(strchr(error->message, '\n'));
  IvSightNoise noise;
  gboolean fine = iv_sight_noise_parse((const char *)input, length, &noise, &noise_error);
  g_assert_true(fine == (noise_error == NULL));
  g_autoptr(GError) box_error = NULL;
  IvBoxNoise boxes;
  fine = iv_box_noise_parse((const char *)input, length, &boxes, &box_error);
  g_assert_true(fine == (box_error == NULL));
  return 0;
}
