/* Generated from firmware-protocol/schema by firmware-protocol/tools/generate.ts.
 * Do not edit: change the schema and run `deno task gen`. */
#ifndef FLEETD_MESSAGES_GEN_H
#define FLEETD_MESSAGES_GEN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version and limits; the unit is in the name. */
#define FLEETD_PROTOCOL_MAJOR 1u
#define FLEETD_PROTOCOL_MINOR 0u
#define FLEETD_MAX_DEPTH 6u
#define FLEETD_MAX_ITEMS 4096u
#define FLEETD_MAX_KEY 65535u
#define FLEETD_HELLO_MAX_BYTES 256u
#define FLEETD_MESSAGE1_MIN_BYTES 96u
#define FLEETD_MESSAGE1_MAX_BYTES 1024u
#define FLEETD_TX_MAX_BYTES 16384u
#define FLEETD_RX_MIN_BYTES 1024u
#define FLEETD_RX_MAX_BYTES 65536u
#define FLEETD_RX_DEFAULT_BYTES 16384u
#define FLEETD_REQUEST_OVERHEAD_BYTES 56u
#define FLEETD_REPLY_OVERHEAD_BYTES 41u
#define FLEETD_LOGS_MAX_BYTES 8192u
#define FLEETD_INVENTORY_MAX_BYTES 4096u
#define FLEETD_MANIFEST_INLINE_MAX_BYTES 768u
#define FLEETD_COMMAND_RESULT_MAX_BYTES 4096u
#define FLEETD_SAMPLES_MAX 1024u
#define FLEETD_COLUMNS_MAX 64u
#define FLEETD_DICTIONARY_ENTRIES_MAX 64u
#define FLEETD_STANDARD_ID_MAX 127u
#define FLEETD_CUSTOM_ID_MIN 128u
#define FLEETD_CUSTOM_ID_MAX 1023u
#define FLEETD_LOG_LINES_MAX 64u
#define FLEETD_REPORTS_MAX 16u
#define FLEETD_WAIT_MAX_S 50u
#define FLEETD_INTERVAL_MAX_S 604800u
#define FLEETD_PENDING_INTERVAL_MIN_S 30u
#define FLEETD_RETRY_AFTER_MAX_S 900u

/* Admission as the server tells it; an unknown number means pending. */
enum fleetd_device_state_code {
  FLEETD_DEVICE_STATE_CODE_ACTIVE = 1,
  FLEETD_DEVICE_STATE_CODE_PENDING = 2,
  FLEETD_DEVICE_STATE_CODE_REJECTED = 3,
  FLEETD_DEVICE_STATE_CODE_QUARANTINED = 4,
  FLEETD_DEVICE_STATE_CODE_DECOMMISSIONED = 5
};

/* Why a device runs a handshake. */
enum fleetd_enrol_reason {
  FLEETD_ENROL_REASON_FIRST = 0,
  FLEETD_ENROL_REASON_UNKNOWN_KID = 1,
  FLEETD_ENROL_REASON_REKEY = 2,
  FLEETD_ENROL_REASON_STORAGE_LOST = 3
};

/* What became of the token named in message 1. */
enum fleetd_token_status {
  FLEETD_TOKEN_STATUS_USED = 0,
  FLEETD_TOKEN_STATUS_UNKNOWN = 1,
  FLEETD_TOKEN_STATUS_EXPIRED = 2,
  FLEETD_TOKEN_STATUS_SPENT = 3,
  FLEETD_TOKEN_STATUS_OTHER_CLASS = 4
};

/* Where the device's wall clock comes from. */
enum fleetd_clock_source {
  FLEETD_CLOCK_SOURCE_NONE = 0,
  FLEETD_CLOCK_SOURCE_SERVER = 1,
  FLEETD_CLOCK_SOURCE_NTP = 2
};

