import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { projectDir } from "../toolchain/project.ts";
import { listenToSignals } from "./signals.ts";

// Compiled code of this and later processes: a third off the loading of libraries. Inside node_modules, whose life it shares.
enableCompileCache(join(projectDir, "node_modules", ".cache", "node-compile"));
listenToSignals();
const { main } = await import("./program.ts");
process.exitCode = await main(process.argv.slice(2));
