/** All resources of the other programs in one stack. */
export { outputs as command } from "./command.ts";
export { outputs as docker } from "./docker.ts";
export { outputs as randomAndTls } from "./randomAndTls.ts";
