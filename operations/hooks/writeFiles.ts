import { NodeContainer } from "../docker.ts";
import { environmentName } from "../files.ts";
import { writeFiles } from "../steps/writeFiles.ts";
import { requiredEnvironment } from "./requiredEnvironment.ts";

/** Run by the RenderedConfig resource: puts one node's declared files on its config volume, and prints the release. */
export async function writeFilesHook(): Promise<void> {
  const names = requiredEnvironment("FILE_NAMES").split(" ");
  const declared = Object.fromEntries(names.map((name) => [name, requiredEnvironment(environmentName(name))]));
  const secret = JSON.parse(requiredEnvironment("SECRET_FILES")) as Record<string, string>;
  const container = new NodeContainer(requiredEnvironment("CONTAINER"));
  process.stdout.write(`${await writeFiles(container, { ...declared, ...secret })}\n`);
}
