/**
 * Telemetry: standard metrics, samples, and the delta columns they travel in.
 *
 * @module
 */
export {
  decodeColumns,
  decodeSamples,
  type MetricColumn,
  newestValue,
  type SampleColumns,
  sampleTimes,
} from "./decode_samples.ts";
export { dictionaryDigest } from "./dictionary.ts";
export { encodeSamples, type SampleBatch, samplesThatFit } from "./encode_samples.ts";
export { metricById, metricByName, type Sample } from "./sample.ts";
export { exactScale, fromScaled, toScaled } from "./scale.ts";
