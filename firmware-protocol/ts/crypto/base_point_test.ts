import { deepEqual, doesNotThrow } from "node:assert/strict";
import { forgoBasePointTable } from "./base_point.ts";
import { selfTest } from "./known_answers.ts";
import { keyPairFromSecret, sharedSecret } from "./key_pair.ts";
import { sign, signingKeyFromSeed } from "./signature.ts";

Deno.test("without the table of the base point keys and signatures are the same", () => {
  const secrets = Array.from({ length: 8 }, (_, at) => new Uint8Array(32).fill(37 * at + 1));
  const compute = () =>
    secrets.map((secret, at) => {
      const { publicKey } = keyPairFromSecret(secret);
      const other = keyPairFromSecret(secrets[(at + 1) % secrets.length]!);
      const signingKey = signingKeyFromSeed(secret);
      return [
        publicKey,
        sharedSecret(secret, other.publicKey),
        signingKey.publicKey,
        sign(publicKey, signingKey),
      ];
    });
  const before = compute();
  forgoBasePointTable();
  deepEqual(compute(), before);
  doesNotThrow(selfTest);
});
