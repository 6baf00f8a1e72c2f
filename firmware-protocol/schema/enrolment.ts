/**
 * Messages before a device is known: hello, both enrolment payloads, the unauthenticated error.
 *
 * @module
 */
import { b, e, field as f, list, type Message, t, tuple, u, u32 } from "./types.ts";

/** PROTOCOL §8: hello, enrol message 1 and 2, unauthenticated error. */
export const ENROLMENT: readonly Message[] = [
  {
    name: "Hello",
    doc: "What a server says about itself before anything is proven: a hint, never trusted alone.",
    maxBytes: 256,
    check: "checkHello",
    fields: [
      f(1, "majorMin", u(), "R", "Lowest protocol major served."),
      f(2, "majorMax", u(), "R", "Highest protocol major served."),
      f(3, "serverKey", b(32), "R", "X25519 public key of the server."),
      f(4, "nextServerKey", b(32), "O", "Key the server will change to."),
      f(5, "fleetId", b(8), "R", "Fleet this server belongs to."),
      f(6, "rootVersion", u(), "O", "Version of the root document."),
      f(7, "rootDigest", b(32), "O", "SHA-256 of the root document."),
      f(8, "name", t(64), "O", "Name of the server, for people."),
    ],
  },
  {
    name: "EnrolRequest",
    doc: "Encrypted payload of Noise message 1.",
    maxBytes: 900,
    fields: [
      f(0, "v", u(), "R", "Minor of the sender."),
      f(1, "tokenId", b(8), "O", "Id of the enrolment token; absent means no token."),
      f(2, "hwClass", t(32, "slug"), "R", "Hardware class, [a-z0-9-]."),
      f(3, "serial", t(48), "O", "Serial number of the hardware."),
      f(4, "model", t(64), "O", "Model of the hardware, for people."),
      f(5, "agentVersion", t(32), "R", "Version of the agent or firmware."),
      f(6, "name", t(63), "O", "Name the device wishes for."),
      f(7, "rxMax", u(65_536, 1_024), "R", "Largest body the device can take, in bytes."),
      f(
        8,
        "helloDigest",
        b(32),
        "O",
        "SHA-256 of the hello the device acted on; required if it used one.",
      ),
      f(9, "reason", e("EnrolReason"), "O", "Why it enrols; absent means first."),
      f(10, "labels", list(tuple("LabelPair"), 8), "O", "Wished labels; those of a token win."),
      f(11, "rootVersion", u(), "O", "Version of the root document held."),
      f(12, "deviceId", b(16), "R", "Random device id, shown to administrators only."),
    ],
  },
  {
    name: "EnrolReply",
    doc: "Encrypted payload of Noise message 2.",
    maxBytes: 256,
    fields: [
      f(0, "v", u(), "R", "Minor of the sender."),
      f(1, "kid", b(8), "R", "Id of the session keys just agreed."),
      f(2, "state", e("DeviceStateCode"), "R", "Admission; unknown means pending."),
      f(3, "time", u(), "R", "Server's Unix time in ms."),
      f(4, "intervalS", u(604_800, 1), "R", "Seconds between syncs, 1 to 604,800."),
      f(5, "serverEpoch", u32, "R", "Changes when the server was restored from a backup."),
      f(6, "tokenStatus", e("TokenStatus"), "O", "What became of the token."),
      f(
        7,
        "txMax",
        u(16_384, 1_024),
        "O",
        "Largest request the server takes, in bytes; absent means 16,384.",
      ),
      f(8, "waitMax", u(50), "O", "Longest wait in seconds; absent means 50."),
    ],
  },
  {
    name: "ErrorReply",
    doc: "Unauthenticated error: plain CBOR, a hint that changes only the sender's back-off.",
    maxBytes: 64,
    fields: [
      f(1, "code", e("WireErrorCode"), "R", "What went wrong."),
      f(2, "retryAfterS", u(), "O", "Seconds to wait; honoured up to 900."),
    ],
  },
];
