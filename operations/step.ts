import type { TableName } from "../configs/tableName.ts";
import type { Copies, DesiredPublication, Reader } from "./logical/publications.ts";

/** One thing that the reconciler wants done on a node. Plain data; `steps/` knows how. Every step may be cut off and run again. */
export type Step =
  /** Start a container that was stopped. */
  | { readonly kind: "startContainer"; readonly node: string }
  /** Put the declared files on the config volume; whoever loads them comes later. */
  | { readonly kind: "writeFiles"; readonly node: string }
  /** initdb: an empty cluster on the first primary, then start it. */
  | { readonly kind: "initialise"; readonly node: string }
  /** Write the runtime file and, where a server runs, reload it. */
  | { readonly kind: "writeRuntime"; readonly node: string; readonly synchronousStandbyNames: string }
  /** Wake the entrypoint and wait until the server accepts connections. */
  | { readonly kind: "startServer"; readonly node: string }
  /**
   * Restart a server and wait until it is what it was: for a standby, until it streams from `primary` again. With `awaitReplay` a
   * standby has to have replayed first what its primary has written: a limit that went down there.
   */
  | {
      readonly kind: "restartServer";
      readonly node: string;
      readonly primary: string;
      readonly awaitReplay: boolean;
    }
  /** Roles with their passwords, the database, grants. */
  | { readonly kind: "configureRoles"; readonly node: string }
  | { readonly kind: "createSlot"; readonly node: string; readonly slot: string }
  /** Base backup, verified, in place of whatever standby was there; then start it. */
  | { readonly kind: "clone"; readonly node: string; readonly from: string }
  /** A primary that has become a standby on its disk already stays what it is. */
  | { readonly kind: "keepPrimary"; readonly node: string }
  /** The primary (`node`) becomes a standby of `to`, and `to` the primary, without the loss of a row; the others follow it. */
  | { readonly kind: "switchOver"; readonly node: string; readonly to: string }
  /** A former primary, fenced by a failover, becomes a standby of `from`: rewound, or cloned where that is not possible. */
  | { readonly kind: "rejoin"; readonly node: string; readonly from: string }
  /** Make a standby the primary of a cluster that has none, once it has all that any of `others` has. */
  | { readonly kind: "promote"; readonly node: string; readonly others: readonly string[] }
  /** A physical slot that nobody uses any more: of a standby that was a primary. */
  | { readonly kind: "dropSlot"; readonly node: string; readonly slot: string }
  /** Stop a node that the plan no longer has, and drop its slot on the primary (`node`). */
  | {
      readonly kind: "retire";
      readonly node: string;
      readonly leaver: string;
      readonly container: string;
      readonly slot: string;
    }
  /** Our books, and the declared schema files that are missing here, in their order. */
  | { readonly kind: "applySchemaFiles"; readonly node: string; readonly paths: readonly string[] }
  /** Enter by which definition the rows of subscribed tables are there. */
  | ({ readonly kind: "recordCopies" } & Copies)
  /** In one transaction. */
  | { readonly kind: "setPublications"; readonly node: string; readonly publications: readonly DesiredPublication[] }
  | { readonly kind: "dropPublication"; readonly node: string; readonly publication: string }
  /** Let subscribers' roles read what their publications name, and nothing else. One step: they share the tables' lists of rights. */
  | { readonly kind: "grantReading"; readonly node: string; readonly readers: readonly Reader[] }
  | { readonly kind: "dropLogicalSlot"; readonly node: string; readonly slot: string }
  /** Subscribe, and start to copy `tables`. */
  | ({ readonly kind: "createSubscription" } & Copies)
  /** Connection and options as planned, these publications, and enabled. */
  | { readonly kind: "alterSubscription"; readonly node: string; readonly publications: readonly string[] }
  /** Read these bridges in place of what was read before, and let go of every table but those `kept`. All at once. */
  | {
      readonly kind: "enterBridges";
      readonly node: string;
      readonly publications: readonly string[];
      readonly kept: readonly TableName[];
    }
  /** Take in what is `published` by now, and start to copy `tables`, those of it that are new; let go of what no longer is. */
  | ({ readonly kind: "refreshSubscription"; readonly published: readonly TableName[] } & Copies)
  | { readonly kind: "dropSubscription"; readonly node: string; readonly subscription: string }
  /** Wait until every subscribed table is copied and follows the stream. */
  | { readonly kind: "awaitTables"; readonly node: string }
  /** Empty so far: the publisher's whole server by a base backup, and a subscription from where that ends. `tables`: all of it. */
  | ({ readonly kind: "cloneSubscriber" } & Copies)
  | { readonly kind: "dropRole"; readonly node: string; readonly role: string }
  | { readonly kind: "dropOrigin"; readonly node: string; readonly origin: string }
  /** Wait for enough standbys, switch synchronous_standby_names on, prove it by a commit. */
  | { readonly kind: "enableQuorum"; readonly node: string; readonly synchronousStandbyNames: string };

/** Steps that run at the same time; the next stage waits for all of them. */
export type Stage = readonly Step[];
