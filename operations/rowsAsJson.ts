/** A query's rows as one JSON list, for `json_build_object`: empty rather than null where there are none. */
export const rowsAsJson = (select: string): string => `coalesce((select json_agg(r) from (${select}) r), '[]')`;

/** The values of a query's only column as one JSON list. */
export const valuesAsJson = (select: string): string => `coalesce((select json_agg(v) from (${select}) r(v)), '[]')`;
