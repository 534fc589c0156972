/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

#include "base/ids.h"
#include "base/timestamp.h"
#include "config/config.h"
#include "model/scene.h"
#include "model/stream_hold.h"

/* The way in from the network: REST API, WebSocket, dashboard files, /healthz and /metrics
 * (docs/api/openapi.yaml, docs/api.md). One thread parses and writes; what needs the database, a
 * picture or a password hash runs on a bounded pool of workers. */
typedef struct IvServer IvServer;
typedef struct IvStore IvStore;

#define IV_SERVER_CONNECTIONS_MAX 1024 /* more are refused at accept and counted */
#define IV_SERVER_WORKERS 6
#define IV_SERVER_JOBS_MAX 256 /* waiting for a worker; more are answered 503 and counted */

/* Text is copied. */
typedef struct {
  const char *listen;  /* IP address to bind; NULL = 127.0.0.1 */
  guint16 port;        /* 0 = any free one, told by iv_server_port */
  const char *web_dir; /* folder with the built dashboard, read once at start; NULL = none */
  gboolean
      behind_tls; /* browsers reach it through HTTPS (a proxy): cookies are Secure, HSTS sent */
  guint workers;  /* 0 = IV_SERVER_WORKERS */
  IvStore *store; /* outlives the server */
  gboolean fixed_bands; /* of zones' engagement; IvKpiQuery */
  IvTime wait_target;   /* a wait up to this is good; 0 = IvKpiLimits' default */
  IvPrivacyConfig privacy;
} IvServerOptions;

/* A camera's newest picture as asked for. */
typedef struct {
  const char *store_id, *camera_id;
  gboolean boxes; /* draw the living confirmed tracks */
  int width;      /* iv_jpeg_scale_for; 0 = full size */
  gboolean blur_people;
} IvPictureWish;

/* A picture out of a recorded file. */
typedef struct {
  const char *store_id, *camera_id;
  const char *path; /* of the index: below the folder */
  IvTime start;     /* capture time of its first picture */
  IvTime at;        /* capture time of the picture that is wished */
  IvTime slack;     /* the last one is shown for so long after the end */
  int width;        /* iv_jpeg_scale_for; 0 = full size */
  gboolean blur_people;
} IvStillWish;

/* Who watches a camera live; `login` tells one of his logins from the others, and is compared
 * only. */
typedef struct {
  const char *store_id, *camera_id;
  gint64 user_id;
  const char *login;
  IvStream stream; /* that he wants to see */
  gboolean blur_people;
} IvWatcher;

#define IV_WATCH_ID_MAX 64
typedef struct {
  char id[IV_WATCH_ID_MAX + 1]; /* letters and digits; who doesn't know it can't end it */
  char *answer;                 /* SDP, owned */
} IvWatch;

/* A viewer that is to take fragmented MP4 from a WebSocket. */
#define IV_MSE_VIEW_CODEC_MAX 64
typedef struct {
  char id[IV_WATCH_ID_MAX + 1];
  char codec[IV_MSE_VIEW_CODEC_MAX]; /* that it must be able to play, "avc1.64001f" */
} IvMseView;

#define IV_SERVER_HOST_ERROR (iv_server_host_error_quark())
GQuark iv_server_host_error_quark(void);
typedef enum {
  IV_SERVER_HOST_ERROR_NO_CAMERA,  /* the camera is not one that runs here: 404 */
  IV_SERVER_HOST_ERROR_NO_PICTURE, /* nothing decoded yet, or it is offline: 503 with the message */
  IV_SERVER_HOST_ERROR_BAD_OFFER,  /* 400 */
  IV_SERVER_HOST_ERROR_NOT_PLAYABLE, /* by this browser, or by any: 409 with what to do */
  IV_SERVER_HOST_ERROR_FULL,         /* too many watch: 503 */
  IV_SERVER_HOST_ERROR_NO_LIVE,      /* 503 */
  IV_SERVER_HOST_ERROR_NO_FILE,      /* 404 */
  IV_SERVER_HOST_ERROR_INVALID,      /* what is wished can't be: 422 with the message */
  IV_SERVER_HOST_ERROR_CONFLICT,     /* it can't be as things are: 409 with the message */
  IV_SERVER_HOST_ERROR_ARCHIVE,      /* the archive can't be read now: 503 with the message */
} IvServerHostError;

/* A camera that is to be, or to be no longer. Borrowed. */
typedef struct {
  const char *store_id, *camera_id;
  gboolean create;        /* FALSE: it is there and is changed */
  const json_t *settings; /* keys of config/camera_settings.h, and username, password; what is not
                             named stays as it is */
  const char *author;
  gboolean blur_people; /* in the picture of a test */
} IvCameraWish;

/* What the server asks of the program around it. Every call runs on a worker thread, may run on
 * several at once, and should return within a second. `host` is the pointer given to
 * iv_server_new. Store and camera ids are slugs that exist in the database, and the user may see
 * them. */
