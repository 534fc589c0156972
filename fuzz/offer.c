/* SPDX-License-Identifier: Apache-2.0 */
/* Offers of viewers: what is taken has a payload type that may be given out, and what is refused
 * says why. */
#include "live/offer.h"
#include "live/live_error.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_auto(IvOffer) offer = {0};
  g_autoptr(GError) error = NULL;
  if (!iv_offer_read((const char *)input, length, &offer, &error)) {
    g_assert_true(error && error->domain == IV_LIVE_ERROR && error->message[0]);
    g_assert_null(offer.sdp);
    return 0;
  }
  g_assert_null(error);
  g_assert_true((offer.payload >= 96 && offer.payload <= 127) ||
                (offer.payload >= 35 && offer.payload <= 63));
  g_autofree char *text = gst_sdp_message_as_text(offer.sdp);
  g_assert_nonnull(text);
  return 0;
}
