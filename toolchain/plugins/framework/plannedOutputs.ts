import { containsSecret, isObject, type PropertyMap, type PropertyValue, Secret, unknown } from "./propertyValue.ts";
import { fillDefaults, type Property, type ResourceSchema } from "./resourceSchema.ts";

/**
 * A resource's outputs as far as its inputs tell: what is given, else the default, else unknown where the provider
 * finds the value. With `state`, what the provider found before stays.
 */
export function plannedOutputs(schema: ResourceSchema, inputs: PropertyMap, state?: PropertyMap): PropertyMap {
  const outputs: PropertyMap = {};
  for (const [name, property] of Object.entries(schema.inputs)) {
    outputs[name] = plannedValue(property, inputs[name], state === undefined ? undefined : state[name]);
  }
  for (const [name, property] of Object.entries(schema.outputs)) {
    outputs[name] = state === undefined || property.volatile ? unknown : (state[name] ?? null);
  }
  return outputs;
}

function plannedValue(property: Property, given: PropertyValue | undefined, before: PropertyValue | undefined) {
  if (given !== undefined && given !== null) return fillDefaults(property.type, given);
  if (property.default !== undefined) return property.default;
  if (property.computed) return before ?? unknown;
  return null;
}

/**
 * Marks as secret what the schema calls secret and what a secret input became. A map or an object stays readable apart
 * from its secret entries; a list with a secret member becomes secret as a whole, because its order may have changed.
 */
export function markSecrets(schema: ResourceSchema, outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  const marked: PropertyMap = {};
  for (const [name, value] of Object.entries(outputs)) {
    const property = schema.inputs[name] ?? schema.outputs[name];
    const secret = property?.secret === true && value !== null;
    marked[name] = secret ? new Secret(value) : markLike(value, inputs[name]);
  }
  return marked;
}

function markLike(value: PropertyValue, input: PropertyValue | undefined): PropertyValue {
  if (input === undefined || value === null || !containsSecret(input)) return value;
  if (!isObject(input) || !isObject(value)) return new Secret(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, markLike(item, input[name])]));
}
