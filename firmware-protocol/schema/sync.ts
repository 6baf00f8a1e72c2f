/**
 * The one exchange: every section of the sync request and of its reply.
 *
 * @module
 */
import {
  b,
  e,
  field as f,
  flag,
  list,
  map,
  MAX_COUNTER,
  type Message,
  note,
  special,
  t,
  type Tuple,
  tuple,
  u,
  u32,
  upTo,
} from "./types.ts";

/** PROTOCOL §8: sync request and the maps inside it. */
export const SYNC_REQUEST: readonly Message[] = [
  {
    name: "SyncRequest",
    doc: "Payload of a sync request.",
    maxBytes: 16_384 - 56,
    check: "checkSyncRequest",
    sections: true,
    fields: [
      f(0, "v", u(), "R", "Minor of the sender."),
      f(1, "uptimeMs", u(), "R", "Milliseconds since the cold start, deep sleep included."),
      f(2, "bootId", u32, "R", "Random, new at each cold start."),
      f(3, "agentVersion", t(32), "S", "Version of the agent or firmware."),
      f(4, "serverEpoch", u32, "R", "Server epoch last seen, 0 for none."),
      f(5, "clock", e("ClockSource"), "S", "Where the wall clock comes from."),
      f(6, "deviceTime", u(), "O", "The device's Unix time in ms; only with a clock."),
      f(7, "bootReason", e("BootReason"), "S", "Why the device last started."),
      f(8, "waitS", u(50), "O", "Seconds to hold the reply, at most 50."),
      f(9, "rxMax", u(65_536, 1_024), "S", "Largest body the device can take, in bytes."),
      f(10, "running", list(tuple("RunningComponent"), 4), "S", "What runs."),
      f(11, "config", map("ReportedConfig"), "S", "What became of the desired configuration."),
      f(12, "metrics", map("MetricsBatch"), "O", "Metrics stream."),
      f(13, "logs", map("LogsBatch"), "O", "Logs stream."),
      f(14, "reports", map("ReportsBatch"), "O", "Reports stream."),
      f(15, "commandsThrough", u(), "S", "Highest command id taken."),
      f(16, "rootVersion", u(), "S", "Version of the root document held."),
      f(17, "inventoryDigest", b(8), "S", "First 8 bytes of SHA-256 of the inventory's encoding."),
      f(
        18,
        "inventory",
        special("Inventory"),
        "O",
        "Slow facts, at most 64, at most 4 KiB; on need.",
      ),
      f(19, "holds", list(e("HoldCode"), 8), "O", "Why the device wants to be left alone."),
      f(20, "update", tuple("UpdateProgress"), "O", "Present while an update is not idle."),
      f(21, "resyncNonce", b(8), "O", "Echo of the reply's nonce."),
      f(22, "more", flag, "O", "More records wait than fitted."),
      f(23, "highestAttempt", u(), "S", "Highest deployment attempt accepted."),
    ],
  },
  {
    name: "ReportedConfig",
    doc: "What became of the desired configuration.",
    fields: [
      f(1, "epoch", u(), "R", "Epoch of the configuration, for display."),
      f(2, "digest", b(8), "R", "First 8 bytes of its SHA-256."),
      f(3, "status", e("ConfigStatus"), "R", "Applied, refused or failed."),
      f(4, "text", note(64), "O", "Why not, for people."),
    ],
  },
];

