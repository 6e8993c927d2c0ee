import type { PropertyChange } from "./diffState.ts";
import type { LogSeverity } from "./engineLog.ts";
import type { PropertyMap } from "./propertyValue.ts";
import type { ResourceSchema } from "./resourceSchema.ts";

/** What an operation on one resource may use. */
export interface Operation {
  /** The resource's logical name. */
  name: string;
  /** Aborted by Ctrl-C and by a resource's custom timeout. */
  signal: AbortSignal;
  /** Shows a line: as the resource's current status, or (`keep`) among its diagnostics. */
  log(severity: LogSeverity, message: string, options?: { keep?: boolean }): void;
}

/** A resource as it is: its provider's id, and all its outputs. */
export interface ResourceState {
  id: string;
  outputs: PropertyMap;
}

/**
 * A resource type. All values are plain: the framework takes secret marks off and puts them back, fills defaults in, and
 * has refused what the schema does not know.
 */
export interface Resource {
  schema: ResourceSchema;
  /** Creates it from `wanted`: each input, or its default, or null. Throws `PartlyCreatedError` when it half exists. */
  create(wanted: PropertyMap, operation: Operation): Promise<ResourceState>;
  /** `read` needs no more than the id. */
  importable?: true;
  /** Its present state, or undefined when it is gone. Without `read`, the recorded state is taken as true. */
  read?(id: string, state: PropertyMap, operation: Operation): Promise<ResourceState | undefined>;
  /** Brings a resource in `state` to `wanted`; returns its new outputs. */
  update?(id: string, state: PropertyMap, wanted: PropertyMap, operation: Operation): Promise<PropertyMap>;
  /** Deletes it; one that is gone already is no error. */
  delete?(id: string, state: PropertyMap, operation: Operation): Promise<void>;
  /** Changes that do not come from inputs, such as a certificate that is about to expire. */
  extraChanges?(state: PropertyMap, wanted: PropertyMap): PropertyChange[];
}

/** The resource exists, but is not as wanted: it is recorded with the error, and the next `up` replaces it. */
export class PartlyCreatedError extends Error {
  readonly state: ResourceState;

  constructor(state: ResourceState, reason: string) {
    super(reason);
    this.state = state;
  }
}
