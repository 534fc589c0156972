/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of the node share. Which thread touches what stands at the fields. */
#include "api/server.h"
#include "api/views.h"
#include "app/analyst.h"
#include "app/data_lock.h"
#include "app/evidence_desk.h"
#include "app/export_desk.h"
#include "app/foreteller.h"
#include "app/live.h"
#include "app/node.h"
#include "app/path_book.h"
#include "app/people_board.h"
#include "app/photographer.h"
#include "app/recordings.h"
#include "app/replay_desk.h"
#include "app/veils.h"
#include "app/view_file.h"
#include "live/whep.h"
#include "media/standby.h"
#include "outbox/outbox.h"
#include "outbox/receiver.h"
#include "store/kpis.h"
#include "store/ledger.h"
#include "store/secret_box.h"
#include "vision/onnx.h"
#include "vision/pool.h"
#include "vision/view_health.h"

/* A place in the list of cameras, which is as long as there may be cameras: they come and go while
 * the program runs. The floor plan is at the last place: real stores too have it beside their
 * cameras. It has a scene and a live view, but no stream: `ingest` stays NULL. */
typedef struct {
  struct IvNode *node;
  guint index;                  /* in analyst and live */
  const IvCameraConfig *config; /* under `places`; NULL: the place is free. Once set it is not freed
                                   before the node, so its text may be borrowed */
  IvIngest *ingest;             /* of the stream that is analysed; under `places` */
  IvStandby *second; /* the other stream, pulled while it is needed; NULL = the camera has
                        one; under `places` */
  gint in_pool;      /* atomic: pool_camera holds */
  guint pool_camera;
  gboolean lossless;     /* a file as fast as possible */
  gint detect_errors;    /* atomic */
  IvPeopleBoard *people; /* who is where, for blurring */
  IvMasks *masks;        /* of both streams */
  IvViewHealth *view;    /* decoder's thread; NULL = not judged */
  gint view_state;       /* atomic, IvViewState */
  gint accept_view;      /* atomic: what is seen now is the view */
  IvTime view_saved;     /* decoder's thread: capture time; 0 = not yet */
  double fps_analysed;   /* under node->mutex */
  guint64 analysed_then; /* publisher's */
} IvNodeCamera;

typedef struct IvNodeTapes IvNodeTapes;       /* app/node_record.c */
typedef struct IvNodeArchive IvNodeArchive;   /* app/node_archive.c */
typedef struct IvNodeRestream IvNodeRestream; /* app/node_restream.c */

struct IvNode {
  const IvConfig *config;
  IvHostSlots *slots;       /* NULL = any number */
  const IvNodeWatch *watch; /* NULL = none */
  const IvSimStore *sim;    /* NULL = real cameras; with it there is no pool, no model, no analyst,
                               and cameras have no ingest */
  IvDataLock *lock;
  IvSlug edge_id;
  IvStore *store;
  IvForeteller *foreteller;
  IvLedgerBook *book;
  IvReceiver *receiver;
  IvLocalLink *link;
  IvOutbox *outbox;
  IvPathBook *paths;     /* NULL with sim */
  IvReplayDesk *replays; /* NULL with sim */
  IvOnnxModel *model;
  IvInferencePool *pool;
  IvLive *live;
  IvAnalyst *analyst;
  IvServer *server;
  IvWhep *whep;             /* who watches live; NULL in a simulated store */
  IvNodeRestream *restream; /* other programs that read; NULL = it is off */
  IvVeils *veils;           /* streams with masks and blur; NULL likewise */
  GMutex looking;           /* innermost; guards the next one, which works under it */
  IvDetector *looker;       /* looks for people in stored pictures; NULL = not needed yet */
  guint n_cameras;          /* places, of which some are free */
  IvNodeCamera *cameras;
  GMutex editing;    /* one edit of a camera at a time; outermost of all locks */
  GRWLock places;    /* the cameras' config and ingest; inside of `editing`, outside of `mutex`. Not
                        held while a camera is waited for */
  GPtrArray *setups; /* IvConfig of one camera each, as the dashboard made them; under `editing` */
  IvSecretBox *box;  /* NULL = not needed yet; under `editing` */
  IvCameraConfig plan; /* a real store's: the configuration of a simulated one lists it itself */
  GThread *publisher, *keeper;
  IvNodeTapes *tapes;                      /* recording; NULL with sim */
  IvNodeArchive *archive;                  /* NULL without archive.target, or with sim */
  GThread *recordist;                      /* NULL with sim */
  IvAlbum *album;                          /* pictures of events */
  IvFetcher *fetcher;                      /* NULL with sim */
  IvEvidenceDesk *desk;                    /* likewise */
  IvExportDesk *exports;                   /* NULL with sim */
  IvPhotographer *photographer;            /* NULL with sim, or when none are taken */
  gint stills;                             /* atomic: decoded just now, out of recordings */
  gint settle_now;                         /* atomic: what is recorded may be to change */
  GThread *sales;                          /* NULL without sales.csv_folder */
  GThread *simulator;                      /* NULL without sim */
  gint sim_events_lost, sim_receipts_lost; /* atomic: those that the books refused */
  /* Guards the rest; nothing else is locked under it. */
  GMutex mutex;
  GCond changed;
  gboolean stopping, kpi_dirty, counts_dirty, cameras_dirty;
  gint stop_flag; /* atomic copy of `stopping`, for long jobs */
  /* Scenes in force, by place (owned); NULL where no camera runs. */
  GPtrArray *scenes;
};

