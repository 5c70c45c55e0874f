// Proof of work, as ALTCHA describes it: find the number whose derived key begins as asked. It is
// computed by the browser's own cryptography, off the page's thread, in a page or a service worker.

/** What a refusal of type /loi/proof-required carries under "challenge". */
export interface Challenge {
  parameters: {
    algorithm: string;
    cost: number;
    keyLength: number;
    keyPrefix: string;
    nonce: string;
    salt: string;
    expiresAt?: number;
  };
  signature: string;
}

const KNOWN = "PBKDF2/SHA-256";
// The server draws the answer from below 300: whoever gets that far has a broken challenge.
const MOST_TRIES = 1000;

/**
 * The value of the header X-Proof for this challenge; null where it cannot be computed (another kind
 * of challenge, no cryptography outside https). `isWanted` may end the search.
 */
export async function solve(
  challenge: Challenge, isWanted: () => boolean = () => true,
): Promise<string | null> {
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  const subtle = globalThis.crypto?.subtle;
  if (algorithm !== KNOWN || !subtle) return null;
  const password = new Uint8Array([...bytesOf(nonce), 0, 0, 0, 0]);
  const counter = new DataView(password.buffer);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: cost };
  for (let tried = 0; tried < MOST_TRIES && isWanted(); tried += 1) {
    counter.setUint32(nonce.length / 2, tried);
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexOf(await subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      return btoa(JSON.stringify({ challenge, solution: { counter: tried, derivedKey } }));
    }
  }
  return null;
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array((hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

function hexOf(bits: ArrayBuffer): string {
  return Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
