/** In place of operations/scram.ts where hashing is not the subject: it would take up nearly all of the time. */
export function scramVerifier(password: string): string {
  return `verifier of ${password}`;
}

export function matchesVerifier(password: string, stored: string | null): boolean {
  return stored === scramVerifier(password);
}