extern const IvServerHost iv_node_host;

/* app/node_queues.c: views of the lines and lanes of all cameras; their text lives in `scenes` and
 * in the configuration. */
typedef struct {
  GPtrArray *scenes; /* IvScene, owned */
  GArray *queues;    /* IvLiveQueueView */
  GArray *lanes;     /* IvLiveLaneView */
} IvNodeQueues;
void iv_node_queues_init(IvNodeQueues *ret_all, IvNode *node);
void iv_node_queues_clear(IvNodeQueues *all);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvNodeQueues, iv_node_queues_clear)

/* app/node_views.c: what API and WebSocket show. */
json_t *iv_node_live_kpis(IvNode *node, const IvDayToDate *day);
json_t *iv_node_cameras(IvNode *node);
json_t *iv_node_outlook(IvNode *node);

/* app/node_cameras.c. Before anything runs: puts the cameras at their places, and into the
 * database. `notes` (char *) gets what is to be told of it. */
gboolean iv_node_settle_cameras(IvNode *node, GPtrArray *notes, GError **error);
gboolean iv_node_import(IvNode *node, GPtrArray *notes, GError **error);
/* As IvServerHost says. */
json_t *iv_node_camera_settings(gpointer host, const char *store_id, const char *camera_id);
gboolean iv_node_put_camera(gpointer host, const IvCameraWish *wish, GError **error);
gboolean iv_node_remove_camera(gpointer host, const IvCameraWish *wish, GError **error);

/* The address that the wish means, which must be one of a stream; the caller frees. */
char *iv_node_wished_address(IvNode *node, const IvCameraWish *wish, GError **error);

/* app/node_probe.c, as IvServerHost says. */
json_t *iv_node_test_camera(gpointer host, const IvCameraWish *wish, GError **error);

/* app/node.c: the parts of a camera. The ingest is not started, and not yet at its place. */
IvCameraLineConfig iv_node_line_config(const IvNode *node, const IvNodeCamera *camera);
/* Keeps what was learned of its view; once its ingest is gone. */
void iv_node_close_view(IvNodeCamera *camera);
/* `clock` is that of the camera's streams. */
IvIngest *iv_node_open_ingest(IvNode *node, IvNodeCamera *camera, IvClockShare *clock,
                              const IvScene *scene, GError **error);

/* app/node_streams.c: a camera's streams. */
/* The one beside the analysed stream. FALSE with the error; a camera with one stream is fine. */
gboolean iv_node_open_second(IvNodeCamera *camera, IvClockShare *clock, IvStandby **ret_second,
                             GError **error);
/* Whether the camera's ingest reads this stream. With `places` locked, as the next two. */
gboolean iv_node_ingest_reads(const IvNodeCamera *camera, IvStream stream);
/* Whether the ring is that of the stream now. */
gboolean iv_node_is_ring_of(const IvNodeCamera *camera, IvStream stream, const IvUnitRing *ring);
void iv_node_show_streams(const IvNodeCamera *camera, IvCameraView *view);
/* Keeps the stream pulled. NULL while the camera is not read. Takes `places`; may wait 0.5 s. */
IvStreamHold *iv_node_hold(IvNode *node, const IvNodeCamera *camera, IvStream stream);

/* app/node_views.c: a line of /metrics with its type; `name` without "inveye_". */
void iv_node_counter(GString *text, const char *name, guint64 value);
void iv_node_gauge(GString *text, const char *name, double value);

