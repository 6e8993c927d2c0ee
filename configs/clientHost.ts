/** The host under which a client on the Docker host reaches a published port: a wildcard is no address to connect to. */
export function clientHost(publishAddress: string): string {
  if (publishAddress === "0.0.0.0") return "127.0.0.1";
  return publishAddress === "::" ? "::1" : publishAddress;
}
