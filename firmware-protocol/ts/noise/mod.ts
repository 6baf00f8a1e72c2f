/**
 * The handshake by which devices enrol.
 *
 * @module
 */
export {
  beginEnrolment,
  type BegunEnrolment,
  type ReadEnrolment,
  readEnrolment,
  type SessionKeys,
  tokenPsk,
  ZERO_PSK,
} from "./enrolment.ts";
