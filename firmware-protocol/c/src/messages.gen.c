/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
 * Do not edit: change the schema and run `deno task gen`. */
#include "fleetd/messages.gen.h"

static const struct fleetd_field label_pair_fields[] = {
  {0, 1, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* key */
  {1, 1, 0, {64ull, 0, FLEETD_KIND_TEXT, 0, 0, 0}}, /* value */
};
const struct fleetd_shape fleetd_label_pair_shape = {label_pair_fields, 2, 65535, 0};

static const struct fleetd_field running_component_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* component */
  {1, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* sha256 */
  {2, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* seq */
};
const struct fleetd_shape fleetd_running_component_shape = {running_component_fields, 3, 65535, 0};

static const struct fleetd_field update_progress_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* attempt */
  {1, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* state */
  {2, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* bytes */
};
const struct fleetd_shape fleetd_update_progress_shape = {update_progress_fields, 3, 65535, 0};

static const struct fleetd_field ack_fields[] = {
  {0, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* stream */
  {1, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {2, 1, 0, {281474976710655ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* through */
};
const struct fleetd_shape fleetd_ack_shape = {ack_fields, 3, 65535, 0};

static const struct fleetd_field rejected_section_fields[] = {
  {0, 1, 0, {65535ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* section */
  {1, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* code */
  {2, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {3, 1, 0, {281474976710655ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* through */
};
const struct fleetd_shape fleetd_rejected_section_shape = {rejected_section_fields, 4, 65535, 0};

static const struct fleetd_field delta_fields[] = {
  {0, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* from */
  {1, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* sha256 */
  {2, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* size */
};
const struct fleetd_shape fleetd_delta_shape = {delta_fields, 3, 65535, 0};

static const struct fleetd_field dictionary_entry_fields[] = {
  {0, 1, 0, {1023ull, 128, FLEETD_KIND_UINT, 0, 0, 0}}, /* id */
  {1, 1, 0, {48ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
  {2, 1, 0, {12ull, 0, FLEETD_KIND_TEXT, 0, 0, 0}}, /* unit */
};
const struct fleetd_shape fleetd_dictionary_entry_shape = {dictionary_entry_fields, 3, 65535, 0};

static const struct fleetd_field log_line_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* dtMs */
  {1, 1, 0, {7ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* level */
  {2, 1, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* source */
  {3, 1, 0, {512ull, 0, FLEETD_KIND_TEXT, FLEETD_TEXT_CONTROL, 0, 0}}, /* text */
};
const struct fleetd_shape fleetd_log_line_shape = {log_line_fields, 4, 65535, 0};

static const struct fleetd_field manifest_component_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* id */
  {1, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* sha256 */
  {2, 1, 0, {1099511627776ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* size */
  {3, 1, 0, {64ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
  {4, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* kind */
};
const struct fleetd_shape fleetd_manifest_component_shape = {manifest_component_fields, 5, 65535, 0};

static const struct fleetd_field hello_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* majorMin */
  {2, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* majorMax */
  {3, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* serverKey */
  {4, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* nextServerKey */
  {5, 1, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* fleetId */
  {6, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* rootVersion */
  {7, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* rootDigest */
  {8, 0, 0, {64ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
};
const struct fleetd_shape fleetd_hello_shape = {hello_fields, 8, 65535, 256};

static const struct fleetd_type enrol_request_labels_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_label_pair_shape};
static const struct fleetd_field enrol_request_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* v */
  {1, 0, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* tokenId */
  {2, 1, 0, {32ull, 1, FLEETD_KIND_TEXT, FLEETD_TEXT_SLUG, 0, 0}}, /* hwClass */
  {3, 0, 0, {48ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* serial */
  {4, 0, 0, {64ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* model */
  {5, 1, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* agentVersion */
  {6, 0, 0, {63ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
  {7, 1, 0, {65536ull, 1024, FLEETD_KIND_UINT, 0, 0, 0}}, /* rxMax */
  {8, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* helloDigest */
  {9, 0, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* reason */
  {10, 0, 0, {8ull, 0, FLEETD_KIND_LIST, 0, &enrol_request_labels_item, 0}}, /* labels */
  {11, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* rootVersion */
  {12, 1, 0, {16ull, 16, FLEETD_KIND_BYTES, 0, 0, 0}}, /* deviceId */
};
const struct fleetd_shape fleetd_enrol_request_shape = {enrol_request_fields, 13, 65535, 900};

static const struct fleetd_field enrol_reply_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* v */
  {1, 1, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* kid */
  {2, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* state */
  {3, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* time */
  {4, 1, 0, {604800ull, 1, FLEETD_KIND_UINT, 0, 0, 0}}, /* intervalS */
  {5, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* serverEpoch */
  {6, 0, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* tokenStatus */
  {7, 0, 0, {16384ull, 1024, FLEETD_KIND_UINT, 0, 0, 0}}, /* txMax */
  {8, 0, 0, {50ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* waitMax */
};
const struct fleetd_shape fleetd_enrol_reply_shape = {enrol_reply_fields, 9, 65535, 256};

static const struct fleetd_field error_reply_fields[] = {
  {1, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* code */
  {2, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* retryAfterS */
};
const struct fleetd_shape fleetd_error_reply_shape = {error_reply_fields, 2, 65535, 64};

static const struct fleetd_type sync_request_running_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_running_component_shape};
static const struct fleetd_type sync_request_holds_item = {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0};
static const struct fleetd_field sync_request_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* v */
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* uptimeMs */
  {2, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* bootId */
  {3, 0, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* agentVersion */
  {4, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* serverEpoch */
  {5, 0, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* clock */
  {6, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* deviceTime */
  {7, 0, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* bootReason */
  {8, 0, 0, {50ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* waitS */
  {9, 0, 0, {65536ull, 1024, FLEETD_KIND_UINT, 0, 0, 0}}, /* rxMax */
  {10, 0, 0, {4ull, 0, FLEETD_KIND_LIST, 0, &sync_request_running_item, 0}}, /* running */
  {11, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_reported_config_shape}}, /* config */
  {12, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_metrics_batch_shape}}, /* metrics */
  {13, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_logs_batch_shape}}, /* logs */
  {14, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_reports_batch_shape}}, /* reports */
  {15, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* commandsThrough */
  {16, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* rootVersion */
  {17, 0, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* inventoryDigest */
  {18, 0, 0, {0ull, 0, FLEETD_KIND_INVENTORY, 0, 0, 0}}, /* inventory */
  {19, 0, 0, {8ull, 0, FLEETD_KIND_LIST, 0, &sync_request_holds_item, 0}}, /* holds */
  {20, 0, 0, {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_update_progress_shape}}, /* update */
  {21, 0, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* resyncNonce */
  {22, 0, 0, {0ull, 0, FLEETD_KIND_TRUE, 0, 0, 0}}, /* more */
  {23, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* highestAttempt */
};
const struct fleetd_shape fleetd_sync_request_shape = {sync_request_fields, 24, 65535, 16328};

static const struct fleetd_field reported_config_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {2, 1, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* digest */
  {3, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* status */
  {4, 0, 0, {64ull, 0, FLEETD_KIND_TEXT, 0, 0, 0}}, /* text */
};
const struct fleetd_shape fleetd_reported_config_shape = {reported_config_fields, 4, 65535, 0};

static const struct fleetd_type metrics_batch_dictionary_entries_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_dictionary_entry_shape};
static const struct fleetd_field metrics_batch_fields[] = {
  {1, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {2, 1, 0, {281474976710655ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* first */
  {3, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* t0 */
  {4, 1, 0, {1ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* base */
  {5, 0, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* bootId */
  {6, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_SPACING, 0, 0, 0}}, /* dt */
  {7, 0, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* dictionary */
  {8, 0, 0, {64ull, 1, FLEETD_KIND_LIST, 0, &metrics_batch_dictionary_entries_item, 0}}, /* dictionaryEntries */
  {9, 1, 0, {0ull, 0, FLEETD_KIND_COLUMNS, 0, 0, 0}}, /* columns */
  {10, 1, 0, {1024ull, 1, FLEETD_KIND_UINT, 0, 0, 0}}, /* count */
};
const struct fleetd_shape fleetd_metrics_batch_shape = {metrics_batch_fields, 10, 65535, 0};

static const struct fleetd_type logs_batch_lines_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_log_line_shape};
static const struct fleetd_field logs_batch_fields[] = {
  {1, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {2, 1, 0, {281474976710655ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* first */
  {3, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* t0 */
  {4, 1, 0, {1ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* base */
  {5, 0, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* bootId */
  {6, 1, 0, {64ull, 1, FLEETD_KIND_LIST, 0, &logs_batch_lines_item, 0}}, /* lines */
};
const struct fleetd_shape fleetd_logs_batch_shape = {logs_batch_fields, 6, 65535, 8192};

static const struct fleetd_field reports_batch_fields[] = {
  {1, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {2, 1, 0, {281474976710655ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* first */
  {3, 1, 0, {0ull, 0, FLEETD_KIND_REPORT_ITEMS, 0, 0, 0}}, /* items */
};
const struct fleetd_shape fleetd_reports_batch_shape = {reports_batch_fields, 3, 65535, 0};

static const struct fleetd_field command_report_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* id */
  {2, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* status */
  {3, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_INT, 0, 0, 0}}, /* code */
  {4, 0, 0, {1024ull, 0, FLEETD_KIND_BYTES, 0, 0, 0}}, /* output */
  {5, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* part */
  {6, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* fullSize */
};
const struct fleetd_shape fleetd_command_report_shape = {command_report_fields, 6, 65535, 0};

static const struct fleetd_field deployment_report_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* attempt */
  {2, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* state */
  {3, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* reason */
  {4, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* runningDigest */
  {5, 0, 0, {256ull, 0, FLEETD_KIND_TEXT, 0, 0, 0}}, /* text */
};
const struct fleetd_shape fleetd_deployment_report_shape = {deployment_report_fields, 5, 65535, 0};

static const struct fleetd_field event_report_fields[] = {
  {1, 1, 0, {48ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
  {2, 1, 0, {7ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* severity */
  {3, 0, 0, {256ull, 0, FLEETD_KIND_TEXT, 0, 0, 0}}, /* text */
};
const struct fleetd_shape fleetd_event_report_shape = {event_report_fields, 3, 65535, 0};

static const struct fleetd_type sync_reply_acks_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_ack_shape};
static const struct fleetd_type sync_reply_need_item = {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0};
static const struct fleetd_type sync_reply_commands_item = {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_command_shape};
static const struct fleetd_type sync_reply_holds_item = {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0};
static const struct fleetd_type sync_reply_rejected_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_rejected_section_shape};
static const struct fleetd_field sync_reply_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* v */
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* time */
  {2, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* state */
  {3, 1, 0, {604800ull, 1, FLEETD_KIND_UINT, 0, 0, 0}}, /* intervalS */
  {4, 1, 0, {4294967295ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* serverEpoch */
  {5, 0, 0, {3ull, 0, FLEETD_KIND_LIST, 0, &sync_reply_acks_item, 0}}, /* acks */
  {6, 0, 0, {8ull, 0, FLEETD_KIND_LIST, 0, &sync_reply_need_item, 0}}, /* need */
  {7, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_offer_shape}}, /* offer */
  {8, 0, 0, {4ull, 0, FLEETD_KIND_LIST, 0, &sync_reply_commands_item, 0}}, /* commands */
  {9, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_desired_config_shape}}, /* config */
  {10, 0, 0, {8ull, 0, FLEETD_KIND_LIST, 0, &sync_reply_holds_item, 0}}, /* holds */
  {11, 0, 0, {3ull, 0, FLEETD_KIND_LIST, 0, &sync_reply_rejected_item, 0}}, /* rejected */
  {12, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_problem_section_shape}}, /* error */
  {13, 0, 0, {0ull, 0, FLEETD_KIND_TRUE, 0, 0, 0}}, /* more */
  {14, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_move_shape}}, /* move */
  {15, 0, 0, {0ull, 0, FLEETD_KIND_MAP, 0, 0, &fleetd_root_offer_shape}}, /* root */
  {16, 0, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* resyncNonce */
  {17, 0, 0, {16384ull, 1024, FLEETD_KIND_UINT, 0, 0, 0}}, /* txMax */
};
const struct fleetd_shape fleetd_sync_reply_shape = {sync_reply_fields, 18, 65535, 65495};

static const struct fleetd_type offer_urls_item = {160ull, 1, FLEETD_KIND_TEXT, 0, 0, 0};
static const struct fleetd_field offer_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* attempt */
  {2, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* action */
  {3, 0, 0, {768ull, 0, FLEETD_KIND_BYTES, 0, 0, 0}}, /* manifest */
  {4, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* manifestDigest */
  {5, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* leaseS */
  {6, 0, 0, {20ull, 20, FLEETD_KIND_BYTES, 0, 0, 0}}, /* ticket */
  {7, 0, 0, {2ull, 0, FLEETD_KIND_LIST, 0, &offer_urls_item, 0}}, /* urls */
  {8, 0, 0, {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_delta_shape}}, /* delta */
  {9, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* maxBytesPerS */
};
const struct fleetd_shape fleetd_offer_shape = {offer_fields, 9, 65535, 0};

static const struct fleetd_field command_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* id */
  {2, 1, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
  {3, 0, 0, {512ull, 0, FLEETD_KIND_BYTES, 0, 0, 0}}, /* args */
  {4, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* ttlS */
  {5, 0, 0, {0ull, 0, FLEETD_KIND_TRUE, 0, 0, 0}}, /* sealed */
};
const struct fleetd_shape fleetd_command_shape = {command_fields, 5, 65535, 0};

static const struct fleetd_field desired_config_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* epoch */
  {2, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* sha256 */
  {3, 0, 0, {512ull, 0, FLEETD_KIND_BYTES, 0, 0, 0}}, /* body */
  {4, 0, 0, {20ull, 20, FLEETD_KIND_BYTES, 0, 0, 0}}, /* ticket */
  {5, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* size */
  {6, 0, 0, {0ull, 0, FLEETD_KIND_TRUE, 0, 0, 0}}, /* sealed */
};
const struct fleetd_shape fleetd_desired_config_shape = {desired_config_fields, 6, 65535, 0};

static const struct fleetd_field problem_section_fields[] = {
  {1, 1, 0, {255ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* code */
  {2, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* retryAfterS */
  {3, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* lastSeq */
  {4, 0, 0, {65535ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* section */
  {5, 0, 0, {64ull, 0, FLEETD_KIND_TEXT, 0, 0, 0}}, /* text */
};
const struct fleetd_shape fleetd_problem_section_shape = {problem_section_fields, 5, 65535, 0};

static const struct fleetd_type move_urls_item = {160ull, 1, FLEETD_KIND_TEXT, 0, 0, 0};
static const struct fleetd_field move_fields[] = {
  {1, 1, 0, {4ull, 1, FLEETD_KIND_LIST, 0, &move_urls_item, 0}}, /* urls */
  {2, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* nextServerKey */
};
const struct fleetd_shape fleetd_move_shape = {move_fields, 2, 65535, 0};

static const struct fleetd_field root_offer_fields[] = {
  {1, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* version */
  {2, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* sha256 */
  {3, 1, 0, {20ull, 20, FLEETD_KIND_BYTES, 0, 0, 0}}, /* ticket */
  {4, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* size */
};
const struct fleetd_shape fleetd_root_offer_shape = {root_offer_fields, 4, 65535, 0};

static const struct fleetd_type manifest_components_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_manifest_component_shape};
static const struct fleetd_field manifest_fields[] = {
  {1, 1, 0, {1ull, 1, FLEETD_KIND_UINT, 0, 0, 0}}, /* format */
  {2, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* sequence */
  {3, 1, 0, {16ull, 16, FLEETD_KIND_BYTES, 0, 0, 0}}, /* vendor */
  {4, 1, 0, {16ull, 16, FLEETD_KIND_BYTES, 0, 0, 0}}, /* class */
  {5, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* created */
  {6, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* minFloor */
  {7, 1, 0, {8ull, 1, FLEETD_KIND_LIST, 0, &manifest_components_item, 0}}, /* components */
  {8, 0, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* minAgent */
  {9, 0, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* expires */
  {10, 0, 0, {32ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* version */
};
const struct fleetd_shape fleetd_manifest_shape = {manifest_fields, 10, 16, 4096};

static const struct fleetd_type root_document_root_keys_item = {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0};
static const struct fleetd_type root_document_release_keys_item = {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0};
static const struct fleetd_type root_document_server_keys_item = {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0};
static const struct fleetd_type root_document_revoked_keys_item = {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0};
static const struct fleetd_field root_document_fields[] = {
  {1, 1, 0, {9007199254740991ull, 1, FLEETD_KIND_UINT, 0, 0, 0}}, /* version */
  {2, 1, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* fleetId */
  {3, 1, 0, {8ull, 1, FLEETD_KIND_UINT, 0, 0, 0}}, /* threshold */
  {4, 1, 0, {8ull, 1, FLEETD_KIND_LIST, 0, &root_document_root_keys_item, 0}}, /* rootKeys */
  {5, 1, 0, {8ull, 0, FLEETD_KIND_LIST, 0, &root_document_release_keys_item, 0}}, /* releaseKeys */
  {6, 1, 0, {4ull, 0, FLEETD_KIND_LIST, 0, &root_document_server_keys_item, 0}}, /* serverKeys */
  {7, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* created */
  {8, 0, 0, {32ull, 0, FLEETD_KIND_LIST, 0, &root_document_revoked_keys_item, 0}}, /* revokedKeys */
};
const struct fleetd_shape fleetd_root_document_shape = {root_document_fields, 8, 16, 4096};

static const struct fleetd_type bundle_urls_item = {160ull, 1, FLEETD_KIND_TEXT, 0, 0, 0};
static const struct fleetd_type bundle_labels_item = {0ull, 0, FLEETD_KIND_TUPLE, 0, 0, &fleetd_label_pair_shape};
static const struct fleetd_field bundle_fields[] = {
  {0, 1, 0, {9007199254740991ull, 0, FLEETD_KIND_UINT, 0, 0, 0}}, /* v */
  {1, 1, 0, {8ull, 8, FLEETD_KIND_BYTES, 0, 0, 0}}, /* fleetId */
  {2, 1, 0, {16ull, 16, FLEETD_KIND_BYTES, 0, 0, 0}}, /* deviceId */
  {3, 1, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* serverKey */
  {4, 0, 0, {32ull, 32, FLEETD_KIND_BYTES, 0, 0, 0}}, /* rootDigest */
  {5, 1, 0, {4ull, 0, FLEETD_KIND_LIST, 0, &bundle_urls_item, 0}}, /* urls */
  {6, 0, 0, {24ull, 24, FLEETD_KIND_BYTES, 0, 0, 0}}, /* token */
  {7, 0, 0, {8ull, 0, FLEETD_KIND_LIST, 0, &bundle_labels_item, 0}}, /* labels */
  {8, 0, 0, {63ull, 1, FLEETD_KIND_TEXT, 0, 0, 0}}, /* name */
};
const struct fleetd_shape fleetd_bundle_shape = {bundle_fields, 9, 65535, 2048};
