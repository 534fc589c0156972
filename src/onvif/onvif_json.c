/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/onvif_json.h"

#include "onvif/makers.h"

static json_t *id_of_maker(const char *told) {
  const IvMaker *maker = iv_maker_of(told);
  return maker ? json_string(maker->id) : json_null();
}

json_t *iv_onvif_found_to_json(const GPtrArray *found) {
  json_t *devices = json_array();
  for (guint i = 0; i < found->len; i++) {
    const IvOnvifFound *one = found->pdata[i];
    json_array_append_new(devices, json_pack("{ss ss ss ss ss ss so}", "endpoint", one->endpoint,
                                             "host", one->host, "service", one->service, "name",
                                             one->name, "hardware", one->hardware, "location",
                                             one->location, "maker", id_of_maker(one->name)));
  }
  return json_pack("{so}", "devices", devices);
}

static json_t *number(double value) {
  return value > 0 ? json_real(value) : json_null();
}

static json_t *stream_to_json(const IvOnvifStream *stream) {
  if (!stream)
    return json_null();
  return json_pack("{ss ss ss so so so so so}", "url", stream->url, "name", stream->name, "codec",
                   stream->codec, "width",
                   stream->width ? json_integer(stream->width) : json_null(), "height",
                   stream->height ? json_integer(stream->height) : json_null(), "frames_per_second",
                   number(stream->fps), "bits_per_second", number(stream->bitrate),
                   "keyframe_interval_s", number(stream->keyframe_interval));
}

static json_t *channels_to_json(const IvOnvifDevice *device) {
  json_t *channels = json_array();
  for (guint i = 0; device && i < device->channels->len; i++) {
    const IvOnvifChannel *channel = device->channels->pdata[i];
    json_array_append_new(channels,
                          json_pack("{si ss so so}", "number", (int)channel->number, "source",
                                    channel->source, "main", stream_to_json(channel->main_stream),
                                    "sub", stream_to_json(channel->sub_stream)));
  }
  return channels;
}

static json_t *fault_to_json(const GError *error) {
  static const char *const names[] = {[IV_ONVIF_ERROR_INVALID] = "invalid",
                                      [IV_ONVIF_ERROR_UNREACHABLE] = "unreachable",
                                      [IV_ONVIF_ERROR_LOGIN] = "login",
                                      [IV_ONVIF_ERROR_NOT_ONVIF] = "not_onvif"};
  return error && error->domain == IV_ONVIF_ERROR ? json_string(names[error->code]) : json_null();
}

static json_t *advice_to_json(const IvOnvifDevice *device) {
  g_auto(GStrv) advice = iv_onvif_device_advice(device);
  json_t *list = json_array();
  for (char **line = advice; *line; line++)
    json_array_append_new(list, json_string(*line));
  return list;
}

json_t *iv_onvif_device_to_json(const IvOnvifDevice *device, const GError *error) {
  json_t *json = json_pack("{sb ss so so sb so}", "reached", device != NULL, "reason",
                           error ? error->message : "", "fault", fault_to_json(error), "channels",
                           channels_to_json(device), "truncated", device && device->is_truncated,
                           "advice", device ? advice_to_json(device) : json_array());
  json_t *about =
      device ? json_pack("{ss ss ss ss ss ss so so}", "host", device->host, "service",
                         device->service, "manufacturer", device->manufacturer, "model",
                         device->model, "firmware", device->firmware, "serial", device->serial,
                         "maker", id_of_maker(device->manufacturer), "clock_offset_s",
                         device->clock_known ? json_real((double)device->clock_offset / IV_SECOND)
                                             : json_null())
             : json_null();
  json_object_set_new(json, "device", about);
  return json;
}

GStrv iv_onvif_device_advice(const IvOnvifDevice *device) {
  GPtrArray *lines = g_ptr_array_new();
  if (device->clock_known && ABS(device->clock_offset) > IV_ONVIF_CLOCK_LIMIT) {
    g_autofree char *clock = iv_onvif_clock_text(device->clock_offset);
    g_ptr_array_add(lines, g_strdup_printf("its clock is %s; InvEye does not mind, but the time "
                                           "that it writes into the picture is wrong: set NTP in "
                                           "its page",
                                           clock));
  }
  if (device->is_truncated)
    g_ptr_array_add(lines, g_strdup("not every stream was told, or not in time; ask again, or use "
                                    "the maker's template"));
  for (guint i = 0; i < device->channels->len; i++) {
    const IvOnvifChannel *channel = device->channels->pdata[i];
    const IvOnvifStream *stream = channel->main_stream ? channel->main_stream : channel->sub_stream;
    if (g_str_equal(stream->codec, "JPEG") || g_str_equal(stream->codec, "MPEG-4"))
      g_ptr_array_add(lines, g_strdup_printf("channel %u sends %s: set its codec to H.264",
                                             channel->number, stream->codec));
  }
  g_ptr_array_add(lines, NULL);
  return (GStrv)g_ptr_array_free(lines, FALSE);
}

json_t *iv_onvif_makers_to_json(const char *host, guint channel) {
  json_t *list = json_array();
  for (guint i = 0; i < iv_n_makers; i++) {
    const IvMaker *maker = &iv_makers[i];
    g_autofree char *main_stream = iv_maker_url(maker->main_stream, host, channel);
    g_autofree char *sub_stream =
        maker->sub_stream ? iv_maker_url(maker->sub_stream, host, channel) : NULL;
    json_array_append_new(list,
                          json_pack("{ss ss ss ss? ss}", "id", maker->id, "name", maker->name,
                                    "main", main_stream, "sub", sub_stream, "note", maker->note));
  }
  return json_pack("{so}", "makers", list);
}
