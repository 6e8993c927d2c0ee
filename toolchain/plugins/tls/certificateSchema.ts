import type { PropertyChange } from "../framework/diffState.ts";
import type { PropertyMap } from "../framework/propertyValue.ts";
import type { ResourceState } from "../framework/resource.ts";
import { boolean, type Fields, integer, list, string } from "../framework/resourceSchema.ts";

const uses = [
  "digital_signature",
  "content_commitment",
  "key_encipherment",
  "data_encipherment",
  "key_agreement",
  "cert_signing",
  "crl_signing",
  "server_auth",
  "client_auth",
];

const refuseUses = (value: unknown) => {
  const other = Array.isArray(value) ? value.find((use) => typeof use === "string" && !uses.includes(use)) : undefined;
  return other === undefined ? undefined : `names ${JSON.stringify(other)}, supported here are ${uses.join(", ")}`;
};

/** The rules that both kinds of certificate take. */
export const certificateInputs: Fields = {
  allowedUses: list(string(), { required: true, forceNew: true, refuse: refuseUses }),
  validityPeriodHours: integer({ required: true, forceNew: true }),
  earlyRenewalHours: integer({ default: 0 }),
  isCaCertificate: boolean({ default: false, forceNew: true }),
  setSubjectKeyId: boolean({ default: false, forceNew: true }),
};

/** What both kinds of certificate give. */
export const certificateOutputs: Fields = {
  certPem: string(),
  readyForRenewal: boolean(),
  validityStartTime: string(),
  validityEndTime: string(),
};

/** Whether a certificate is inside its early renewal window, or past its end. */
export function isReadyForRenewal(certificate: PropertyMap): boolean {
  const end = Date.parse(certificate.validityEndTime as string);
  return end - ((certificate.earlyRenewalHours as number | null) ?? 0) * 3_600_000 <= Date.now();
}

/** A certificate that is ready for renewal is replaced, as a change of `readyForRenewal`. */
export function renewalChanges(state: PropertyMap, wanted: PropertyMap): PropertyChange[] {
  const certificate: PropertyMap = { ...state, earlyRenewalHours: wanted.earlyRenewalHours ?? 0 };
  return isReadyForRenewal(certificate) ? [{ path: "readyForRenewal", kind: "update", replaces: true }] : [];
}

/** There is nothing to read but the clock. */
export async function readCertificate(id: string, state: PropertyMap): Promise<ResourceState> {
  return { id, outputs: isReadyForRenewal(state) ? { ...state, readyForRenewal: true } : state };
}

/** Only `earlyRenewalHours` changes in place: it is the plugin's own matter, not the certificate's. */
export async function updateCertificate(_id: string, state: PropertyMap, wanted: PropertyMap): Promise<PropertyMap> {
  return { ...state, ...wanted };
}
