interface ExportedStack {
  readonly deployment: { readonly resources?: readonly { readonly type: string }[] };
}

/** What every stack has, or what Pulumi adds by itself. */
const implied = /^pulumi:(pulumi:Stack|providers:)/;
/** A component's type is its program's own, so only their number can be compared. */
const component = /^(postgres-cluster|bare):/;

/** The types of the resources in the output of `pulumi stack export`, sorted; components count as `component`. */
export function exportedResources(stackExport: string): string[] {
  const { deployment } = JSON.parse(stackExport) as ExportedStack;
  return (deployment.resources ?? [])
    .map(({ type }) => (component.test(type) ? "component" : type))
    .filter((type) => !implied.test(type))
    .sort();
}
