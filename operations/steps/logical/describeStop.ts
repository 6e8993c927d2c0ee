/** What is said of a subscription that an error has disabled (`disable_on_error`). `log` is asked for the node's last lines. */
export async function describeStop(node: string, subscription: string, log: () => Promise<string>): Promise<string> {
  return `${node}: subscription ${subscription} was disabled by an error. The last lines of its log:\n${await log()}\nRemove the cause, and run \`up\` again: it goes on from where it stopped.`;
}
