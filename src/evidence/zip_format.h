/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What ZIP files are made of (PKWARE's APPNOTE 6.3.3), as far as ours are: stored, not compressed,
 * names in UTF-8, sizes of 64 bits where 32 do not do. */

#define IV_ZIP_LOCAL 0x04034b50u
#define IV_ZIP_CENTRAL 0x02014b50u
#define IV_ZIP_END 0x06054b50u
#define IV_ZIP_END64 0x06064b50u
#define IV_ZIP_LOCATOR64 0x07064b50u

#define IV_ZIP_LOCAL_BYTES 30 /* without name and extra field */
#define IV_ZIP_CENTRAL_BYTES 46
#define IV_ZIP_END_BYTES 22
#define IV_ZIP_END64_BYTES 56
#define IV_ZIP_LOCATOR64_BYTES 20

#define IV_ZIP_VERSION 20
#define IV_ZIP_VERSION64 45
#define IV_ZIP_UTF8 0x0800 /* flag: names are UTF-8 */
#define IV_ZIP_EXTRA64 0x0001
#define IV_ZIP_LARGE 0xffffffffu /* in place of a size that stands in the extra field */

#define IV_ZIP_FILES_MAX 20000
#define IV_ZIP_NAME_MAX 200 /* bytes */