/* app/node_keep.c: deletes what is older than the configuration keeps. */
gpointer iv_node_keep_loop(gpointer node);

/* app/node_record.c. Recorders come and go with the cameras by themselves once it is started;
 * closed before the cameras' ingests are freed for good, freed before the store. */
void iv_node_open_recordings(IvNode *node);
void iv_node_start_recordings(IvNode *node);
void iv_node_close_recordings(IvNode *node);
void iv_node_free_recordings(IvNode *node);
/* NULL with sim. */
IvRecordings *iv_node_recordings(const IvNode *node);
/* Something happened at a camera: it is recorded if it records events. Any thread. */
void iv_node_trigger(IvNode *node, guint place);
void iv_node_trigger_by(IvNode *node, const IvEvent *events, guint n);
gboolean iv_node_records_events(IvNode *node, guint place);
/* With `places` locked. */
void iv_node_show_recording(IvNode *node, const IvNodeCamera *camera, IvCameraView *view);
void iv_node_record_metrics(IvNode *node, GString *text);
/* As IvServerHost says. */
int iv_node_recording_file(gpointer node, const char *store_id, const char *path, GError **error);

/* app/node_still.c, as IvServerHost says. */
GBytes *iv_node_still(gpointer node, const IvStillWish *wish, IvTime deadline, IvTime *ret_ts,
                      GError **error);

/* app/node_pictures.c: pictures of events. The photographer is freed after those who tell it. */
void iv_node_open_pictures(IvNode *node);
void iv_node_start_pictures(IvNode *node);
void iv_node_picture_come(IvNode *node, guint place, IvFrame *frame);
void iv_node_picture_seen(guint place, IvFrame *frame, const IvTrackPoint *tracks, guint n,
                          gpointer node);
void iv_node_picture_events(IvNode *node, const IvEvent *events, guint n);
void iv_node_picture_forget(IvNode *node, guint place);
void iv_node_picture_metrics(IvNode *node, GString *text);
/* As IvServerHost says. */
int iv_node_snapshot_file(gpointer node, const char *store_id, const char *path, GError **error);

/* app/node_privacy.c. Closed when nobody watches or records any more, before the ingests go. */
void iv_node_open_veils(IvNode *node);
void iv_node_close_veils(IvNode *node);
/* The masks of the scene hold from the next picture on. */
void iv_node_change_masks(IvNodeCamera *camera, const IvScene *scene);
/* A stream of the camera (`hold`: as it is sent) as those may see it who watch, and as it is
 * recorded. The caller unrefs. NULL with IV_SERVER_HOST_ERROR: then it is not to be seen. */
IvStreamHold *iv_node_shown(const IvNodeCamera *camera, IvStreamHold *hold, gboolean blur_people,
                            GError **error);
/* What other programs may see of it: always masked, and blurred where their account may not see
 * people (restream.see_people). */
typedef enum { IV_RESTREAM_AS_SENT, IV_RESTREAM_MASKED, IV_RESTREAM_BLURRED } IvRestreamForm;
IvRestreamForm iv_node_restream_form(const IvNodeCamera *camera);
IvStreamHold *iv_node_restreamed(const IvNodeCamera *camera, IvStreamHold *hold,
                                 IvRestreamForm form, GError **error);
IvStreamHold *iv_node_recorded(const IvNodeCamera *camera, IvStreamHold *hold, GError **error);
/* Whether what is recorded is masked. */
gboolean iv_node_masks_recordings(const IvNodeCamera *camera);
/* A copy in which people are mosaics: all of it where it is not known who is where. NULL when it
 * can't be made. */
IvFrame *iv_node_blur_frame(const IvNodeCamera *camera, const IvFrame *frame);
/* The same of a picture of whatever moment and camera: people are looked for in it. */
IvFrame *iv_node_blur_any(IvNode *node, const IvFrame *frame);
/* As IvServerHost says. */
GBytes *iv_node_blurred(gpointer node, GBytes *jpeg, int width);
void iv_node_show_privacy(IvNode *node, const IvNodeCamera *camera, IvCameraView *view);
void iv_node_privacy_metrics(IvNode *node, GString *text);
/* app/node_archive.c. Opened after the recordings, freed before them. */
void iv_node_open_archive(IvNode *node);
IvArchiver *iv_node_archiver(const IvNode *node); /* NULL = there is none */
void iv_node_start_archive(IvNode *node);
void iv_node_stop_archive(IvNode *node);
void iv_node_free_archive(IvNode *node);
void iv_node_archive_metrics(IvNode *node, GString *text);
/* As IvServerHost says. */
GBytes *iv_node_archived_part(gpointer node, const char *store_id, const char *key, guint64 offset,
                              gsize n, GError **error);
