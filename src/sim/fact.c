/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/fact.h"

static const IvFactShape shapes[IV_FACTS] = {
    [IV_FACT_VISIT_BEGIN] = {"visit.begin", "line", "height_cm"},
    [IV_FACT_VISIT_END] = {"visit.end", "line", NULL},
    [IV_FACT_LINE_CROSS] = {"line.cross", "line", "in"},
    [IV_FACT_PASS_BY] = {"pass_by", "line", "in"},
    [IV_FACT_TURN_BACK] = {"turn_back", "line", NULL},
    [IV_FACT_ZONE_ENTER] = {"zone.enter", "zone", NULL},
    [IV_FACT_ZONE_LEAVE] = {"zone.leave", "zone", NULL},
    [IV_FACT_SIGHT_FOUND] = {"sight.found", NULL, NULL},
    [IV_FACT_SIGHT_LOST] = {"sight.lost", NULL, NULL},
    [IV_FACT_QUEUE_JOIN] = {"queue.join", "queue", "position"},
    [IV_FACT_QUEUE_CALLED] = {"queue.called", "lane", NULL},
    [IV_FACT_QUEUE_OUT] = {"queue.out", "queue", NULL},
    [IV_FACT_QUEUE_SERVED] = {"queue.served", "lane", NULL},
    [IV_FACT_QUEUE_ABANDON] = {"queue.abandon", "queue", "position"},
    [IV_FACT_QUEUE_LEFT] = {"queue.left", "queue", NULL},
    [IV_FACT_QUEUE_BALK] = {"queue.balk", "queue", "position"},
    [IV_FACT_QUEUE_SERVICE_END] = {"queue.service_end", "lane", NULL},
    [IV_FACT_DISPLAY_PASS] = {"display.pass", "display", NULL},
    [IV_FACT_DISPLAY_LOOK] = {"display.look", "display", NULL},
    [IV_FACT_DISPLAY_STOP] = {"display.stop", "display", NULL},
    [IV_FACT_SLOT_VIEW] = {"slot.view", "slot", NULL},
    [IV_FACT_SLOT_TOUCH] = {"slot.touch", "slot", NULL},
    [IV_FACT_SLOT_PICK] = {"slot.pick", "slot", "units"},
    [IV_FACT_SLOT_RETURN] = {"slot.return", "slot", "units"},
    [IV_FACT_SLOT_KEEP] = {"slot.keep", "slot", "units"},
    [IV_FACT_FITTING_WAIT] = {"fitting.wait", NULL, NULL},
    [IV_FACT_FITTING_ENTER] = {"fitting.enter", "cabin", NULL},
    [IV_FACT_FITTING_LEAVE] = {"fitting.leave", "cabin", NULL},
    [IV_FACT_FITTING_ABANDON] = {"fitting.abandon", NULL, NULL},
    [IV_FACT_THEFT_CONCEAL] = {"theft.conceal", "slot", "units"},
    [IV_FACT_THEFT_TAG] = {"theft.tag_removal", "slot", "units"},
    [IV_FACT_THEFT_SWEEP] = {"theft.sweep", "slot", "units"},
    [IV_FACT_THEFT_EXIT] = {"theft.exit_unpaid", "line", "units"},
    [IV_FACT_ACCESS_UNAUTHORISED] = {"access.unauthorised", "room", NULL},
    [IV_FACT_ACCESS_AFTER_HOURS] = {"access.after_hours", "room", NULL},
    [IV_FACT_STAFF_ON] = {"staff.on", NULL, NULL},
    [IV_FACT_STAFF_OFF] = {"staff.off", NULL, NULL},
    [IV_FACT_STAFF_BREAK] = {"staff.break", NULL, NULL},
    [IV_FACT_LANE_OPEN] = {"lane.open", "lane", NULL},
    [IV_FACT_LANE_CLOSE] = {"lane.close", "lane", NULL},
};