/* Why the device last started. */
enum fleetd_boot_reason {
  FLEETD_BOOT_REASON_UNKNOWN = 0,
  FLEETD_BOOT_REASON_POWER = 1,
  FLEETD_BOOT_REASON_SOFTWARE = 2,
  FLEETD_BOOT_REASON_WATCHDOG = 3,
  FLEETD_BOOT_REASON_PANIC = 4,
  FLEETD_BOOT_REASON_BROWN_OUT = 5,
  FLEETD_BOOT_REASON_DEEP_SLEEP = 6,
  FLEETD_BOOT_REASON_UPDATE = 7
};

/* What became of the desired configuration. */
enum fleetd_config_status {
  FLEETD_CONFIG_STATUS_APPLIED = 0,
  FLEETD_CONFIG_STATUS_REFUSED = 1,
  FLEETD_CONFIG_STATUS_FAILED = 2
};

/* A reason to leave a device alone for now; unknown numbers are ignored. */
enum fleetd_hold_code {
  FLEETD_HOLD_CODE_DISK = 1,
  FLEETD_HOLD_CODE_UNDERVOLTAGE = 2,
  FLEETD_HOLD_CODE_BATTERY = 3,
  FLEETD_HOLD_CODE_HOT = 4,
  FLEETD_HOLD_CODE_HEAP = 5,
  FLEETD_HOLD_CODE_LOCKED = 6,
  FLEETD_HOLD_CODE_WINDOW = 7
};

/* What the server asks for again; unknown numbers are ignored. */
enum fleetd_need_code {
  FLEETD_NEED_CODE_DICTIONARY = 1,
  FLEETD_NEED_CODE_INVENTORY = 2,
  FLEETD_NEED_CODE_RUNNING = 3,
  FLEETD_NEED_CODE_CONFIG = 4,
  FLEETD_NEED_CODE_REKEY = 5,
  FLEETD_NEED_CODE_COMMANDS_THROUGH = 6
};

/* What the times of a batch count from: uptime of a boot id, or Unix time. */
enum fleetd_time_base {
  FLEETD_TIME_BASE_UPTIME = 0,
  FLEETD_TIME_BASE_UNIX = 1
};

/* The three numbered record streams. */
enum fleetd_stream {
  FLEETD_STREAM_METRICS = 1,
  FLEETD_STREAM_LOGS = 2,
  FLEETD_STREAM_REPORTS = 3
};

/* Severities of RFC 5424. */
enum fleetd_log_level {
  FLEETD_LOG_LEVEL_EMERGENCY = 0,
  FLEETD_LOG_LEVEL_ALERT = 1,
  FLEETD_LOG_LEVEL_CRITICAL = 2,
  FLEETD_LOG_LEVEL_ERROR = 3,
  FLEETD_LOG_LEVEL_WARNING = 4,
  FLEETD_LOG_LEVEL_NOTICE = 5,
  FLEETD_LOG_LEVEL_INFO = 6,
  FLEETD_LOG_LEVEL_DEBUG = 7
};

/* What a record of the reports stream says. */
enum fleetd_report_kind {
  FLEETD_REPORT_KIND_COMMAND = 1,
  FLEETD_REPORT_KIND_DEPLOYMENT = 2,
  FLEETD_REPORT_KIND_EVENT = 3
};

/* How a command ended. */
enum fleetd_command_status {
  FLEETD_COMMAND_STATUS_OK = 0,
  FLEETD_COMMAND_STATUS_FAILED = 1,
  FLEETD_COMMAND_STATUS_UNSUPPORTED = 2,
  FLEETD_COMMAND_STATUS_EXPIRED = 3,
  FLEETD_COMMAND_STATUS_INTERRUPTED = 4,
  FLEETD_COMMAND_STATUS_REFUSED = 5
};

