import { prepare } from "../toolchain/prepare.ts";
import { shellExports } from "../toolchain/shellExports.ts";

/** Prints the shell lines after which `pulumi` works in this directory as the commands here use it. */
export async function env({ stack }: { stack?: string | undefined }): Promise<number> {
  const prepared = await prepare({ pulumi: true, ...(stack !== undefined && { stack }) });
  process.stdout.write(shellExports(prepared));
  return 0;
}
