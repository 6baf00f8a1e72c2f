/**
 * Documents that outlive an exchange: release manifest, root document, provisioning bundle.
 * They are signed or carried by other means; this is their content only.
 *
 * @module
 */
import {
  b,
  e,
  field as f,
  list,
  MAX_INTEGER,
  type Message,
  t,
  type Tuple,
  tuple,
  u,
} from "./types.ts";

/** PROTOCOL §3, §7, §8: manifest, root document, bundle. */
export const TRUST: readonly Message[] = [
  {
    name: "Manifest",
    doc: "What an offline release key signs: one release for one class of devices.",
    maxBytes: 4_096,
    criticalFrom: 16,
    check: "checkManifest",
    fields: [
      f(1, "format", u(1, 1), "R", "1."),
      f(2, "sequence", u(), "R", "Grows with each release; the anti-rollback order."),
      f(3, "vendor", b(16), "R", "Vendor id."),
      f(4, "class", b(16), "R", "Class of devices it may run on."),
      f(5, "created", u(), "R", "Unix time in seconds."),
      f(6, "minFloor", u(), "R", "Anti-rollback floor once the release proved good."),
      f(
        7,
        "components",
        list(tuple("ManifestComponent"), 8, 1),
        "R",
        "1 to 8 components, ids ascending.",
      ),
      f(8, "minAgent", t(32), "O", "Oldest agent that can install it."),
      f(9, "expires", u(), "O", "Unix time in seconds; advice at installation only."),
      f(10, "version", t(32), "O", "Version, for people."),
    ],
  },
  {
    name: "RootDocument",
    doc: "Keys of a fleet; signed by a threshold of the old and of the new root keys.",
    maxBytes: 4_096,
    criticalFrom: 16,
    check: "checkRootDocument",
    fields: [
      f(1, "version", u(MAX_INTEGER, 1), "R", "Grows with each document."),
      f(2, "fleetId", b(8), "R", "Fleet it is for."),
      f(3, "threshold", u(8, 1), "R", "Root signatures needed, at most the number of root keys."),
      f(4, "rootKeys", list(b(32), 8, 1), "R", "Ed25519 root keys, ascending."),
      f(5, "releaseKeys", list(b(32), 8), "R", "Ed25519 keys that may sign manifests, ascending."),
      f(6, "serverKeys", list(b(32), 4), "R", "X25519 keys of the servers, ascending."),
      f(7, "created", u(), "R", "Unix time in seconds."),
      f(8, "revokedKeys", list(b(8), 32), "O", "Key ids never to be accepted again, ascending."),
    ],
  },
  {
    name: "Bundle",
    doc: "What provisioning leaves on a device so that it never trusts on first use.",
    maxBytes: 2_048,
    fields: [
      f(0, "v", u(), "R", "Minor of the writer."),
      f(1, "fleetId", b(8), "R", "Fleet the device belongs to."),
      f(2, "deviceId", b(16), "R", "Random device id."),
      f(3, "serverKey", b(32), "R", "X25519 public key of the server."),
      f(4, "rootDigest", b(32), "O", "SHA-256 of the root document."),
      f(5, "urls", list(t(160), 4), "R", "Base URLs; empty means find it by mDNS."),
      f(6, "token", b(24), "O", "Enrolment token: id (8) and secret (16)."),
      f(7, "labels", list(tuple("LabelPair"), 8), "O", "Wished labels."),
      f(8, "name", t(63), "O", "Name the device wishes for."),
    ],
  },
];

/** Tuples of the documents. */
export const TRUST_TUPLES: readonly Tuple[] = [
  {
    name: "ManifestComponent",
    doc: "One file of a release.",
    items: [
      { name: "id", type: u(), doc: "Component id." },
      { name: "sha256", type: b(32), doc: "Digest of the payload." },
      { name: "size", type: u(2 ** 40), doc: "Size of the payload in bytes, at most 2^40." },
      { name: "name", type: t(64), doc: "File name or label." },
      { name: "kind", type: e("ComponentKind"), doc: "What it is." },
    ],
  },
];