/* Where a deployment stands on the device. */
enum fleetd_deployment_state_code {
  FLEETD_DEPLOYMENT_STATE_CODE_DOWNLOADING = 1,
  FLEETD_DEPLOYMENT_STATE_CODE_VERIFYING = 2,
  FLEETD_DEPLOYMENT_STATE_CODE_INSTALLING = 3,
  FLEETD_DEPLOYMENT_STATE_CODE_REBOOTING = 4,
  FLEETD_DEPLOYMENT_STATE_CODE_CONFIRMING = 5,
  FLEETD_DEPLOYMENT_STATE_CODE_SUCCEEDED = 6,
  FLEETD_DEPLOYMENT_STATE_CODE_FAILED = 7,
  FLEETD_DEPLOYMENT_STATE_CODE_ROLLED_BACK = 8,
  FLEETD_DEPLOYMENT_STATE_CODE_CANCELLED = 9,
  FLEETD_DEPLOYMENT_STATE_CODE_REFUSED = 10
};

/* State of the agent's update machine while it is not idle. */
enum fleetd_update_state_code {
  FLEETD_UPDATE_STATE_CODE_IDLE = 0,
  FLEETD_UPDATE_STATE_CODE_DOWNLOADING = 1,
  FLEETD_UPDATE_STATE_CODE_VERIFYING = 2,
  FLEETD_UPDATE_STATE_CODE_INSTALLING = 3,
  FLEETD_UPDATE_STATE_CODE_REBOOTING = 4,
  FLEETD_UPDATE_STATE_CODE_CONFIRMING = 5,
  FLEETD_UPDATE_STATE_CODE_COMMITTING = 6,
  FLEETD_UPDATE_STATE_CODE_ROLLING_BACK = 7,
  FLEETD_UPDATE_STATE_CODE_FAILED = 8
};

/* What an offer asks for; an unknown number is ignored and reported. */
enum fleetd_offer_action {
  FLEETD_OFFER_ACTION_INSTALL = 1,
  FLEETD_OFFER_ACTION_CANCEL = 2
};

/* What a component of a manifest is. */
enum fleetd_component_kind {
  FLEETD_COMPONENT_KIND_AGENT = 1,
  FLEETD_COMPONENT_KIND_BUNDLE = 2,
  FLEETD_COMPONENT_KIND_FILE = 3,
  FLEETD_COMPONENT_KIND_CONFIG = 4,
  FLEETD_COMPONENT_KIND_CONTAINER = 5,
  FLEETD_COMPONENT_KIND_ESP32_IMAGE = 6
};

/* Error codes of PROTOCOL §8: authenticated inside a sync reply, or a hint without a MAC. */
enum fleetd_wire_error_code {
  FLEETD_WIRE_ERROR_CODE_MALFORMED = 1,
  FLEETD_WIRE_ERROR_CODE_TOO_LARGE = 2,
  FLEETD_WIRE_ERROR_CODE_UNKNOWN_KID = 3,
  FLEETD_WIRE_ERROR_CODE_BAD_MAC = 4,
  FLEETD_WIRE_ERROR_CODE_STALE_SEQ = 5,
  FLEETD_WIRE_ERROR_CODE_RESYNC = 6,
  FLEETD_WIRE_ERROR_CODE_QUARANTINED = 7,
  FLEETD_WIRE_ERROR_CODE_UNSUPPORTED_VERSION = 8,
  FLEETD_WIRE_ERROR_CODE_SCHEMA = 9,
  FLEETD_WIRE_ERROR_CODE_BUSY = 10,
  FLEETD_WIRE_ERROR_CODE_RATE_LIMITED = 11,
  FLEETD_WIRE_ERROR_CODE_PENDING_FULL = 12,
  FLEETD_WIRE_ERROR_CODE_NOT_FOUND = 13,
  FLEETD_WIRE_ERROR_CODE_BAD_TICKET = 14,
  FLEETD_WIRE_ERROR_CODE_INTERNAL = 15
};

/* Keys of the messages. */
enum fleetd_hello_key {
  FLEETD_HELLO_KEY_MAJOR_MIN = 1,
  FLEETD_HELLO_KEY_MAJOR_MAX = 2,
  FLEETD_HELLO_KEY_SERVER_KEY = 3,
  FLEETD_HELLO_KEY_NEXT_SERVER_KEY = 4,
  FLEETD_HELLO_KEY_FLEET_ID = 5,
  FLEETD_HELLO_KEY_ROOT_VERSION = 6,
  FLEETD_HELLO_KEY_ROOT_DIGEST = 7,
  FLEETD_HELLO_KEY_NAME = 8
};

