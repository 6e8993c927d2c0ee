import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/language_pb.js";
import { empty, grpc, loadLanguage, loadLanguageService, plugin } from "../framework/protocol.ts";
import { type PluginServices, servePlugin } from "../framework/servePlugin.ts";
import { installedPackages, requiredPlugins } from "./requiredPackages.ts";
import { runProgram } from "./runProgram.ts";

const pulumiVersion = "3.259.0";
const language = loadLanguage();

/** Pulumi's language host for Node: names the program's plugins, and runs the program. */
function createLanguageHost(firstAddress: string): PluginServices {
  let engineAddress = firstAddress;
  const cancelled = new AbortController();
  const running = new Set<Promise<unknown>>();

  const run = async (request: messages.RunRequest) => {
    const program = runProgram(request, engineAddress, cancelled.signal);
    running.add(program);
    try {
      const { error, bail } = await program;
      return new language.RunResponse().setError(error ?? "").setBail(bail ?? false);
    } finally {
      running.delete(program);
    }
  };

  const handlers = {
    handshake: (request: messages.LanguageHandshakeRequest) => {
      engineAddress = request.getEngineAddress() || engineAddress;
      return new language.LanguageHandshakeResponse();
    },
    getPluginInfo: () => new plugin.PluginInfo().setVersion(pulumiVersion),
    getRequiredPackages: (request: messages.GetRequiredPackagesRequest) =>
      new language.GetRequiredPackagesResponse().setPackagesList(
        requiredPlugins(request.getInfo()?.getProgramDirectory() ?? ".").map(({ name, version, server }) =>
          new plugin.PackageDependency().setKind("resource").setName(name).setVersion(version).setServer(server),
        ),
      ),
    getProgramDependencies: (request: messages.GetProgramDependenciesRequest) =>
      new language.GetProgramDependenciesResponse().setDependenciesList(
        installedPackages(request.getInfo()?.getProgramDirectory() ?? ".").map(({ name = "", version = "" }) =>
          new language.DependencyInfo().setName(name).setVersion(version),
        ),
      ),
    about: () => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    runtimeOptionsPrompts: () => new language.RuntimeOptionsResponse(),
    template: () => new language.TemplateResponse(),
    run,
    cancel: () => {
      cancelled.abort();
      return new empty.Empty();
    },
  };

  return {
    register(server) {
      const unary = Object.entries(handlers).map(([name, handler]) => [name, answer(handler as Handler)]);
      server.addService(loadLanguageService().LanguageRuntimeService, {
        ...Object.fromEntries(unary),
        installDependencies: refuseInstall,
      });
    },
    async close() {
      cancelled.abort();
      await Promise.allSettled(running);
    },
  };
}

type Handler = (request: unknown) => unknown;

function answer(handler: Handler) {
  return (call: ServerUnaryCall<unknown, unknown>, respond: sendUnaryData<unknown>) => {
    (async () => handler(call.request))().then(
      (response) => respond(null, response),
      (error: Error) => respond({ code: grpc.status.UNKNOWN, details: error.message }),
    );
  };
}

function refuseInstall(call: ServerWritableStream<unknown, unknown>): void {
  const details = "the registry-only language host does not install dependencies: run npm ci in the program's folder";
  call.emit("error", { code: grpc.status.FAILED_PRECONDITION, details });
}

await servePlugin((_engineLog, engineAddress) => createLanguageHost(engineAddress));