typedef struct {
  /* The figures of now (api/views.h: iv_live_view_to_json). New reference; NULL = unknown store. */
  json_t *(*live_kpis)(gpointer host, const char *store_id);
  /* Array of cameras by number (iv_camera_view_to_json each). New reference; NULL = unknown. */
  json_t *(*cameras)(gpointer host, const char *store_id);
  /* JPEG of the newest frame and when it was taken. NULL with IV_SERVER_HOST_ERROR. */
  GBytes *(*picture)(gpointer host, const IvPictureWish *wish, IvTime *ret_ts, GError **error);
  /* A new version was written to the database: use it from now on. Borrowed. */
  void (*scene_changed)(gpointer host, const char *store_id, const IvScene *scene);
  /* Appends lines in Prometheus' text format, each name beginning with "inveye_" and with its
   * "# TYPE" line; no secret. */
  void (*metrics)(gpointer host, GString *text);
  /* Waits to come (api/outlook_view.h). New reference; NULL = unknown store. */
  json_t *(*outlook)(gpointer host, const char *store_id);
  /* What the camera shows now is its view from here on. FALSE = it does not run here, or its view
   * is not judged. */
  gboolean (*accept_view)(gpointer host, const char *store_id, const char *camera_id);
  /* Live video for one viewer, whose offer (SDP) is answered. May wait for the network until
   * `deadline` (monotonic). FALSE with IV_SERVER_HOST_ERROR. */
  gboolean (*watch)(gpointer host, const IvWatcher *watcher, GBytes *offer, IvTime deadline,
                    IvWatch *ret_watch, GError **error);
  /* FALSE = this login has no such viewer. */
  gboolean (*unwatch)(gpointer host, const IvWatcher *watcher, const char *id);
  /* Live video for one viewer, as fragmented MP4 (openMse). May wait until `deadline` (monotonic).
   * FALSE with IV_SERVER_HOST_ERROR. */
  gboolean (*open_mse)(gpointer host, const IvWatcher *watcher, IvTime deadline,
                       IvMseView *ret_view, GError **error);
  /* The feed of a viewer that this login (`user_id` and `login` alone are set) opened; NULL = none.
   * Goes back by leave_mse or drop_mse. */
  gpointer (*find_mse)(gpointer host, const IvWatcher *watcher, const char *id);
  /* These run on the network's thread and do not wait. `wake` is called, from any thread, when the
   * feed has something to send after it had nothing, and when it is over; not after leave_mse.
   * attach_mse: FALSE = it has a socket already, or it is over. next_mse: NULL = nothing now.
   * leave_mse: the viewer is gone; drop_mse: the feed alone is given back. */
  gboolean (*attach_mse)(gpointer feed, void (*wake)(gpointer user_data), gpointer user_data);
  GBytes *(*next_mse)(gpointer feed, gboolean *ret_over);
  void (*leave_mse)(gpointer feed);
  void (*drop_mse)(gpointer feed);
  /* A recorded file of the index (its path below the folder), open for reading: a descriptor, which
   * the caller closes. -1 with IV_SERVER_HOST_ERROR_NO_FILE. */
  int (*recording_file)(gpointer host, const char *store_id, const char *path, GError **error);
  /* Likewise a file of a picture of an event (iv_snapshot_file). */
  int (*snapshot_file)(gpointer host, const char *store_id, const char *path, GError **error);
  /* A stored picture (JPEG) with its people made unrecognisable, at least `width` pixels wide (0 =
   * as it is). People are looked for in it, which takes some 50 ms; where that fails, all of it is
   * covered. NULL when it can't be read. */
  GBytes *(*blurred)(gpointer host, GBytes *jpeg, int width);
  /* A case of evidence (store/evidence.h) is new or its bundle is to be made, or it was released.
   * Returns at once. */
  void (*evidence_changed)(gpointer host, const char *store_id, gint64 no, gboolean released);
  /* 0..1 of the bundle that is being made; -1 = none is, of this case. */
  double (*evidence_progress)(gpointer host, const char *store_id, gint64 no);
  /* The bundle, open for reading; -1 with IV_SERVER_HOST_ERROR_NO_FILE. */
  int (*evidence_file)(gpointer host, const char *store_id, gint64 no, GError **error);
  /* The installation's public key (PEM) and its fingerprint, which the caller frees; it is made if
   * there is none. FALSE with IV_SERVER_HOST_ERROR_CONFLICT. */
  gboolean (*evidence_key)(gpointer host, char **ret_pem, char **ret_fingerprint, GError **error);
  /* A clip that is to be cut out of recordings (store/exports.h) is new, or its row was removed.
   * Returns at once. */
  void (*export_changed)(gpointer host, const char *store_id, gint64 no, gboolean removed);
  /* 0..1 of the clip that is being cut; -1 = it is not this one. */
  double (*export_progress)(gpointer host, const char *store_id, gint64 no);
  /* Its file, open for reading; -1 with IV_SERVER_HOST_ERROR_NO_FILE. */
  int (*export_file)(gpointer host, const char *store_id, gint64 no, GError **error);

  /* A what-if (store/replays.h) was asked for, or its row was removed. */
  void (*replay_changed)(gpointer host, const char *store_id, gint64 no, gboolean removed);
  /* 0..1 of one that is being worked out; negative: it is not this one. */
  double (*replay_progress)(gpointer host, const char *store_id, gint64 no);
  /* A part of a file of the archive, by its key there: `n` bytes, at most IV_FILE_CHUNK. May wait
   * for the network for some seconds. NULL with IV_SERVER_HOST_ERROR_ARCHIVE or _NO_FILE. */
  GBytes *(*archived_part)(gpointer host, const char *store_id, const char *key, guint64 offset,
                           gsize n, GError **error);
  /* How the archive is doing: schema ArchiveState of the API. New reference; NULL = unknown. */
  json_t *(*archive)(gpointer host, const char *store_id);
  /* Writes, reads, lists and deletes a small file there: schema ArchiveTrial. Up to half a minute.
   * New reference; NULL with IV_SERVER_HOST_ERROR_CONFLICT where there is no archive. */
  json_t *(*try_archive)(gpointer host, const char *store_id, GError **error);
  /* JPEG of the picture that was shown at a time, masked, and when it was taken; decoded from the
   * file until `deadline` (monotonic). NULL with IV_SERVER_HOST_ERROR. */
  GBytes *(*still)(gpointer host, const IvStillWish *wish, IvTime deadline, IvTime *ret_ts,
                   GError **error);
  /* Viewers of this user are to be asked for anew (iv_server_may_watch). Returns at once. */
  void (*user_changed)(gpointer host, gint64 user_id);
  /* What the camera is set to, without its password (config/camera_settings.h). New reference; NULL
   * = unknown. */
  json_t *(*camera_settings)(gpointer host, const char *store_id, const char *camera_id);
  /* Adds or changes a camera, or takes one away, at once and for good. May take a few seconds. With
   * IV_SERVER_HOST_ERROR, IV_STORE_ERROR or another one; then nothing was stored, or the camera is
   * there and can't be started. */
  gboolean (*put_camera)(gpointer host, const IvCameraWish *wish, GError **error);
  gboolean (*remove_camera)(gpointer host, const IvCameraWish *wish, GError **error);
  /* Connects to the address that is wished (`camera_id` may be NULL: of no camera yet) for up to
   * ten seconds, and says what it sends, with a picture (base64 of JPEG). New reference; NULL with
   * IV_SERVER_HOST_ERROR or another one. */
  json_t *(*test_camera)(gpointer host, const IvCameraWish *wish, GError **error);
} IvServerHost;

