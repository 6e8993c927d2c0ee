/** Schema of our own in the application's database, on every node of mode logical, in which we keep our books. */
export const ownSchema = "postgres_cluster";
