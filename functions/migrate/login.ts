import { callJson } from '../aws/call.ts';

/** The role and the password of a secret as Secrets Manager generates them for the Data API. Throws AwsError. */
export async function readLogin(secretArn: string, deadline: number): Promise<{ role: string; password: string }> {
  const answer = await callJson({
    action: 'secretsmanager:GetSecretValue',
    target: 'secretsmanager',
    version: '1.1',
    deadline,
    input: { SecretId: secretArn },
  });
  const secret = 'SecretString' in Object(answer) ? parsed(Object(answer).SecretString) : null;
  if (secret === null) throw new Error('The secret of the application holds no username and password');
  return { role: secret.username, password: secret.password };
}

/** Never throws what it read: an error is logged. */
function parsed(text: unknown): { username: string; password: string } | null {
  try {
    const { username, password } = Object(JSON.parse(String(text)));
    return typeof username === 'string' && typeof password === 'string' ? { username, password } : null;
  } catch {
    return null;
  }
}
