import { diffState } from "./diffState.ts";
import { canonicalText, type PropertyMap, type PropertyValue, revealSecrets } from "./propertyValue.ts";
import { normalise, type ResourceSchema } from "./resourceSchema.ts";

/**
 * The inputs that lead to `state`, for `pulumi refresh` and `pulumi import`: those recorded, as long as they still
 * agree with it, and the values that were found wherever they do not.
 */
export function readInputs(schema: ResourceSchema, recorded: PropertyMap, state: PropertyMap): PropertyMap {
  const plain = revealSecrets(recorded) as PropertyMap;
  const drifted = new Set(diffState(schema, state, plain).map(({ path }) => path.split(/[.[]/)[0] as string));
  const imported = Object.keys(recorded).length === 0;
  const inputs: PropertyMap = {};
  for (const [name, property] of Object.entries(schema.inputs)) {
    const found = state[name] ?? null;
    const absent = canonicalText(normalise(property.type, property.default ?? null));
    const telling = canonicalText(normalise(property.type, found)) !== absent;
    if (imported || drifted.has(name)) {
      if (telling) inputs[name] = found;
    } else if (recorded[name] !== undefined) {
      inputs[name] = recorded[name] as PropertyValue;
    }
  }
  return inputs;
}
