import type { StatusObject } from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ChangeKind, PropertyChange } from "./diffState.ts";
import { encodeProperties, type PropertyMap } from "./propertyValue.ts";
import { any, grpc, provider, status } from "./protocol.ts";
import type { ResourceSchema } from "./resourceSchema.ts";

/** Carries what was created along with the error, so that the engine records it. */
export class InitFailedError extends Error {
  readonly detail: messages.ErrorResourceInitFailed;

  constructor(message: string, detail: messages.ErrorResourceInitFailed) {
    super(message);
    this.detail = detail;
  }
}

/** The inputs with what is wrong with them, one sentence each. */
export function checkResponse(inputs: PropertyMap, reasons: string[]) {
  return new provider.CheckResponse()
    .setInputs(encodeProperties(inputs))
    .setFailuresList(reasons.map((reason) => new provider.CheckFailure().setReason(reason)));
}

/** The changes in the engine's words. */
export function diffResponse(changes: PropertyChange[], { deleteBeforeReplace, coarseDiff }: ResourceSchema) {
  const properties = (of: PropertyChange[]) =>
    [...new Set(of.map(({ path }) => path.split(/[.[]/)[0] as string))].sort();
  const replaces = changes.filter((change) => change.replaces);
  const renamed = changes.some(({ path }) => path === "name");
  const deletesFirst = deleteBeforeReplace === "always" || (deleteBeforeReplace === "sameName" && !renamed);
  const response = new provider.DiffResponse()
    .setChanges(
      changes.length > 0 ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE,
    )
    .setReplacesList(properties(replaces))
    .setDiffsList(properties(changes))
    .setHasdetaileddiff(!coarseDiff)
    .setDeletebeforereplace(deletesFirst && replaces.length > 0);
  for (const { path, kind, replaces: replace } of coarseDiff ? [] : changes) {
    response.getDetaileddiffMap().set(path, new provider.PropertyDiff().setKind(diffKind(kind, replace)));
  }
  return response;
}

function diffKind(kind: ChangeKind, replaces: boolean) {
  const kinds = provider.PropertyDiff.Kind;
  const [inPlace, replacing] = {
    add: [kinds.ADD, kinds.ADD_REPLACE],
    delete: [kinds.DELETE, kinds.DELETE_REPLACE],
    update: [kinds.UPDATE, kinds.UPDATE_REPLACE],
  }[kind] as [messages.PropertyDiff.Kind, messages.PropertyDiff.Kind];
  return replaces ? replacing : inPlace;
}

/** A gRPC error: the message alone for what users can act on, the stack for what is our own fault. */
export function toStatus(error: unknown): Partial<StatusObject> {
  const ours = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  const message = error instanceof Error ? (ours && error.stack) || error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitFailedError) {
    const detail = new any.Any();
    detail.pack(error.detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const details = new status.Status().setCode(grpc.status.UNKNOWN).setMessage(message).setDetailsList([detail]);
    metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
