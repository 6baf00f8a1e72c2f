import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import published from "../../vectors/noise_ikpsk2.json" with { type: "json" };
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { type KeyPair, keyPairFromSecret } from "../crypto/key_pair.ts";
import { initiate, NOISE_PROTOCOL, receive } from "./ikpsk2.ts";
import { noiseNonce } from "./symmetric_state.ts";

const NOTHING = new Uint8Array(0);
const { vector } = published;
const psk = hexToBytes(vector.init_psks[0]!);
const pairOf = (secret: string): KeyPair => keyPairFromSecret(hexToBytes(secret));

function publishedHandshake() {
  const [first, second] = vector.messages;
  const initiation = initiate({
    prologue: hexToBytes(vector.init_prologue),
    localStatic: pairOf(vector.init_static),
    remoteStatic: hexToBytes(vector.init_remote_static),
    ephemeral: pairOf(vector.init_ephemeral),
    payload: hexToBytes(first!.payload),
  });
  const reception = receive({
    prologue: hexToBytes(vector.resp_prologue),
    localStatic: pairOf(vector.resp_static),
    message: hexToBytes(first!.ciphertext),
  });
  const ephemeral = pairOf(vector.resp_ephemeral);
  const answer = reception.answer({ psk, ephemeral, payload: hexToBytes(second!.payload) });
  return { initiation, reception, answer };
}

Deno.test("the name of the protocol is the published vector's", () => {
  strictEqual(vector.protocol_name, NOISE_PROTOCOL);
});

Deno.test("the handshake is byte for byte that of the published vector, with both sides' keys and hash", () => {
  const [first, second] = vector.messages;
  const { initiation, reception, answer } = publishedHandshake();
  strictEqual(bytesToHex(initiation.message), first!.ciphertext);
  strictEqual(bytesToHex(reception.payload), first!.payload);
  deepStrictEqual(reception.remoteStatic, pairOf(vector.init_static).publicKey);
  strictEqual(bytesToHex(answer.message), second!.ciphertext);
  const end = initiation.finish(answer.message, [psk]);
  strictEqual(bytesToHex(end.payload), second!.payload);
  strictEqual(bytesToHex(end.keys.handshakeHash), vector.handshake_hash);
  deepStrictEqual(end.keys, answer.keys);
});

Deno.test("the transport keys open the published vector's transport messages", () => {
  const { answer } = publishedHandshake();
  for (const [at, { payload, ciphertext }] of vector.messages.slice(2).entries()) {
    const parameters = {
      key: at % 2 === 0 ? answer.keys.k1 : answer.keys.k2,
      nonce: noiseNonce(at >> 1),
      additionalData: NOTHING,
    };
    strictEqual(bytesToHex(aeadSeal(hexToBytes(payload), parameters)), ciphertext);
    strictEqual(bytesToHex(aeadOpen(hexToBytes(ciphertext), parameters)!), payload);
  }
});

Deno.test("the initiator takes the first pre-shared key that fits, and says which", () => {
  const { initiation, answer } = publishedHandshake();
  const wrong = new Uint8Array(32);
  const end = initiation.finish(answer.message, [wrong, wrong, psk, wrong]);
  strictEqual(end.pskIndex, 2);
  deepStrictEqual(end.keys, answer.keys);
});

Deno.test("the initiator refuses an answer under a pre-shared key it does not hold", () => {
  const { initiation, answer } = publishedHandshake();
  throws(() => initiation.finish(answer.message, [new Uint8Array(32)]), {
    code: "handshake.failed",
  });
  const again = publishedHandshake();
  throws(() => again.initiation.finish(again.answer.message, []), { code: "handshake.failed" });
});

Deno.test("the prologue is bound: another one is refused", () => {
  throws(
    () =>
      receive({
        prologue: Uint8Array.of(1),
        localStatic: pairOf(vector.resp_static),
        message: hexToBytes(vector.messages[0]!.ciphertext),
      }),
    { code: "handshake.failed" },
  );
});

Deno.test("each side works once, and its ephemeral secret is erased", () => {
  const initiator = pairOf(vector.init_ephemeral);
  const responder = pairOf(vector.resp_ephemeral);
  const initiation = initiate({
    prologue: NOTHING,
    localStatic: pairOf(vector.init_static),
    remoteStatic: hexToBytes(vector.init_remote_static),
    ephemeral: initiator,
    payload: NOTHING,
  });
  const reception = receive({
    prologue: NOTHING,
    localStatic: pairOf(vector.resp_static),
    message: initiation.message,
  });
  const { message } = reception.answer({ psk, ephemeral: responder, payload: NOTHING });
  deepStrictEqual(responder.secretKey, new Uint8Array(32));
  throws(() => reception.answer({ psk, ephemeral: responder, payload: NOTHING }), TypeError);
  initiation.finish(message, [psk]);
  deepStrictEqual(initiator.secretKey, new Uint8Array(32));
  throws(() => initiation.finish(message, [psk]), TypeError);
});

Deno.test("messages too short to be any are malformed, and small-order ephemeral keys are refused", () => {
  const localStatic = pairOf(vector.resp_static);
  throws(() => receive({ prologue: NOTHING, localStatic, message: new Uint8Array(95) }), {
    code: "handshake.malformed",
  });
  throws(() => receive({ prologue: NOTHING, localStatic, message: new Uint8Array(200) }), {
    code: "key.small_order",
  });
  const { initiation } = publishedHandshake();
  throws(() => initiation.finish(new Uint8Array(47), [psk]), { code: "handshake.malformed" });
  const other = publishedHandshake();
  throws(() => other.initiation.finish(new Uint8Array(48), [psk]), { code: "key.small_order" });
});
