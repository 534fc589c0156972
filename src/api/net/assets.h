/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "api/net/request.h"
#include "api/net/response.h"

/* The built dashboard, read into memory once at start: serving it touches no disk, and no path
 * from outside ever reaches the file system. `x.js.br` and `x.js.gz` beside `x.js` are its
 * compressed forms. */
typedef struct IvAssets IvAssets;

#define IV_ASSETS_FILES_MAX 4096
#define IV_ASSETS_BYTES_MAX (64 * 1024 * 1024)

/* Reads every regular file below `folder` (hidden ones and links are left out). NULL with
 * IV_SERVER_ERROR_WEB_DIR. */
IvAssets *iv_assets_load(const char *folder, GError **error);
void iv_assets_free(IvAssets *assets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvAssets, iv_assets_free)

/* The answer to a GET of this path: the file, 304, or for paths that look like pages of the
 * dashboard index.html. NULL when there is no such file. Files with a hash in their name (below
 * /assets/) may be kept for ever, everything else is asked for again by ETag. Immutable after
 * load: any thread. */
IvResponse *iv_assets_answer(const IvAssets *assets, const IvRequest *request);
