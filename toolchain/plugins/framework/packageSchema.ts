import type { Fields, PropertyType, ResourceSchema } from "./resourceSchema.ts";

/** The package schema, as `GetSchema` gives it: what `pulumi import` and `pulumi package` look at. */
export function packageSchema(name: string, version: string, config: Fields, resources: ResourceSchema[]): string {
  return JSON.stringify({
    name,
    version,
    config: { variables: properties(config) },
    provider: { type: "object", inputProperties: properties(config) },
    resources: Object.fromEntries(
      resources.map(({ token, inputs, outputs }) => [
        token,
        {
          type: "object",
          inputProperties: properties(inputs),
          requiredInputs: Object.keys(inputs).filter((input) => inputs[input]?.required),
          properties: { ...properties(inputs), ...properties(outputs) },
        },
      ]),
    ),
  });
}

function properties(fields: Fields): Record<string, object> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      {
        ...typeSpec(field.type),
        ...(field.secret && { secret: true }),
        ...(field.forceNew && { willReplaceOnChanges: true }),
      },
    ]),
  );
}

function typeSpec(type: PropertyType): object {
  switch (type.kind) {
    case "list":
    case "set":
      return { type: "array", items: typeSpec(type.element) };
    case "map":
      return { type: "object", additionalProperties: typeSpec(type.element) };
    case "object":
    case "json":
      return { $ref: "pulumi.json#/Any" };
    default:
      return { type: type.kind };
  }
}
