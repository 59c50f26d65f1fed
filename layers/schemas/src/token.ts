import * as z from 'zod';

/** The claims of a JSON Web Token that count, from any OIDC issuer (product.md 6). Others are left alone. */
export const TokenPayload = z
  .looseObject({
    sub: z.string().min(1).meta({ description: 'Who calls: the actor of every movement.' }),
    scope: z.string().default('').meta({ description: 'Scopes by spaces; each may carry a resource-server prefix.' }),
    iss: z.string().min(1),
    aud: z.union([z.string(), z.array(z.string())]).optional(),
    client_id: z.string().optional().meta({ description: 'What Cognito gives instead of `aud`.' }),
    iat: z.number(),
    nbf: z.number().optional(),
    exp: z.number(),
  })
  .refine(({ aud, client_id }) => aud !== undefined || client_id !== undefined, {
    path: ['aud'],
    error: 'aud or client_id is required',
  });
export type TokenPayload = z.output<typeof TokenPayload>;

/** Whether a space-separated `scope` claim grants one, by itself or after a prefix (`https://api.example/orders:read`). */
export const grants = (claim: string, scope: string): boolean =>
  claim.split(' ').some((granted) => granted === scope || granted.endsWith(`/${scope}`));
