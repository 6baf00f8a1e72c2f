/**
 * Envelopes: what proves that bytes come from the other side of a session, or from an offline key.
 *
 * @module
 */
export { openBox, sealBox } from "./box.ts";
export { signManifest, verifyManifest } from "./manifest.ts";
export { type RootTrust, signRootDocument, verifyRootDocument } from "./root_document.ts";
export {
  KID_BYTES,
  openSyncReply,
  openSyncRequest,
  sealSyncReply,
  sealSyncRequest,
  type SyncEnvelope,
} from "./sync_envelope.ts";