enum fleetd_enrol_request_key {
  FLEETD_ENROL_REQUEST_KEY_V = 0,
  FLEETD_ENROL_REQUEST_KEY_TOKEN_ID = 1,
  FLEETD_ENROL_REQUEST_KEY_HW_CLASS = 2,
  FLEETD_ENROL_REQUEST_KEY_SERIAL = 3,
  FLEETD_ENROL_REQUEST_KEY_MODEL = 4,
  FLEETD_ENROL_REQUEST_KEY_AGENT_VERSION = 5,
  FLEETD_ENROL_REQUEST_KEY_NAME = 6,
  FLEETD_ENROL_REQUEST_KEY_RX_MAX = 7,
  FLEETD_ENROL_REQUEST_KEY_HELLO_DIGEST = 8,
  FLEETD_ENROL_REQUEST_KEY_REASON = 9,
  FLEETD_ENROL_REQUEST_KEY_LABELS = 10,
  FLEETD_ENROL_REQUEST_KEY_ROOT_VERSION = 11,
  FLEETD_ENROL_REQUEST_KEY_DEVICE_ID = 12
};

enum fleetd_enrol_reply_key {
  FLEETD_ENROL_REPLY_KEY_V = 0,
  FLEETD_ENROL_REPLY_KEY_KID = 1,
  FLEETD_ENROL_REPLY_KEY_STATE = 2,
  FLEETD_ENROL_REPLY_KEY_TIME = 3,
  FLEETD_ENROL_REPLY_KEY_INTERVAL_S = 4,
  FLEETD_ENROL_REPLY_KEY_SERVER_EPOCH = 5,
  FLEETD_ENROL_REPLY_KEY_TOKEN_STATUS = 6,
  FLEETD_ENROL_REPLY_KEY_TX_MAX = 7,
  FLEETD_ENROL_REPLY_KEY_WAIT_MAX = 8
};

enum fleetd_error_reply_key {
  FLEETD_ERROR_REPLY_KEY_CODE = 1,
  FLEETD_ERROR_REPLY_KEY_RETRY_AFTER_S = 2
};

enum fleetd_sync_request_key {
  FLEETD_SYNC_REQUEST_KEY_V = 0,
  FLEETD_SYNC_REQUEST_KEY_UPTIME_MS = 1,
  FLEETD_SYNC_REQUEST_KEY_BOOT_ID = 2,
  FLEETD_SYNC_REQUEST_KEY_AGENT_VERSION = 3,
  FLEETD_SYNC_REQUEST_KEY_SERVER_EPOCH = 4,
  FLEETD_SYNC_REQUEST_KEY_CLOCK = 5,
  FLEETD_SYNC_REQUEST_KEY_DEVICE_TIME = 6,
  FLEETD_SYNC_REQUEST_KEY_BOOT_REASON = 7,
  FLEETD_SYNC_REQUEST_KEY_WAIT_S = 8,
  FLEETD_SYNC_REQUEST_KEY_RX_MAX = 9,
  FLEETD_SYNC_REQUEST_KEY_RUNNING = 10,
  FLEETD_SYNC_REQUEST_KEY_CONFIG = 11,
  FLEETD_SYNC_REQUEST_KEY_METRICS = 12,
  FLEETD_SYNC_REQUEST_KEY_LOGS = 13,
  FLEETD_SYNC_REQUEST_KEY_REPORTS = 14,
  FLEETD_SYNC_REQUEST_KEY_COMMANDS_THROUGH = 15,
  FLEETD_SYNC_REQUEST_KEY_ROOT_VERSION = 16,
  FLEETD_SYNC_REQUEST_KEY_INVENTORY_DIGEST = 17,
  FLEETD_SYNC_REQUEST_KEY_INVENTORY = 18,
  FLEETD_SYNC_REQUEST_KEY_HOLDS = 19,
  FLEETD_SYNC_REQUEST_KEY_UPDATE = 20,
  FLEETD_SYNC_REQUEST_KEY_RESYNC_NONCE = 21,
  FLEETD_SYNC_REQUEST_KEY_MORE = 22,
  FLEETD_SYNC_REQUEST_KEY_HIGHEST_ATTEMPT = 23
};

