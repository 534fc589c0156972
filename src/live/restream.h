/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

#include "model/stream_hold.h"

/* The cameras' streams for other programs: an RTSP server, rtsp://HOST:PORT/CAMERA for the main
 * stream and rtsp://HOST:PORT/CAMERA/sub for the sub stream, over TCP (interleaved) and UDP, with
 * digest authentication. Units of the camera's ring are passed on as they are, H.264 and H.265.
 *
 * Each reader has a pipeline and threads of its own: who takes its pictures too slowly misses some
 * (counted) up to a keyframe, and holds up nobody. Who takes none, or shows no sign of life, is
 * dropped. RTCP sender reports tell the capture time of each picture. Any thread. */
typedef struct IvRestream IvRestream;

#define IV_RESTREAM_CLIENTS_MAX 256
#define IV_RESTREAM_FIRST_TIME (8 * IV_SECOND) /* a stream is given to show its first keyframe */
#define IV_RESTREAM_STALL (15 * IV_SECOND)     /* without a picture: the reader is ended */
#define IV_RESTREAM_TAKES (20 * IV_SECOND)     /* without taking one: likewise */
#define IV_RESTREAM_SESSION 30                 /* s; who is silent for longer is gone */
#define IV_RESTREAM_GUESSES 3                  /* wrong logins of a connection */
#define IV_RESTREAM_PENALTY (10 * IV_SECOND)   /* the answer to a wrong one waits at most */

typedef enum {
  IV_RESTREAM_ERROR_LISTEN,     /* port in use, address not of this machine; says what to do */
  IV_RESTREAM_ERROR_PLUGIN,     /* a part of GStreamer is missing */
  IV_RESTREAM_ERROR_NO_CAMERA,  /* 404 */
  IV_RESTREAM_ERROR_NO_PICTURE, /* 503: offline, or it can't be shown as it must be */
  IV_RESTREAM_ERROR_FULL,       /* 453 */
} IvRestreamError;
#define IV_RESTREAM_ERROR (iv_restream_error_quark())
GQuark iv_restream_error_quark(void);

/* Who reads what. */
typedef struct {
  const char *user, *address, *camera_id;
  IvStream stream;
} IvRestreamReader;

/* What the server asks of the program around it; on threads of readers, several at once. */
typedef struct {
  /* There is a camera with this id (a slug) that may run. */
  gboolean (*knows)(const char *camera_id, gpointer user_data);
  /* The stream as it may be seen; the caller unrefs. `ret_form` tells what is seen of it. May take
   * a second. NULL with IV_RESTREAM_ERROR_NO_CAMERA or _NO_PICTURE. */
  IvStreamHold *(*open)(const char *camera_id, IvStream stream, guint *ret_form, gpointer user_data,
                        GError **error);
  /* What is to be seen of the camera now; whoever reads another form is ended. Does not wait. */
  guint (*form)(const char *camera_id, gpointer user_data);
  /* Somebody is to see it. FALSE = he must not, since it can't be noted. */
  gboolean (*began)(const IvRestreamReader *reader, gpointer user_data);
  void (*ended)(const IvRestreamReader *reader, gpointer user_data);
  void (*tick)(gpointer user_data); /* every second, on the server's own thread */
} IvRestreamHost;

/* Text is copied. */
typedef struct {
  const char *address; /* IP to bind */
  guint16 port;        /* 0 = any free one */
  const char *user, *password;
  guint clients, camera_clients; /* streams read at once, in all and of one camera */
  const IvRestreamHost *host;    /* static */
  gpointer user_data;
} IvRestreamOptions;

/* Listens. NULL with IV_RESTREAM_ERROR_LISTEN or _PLUGIN. */
IvRestream *iv_restream_new(const IvRestreamOptions *options, GError **error);

/* Ends all readers and waits for them; nothing is asked of the host afterwards. */
void iv_restream_free(IvRestream *restream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvRestream, iv_restream_free)

guint16 iv_restream_port(const IvRestream *restream);

/* Its readers are ended, for this reason (static text). Returns at once. */
void iv_restream_end_camera(IvRestream *restream, const char *camera_id, const char *why);

/* A snapshot; counters run since creation. */
typedef struct {
  guint clients;          /* streams that are read now */
  guint64 opened;         /* streams that were begun to be read */
  guint64 refused;        /* for whatever reason */
  guint64 wrong_password; /* of these, for that one */
  guint64 dropped;        /* pictures that slow readers missed */
} IvRestreamStats;
void iv_restream_stats(IvRestream *restream, IvRestreamStats *ret_stats);
