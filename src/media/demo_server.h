/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"
#include "base/ids.h"

/* Four cameras made of one video file, served over RTSP on 127.0.0.1: what `run --demo` connects to
 * like to any camera. The file is cut and encoded once into the cache; then the encoded pictures
 * are sent in a loop, each camera starting elsewhere in the film. At the loop's seam the source
 * says so in the stream itself (media/seam.h), so the client learns it as from any other source. */
typedef struct IvDemoServer IvDemoServer;

#define IV_DEMO_CAMERAS 4

typedef struct {
  IvSlug id;        /* entrance, aisle, promotion, ... */
  const char *name; /* for people */
  char *url;        /* rtsp://127.0.0.1:port/id */
  IvSize size;      /* pixels */
  double fps;
  IvBox crop;          /* what part of the film it shows, in shares of it */
  double loop_seconds; /* length of the film */
} IvDemoCamera;

typedef struct {
  const char *video; /* file to cut up; NULL = `cache`/vtest.avi */
  const char *cache; /* folder, made if missing; NULL = ${XDG_CACHE_HOME:-~/.cache}/inveye */
  /* Called now and then while encoding, `share` rising to 1; may be NULL. Caller's thread. */
  void (*on_progress)(double share, gpointer user_data);
  gpointer user_data;
} IvDemoConfig;

typedef enum {
  IV_DEMO_ERROR_VIDEO,  /* no video file, or not readable; says --demo-video */
  IV_DEMO_ERROR_PLUGIN, /* encoder or RTSP server missing; names the package */
  IV_DEMO_ERROR_CACHE,  /* cache folder not writable, disk full */
  IV_DEMO_ERROR_SERVER, /* could not listen */
} IvDemoError;
#define IV_DEMO_ERROR (iv_demo_error_quark())
GQuark iv_demo_error_quark(void);

/* Encodes if the cache has no copy yet (seconds; blocks), then serves from a thread of its own. */
IvDemoServer *iv_demo_server_new(const IvDemoConfig *config, GError **error);

/* Stops serving and waits for the thread; clients see the connection close. */
void iv_demo_server_free(IvDemoServer *server);

/* IV_DEMO_CAMERAS entries, valid as long as the server. */
const IvDemoCamera *iv_demo_server_cameras(const IvDemoServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvDemoServer, iv_demo_server_free)
