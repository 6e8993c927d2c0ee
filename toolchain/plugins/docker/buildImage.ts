import type { Readable } from "node:stream";
import type { Operation } from "../framework/resource.ts";
import { packBuildContext } from "./buildContext.ts";
import { docker, engineMessage } from "./dockerClient.ts";

export interface ImageBuild {
  context: string;
  dockerfile: string;
  buildArgs?: Record<string, string>;
}

/** One message of the Engine's build stream. */
interface BuildMessage {
  stream?: string;
  status?: string;
  error?: string;
}

/** Lines of output that a failed build's error repeats. */
const linesInError = 30;
/** Steps are shown as they begin; the lines within a step at most this often. */
const millisecondsBetweenLines = 1000;

/**
 * Builds an image and names it, by the Engine's classic builder: the Dockerfile must do without BuildKit's extensions.
 * Progress is the resource's status; a failed build throws an error with the last lines of its output.
 */
export async function buildImage(name: string, build: ImageBuild, operation: Operation): Promise<void> {
  const client = await docker();
  const last: string[] = [];
  const show = shower(operation);
  try {
    const context = await packBuildContext(build.context, build.dockerfile);
    const stream = await client.buildImage(context, {
      t: name,
      dockerfile: build.dockerfile,
      buildargs: build.buildArgs ?? {},
      rm: true,
      forcerm: true,
      abortSignal: operation.signal,
    });
    for await (const message of messages(stream as Readable)) {
      if (message.error !== undefined) throw new Error(message.error);
      for (const line of (message.stream ?? message.status ?? "").split("\n").filter((text) => text.trim() !== "")) {
        last.push(line);
        if (last.length > linesInError) last.shift();
        show(line);
      }
    }
  } catch (error) {
    throw new Error([`unable to build image ${name}: ${engineMessage(error)}`, ...last].join("\n"), { cause: error });
  }
}

async function* messages(stream: Readable): AsyncGenerator<BuildMessage> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() as string;
    for (const line of lines.filter((text) => text.trim() !== "")) yield JSON.parse(line) as BuildMessage;
  }
  if (rest.trim() !== "") yield JSON.parse(rest) as BuildMessage;
}

function shower({ log }: Operation): (line: string) => void {
  let shownAt = 0;
  return (line) => {
    if (!/^Step \d+\/\d+ /.test(line) && Date.now() - shownAt < millisecondsBetweenLines) {
      log("debug", line);
      return;
    }
    shownAt = Date.now();
    log("info", line);
  };
}
