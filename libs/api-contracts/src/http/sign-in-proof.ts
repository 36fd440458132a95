import { z } from 'zod';

/** How a provider says that somebody proved who they are; nothing and null where it does not say. */
export const SignInProof = z.object({
  /** Methods by their names of RFC 8176 (`amr`), such as `pwd`, `otp`, `hwk`, `mfa`. */
  methods: z.array(z.string().max(40)).max(20),
  /** Authentication context class (`acr`). */
  context: z.string().max(200).nullable(),
  /** Whether more than one factor was asked for; null when the provider does not tell. */
  secondFactor: z.boolean().nullable(),
});
export type SignInProof = z.infer<typeof SignInProof>;

/** A provider that tells nothing. */
export const untoldProof: SignInProof = { methods: [], context: null, secondFactor: null };
