/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/url.h"
#include "live/restream_private.h"

#define REALM "InvEye"
#define ROLE "reader"
#define FREE_GUESSES 3
#define TELL_EVERY IV_MINUTE

/* Who may do what, asked by the RTSP server on each request; client's thread. */
typedef struct {
  GstRTSPAuth parent;
  IvRestream *restream; /* referenced */
} IvRestreamGate;
typedef struct {
  GstRTSPAuthClass parent;
} IvRestreamGateClass;

GType iv_restream_gate_get_type(void);
G_DEFINE_TYPE(IvRestreamGate, iv_restream_gate, GST_TYPE_RTSP_AUTH)

static GstRTSPAuthClass *parent_class(void) {
  return GST_RTSP_AUTH_CLASS(iv_restream_gate_parent_class);
}

static void answer(GstRTSPAuth *auth, GstRTSPContext *ctx, GstRTSPStatusCode code,
                   const char *reason) {
  gst_rtsp_message_init_response(ctx->response, code,
                                 reason ? reason : gst_rtsp_status_as_text(code), ctx->request);
  if (code == GST_RTSP_STS_UNAUTHORIZED)
    parent_class()->generate_authenticate_header(auth, ctx);
  gst_rtsp_client_send_message(ctx->client, ctx->session, ctx->response);
}

/* ---- logging in ---- */

/* Once a minute, so that guessing does not fill the log. The name that was tried is nobody's
 * business. */
static void tell_wrong(IvRestream *restream, const char *address, IvTime now) {
  restream->wrong_untold++;
  if (restream->told_wrong != 0 && now - restream->told_wrong < TELL_EVERY)
    return;
  g_warning("restream: wrong user or password from %s (%u since it was last told)", address,
            restream->wrong_untold);
  restream->told_wrong = now;
  restream->wrong_untold = 0;
}

/* Each wrong guess of an address makes its next answer wait longer; only this connection waits. */
static void punish(IvRestream *restream, IvRestreamClient *client) {
  IvTime now = iv_clock_monotonic();
  g_mutex_lock(&restream->mutex);
  restream->stats.refused++;
  restream->stats.wrong_password++;
  tell_wrong(restream, client->address, now);
  iv_throttle_attempt(restream->throttle, client->address, now);
  IvTime wait = iv_throttle_wait(restream->throttle, client->address, now);
  IvTime until = now + MIN(wait, IV_RESTREAM_PENALTY);
  while (!restream->stopping && iv_clock_monotonic() < until)
    g_cond_wait_until(&restream->changed, &restream->mutex, until);
  client->doomed = ++client->wrong >= IV_RESTREAM_GUESSES;
  g_mutex_unlock(&restream->mutex);
}

static void let_in(IvRestream *restream, IvRestreamClient *client) {
  g_mutex_lock(&restream->mutex);
  if (!client->user)
    client->user = g_strdup(restream->user);
  iv_throttle_clear(restream->throttle, client->address);
  g_mutex_unlock(&restream->mutex);
}

static gboolean log_in(GstRTSPAuth *auth, GstRTSPContext *ctx, IvRestream *restream,
                       IvRestreamClient *client) {
  char *tried = NULL;
  parent_class()->authenticate(auth, ctx);
  if (ctx->token) {
    let_in(restream, client);
    return TRUE;
  }
  if (gst_rtsp_message_get_header(ctx->request, GST_RTSP_HDR_AUTHORIZATION, &tried, 0) ==
      GST_RTSP_OK)
    punish(restream, client);
  if (client->doomed) /* clients that try again by themselves understand that */
    answer(auth, ctx, GST_RTSP_STS_FORBIDDEN, "Wrong user or password");
  else
    answer(auth, ctx, GST_RTSP_STS_UNAUTHORIZED, NULL);
  return FALSE;
}

/* ---- what is asked for ---- */

/* The server looks for what was mounted: each camera is, when it is asked for first. One that is
 * gone stays mounted and is refused by `admit`. */
static void mount(IvRestream *restream, const GstRTSPUrl *url) {
  IvSlug camera;
  IvStream stream;
  const IvRestreamOptions *options = &restream->options;
  if (!url || !iv_restream_path_parse(url->abspath, &camera, &stream) ||
      !options->host->knows(camera.text, options->user_data))
    return;
  char *path = g_strconcat("/", camera.text, stream == IV_STREAM_SUB ? "/sub" : "", NULL);
  g_mutex_lock(&restream->mutex);
  gboolean is_new = g_hash_table_add(restream->mounts, path);
  if (is_new) {
    g_autoptr(GstRTSPMountPoints) points = gst_rtsp_server_get_mount_points(restream->server);
    gst_rtsp_mount_points_add_factory(points, path, iv_restream_factory_new());
  }
  g_mutex_unlock(&restream->mutex);
}

