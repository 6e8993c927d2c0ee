import { configurationValue } from "./configurationValue.ts";
import { mandatoryParameters } from "./parameterLayers.ts";
import { paths } from "./paths.ts";

/**
 * postgresql.conf of one node: what the cluster rests on, and the `declared` parameters, defaults among them. Each parameter
 * appears once, sorted. Ends with the include of the runtime file: `include`, not `include_if_exists`, because a standby that came
 * up without its runtime settings would neither stream nor wait for the quorum; better that it does not start.
 */
export function renderPostgresqlConf(nodeName: string, declared: Readonly<Record<string, string>>): string {
  const mandatory = mandatoryParameters(nodeName);
  for (const name of Object.keys(mandatory)) {
    if (name in declared) throw new Error(`${name} is fixed; validation should have refused it`);
  }
  return [
    `# ${nodeName}: written by postgres-cluster. Edit the stack config instead.\n\n`,
    "# The cluster rests on these\n",
    ...section(mandatory),
    "\n# Defaults and the stack config's parameters\n",
    ...section(declared),
    "\n# Standby and quorum settings, written by the reconciler\n",
    `include '${paths.runtimeConf}'\n`,
  ].join("");
}

function section(parameters: Readonly<Record<string, string>>): string[] {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = ${configurationValue(value)}\n`);
}
