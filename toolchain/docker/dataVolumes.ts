import Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";

/** The label that every Docker object of a stack carries, with the stack's name. */
export const stackLabel = "postgres-cluster.stack";

/** The names of the stack's data volumes that exist, sorted: `<stack>-<node>-data`. */
export async function dataVolumes(stack: string): Promise<string[]> {
  const { Volumes } = await new Docker().listVolumes({ filters: { label: [`${stackLabel}=${stack}`] } });
  const names = (Volumes ?? []).map(({ Name }) => Name);
  return names.filter((name) => name.startsWith(`${stack}-`) && name.endsWith("-data")).sort();
}

/** Throws a UserError when one is still in use; those before it in the list are gone by then. */
export async function removeVolumes(names: readonly string[]): Promise<void> {
  const docker = new Docker();
  for (const name of names) {
    try {
      await docker.getVolume(name).remove();
    } catch (error) {
      const { statusCode, message } = error as Error & { statusCode?: number };
      if (statusCode === 404) continue; // somebody was faster
      if (statusCode !== 409) throw error;
      throw new UserError(`Data volume ${name} was not deleted: a container still uses it. ${message}`);
    }
  }
}
