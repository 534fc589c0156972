/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How common makers form the addresses of their streams, for cameras that can't be asked by ONVIF.
 * As their manuals say; models differ, so an address is to be tested. Pure; any thread. */

/* In the templates: {host} is the host, with its RTSP port where it is an unusual one; {channel}
 * the channel from 1 on, {channel:02} with two digits, {channel-1} from 0 on. */
typedef struct {
  const char *id;                       /* slug */
  const char *name;                     /* with the names that the same devices are sold under */
  const char *main_stream, *sub_stream; /* sub NULL = there is none */
  const char *note;                     /* "" = none; one line */
} IvMaker;

extern const IvMaker iv_makers[];
extern const guint iv_n_makers;

const IvMaker *iv_maker_find(const char *id); /* NULL = none */

/* The maker whose name a device tells ("HIKVISION", "Dahua Technology"); NULL = none. */
const IvMaker *iv_maker_of(const char *told);

#define IV_MAKER_CHANNEL_MAX 512

/* `template` filled in; `host` as in "192.168.1.20", "192.168.1.20:8554", "[fe80::1]"; NULL stays
 * {host}. `channel` 1..IV_MAKER_CHANNEL_MAX; 0 leaves the places for it as they are. The caller
 * frees. */
char *iv_maker_url(const char *template, const char *host, guint channel);