json_t *iv_node_archive_state(gpointer node, const char *store_id);
json_t *iv_node_try_archive(gpointer node, const char *store_id, GError **error);

/* app/node_evidence.c. Opened after recordings and pictures, freed before them. */
void iv_node_open_evidence(IvNode *node);
/* As IvServerHost says. */
void iv_node_evidence_changed(gpointer node, const char *store_id, gint64 no, gboolean released);
double iv_node_evidence_progress(gpointer node, const char *store_id, gint64 no);
int iv_node_evidence_file(gpointer node, const char *store_id, gint64 no, GError **error);
gboolean iv_node_evidence_key(gpointer node, char **ret_pem, char **ret_fingerprint,
                              GError **error);

/* app/node_replays.c. As IvServerHost says. */
void iv_node_replay_changed(gpointer node, const char *store_id, gint64 no, gboolean removed);
double iv_node_replay_progress(gpointer node, const char *store_id, gint64 no);
void iv_node_path_metrics(IvNode *node, GString *text);

/* app/node_exports.c. Opened after the recordings, freed before them. */
void iv_node_open_exports(IvNode *node);
void iv_node_export_metrics(IvNode *node, GString *text);
/* As IvServerHost says. */
void iv_node_export_changed(gpointer node, const char *store_id, gint64 no, gboolean removed);
double iv_node_export_progress(gpointer node, const char *store_id, gint64 no);
int iv_node_export_file(gpointer node, const char *store_id, gint64 no, GError **error);

/* app/node_sales.c: reads what is put into sales.csv_folder. */
gpointer iv_node_sales_loop(gpointer node);

/* app/node_sim.c: acts out the store. */
gpointer iv_node_sim_loop(gpointer node);

/* app/node_watch.c: live video. */
void iv_node_open_whep(IvNode *node);
gboolean iv_node_watch(gpointer node, const IvWatcher *watcher, GBytes *offer, IvTime deadline,
                       IvWatch *ret_watch, GError **error);
gboolean iv_node_open_mse(gpointer node, const IvWatcher *watcher, IvTime deadline,
                          IvMseView *ret_view, GError **error);
gpointer iv_node_find_mse(gpointer node, const IvWatcher *watcher, const char *id);
gboolean iv_node_attach_mse(gpointer feed, void (*wake)(gpointer user_data), gpointer user_data);
GBytes *iv_node_next_mse(gpointer feed, gboolean *ret_over);
void iv_node_leave_mse(gpointer feed);
void iv_node_drop_mse(gpointer feed);
gboolean iv_node_unwatch(gpointer node, const IvWatcher *watcher, const char *id);
void iv_node_user_changed(gpointer node, gint64 user_id);
void iv_node_watch_metrics(IvNode *node, GString *text);

/* app/node_restream.c: cameras for other programs. Opened when there are cameras, freed before
 * veils, ingests and store. */
gboolean iv_node_open_restream(IvNode *node, GError **error);
void iv_node_free_restream(IvNode *node);
/* `why` is static text. */
void iv_node_end_restream(IvNode *node, const char *camera_id, const char *why);
/* With `places` locked. */
void iv_node_show_restream(IvNode *node, const IvNodeCamera *camera, IvCameraView *view);
void iv_node_restream_metrics(IvNode *node, GString *text);

/* The place at which the camera (or the plan) runs; NULL = nowhere. What stands at it may change at
 * any time. */
IvNodeCamera *iv_node_find_camera(IvNode *node, const char *store_id, const char *camera_id);

/* The camera's live view has changed: sends it to those who watch. */
void iv_node_show(IvNode *node, guint camera);

/* app/node_publish.c */
gpointer iv_node_publish_loop(gpointer node);
void iv_node_mark(IvNode *node, gboolean counts, gboolean cameras);

gboolean iv_node_is_plan(const IvNodeCamera *camera);

/* There is a camera, or the plan, and it is enabled. With `places` locked. */
gboolean iv_node_runs(const IvNodeCamera *camera);

/* The scene in force; the caller frees. NULL where no camera runs. */
IvScene *iv_node_scene(IvNode *node, guint camera);
