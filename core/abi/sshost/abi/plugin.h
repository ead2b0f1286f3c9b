/* A plugin: one library with one exported function, and a note that says what it is without being loaded.
 *
 * A library must export `ss_plugin_entry` and nothing else, hide the rest (-fvisibility=hidden), and not depend on
 * LibTorch. SS_PLUGIN_NOTE puts the note `.note.sshost` into it. */
#ifndef SSHOST_ABI_PLUGIN_H
#define SSHOST_ABI_PLUGIN_H

#include "backbone.h"
#include "dataset.h"
#include "head.h"
#include "host.h"
#include "loss.h"
#include "memory.h"
#include "options.h"
#include "transform.h"

typedef struct ss_component {
  uint32_t size;
  uint32_t reserved;
  ss_string kind;           /* SS_BACKBONE_1, SS_HEAD_1, SS_MEMORY_1, SS_DATASET_1, SS_TRANSFORM_1 or SS_LOSS_1 */
  ss_string name;           /* the pipeline's `type` */
  ss_string text;           /* one line of help */
  const ss_schema* options; /* NULL: none */
  const void* table;        /* of the kind: ss_backbone_table and so on */

  /* A further capability of the component, such as "ss.checkpoint_names/1", or NULL. Its functions take the component's
   * instance, unless its header says otherwise. The member itself may be NULL. */
  const void* (*get)(ss_string id);
} ss_component;

typedef struct ss_plugin {
  uint32_t size;
  uint32_t component_count;
  ss_string name;
  ss_string version;
  const ss_component* const* components;

  /* What must exist before a component of the plugin is made: capabilities of the host, and operators by their full
   * names. Where one is missing the plugin is refused, by name. */
  const ss_string* needed_capabilities;
  const ss_string* needed_operators;
  uint32_t needed_capability_count;
  uint32_t needed_operator_count;
} ss_plugin;

/* The one exported symbol. Called once, on the main thread. Returns a descriptor that lives as long as the library, or
 * NULL after `host->fail`. */
#define SS_PLUGIN_ENTRY "ss_plugin_entry"
typedef const ss_plugin* (*ss_plugin_entry_function)(const ss_host* host);

#if defined(__GNUC__)
#define SS_EXPORT __attribute__((visibility("default")))
#else
#define SS_EXPORT
#endif

#ifdef __cplusplus
extern "C"
#endif
    SS_EXPORT const ss_plugin*
    ss_plugin_entry(const ss_host* host);

/* The ELF note: section ".note.sshost", owner "sshost", type 1, and this as its description. It survives `strip`.
 * `kinds` is a list such as "ss.head/1 ss.backbone/1", separated by spaces, padded with zeros. */
#define SS_NOTE_SECTION ".note.sshost"
#define SS_NOTE_OWNER "sshost"
#define SS_NOTE_TYPE 1
typedef struct ss_note_description {
  uint32_t abi_major;
  uint32_t abi_minor;
  char kinds[120];
} ss_note_description;

typedef struct ss_note {
  uint32_t owner_size;
  uint32_t description_size;
  uint32_t type;
  char owner[8]; /* "sshost" and zeros up to a multiple of four */
  ss_note_description description;
} ss_note;

#define SS_PLUGIN_NOTE(kinds_text)                                                                           \
  __attribute__((used, section(SS_NOTE_SECTION), aligned(4))) static const ss_note ss_plugin_note_object = { \
      sizeof(SS_NOTE_OWNER),                                                                                 \
      sizeof(ss_note_description),                                                                           \
      SS_NOTE_TYPE,                                                                                          \
      SS_NOTE_OWNER,                                                                                         \
      {SS_ABI_MAJOR, SS_ABI_MINOR, kinds_text}}

SS_STATIC_ASSERT(sizeof(ss_note) == 148, "the note's layout is frozen");
SS_STATIC_ASSERT(offsetof(ss_component, get) == 72, "the published part of ss_component is pinned");
SS_STATIC_ASSERT(offsetof(ss_plugin, needed_operator_count) == 68, "the published part of ss_plugin is pinned");

#endif