enum fleetd_reported_config_key {
  FLEETD_REPORTED_CONFIG_KEY_EPOCH = 1,
  FLEETD_REPORTED_CONFIG_KEY_DIGEST = 2,
  FLEETD_REPORTED_CONFIG_KEY_STATUS = 3,
  FLEETD_REPORTED_CONFIG_KEY_TEXT = 4
};

enum fleetd_metrics_batch_key {
  FLEETD_METRICS_BATCH_KEY_EPOCH = 1,
  FLEETD_METRICS_BATCH_KEY_FIRST = 2,
  FLEETD_METRICS_BATCH_KEY_T0 = 3,
  FLEETD_METRICS_BATCH_KEY_BASE = 4,
  FLEETD_METRICS_BATCH_KEY_BOOT_ID = 5,
  FLEETD_METRICS_BATCH_KEY_DT = 6,
  FLEETD_METRICS_BATCH_KEY_DICTIONARY = 7,
  FLEETD_METRICS_BATCH_KEY_DICTIONARY_ENTRIES = 8,
  FLEETD_METRICS_BATCH_KEY_COLUMNS = 9,
  FLEETD_METRICS_BATCH_KEY_COUNT = 10
};

enum fleetd_logs_batch_key {
  FLEETD_LOGS_BATCH_KEY_EPOCH = 1,
  FLEETD_LOGS_BATCH_KEY_FIRST = 2,
  FLEETD_LOGS_BATCH_KEY_T0 = 3,
  FLEETD_LOGS_BATCH_KEY_BASE = 4,
  FLEETD_LOGS_BATCH_KEY_BOOT_ID = 5,
  FLEETD_LOGS_BATCH_KEY_LINES = 6
};

enum fleetd_reports_batch_key {
  FLEETD_REPORTS_BATCH_KEY_EPOCH = 1,
  FLEETD_REPORTS_BATCH_KEY_FIRST = 2,
  FLEETD_REPORTS_BATCH_KEY_ITEMS = 3
};

enum fleetd_command_report_key {
  FLEETD_COMMAND_REPORT_KEY_ID = 1,
  FLEETD_COMMAND_REPORT_KEY_STATUS = 2,
  FLEETD_COMMAND_REPORT_KEY_CODE = 3,
  FLEETD_COMMAND_REPORT_KEY_OUTPUT = 4,
  FLEETD_COMMAND_REPORT_KEY_PART = 5,
  FLEETD_COMMAND_REPORT_KEY_FULL_SIZE = 6
};

enum fleetd_deployment_report_key {
  FLEETD_DEPLOYMENT_REPORT_KEY_ATTEMPT = 1,
  FLEETD_DEPLOYMENT_REPORT_KEY_STATE = 2,
  FLEETD_DEPLOYMENT_REPORT_KEY_REASON = 3,
  FLEETD_DEPLOYMENT_REPORT_KEY_RUNNING_DIGEST = 4,
  FLEETD_DEPLOYMENT_REPORT_KEY_TEXT = 5
};

enum fleetd_event_report_key {
  FLEETD_EVENT_REPORT_KEY_NAME = 1,
  FLEETD_EVENT_REPORT_KEY_SEVERITY = 2,
  FLEETD_EVENT_REPORT_KEY_TEXT = 3
};

