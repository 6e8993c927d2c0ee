import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

const iterations = 4096;

/**
 * The form in which PostgreSQL stores a SCRAM-SHA-256 password (RFC 5802; PostgreSQL manual, 51.8 pg_authid). Sent in place of the
 * password, so that a plain one never reaches a log or pg_stat_activity.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16), rounds: number = iterations): string {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, rounds, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${rounds}:${salt.toString("base64")}$${storedKey}:${hmac("Server Key").toString("base64")}`;
}

const known = new Map<string, boolean>();

/** Does this stored form belong to this password? Anything that is not SCRAM-SHA-256 does not. Answers are kept: each takes milliseconds. */
export function matchesVerifier(password: string, stored: string | null): boolean {
  const key = `${password}\0${stored}`;
  const answer = known.get(key) ?? computeMatch(password, stored);
  known.set(key, answer);
  return answer;
}

function computeMatch(password: string, stored: string | null): boolean {
  const parts = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(stored ?? "");
  if (parts === null) return false;
  const expected = Buffer.from(scramVerifier(password, Buffer.from(parts[2]!, "base64"), Number(parts[1])));
  const actual = Buffer.from(stored!);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
