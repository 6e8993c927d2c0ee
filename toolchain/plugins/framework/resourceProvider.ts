import type { Server, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { checkInputs } from "./checkInputs.ts";
import { diffState } from "./diffState.ts";
import type { EngineLog } from "./engineLog.ts";
import { packageSchema } from "./packageSchema.ts";
import { markSecrets, plannedOutputs } from "./plannedOutputs.ts";
import {
  decodeProperties,
  encodeProperties,
  type PropertyMap,
  type PropertyValue,
  revealSecrets,
  unknown,
} from "./propertyValue.ts";
import { empty, loadProviderService, plugin, provider } from "./protocol.ts";
import { readInputs } from "./readInputs.ts";
import { type Operation, PartlyCreatedError, type Resource } from "./resource.ts";
import type { Fields } from "./resourceSchema.ts";
import { checkResponse, diffResponse, InitFailedError, toStatus } from "./responses.ts";
import { type PluginServices, servePlugin } from "./servePlugin.ts";

/** A resource plugin: its name and version are those of the official one that it stands in for. */
export interface ProviderDefinition {
  name: string;
  version: string;
  config: Fields;
  configure?(config: PropertyMap): void;
  resources: Resource[];
}

/** Runs a resource plugin until the engine ends it. */
export function serveProvider(definition: ProviderDefinition): Promise<void> {
  return servePlugin((engineLog) => new ResourceProvider(definition, engineLog));
}

type Handler = (request: never) => unknown;

/** The gRPC service `ResourceProvider` over a list of resource types. */
class ResourceProvider implements PluginServices {
  readonly #definition: ProviderDefinition;
  readonly #engineLog: EngineLog;
  readonly #cancelled = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(definition: ProviderDefinition, engineLog: EngineLog) {
    this.#definition = definition;
    this.#engineLog = engineLog;
  }

  register(server: Server): void {
    const done = () => new empty.Empty();
    const handlers: Record<string, Handler> = {
      handshake: () => new provider.ProviderHandshakeResponse().setAcceptSecrets(true),
      getPluginInfo: () => new plugin.PluginInfo().setVersion(this.#definition.version),
      getSchema: () => this.#getSchema(),
      attach: done,
      cancel: () => {
        this.#cancelled.abort();
        return done();
      },
      checkConfig: (request: messages.CheckRequest) => this.#checkConfig(request),
      diffConfig: (request: messages.DiffRequest) => this.#diffConfig(request),
      configure: (request: messages.ConfigureRequest) => this.#configure(request),
      check: (request: messages.CheckRequest) => this.#check(request),
      diff: (request: messages.DiffRequest) => this.#diff(request),
      create: (request: messages.CreateRequest) => this.#create(request),
      read: (request: messages.ReadRequest) => this.#read(request),
      update: (request: messages.UpdateRequest) => this.#update(request),
      delete: async (request: messages.DeleteRequest) => {
        await this.#delete(request);
        return done();
      },
    };
    server.addService(
      loadProviderService().ResourceProviderService,
      Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, this.#unary(handler)])),
    );
  }

  /** Ends running operations, and waits until they have ended. */
  async close(): Promise<void> {
    this.#cancelled.abort();
    await Promise.allSettled(this.#running);
  }

  #unary(handler: Handler) {
    return (call: ServerUnaryCall<unknown, unknown>, respond: sendUnaryData<unknown>) => {
      const answer = (async () => handler(call.request as never))().then(
        (response) => respond(null, response),
        (error) => respond(toStatus(error)),
      );
      this.#running.add(answer);
      answer.finally(() => this.#running.delete(answer));
    };
  }

  #getSchema() {
    const { name, version, config, resources } = this.#definition;
    const schemas = resources.map(({ schema }) => schema);
    return new provider.GetSchemaResponse().setSchema(packageSchema(name, version, config, schemas));
  }

  #resource(urn: string): Resource {
    const type = urn.split("::")[2]?.split("$").at(-1);
    const resource = this.#definition.resources.find(({ schema }) => schema.token === type);
    if (resource === undefined) {
      const known = this.#definition.resources.map(({ schema }) => schema.token).join(", ");
      throw new Error(`resource type ${type} is not supported by the registry-only plugins (supported here: ${known})`);
    }
    return resource;
  }

  #operation(urn: string, timeoutSeconds = 0): Operation {
    const timeout = timeoutSeconds > 0 ? [AbortSignal.timeout(timeoutSeconds * 1000)] : [];
    return {
      name: urn.split("::").slice(3).join("::"),
      signal: AbortSignal.any([this.#cancelled.signal, ...timeout]),
      log: (severity, message, options) =>
        this.#engineLog.log(severity, message, { urn, status: options?.keep !== true }),
    };
  }

  #checkConfig(request: messages.CheckRequest) {
    const given = decodeProperties(request.getNews());
    const { version: _version, pluginDownloadURL: _url, ...config } = given;
    return checkResponse(given, checkInputs(this.#definition.config, config));
  }

  #diffConfig(request: messages.DiffRequest) {
    const schema = { token: "", inputs: this.#definition.config, outputs: {} };
    const [state, inputs] = [request.getOlds(), request.getNews()].map(plainProperties) as [PropertyMap, PropertyMap];
    return diffResponse(diffState(schema, state, inputs), schema);
  }

  #configure(request: messages.ConfigureRequest) {
    this.#definition.configure?.(plainProperties(request.getArgs()));
    return new provider.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  #check(request: messages.CheckRequest) {
    const inputs = decodeProperties(request.getNews());
    return checkResponse(inputs, checkInputs(this.#resource(request.getUrn()).schema.inputs, inputs));
  }

  #diff(request: messages.DiffRequest) {
    const { schema, extraChanges } = this.#resource(request.getUrn());
    const [state, inputs] = [request.getOlds(), request.getNews()].map(plainProperties) as [PropertyMap, PropertyMap];
    const changes = [...diffState(schema, state, inputs), ...(extraChanges?.(state, inputs) ?? [])];
    const ignored = request.getIgnorechangesList();
    return diffResponse(
      changes.filter(({ path }) => !ignored.some((prefix) => isWithin(path, prefix))),
      schema,
    );
  }

  async #create(request: messages.CreateRequest) {
    const resource = this.#resource(request.getUrn());
    const inputs = decodeProperties(request.getProperties());
    const planned = plannedOutputs(resource.schema, revealSecrets(inputs) as PropertyMap);
    const record = (id: PropertyValue, outputs: PropertyMap) =>
      encodeProperties(stateRecord(resource, id, outputs, inputs));
    if (request.getPreview()) return new provider.CreateResponse().setProperties(record(unknown, planned));
    const operation = this.#operation(request.getUrn(), request.getTimeout());
    try {
      const { id, outputs } = await resource.create(withoutUnknowns(planned), operation);
      return new provider.CreateResponse().setId(id).setProperties(record(id, outputs));
    } catch (error) {
      if (!(error instanceof PartlyCreatedError)) throw error;
      const detail = new provider.ErrorResourceInitFailed()
        .setId(error.state.id)
        .setProperties(record(error.state.id, error.state.outputs))
        .setInputs(request.getProperties())
        .setReasonsList([error.message]);
      throw new InitFailedError(error.message, detail);
    } finally {
      await this.#engineLog.flush();
    }
  }

  async #read(request: messages.ReadRequest) {
    const resource = this.#resource(request.getUrn());
    const [state, inputs] = [request.getProperties(), request.getInputs()].map(decodeProperties) as [
      PropertyMap,
      PropertyMap,
    ];
    if (Object.keys(state).length === 0 && !resource.importable) {
      throw new Error(`a ${resource.schema.token} cannot be imported`);
    }
    if (resource.read === undefined) {
      return new provider.ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs());
    }
    const operation = this.#operation(request.getUrn());
    const found = await resource.read(request.getId(), revealSecrets(state) as PropertyMap, operation);
    if (found === undefined) return new provider.ReadResponse();
    const foundInputs = readInputs(resource.schema, inputs, found.outputs);
    return new provider.ReadResponse()
      .setId(found.id)
      .setProperties(encodeProperties(stateRecord(resource, found.id, found.outputs, inputs)))
      .setInputs(encodeProperties(markSecrets(resource.schema, foundInputs, inputs)));
  }

  async #update(request: messages.UpdateRequest) {
    const resource = this.#resource(request.getUrn());
    const inputs = decodeProperties(request.getNews());
    const state = plainProperties(request.getOlds());
    const planned = plannedOutputs(resource.schema, revealSecrets(inputs) as PropertyMap, state);
    const record = (outputs: PropertyMap) => encodeProperties(stateRecord(resource, request.getId(), outputs, inputs));
    if (request.getPreview() || resource.update === undefined) {
      return new provider.UpdateResponse().setProperties(record(planned));
    }
    const operation = this.#operation(request.getUrn(), request.getTimeout());
    try {
      const outputs = await resource.update(request.getId(), state, withoutUnknowns(planned), operation);
      return new provider.UpdateResponse().setProperties(record(outputs));
    } finally {
      await this.#engineLog.flush();
    }
  }

  async #delete(request: messages.DeleteRequest): Promise<void> {
    const resource = this.#resource(request.getUrn());
    const operation = this.#operation(request.getUrn(), request.getTimeout());
    try {
      await resource.delete?.(request.getId(), plainProperties(request.getProperties()), operation);
    } finally {
      await this.#engineLog.flush();
    }
  }
}

/** Whether a property path is the other one, or lies below it. */
function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

function plainProperties(message: Parameters<typeof decodeProperties>[0]): PropertyMap {
  return revealSecrets(decodeProperties(message)) as PropertyMap;
}

function withoutUnknowns(planned: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(planned).map(([name, value]) => [name, value === unknown ? null : value]));
}

/** The outputs as Pulumi records them. */
function stateRecord({ schema }: Resource, id: PropertyValue, outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return {
    ...markSecrets(schema, outputs, inputs),
    ...(schema.idInOutputs && { id }),
    ...(schema.meta && { __meta: JSON.stringify(schema.meta) }),
  };
}
