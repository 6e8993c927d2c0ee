import { createRequire } from "node:module";

/**
 * Pulumi's gRPC protocol, as generated for its Node SDK.
 *
 * The plugins use these modules without the rest of the SDK: that starts in a fraction of the time. They are CommonJS
 * whose exports Node cannot name ahead of time, hence `require` and the types beside it.
 */
const require = createRequire(import.meta.url);

export const grpc: typeof import("@grpc/grpc-js") = require("@grpc/grpc-js");
export const struct: typeof import("google-protobuf/google/protobuf/struct_pb.js") = require("google-protobuf/google/protobuf/struct_pb.js");
export const empty: typeof import("google-protobuf/google/protobuf/empty_pb.js") = require("google-protobuf/google/protobuf/empty_pb.js");
export const any: typeof import("google-protobuf/google/protobuf/any_pb.js") = require("google-protobuf/google/protobuf/any_pb.js");
export const plugin: typeof import("@pulumi/pulumi/proto/plugin_pb.js") = require("@pulumi/pulumi/proto/plugin_pb.js");
export const engine: typeof import("@pulumi/pulumi/proto/engine_pb.js") = require("@pulumi/pulumi/proto/engine_pb.js");
export const engineService: typeof import("@pulumi/pulumi/proto/engine_grpc_pb.js") = require("@pulumi/pulumi/proto/engine_grpc_pb.js");
export const provider: typeof import("@pulumi/pulumi/proto/provider_pb.js") = require("@pulumi/pulumi/proto/provider_pb.js");
export const status: typeof import("@pulumi/pulumi/proto/status_pb.js") = require("@pulumi/pulumi/proto/status_pb.js");

/** The service definitions; loaded by the one plugin that serves them. */
export const loadProviderService = (): typeof import("@pulumi/pulumi/proto/provider_grpc_pb.js") =>
  require("@pulumi/pulumi/proto/provider_grpc_pb.js");
export const loadLanguageService = (): typeof import("@pulumi/pulumi/proto/language_grpc_pb.js") =>
  require("@pulumi/pulumi/proto/language_grpc_pb.js");
export const loadLanguage = (): typeof import("@pulumi/pulumi/proto/language_pb.js") =>
  require("@pulumi/pulumi/proto/language_pb.js");