/** PROTOCOL §8: sync reply and the maps inside it. */
export const SYNC_REPLY: readonly Message[] = [
  {
    name: "SyncReply",
    doc: "Payload of a sync reply. Every item is level-triggered: repeated until it was taken.",
    maxBytes: 65_536 - 41,
    check: "checkSyncReply",
    sections: true,
    fields: [
      f(0, "v", u(), "R", "Minor of the sender."),
      f(1, "time", u(), "R", "Server's Unix time in ms."),
      f(2, "state", e("DeviceStateCode"), "R", "Admission; unknown means pending."),
      f(3, "intervalS", u(604_800, 1), "R", "Seconds between syncs, 1 to 604,800."),
      f(4, "serverEpoch", u32, "R", "Changes when the server was restored from a backup."),
      f(5, "acks", list(tuple("Ack"), 3), "O", "What is stored for good."),
      f(6, "need", list(e("NeedCode"), 8), "O", "What the server asks for again."),
      f(7, "offer", map("Offer"), "O", "A deployment."),
      f(8, "commands", list(map("Command"), 4), "O", "Commands, ids ascending."),
      f(9, "config", map("DesiredConfig"), "O", "Desired configuration."),
      f(10, "holds", list(e("HoldCode"), 8), "O", "Why nothing is offered."),
      f(
        11,
        "rejected",
        list(tuple("RejectedSection"), 3),
        "O",
        "Sections that failed their schema.",
      ),
      f(12, "error", map("ProblemSection"), "O", "Authenticated error."),
      f(13, "more", flag, "O", "More waits than fitted."),
      f(14, "move", map("Move"), "O", "New addresses of the server."),
      f(15, "root", map("RootOffer"), "O", "A newer root document."),
      f(16, "resyncNonce", b(8), "O", "Only with error resync, which requires it."),
      f(17, "txMax", u(16_384, 1_024), "O", "Largest request the server takes, in bytes."),
    ],
  },
  {
    name: "Offer",
    doc: "One attempt of a deployment; the same offer repeats until a report for it arrived.",
    check: "checkOffer",
    fields: [
      f(1, "attempt", u(), "R", "Per-device number that only grows."),
      f(2, "action", e("OfferAction"), "R", "Install or cancel."),
      f(3, "manifest", upTo(768), "O", "Signed manifest, at most 768 bytes."),
      f(4, "manifestDigest", b(32), "O", "SHA-256 of a larger one, fetched by ticket."),
      f(5, "leaseS", u(), "R", "Seconds the offer holds, from when the request was sent."),
      f(6, "ticket", b(20), "O", "Download ticket."),
      f(7, "urls", list(t(160), 2), "O", "Other sources, absolute."),
      f(8, "delta", tuple("Delta"), "O", "A patch from what runs."),
      f(9, "maxBytesPerS", u(), "O", "Bandwidth cap."),
    ],
  },
  {
    name: "Command",
    doc: "One command; ids grow per device.",
    fields: [
      f(1, "id", u(), "R", "Id of the command."),
      f(2, "name", t(32), "R", "Name of the command."),
      f(3, "args", upTo(512), "O", "Arguments, as the command says."),
      f(4, "ttlS", u(), "R", "Seconds from the reply's server time."),
      f(5, "sealed", flag, "O", "args is a COSE_Encrypt0."),
    ],
  },
  {
    name: "DesiredConfig",
    doc: "Desired configuration; applied if and only if sha256 differs from what is applied.",
    check: "checkDesiredConfig",
    fields: [
      f(1, "epoch", u(), "R", "For display."),
      f(2, "sha256", b(32), "R", "Digest of the body."),
      f(3, "body", upTo(512), "O", "The configuration, when small."),
      f(4, "ticket", b(20), "O", "Download ticket, when not."),
      f(5, "size", u(), "O", "Size of the body in bytes."),
      f(6, "sealed", flag, "O", "body is a COSE_Encrypt0."),
    ],
  },
  {
    name: "ProblemSection",
    doc: "Authenticated error.",
    fields: [
      f(1, "code", e("WireErrorCode"), "R", "What went wrong."),
      f(2, "retryAfterS", u(), "O", "Seconds to wait; honoured up to 900."),
      f(3, "lastSeq", u(), "O", "Highest sequence number accepted, with staleSeq."),
      f(4, "section", u(65_535), "O", "Key of the section meant."),
      f(5, "text", note(64), "O", "For people."),
    ],
  },
  {
    name: "Move",
    doc: "New addresses of the server, and its next key.",
    fields: [
      f(1, "urls", list(t(160), 4, 1), "R", "1 to 4 base URLs."),
      f(2, "nextServerKey", b(32), "O", "Must be in the pinned root document, if one is pinned."),
    ],
  },
  {
    name: "RootOffer",
    doc: "Where a newer root document is found.",
    fields: [
      f(1, "version", u(), "R", "Its version."),
      f(2, "sha256", b(32), "R", "Its digest."),
      f(3, "ticket", b(20), "R", "Download ticket."),
      f(4, "size", u(), "R", "Its size in bytes."),
    ],
  },
];

/** Tuples of sync. */
export const SYNC_TUPLES: readonly Tuple[] = [
  {
    name: "LabelPair",
    doc: "One label.",
    items: [
      { name: "key", type: t(32), doc: "At most 32 bytes." },
      { name: "value", type: note(64), doc: "At most 64 bytes." },
    ],
  },
  {
    name: "RunningComponent",
    doc: "A component that runs.",
    items: [
      { name: "component", type: u(), doc: "Component id of the manifest." },
      { name: "sha256", type: b(32), doc: "Its digest." },
      { name: "seq", type: u(), doc: "Manifest sequence it came with, 0 for none." },
    ],
  },
  {
    name: "UpdateProgress",
    doc: "Progress of the update under way.",
    items: [
      { name: "attempt", type: u(), doc: "Attempt of the offer." },
      { name: "state", type: e("UpdateStateCode"), doc: "State of the update machine." },
      { name: "bytes", type: u(), doc: "Bytes downloaded." },
    ],
  },
  {
    name: "Ack",
    doc: "Everything of a stream up to and with `through` is stored.",
    items: [
      { name: "stream", type: e("Stream"), doc: "1 metrics, 2 logs, 3 reports." },
      { name: "epoch", type: u32, doc: "Epoch of the buffer." },
      { name: "through", type: u(MAX_COUNTER), doc: "Last counter stored." },
    ],
  },
  {
    name: "RejectedSection",
    doc: "Records that failed their schema; the device counts and drops them.",
    items: [
      { name: "section", type: u(65_535), doc: "Key of the section in the request." },
      { name: "code", type: e("WireErrorCode"), doc: "Why." },
      { name: "epoch", type: u32, doc: "Epoch of the buffer, 0 where it could not be read." },
      { name: "through", type: u(MAX_COUNTER), doc: "Last counter rejected, 0 where unknown." },
    ],
  },
  {
    name: "Delta",
    doc: "A patch that makes the component from what runs.",
    items: [
      { name: "from", type: b(32), doc: "Digest the patch applies to." },
      { name: "sha256", type: b(32), doc: "Digest of the patch." },
      { name: "size", type: u(), doc: "Size of the patch in bytes." },
    ],
  },
];
