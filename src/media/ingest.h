/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/clock_share.h"
#include "media/host_slots.h"
#include "media/masks.h"
#include "model/frame.h"
#include "model/unit_ring.h"

/* One camera (or file) from its address to decoded pictures and encoded units. One connection
 * serves every consumer. A lost camera is asked for again for ever, with growing pauses; nothing a
 * camera does disturbs another one or the caller. */
typedef struct IvIngest IvIngest;

typedef enum {
  IV_INGEST_CONNECTING, /* not yet, or not again, a picture */
  IV_INGEST_ONLINE,
  IV_INGEST_DEGRADED, /* pictures come, but damaged, or none of them can be decoded */
  IV_INGEST_OFFLINE,  /* lost or refused; tried again */
  IV_INGEST_ENDED,    /* a file came to its end, every frame of it has been handed out */
} IvIngestState;

/* "connecting", "online", "degraded", "offline", "ended". */
const char *iv_ingest_state_name(IvIngestState state);

typedef enum { IV_TRANSPORT_TCP, IV_TRANSPORT_UDP } IvTransport;

/* How a file is read. */
typedef enum {
  IV_PACE_REAL_TIME,       /* like a camera */
  IV_PACE_AS_FAST_AS_TAKEN /* every frame, waits for the consumer: evaluation and replay */
} IvPace;

/* Text is copied. */
typedef struct {
  const char *source; /* rtsp[s]://..., or the path of a video file */
  const char *user;   /* NULL: what the address holds; percent-decoded */
  const char *password;
  IvTransport transport; /* RTSP only */
  double fps;            /* frames handed out a second, regular; 0 = every frame. At most 120 */
  gboolean decode;       /* FALSE: units only, no decoder is made */
  IvPace pace;           /* files only */
  gboolean loop;         /* files only: start again at the end, with a discontinuity */
  IvTime backoff_max;    /* longest pause before the next attempt; 0 = IV_INGEST_BACKOFF_MAX */
  IvTime start;          /* files only: capture time of the first frame; IV_TIME_NONE = now */
  IvClockShare *clock;   /* of the camera's streams, referenced; NULL = it has one */
  gboolean leads;        /* this stream's clock is the one that the others follow */
  IvHostSlots *slots;    /* connections of its host, referenced; NULL = any number */
  IvMasks *masks; /* of the frames that are handed out; units are as they were sent. Referenced;
                     NULL = none */
} IvIngestConfig;

#define IV_INGEST_FPS_MAX 120.0
#define IV_INGEST_STALL (3 * IV_SECOND) /* without a unit, then the connection is made anew */
#define IV_INGEST_BACKOFF_MIN (IV_SECOND / 2)
#define IV_INGEST_BACKOFF_MAX (30 * IV_SECOND)

/* Called with `user_data`. They must not call iv_ingest_free. */
typedef struct {
  /* A frame that is due; ownership of one reference passes. Decoder's thread, one at a time; a slow
   * callback on a camera makes the decoder skip to a keyframe (counted), on a file it slows reading
   * down. I420 or NV12, `ts` rising except after the machine's clock was set back (then
   * `discontinuity` is set). `seq` counts decoded pictures from 0, also those not due. */
  void (*on_frame)(IvFrame *frame, gpointer user_data);
  /* State or reason changed; ingest's own thread. `reason` is for people, one line, without
   * secrets, never NULL, valid during the call. */
  void (*on_state)(IvIngestState state, const char *reason, gpointer user_data);
} IvIngestEvents;

/* A snapshot; counters run since creation. */
typedef struct {
  IvIngestState state;
  char reason[160];
  IvCodec codec;
  IvSize size;              /* pixels */
  double fps_in;            /* units a second over the last 5 s or so */
  double bitrate;           /* bits a second, likewise */
  double keyframe_interval; /* seconds between the last two keyframes; 0 = not known */
  gboolean camera_clock;    /* TRUE: capture times follow the camera's RTCP reports; else arrival */
  IvTime clock_ahead; /* the camera's clock − ours, and the way here; IV_TIME_NONE = not told */
  guint64 units;      /* received */
  guint64 bytes;
  guint64 frames_decoded;
  guint64 frames_due;      /* handed out by on_frame */
  guint64 frames_left_out; /* disposable units not decoded because they were not due */
  guint64 units_dropped;   /* the decoder was too slow */
  guint64 decode_errors;   /* pictures damaged or lost in the decoder */
  guint64 packets_lost;    /* RTP */
  guint64 reconnects;      /* connections after the first */
  guint64 discontinuities;
  IvTime last_frame_age; /* µs since the last decoded frame; -1 = none yet */
  IvTime connected_for;  /* µs since the present connection gave its first unit; -1 = none */
} IvIngestStats;

typedef enum {
  IV_INGEST_ERROR_SOURCE, /* address or path is no good */
  IV_INGEST_ERROR_PLUGIN, /* a GStreamer plugin is missing; the message names the package */
} IvIngestError;
#define IV_INGEST_ERROR (iv_ingest_error_quark())
GQuark iv_ingest_error_quark(void);

/* Checks the configuration and what GStreamer has installed; connects nothing yet. `events` is
 * copied. Calls gst_init if nobody did. NULL with `error` (secrets masked). */
IvIngest *iv_ingest_new(const IvIngestConfig *config, const IvIngestEvents *events,
                        gpointer user_data, GError **error);

/* Starts the ingest's thread; once. */
void iv_ingest_start(IvIngest *ingest);

/* Stops and waits for its threads (a connection in flight may take 0.5 s); afterwards no callback
 * runs any more. To stop many at once, call iv_ingest_stop on all first. */
void iv_ingest_free(IvIngest *ingest);

/* Asks the ingest to stop; returns at once. Any thread, also a callback. */
void iv_ingest_stop(IvIngest *ingest);

/* Another analysed rate, from the next frame on (load control). 0 = every frame. Any thread. */
void iv_ingest_set_fps(IvIngest *ingest, double fps);

/* Any thread. */
void iv_ingest_stats(IvIngest *ingest, IvIngestStats *ret_stats);

/* The camera's units; lives as long as anybody holds a reference. Borrowed. */
IvUnitRing *iv_ingest_ring(IvIngest *ingest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvIngest, iv_ingest_free)
