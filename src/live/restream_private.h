/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/app/app.h>
#include <gst/rtsp-server/rtsp-server.h>

#include "base/ids.h"
#include "base/throttle.h"
#include "live/restream.h"
#include "live/stamp.h"

/* Inside of live/restream.h: restream.c is the server and who is connected, restream_gate.c who may
 * read what, restream_media.c the pipeline of a reader, restream_feed.c how units get into it. */

/* One stream that one connection reads, or is about to. Reference counted: its pipeline holds one,
 * the connection another one until the pipeline is made. */
typedef struct {
  gatomicrefcount refs;
  IvRestream *restream; /* referenced */
  char *user, *address; /* owned */
  IvSlug camera_id;
  IvStream stream;
  char *path; /* that it was asked for by; owned */
  guint form;
  IvStreamHold *hold; /* NULL while it is opened */
  IvUnitReader *reader;
  IvCodec codec;
  GSocket *socket; /* of the connection; referenced */

  /* Streaming thread of `source`. */
  GstElement *source; /* borrowed */
  IvEncodedUnit *first;
  GQueue past;     /* IvEncodedUnit: what was there when it came */
  IvTime past_end; /* capture time of the newest of them */
  double squeeze;  /* their times are squeezed together so much */
  gboolean joined, needs_key, started;
  IvTime ts0;            /* capture time at running time 0 */
  IvTime ts_last;        /* of the unit pushed last, as it was sent */
  IvStreamTime pts_last; /* likewise, the stream's own */
  IvOrderWatch order;

  GMutex mutex;     /* guards what follows; only the ring is locked under it */
  const char *over; /* static text; NULL = it goes on */
  IvTime took;    /* monotonic: when the client took a picture last; 0 = the camera is waited for */
  gboolean ready; /* it is opened */
  gboolean began;
} IvRestreamFeed;

/* One connection. */
typedef struct {
  IvRestream *restream; /* referenced */
  char *address;
  GSocket *socket;
  char *user;              /* NULL = not logged in yet */
  IvTime since;            /* monotonic: connected, or lost its last stream */
  guint wrong;             /* logins */
  gboolean doomed;         /* it is to be closed */
  IvRestreamFeed *pending; /* opened, its pipeline is not made yet; client's thread */
  char *described;         /* path whose pipeline waits to be set up; likewise */
} IvRestreamClient;

struct IvRestream {
  gatomicrefcount refs;
  IvRestreamOptions options; /* texts are owned */
  char *address, *user, *password;
  guint16 port;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GstRTSPServer *server;

  GMutex mutex; /* guards what follows; a feed's mutex is locked under it */
  GCond changed;
  GPtrArray *clients; /* IvRestreamClient, borrowed */
  GPtrArray *feeds;   /* IvRestreamFeed, borrowed */
  GHashTable *mounts; /* paths that have a factory */
  IvThrottle *throttle;
  gboolean stopping;
  IvTime told_wrong; /* monotonic: when wrong logins were logged last */
  guint wrong_untold;
  IvRestreamStats stats;
};

IvRestream *iv_restream_ref(IvRestream *restream);
void iv_restream_unref(IvRestream *restream);

/* That of the connection; NULL = none. */
IvRestreamClient *iv_restream_client_of(GstRTSPClient *client);

/* restream_gate.c */
GstRTSPAuth *iv_restream_gate_new(IvRestream *restream);

/* restream_media.c: what makes pipelines. */
GstRTSPMediaFactory *iv_restream_factory_new(void);
/* The feed of a media; borrowed. */
IvRestreamFeed *iv_restream_feed_of(GstRTSPMedia *media);

/* restream_feed.c. Takes its place, if there is one, and waits for the first picture. NULL with
 * IV_RESTREAM_ERROR. */
IvRestreamFeed *iv_restream_feed_open(IvRestreamClient *client, const char *path, GError **error);
IvRestreamFeed *iv_restream_feed_ref(IvRestreamFeed *feed);
void iv_restream_feed_unref(gpointer feed);
/* It is asked for the first time to play. FALSE = it must not. */
gboolean iv_restream_feed_begin(IvRestreamFeed *feed);
/* Puts the next unit into `source`; waits for it. Signal "need-data". */
void iv_restream_feed_next(IvRestreamFeed *feed);
/* It ends for this reason (static text), unless it has one, and so does its connection. */
void iv_restream_feed_end(IvRestreamFeed *feed, const char *why);
/* Pictures that it missed so far. */
guint64 iv_restream_feed_dropped(IvRestreamFeed *feed);
/* Ends it where it is to end; TRUE = it is over. `form` is what is to be seen of the camera now. */
gboolean iv_restream_feed_check(IvRestreamFeed *feed, guint form, IvTime now);

/* "/camera", "/camera/sub" and what follows for a part of the media. FALSE when it is neither. */
gboolean iv_restream_path_parse(const char *path, IvSlug *ret_camera, IvStream *ret_stream);
