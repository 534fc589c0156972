/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "media/demo_server.h"

/* The configuration of `inveye run --demo`: the store "Demo store" with the demo server's cameras
 * and the lines and zones drawn for the film. With another film (`own_film`) the cameras have
 * simple lines and zones in the middle, for nobody knows where its people walk. The result reads as
 * if it came from a file; the caller frees. */
IvConfig *iv_demo_config(const IvDemoServer *server, gboolean own_film, GError **error);
