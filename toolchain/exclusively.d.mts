/**
 * Runs `work` while no other process on this machine holds the same `name`.
 * The lock dies with its holder, however that ends, so it is never stale; a waiter is woken by the holder's end.
 * `onWait` is called once if somebody else holds it.
 */
export function exclusively<T>(name: string, work: () => Promise<T> | T, onWait?: () => void): Promise<T>;
