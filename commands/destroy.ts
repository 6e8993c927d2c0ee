import { createInterface } from "node:readline/promises";
import { dataVolumes, removeVolumes } from "../toolchain/docker/dataVolumes.ts";
import { type Prepared, prepare } from "../toolchain/prepare.ts";
import { createProgress } from "../toolchain/progress.ts";
import { ensureStack, stackStateFile } from "../toolchain/state/stack.ts";
import { explainFailure, isInteractive, runPulumi } from "./runPulumi.ts";

export interface DestroyOptions {
  readonly stack: string;
  readonly yes?: boolean;
  readonly deleteData?: boolean;
  readonly rest: readonly string[];
}

/** `pulumi destroy`; then says which data volumes were kept, or removes them with `deleteData`. Does nothing where nothing is. */
export async function destroy({ stack, yes, deleteData, rest }: DestroyOptions): Promise<number> {
  const prepared = await prepare({ pulumi: true, docker: "answers" });
  const ask = !yes && isInteractive();
  const code = await destroyResources(prepared, stack, ask, rest);
  if (code !== 0) return code;

  const volumes = await dataVolumes(stack);
  if (volumes.length === 0) {
    process.stdout.write(`No data volume of stack ${stack} is left.\n`);
  } else if (
    deleteData &&
    (!ask || (await confirm(`Delete the data in ${volumes.join(", ")}? It cannot be brought back.`)))
  ) {
    await removeVolumes(volumes);
    process.stdout.write(`Deleted the data volumes ${volumes.join(", ")}.\n`);
  } else {
    process.stdout.write(
      `Kept the data volumes ${volumes.join(", ")}: a later \`up\` adopts them. To delete them: npm run destroy -- --stack ${stack} --delete-data\n`,
    );
  }
  return 0;
}

async function destroyResources(
  prepared: Prepared,
  stack: string,
  ask: boolean,
  rest: readonly string[],
): Promise<number> {
  const { backend, project } = prepared;
  if (backend.folder !== undefined && stackStateFile(backend, project, stack) === undefined) {
    process.stdout.write(`Stack ${stack} has never been created in ${backend.url}.\n`);
    return 0;
  }
  await ensureStack(prepared, stack, createProgress());
  const { recoverInterrupted } = await import("../toolchain/state/recover.ts");
  const recovered = await recoverInterrupted(prepared, stack);
  const confirmed = ask ? [] : ["--yes", "--skip-preview"];
  const code = await runPulumi(prepared, ["destroy", "--stack", stack, ...confirmed, ...recovered, ...rest]);
  if (code !== 0) await explainFailure(prepared, stack);
  return code;
}

async function confirm(question: string): Promise<boolean> {
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await readline.question(`${question} [y/N] `)).trim());
  } finally {
    readline.close();
  }
}
