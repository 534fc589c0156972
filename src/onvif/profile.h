/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "onvif/xml.h"

/* A device's media profiles, and which of them are the streams of one channel. Pure; any thread. */

#define IV_PROFILES_MAX 512 /* more are not looked at: an NVR of 128 channels has four each */
#define IV_PROFILE_CODEC_MAX 12

typedef struct {
  char *token, *name;
  char *source;                     /* token of the video source: the channel */
  char *encoder;                    /* token of the encoder's settings; "" = not told */
  char codec[IV_PROFILE_CODEC_MAX]; /* "H.264", "H.265", "JPEG", "MPEG-4", or the device's word */
  int width, height;                /* 0 = not told; likewise the next ones */
  double fps, bitrate;              /* most of it, as set: frames/s, bit/s */
  int gop;                          /* frames from keyframe to keyframe */
} IvOnvifProfile;
void iv_onvif_profile_free(IvOnvifProfile *profile);

/* Seconds between keyframes; 0 = not known. */
double iv_onvif_profile_keyframe_interval(const IvOnvifProfile *profile);

/* Of GetProfilesResponse, of either media service; profiles without a token or without video are
 * left out. Owning array of IvOnvifProfile; the caller unrefs. */
GPtrArray *iv_onvif_profiles_read(const xmlNode *answer);

/* One camera, or one channel of a recorder. Borrows. */
typedef struct {
  const IvOnvifProfile *main, *sub; /* sub NULL = there is none */
} IvOnvifPick;

/* By video source, in the order they are first named: `main` is the largest picture that can be
 * analysed (H.264 or H.265 before anything else), `sub` the smallest such one of another encoder
 * that is smaller than it. Array of IvOnvifPick; the caller unrefs. */
GArray *iv_onvif_profiles_pick(const GPtrArray *profiles);