enum fleetd_sync_reply_key {
  FLEETD_SYNC_REPLY_KEY_V = 0,
  FLEETD_SYNC_REPLY_KEY_TIME = 1,
  FLEETD_SYNC_REPLY_KEY_STATE = 2,
  FLEETD_SYNC_REPLY_KEY_INTERVAL_S = 3,
  FLEETD_SYNC_REPLY_KEY_SERVER_EPOCH = 4,
  FLEETD_SYNC_REPLY_KEY_ACKS = 5,
  FLEETD_SYNC_REPLY_KEY_NEED = 6,
  FLEETD_SYNC_REPLY_KEY_OFFER = 7,
  FLEETD_SYNC_REPLY_KEY_COMMANDS = 8,
  FLEETD_SYNC_REPLY_KEY_CONFIG = 9,
  FLEETD_SYNC_REPLY_KEY_HOLDS = 10,
  FLEETD_SYNC_REPLY_KEY_REJECTED = 11,
  FLEETD_SYNC_REPLY_KEY_ERROR = 12,
  FLEETD_SYNC_REPLY_KEY_MORE = 13,
  FLEETD_SYNC_REPLY_KEY_MOVE = 14,
  FLEETD_SYNC_REPLY_KEY_ROOT = 15,
  FLEETD_SYNC_REPLY_KEY_RESYNC_NONCE = 16,
  FLEETD_SYNC_REPLY_KEY_TX_MAX = 17
};

enum fleetd_offer_key {
  FLEETD_OFFER_KEY_ATTEMPT = 1,
  FLEETD_OFFER_KEY_ACTION = 2,
  FLEETD_OFFER_KEY_MANIFEST = 3,
  FLEETD_OFFER_KEY_MANIFEST_DIGEST = 4,
  FLEETD_OFFER_KEY_LEASE_S = 5,
  FLEETD_OFFER_KEY_TICKET = 6,
  FLEETD_OFFER_KEY_URLS = 7,
  FLEETD_OFFER_KEY_DELTA = 8,
  FLEETD_OFFER_KEY_MAX_BYTES_PER_S = 9
};

enum fleetd_command_key {
  FLEETD_COMMAND_KEY_ID = 1,
  FLEETD_COMMAND_KEY_NAME = 2,
  FLEETD_COMMAND_KEY_ARGS = 3,
  FLEETD_COMMAND_KEY_TTL_S = 4,
  FLEETD_COMMAND_KEY_SEALED = 5
};

enum fleetd_desired_config_key {
  FLEETD_DESIRED_CONFIG_KEY_EPOCH = 1,
  FLEETD_DESIRED_CONFIG_KEY_SHA256 = 2,
  FLEETD_DESIRED_CONFIG_KEY_BODY = 3,
  FLEETD_DESIRED_CONFIG_KEY_TICKET = 4,
  FLEETD_DESIRED_CONFIG_KEY_SIZE = 5,
  FLEETD_DESIRED_CONFIG_KEY_SEALED = 6
};

enum fleetd_problem_section_key {
  FLEETD_PROBLEM_SECTION_KEY_CODE = 1,
  FLEETD_PROBLEM_SECTION_KEY_RETRY_AFTER_S = 2,
  FLEETD_PROBLEM_SECTION_KEY_LAST_SEQ = 3,
  FLEETD_PROBLEM_SECTION_KEY_SECTION = 4,
  FLEETD_PROBLEM_SECTION_KEY_TEXT = 5
};

enum fleetd_move_key {
  FLEETD_MOVE_KEY_URLS = 1,
  FLEETD_MOVE_KEY_NEXT_SERVER_KEY = 2
};

enum fleetd_root_offer_key {
  FLEETD_ROOT_OFFER_KEY_VERSION = 1,
  FLEETD_ROOT_OFFER_KEY_SHA256 = 2,
  FLEETD_ROOT_OFFER_KEY_TICKET = 3,
  FLEETD_ROOT_OFFER_KEY_SIZE = 4
};