#define IV_SERVER_ERROR (iv_server_error_quark())
GQuark iv_server_error_quark(void);
typedef enum {
  IV_SERVER_ERROR_PORT_BUSY, /* the message names the port and how to choose another one */
  IV_SERVER_ERROR_LISTEN,    /* address not of this machine, no right to this port, ... */
  IV_SERVER_ERROR_WEB_DIR,   /* cannot be read, or larger than its limit */
  IV_SERVER_ERROR_FAILED,
} IvServerError;

/* Checks the options, reads the web folder into memory; binds nothing yet. `host` must live until
 * iv_server_free. NULL with `error`. */
IvServer *iv_server_new(const IvServerOptions *options, const IvServerHost *calls, gpointer host,
                        GError **error);

/* Binds and starts the threads. Once. */
gboolean iv_server_start(IvServer *server, GError **error);

/* The port that is bound; 0 before start. */
guint16 iv_server_port(const IvServer *server);

/* Ends connections (WebSockets with 1001), waits for the workers (jobs in flight are cancelled, a
 * host call in flight is waited for). Safe to call twice; free calls it. */
void iv_server_stop(IvServer *server);
void iv_server_free(IvServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvServer, iv_server_free)

/* May this login still watch this camera? Asks the database; TRUE too when that can't tell now. Any
 * thread but the network's. */
gboolean iv_server_may_watch(IvServer *server, const IvWatcher *watcher);

/* Live topics. What a topic's messages mean follows from its name:
 *   store/{id}/kpi      the whole state each time; the last one is the snapshot. Lossless
 *   store/{id}/cameras  {cameras:[...]}, likewise
 *   store/{id}/events   {events:[...]}, new ones, oldest first; the newest 50 are the snapshot.
 *                       Lossless
 *   camera/{id}/tracks  the whole state each time; latest wins, a slow client leaves some out
 * Takes `data` (also on failure). Numbering, epoch and envelope are made here. Returns at once and
 * writes to nobody itself; any thread, but one thread at a time for one topic. A topic of another
 * name is a programming error (asserted). Before start and after stop it does nothing. */
void iv_server_publish(IvServer *server, const char *topic, json_t *data);

/* TRUE when somebody listens to the topic, so that one need not build what nobody reads. A topic
 * kept for its snapshot (kpi, cameras, events) should be published anyway. Any thread, no wait. */
gboolean iv_server_is_wanted(IvServer *server, const char *topic);

/* At the first start there is no user: makes `admin` with a password of its own (99 bits) and
 * returns it to be printed once; NULL without error when there are users already. The caller frees,
 * with iv_password_free (api/auth/password.h), which wipes it. Takes about 0.1 s. */
char *iv_server_first_password(IvStore *store, GError **error);
