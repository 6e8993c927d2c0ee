import { listenToSignals } from "./signals.ts";

listenToSignals(); // first, so that none is missed while the rest loads
const { main } = await import("./program.ts");
process.exitCode = await main(process.argv.slice(2));