enum fleetd_manifest_key {
  FLEETD_MANIFEST_KEY_FORMAT = 1,
  FLEETD_MANIFEST_KEY_SEQUENCE = 2,
  FLEETD_MANIFEST_KEY_VENDOR = 3,
  FLEETD_MANIFEST_KEY_CLASS = 4,
  FLEETD_MANIFEST_KEY_CREATED = 5,
  FLEETD_MANIFEST_KEY_MIN_FLOOR = 6,
  FLEETD_MANIFEST_KEY_COMPONENTS = 7,
  FLEETD_MANIFEST_KEY_MIN_AGENT = 8,
  FLEETD_MANIFEST_KEY_EXPIRES = 9,
  FLEETD_MANIFEST_KEY_VERSION = 10
};

enum fleetd_root_document_key {
  FLEETD_ROOT_DOCUMENT_KEY_VERSION = 1,
  FLEETD_ROOT_DOCUMENT_KEY_FLEET_ID = 2,
  FLEETD_ROOT_DOCUMENT_KEY_THRESHOLD = 3,
  FLEETD_ROOT_DOCUMENT_KEY_ROOT_KEYS = 4,
  FLEETD_ROOT_DOCUMENT_KEY_RELEASE_KEYS = 5,
  FLEETD_ROOT_DOCUMENT_KEY_SERVER_KEYS = 6,
  FLEETD_ROOT_DOCUMENT_KEY_CREATED = 7,
  FLEETD_ROOT_DOCUMENT_KEY_REVOKED_KEYS = 8
};

enum fleetd_bundle_key {
  FLEETD_BUNDLE_KEY_V = 0,
  FLEETD_BUNDLE_KEY_FLEET_ID = 1,
  FLEETD_BUNDLE_KEY_DEVICE_ID = 2,
  FLEETD_BUNDLE_KEY_SERVER_KEY = 3,
  FLEETD_BUNDLE_KEY_ROOT_DIGEST = 4,
  FLEETD_BUNDLE_KEY_URLS = 5,
  FLEETD_BUNDLE_KEY_TOKEN = 6,
  FLEETD_BUNDLE_KEY_LABELS = 7,
  FLEETD_BUNDLE_KEY_NAME = 8
};

/* Kinds of value. The limits of a type are in the comment: min and max are always inclusive. */
enum fleetd_kind {
  FLEETD_KIND_UINT = 0, /* unsigned integer, min to max */
  FLEETD_KIND_INT = 1, /* signed integer, -max to max */
  FLEETD_KIND_TRUE = 2, /* true, or absent */
  FLEETD_KIND_BYTES = 3, /* byte string of min to max bytes */
  FLEETD_KIND_TEXT = 4, /* UTF-8 of min to max bytes, see the flags */
  FLEETD_KIND_LIST = 5, /* array of min to max items of the type item */
  FLEETD_KIND_MAP = 6, /* map of the fields of shape */
  FLEETD_KIND_TUPLE = 7, /* array of exactly the fields of shape */
  FLEETD_KIND_SPACING = 8, /* unsigned integer up to max, or array of at most 1,023 of them */
  FLEETD_KIND_COLUMNS = 9, /* delta columns, PROTOCOL section 8 */
  FLEETD_KIND_INVENTORY = 10, /* text-keyed map, PROTOCOL section 8 */
  FLEETD_KIND_REPORT_ITEMS = 11 /* [kind, time, body] with the body's map by kind */
};

/* Flags of a text. */
#define FLEETD_TEXT_CONTROL 1u /* control characters are allowed */
#define FLEETD_TEXT_SLUG 2u /* only a-z, 0-9 and - */

struct fleetd_shape;

/* A type with its limits. */
struct fleetd_type {
  uint64_t max;
  uint16_t min;
  uint8_t kind; /* enum fleetd_kind */
  uint8_t flags;
  const struct fleetd_type *item; /* of a list, else null */
  const struct fleetd_shape *shape; /* of a map or tuple, else null */
};

/* An entry of a map, or of a tuple (key is then its index and it is required). */
struct fleetd_field {
  uint16_t key;
  uint8_t required;
  uint8_t since; /* protocol minor */
  struct fleetd_type type;
};