const IvFactShape *iv_fact_shape(IvFactKind kind) {
  return &shapes[kind];
}

const char *iv_receipt_kind_name(IvReceiptKind kind) {
  static const char *const names[] = {"sale", "refund", "void", "no_sale"};
  return names[kind];
}

static const char *who_name(const IvScenario *s, const IvFact *fact) {
  if (fact->staff)
    return s->roles[fact->who].name.text;
  static const char *const others[] = {"", "passer-by", "turned-back", "nobody", "intruder"};
  return fact->who < 0 ? others[-fact->who] : s->kinds[fact->who].name.text;
}

static void write_queue(const IvScenario *s, int queue, GString *text) {
  if (queue < (int)s->n_lanes)
    g_string_append_printf(text, ",\"lane\":\"%s\"", s->lanes[queue].id.text);
  else
    g_string_append_printf(text, ",\"group\":\"%s\"", s->groups[queue - (int)s->n_lanes].id.text);
}

static void write_subject(const IvScenario *s, const IvFact *fact, GString *text) {
  const char *name = shapes[fact->kind].subject, *id = NULL;
  if (!name)
    return;
  int i = fact->subject;
  switch (name[0]) {
  case 'q':
    write_queue(s, i, text);
    return;
  case 'l':
    id = name[1] == 'i' ? s->lines[i].id.text : s->lanes[i].id.text;
    break;
  case 'z':
    id = s->zones[i].id.text;
    break;
  case 'd':
    id = s->displays[i].id.text;
    break;
  case 's':
    id = s->slots[i].id.text;
    g_string_append_printf(text, ",\"sku\":\"%s\"", s->products[s->slots[i].product].sku.text);
    break;
  case 'c':
    id = s->cabins[i].id.text;
    break;
  default:
    id = s->rooms[i].id.text;
  }
  g_string_append_printf(text, ",\"%s\":\"%s\"", name, id);
  if (name[0] == 'l' && name[1] == 'a' && s->lanes[i].group >= 0)
    g_string_append_printf(text, ",\"group\":\"%s\"", s->groups[s->lanes[i].group].id.text);
}

void iv_fact_write(const IvScenario *s, const IvFact *fact, GString *text) {
  const IvFactShape *shape = &shapes[fact->kind];
  g_string_append_printf(text, "{\"t\":%" G_GINT64_FORMAT ",\"fact\":\"%s\"", fact->ts,
                         shape->name);
  if (fact->agent)
    g_string_append_printf(text, ",\"agent\":%u,\"party\":%u,\"staff\":%s,\"kind\":\"%s\"",
                           fact->agent, fact->party, fact->staff ? "true" : "false",
                           who_name(s, fact));
  write_subject(s, fact, text);
  if (shape->number && shape->number[0] == 'i')
    g_string_append_printf(text, ",\"dir\":\"%s\"", fact->number ? "in" : "out");
  else if (shape->number)
    g_string_append_printf(text, ",\"%s\":%d", shape->number, fact->number);
  g_string_append(text, "}\n");
}

void iv_receipt_write(const IvScenario *s, const IvReceipt *receipt, GString *text) {
  g_string_append_printf(text,
                         "{\"t\":%" G_GINT64_FORMAT ",\"fact\":\"receipt\",\"receipt\":%u,"
                         "\"kind\":\"%s\",\"agent\":%u,\"party\":%u,\"terminal\":\"%s\","
                         "\"lane\":\"%s\",\"amount\":%d.%02d,\"items\":[",
                         receipt->ts, receipt->number, iv_receipt_kind_name(receipt->kind),
                         receipt->agent, receipt->party, s->lanes[receipt->lane].terminal,
                         s->lanes[receipt->lane].id.text, receipt->cents / 100,
                         receipt->cents % 100);
  for (guint i = 0; i < receipt->n_items; i++) {
    const IvSimProduct *product = &s->products[receipt->items[i].product];
    g_string_append_printf(text, "%s{\"sku\":\"%s\",\"units\":%d,\"price\":%d.%02d}", i ? "," : "",
                           product->sku.text, receipt->items[i].units, product->cents / 100,
                           product->cents % 100);
  }
  g_string_append(text, "]}\n");
}

