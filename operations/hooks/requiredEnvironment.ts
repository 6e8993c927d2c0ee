/** A hook gets everything that it works on in its environment: a command line would be seen by every user of the machine. */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`the environment variable ${name} is not set; this program is run by Pulumi`);
  return value;
}
