/** In bytes: PostgreSQL's NAMEDATALEN less one, and the longest label of a host name. */
export const longestName = 63;
