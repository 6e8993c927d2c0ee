import { connectionString } from "./connectionString.ts";
import { paths, postgresPort } from "./paths.ts";

/** Who connects, and what for: libpq's own keywords, in the order in which they are written. */
export interface NodeLogin {
  readonly user: string;
  readonly [keyword: string]: string;
}

/**
 * Connection string of one node to another, without a password: that is in the passfile. `channel_binding=require` ties the SCRAM
 * exchange to the TLS channel, so a password is of no use to someone in between; it needs server certificates whose signature has
 * a hash (ECDSA, RSA; not Ed25519).
 */
export function nodeConnection(host: string, login: NodeLogin): string {
  return connectionString({
    host,
    port: String(postgresPort),
    ...login,
    passfile: paths.passfile,
    sslmode: "verify-full",
    sslrootcert: paths.caCertificate,
    channel_binding: "require",
  });
}