/* The fields of a map or tuple, keys ascending. */
struct fleetd_shape {
  const struct fleetd_field *fields;
  uint16_t count;
  uint16_t critical_from; /* unknown keys from here on are refused, not skipped; 65535 for none */
  uint32_t max_bytes; /* largest encoding, 0 for no limit of its own */
};

/* One label. */
extern const struct fleetd_shape fleetd_label_pair_shape;
/* A component that runs. */
extern const struct fleetd_shape fleetd_running_component_shape;
/* Progress of the update under way. */
extern const struct fleetd_shape fleetd_update_progress_shape;
/* Everything of a stream up to and with `through` is stored. */
extern const struct fleetd_shape fleetd_ack_shape;
/* Records that failed their schema; the device counts and drops them. */
extern const struct fleetd_shape fleetd_rejected_section_shape;
/* A patch that makes the component from what runs. */
extern const struct fleetd_shape fleetd_delta_shape;
/* Name and unit of a custom metric. */
extern const struct fleetd_shape fleetd_dictionary_entry_shape;
/* One log line. */
extern const struct fleetd_shape fleetd_log_line_shape;
/* One file of a release. */
extern const struct fleetd_shape fleetd_manifest_component_shape;
/* What a server says about itself before anything is proven: a hint, never trusted alone. */
extern const struct fleetd_shape fleetd_hello_shape;
/* Encrypted payload of Noise message 1. */
extern const struct fleetd_shape fleetd_enrol_request_shape;
/* Encrypted payload of Noise message 2. */
extern const struct fleetd_shape fleetd_enrol_reply_shape;
/* Unauthenticated error: plain CBOR, a hint that changes only the sender's back-off. */
extern const struct fleetd_shape fleetd_error_reply_shape;
/* Payload of a sync request. */
extern const struct fleetd_shape fleetd_sync_request_shape;
/* What became of the desired configuration. */
extern const struct fleetd_shape fleetd_reported_config_shape;
/* Consecutive samples in delta columns; value = integer × 10^scale. */
extern const struct fleetd_shape fleetd_metrics_batch_shape;
/* Consecutive log lines. */
extern const struct fleetd_shape fleetd_logs_batch_shape;
/* Consecutive reports: command results, deployment reports, events. */
extern const struct fleetd_shape fleetd_reports_batch_shape;
/* Result of one command, or one part of it. */
extern const struct fleetd_shape fleetd_command_report_shape;
/* Where one attempt of a deployment stands. */
extern const struct fleetd_shape fleetd_deployment_report_shape;
/* Something that happened once. */
extern const struct fleetd_shape fleetd_event_report_shape;
/* Payload of a sync reply. Every item is level-triggered: repeated until it was taken. */
extern const struct fleetd_shape fleetd_sync_reply_shape;
/* One attempt of a deployment; the same offer repeats until a report for it arrived. */
extern const struct fleetd_shape fleetd_offer_shape;
/* One command; ids grow per device. */
extern const struct fleetd_shape fleetd_command_shape;
/* Desired configuration; applied if and only if sha256 differs from what is applied. */
extern const struct fleetd_shape fleetd_desired_config_shape;
/* Authenticated error. */
extern const struct fleetd_shape fleetd_problem_section_shape;
/* New addresses of the server, and its next key. */
extern const struct fleetd_shape fleetd_move_shape;
/* Where a newer root document is found. */
extern const struct fleetd_shape fleetd_root_offer_shape;
/* What an offline release key signs: one release for one class of devices. */
extern const struct fleetd_shape fleetd_manifest_shape;
/* Keys of a fleet; signed by a threshold of the old and of the new root keys. */
extern const struct fleetd_shape fleetd_root_document_shape;
/* What provisioning leaves on a device so that it never trusts on first use. */
extern const struct fleetd_shape fleetd_bundle_shape;

#ifdef __cplusplus
}
#endif

#endif