void iv_receipt_csv_header(GString *text) {
  g_string_append(text, "receipt,time,terminal,kind,sku,units,price,amount,currency\n");
}

void iv_receipt_csv(const IvScenario *s, const IvReceipt *receipt, GString *text) {
  char time[IV_TIME_TEXT_MAX];
  iv_time_to_text(receipt->ts, time);
  for (guint i = 0; i < MAX(receipt->n_items, 1); i++) {
    const IvReceiptItem *item = i < receipt->n_items ? &receipt->items[i] : NULL;
    const IvSimProduct *product = item ? &s->products[item->product] : NULL;
    int cents = product ? product->cents : 0;
    g_string_append_printf(text, "%s-%u,%s,%s,%s,%s,%d,%d.%02d,%d.%02d,%s\n", s->id.text,
                           receipt->number, time, s->lanes[receipt->lane].terminal,
                           iv_receipt_kind_name(receipt->kind), product ? product->sku.text : "",
                           item ? item->units : 0, cents / 100, cents % 100, receipt->cents / 100,
                           receipt->cents % 100, s->currency);
  }
}

static void write_zones(const IvScenario *s, GString *text) {
  g_string_append(text, ",\"zones\":[");
  for (guint i = 0; i < s->n_zones; i++) {
    const IvZoneSpace *zone = &s->zones[i];
    g_string_append_printf(text, "%s{\"id\":\"%s\",\"kind\":\"%s\",\"leaf\":%s", i ? "," : "",
                           zone->id.text, iv_space_kind_name(zone->kind),
                           zone->is_leaf ? "true" : "false");
    if (zone->parent >= 0)
      g_string_append_printf(text, ",\"parent\":\"%s\"", s->zones[zone->parent].id.text);
    g_string_append_c(text, '}');
  }
  g_string_append_c(text, ']');
}

static void write_lanes(const IvScenario *s, GString *text) {
  g_string_append(text, ",\"lanes\":[");
  for (guint i = 0; i < s->n_lanes; i++) {
    const IvSimLane *lane = &s->lanes[i];
    g_string_append_printf(text, "%s{\"id\":\"%s\",\"terminal\":\"%s\",\"self_checkout\":%s",
                           i ? "," : "", lane->id.text, lane->terminal,
                           lane->self_checkout ? "true" : "false");
    if (lane->group >= 0)
      g_string_append_printf(text, ",\"group\":\"%s\"", s->groups[lane->group].id.text);
    g_string_append_c(text, '}');
  }
  g_string_append_c(text, ']');
}

void iv_fact_write_header(const IvScenario *s, const IvScriptHeader *header, GString *text) {
  g_string_append_printf(text,
                         "{\"t\":%" G_GINT64_FORMAT ",\"fact\":\"script\",\"version\":1,"
                         "\"sight\":true,\"store\":\"%s\",\"time_zone\":\"%s\",\"currency\":\"%s\","
                         "\"seed\":%" G_GUINT64_FORMAT ",\"until\":%" G_GINT64_FORMAT,
                         header->start, s->id.text, s->time_zone, s->currency, header->seed,
                         header->until);
  g_string_append(text, ",\"lines\":[");
  for (guint i = 0; i < s->n_lines; i++)
    g_string_append_printf(text, "%s{\"id\":\"%s\",\"kind\":\"%s\"}", i ? "," : "",
                           s->lines[i].id.text, s->lines[i].is_passby ? "passby" : "entrance");
  g_string_append_c(text, ']');
  write_zones(s, text);
  write_lanes(s, text);
  g_string_append(text, "}\n");
}
