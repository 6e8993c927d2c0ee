/** The step can't be carried out: `up` fails here. */
export class StepFailed extends Error {
  override name = "StepFailed";
}