static GstRTSPStatusCode code_of(const GError *error) {
  switch ((IvRestreamError)error->code) {
  case IV_RESTREAM_ERROR_NO_CAMERA:
    return GST_RTSP_STS_NOT_FOUND;
  case IV_RESTREAM_ERROR_FULL:
    return GST_RTSP_STS_NOT_ENOUGH_BANDWIDTH;
  default:
    return GST_RTSP_STS_SERVICE_UNAVAILABLE;
  }
}

/* The reason stands in the first line of the answer, which clients show. */
static void refuse(GstRTSPAuth *auth, GstRTSPContext *ctx, IvRestream *restream,
                   const GError *error) {
  g_autofree char *reason = iv_url_mask(error->message);
  g_strdelimit(reason, "\r\n", ' ');
  g_mutex_lock(&restream->mutex);
  restream->stats.refused++;
  g_mutex_unlock(&restream->mutex);
  answer(auth, ctx, code_of(error), reason);
}

/* "/camera" or "/camera/sub" of what a request names, which may go on with a part of the media. */
static char *path_of(const GstRTSPUrl *url) {
  IvSlug camera;
  IvStream stream;
  if (!url || !iv_restream_path_parse(url->abspath, &camera, &stream))
    return NULL;
  return g_strconcat("/", camera.text, stream == IV_STREAM_SUB ? "/sub" : "", NULL);
}

/* Before a pipeline is made. What was described already is not opened once more. */
static gboolean admit(GstRTSPAuth *auth, GstRTSPContext *ctx, IvRestream *restream,
                      IvRestreamClient *client) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = path_of(ctx->uri);
  if (path && g_strcmp0(client->described, path) == 0)
    return TRUE;
  g_clear_pointer(&client->pending, iv_restream_feed_unref);
  client->pending = iv_restream_feed_open(client, path, &error);
  if (client->pending) {
    g_free(client->described);
    client->described = g_steal_pointer(&path);
    return TRUE;
  }
  refuse(auth, ctx, restream, error);
  return FALSE;
}

static gboolean check(GstRTSPAuth *auth, GstRTSPContext *ctx, const gchar *what) {
  IvRestream *restream = ((IvRestreamGate *)auth)->restream;
  IvRestreamClient *client = ctx->client ? iv_restream_client_of(ctx->client) : NULL;
  if (strcmp(what, GST_RTSP_AUTH_CHECK_CONNECT) == 0)
    return TRUE;
  if (!client || strcmp(what, GST_RTSP_AUTH_CHECK_TRANSPORT_CLIENT_SETTINGS) == 0)
    return FALSE; /* nobody has his stream sent to somebody else */
  if (strcmp(what, GST_RTSP_AUTH_CHECK_URL) == 0) {
    if (ctx->method == GST_RTSP_OPTIONS) /* asked before anybody knows that a password is needed */
      return TRUE;
    if (!log_in(auth, ctx, restream, client))
      return FALSE;
    mount(restream, ctx->uri);
    return TRUE;
  }
  if (strcmp(what, GST_RTSP_AUTH_CHECK_MEDIA_FACTORY_CONSTRUCT) == 0)
    return admit(auth, ctx, restream, client);
  return ctx->token != NULL;
}

static void gate_finalize(GObject *object) {
  iv_restream_unref(((IvRestreamGate *)object)->restream);
  G_OBJECT_CLASS(iv_restream_gate_parent_class)->finalize(object);
}

static void iv_restream_gate_class_init(IvRestreamGateClass *class) {
  G_OBJECT_CLASS(class)->finalize = gate_finalize;
  GST_RTSP_AUTH_CLASS(class)->check = check;
}

static void iv_restream_gate_init(G_GNUC_UNUSED IvRestreamGate *gate) {}

GstRTSPAuth *iv_restream_gate_new(IvRestream *restream) {
  IvRestreamGate *gate = g_object_new(iv_restream_gate_get_type(), NULL);
  GstRTSPAuth *auth = GST_RTSP_AUTH(gate);
  GstRTSPToken *token =
      gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, ROLE, NULL);
  gate->restream = iv_restream_ref(restream);
  restream->throttle = iv_throttle_new(FREE_GUESSES);
  gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
  gst_rtsp_auth_set_realm(auth, REALM);
  gst_rtsp_auth_add_digest(auth, restream->user, restream->password, token);
  gst_rtsp_token_unref(token);
  return auth;
}
