// SPDX-License-Identifier: GPL-3.0-or-later
// The lab's OpenID provider: who signs in by any password is who they say. `node provider.mjs FILE`;
// the file names issuer, address, certificate and key (PEM), the secret of the mail server that asks
// about tokens, and a log. What is issued is written there, so that tests can look for it where it
// must not be, and take it back.
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const program = (clientId) => ({
  client_id: clientId,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/'],
  grant_types: [
    'authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
});

const isBrief = (client) => client.clientId === settings.briefClient;

const provider = new Provider(settings.issuer, {
  clients: [
    program(settings.client),
    program(settings.briefClient),
    {
      client_id: settings.mailServer,
      client_secret: settings.mailServerSecret,
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    },
  ],
  scopes: ['openid', 'offline_access', 'smtp'],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  jwks: { keys: [{ ...signingKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  pkce: { methods: ['S256'], required: () => true },
  features: {
    deviceFlow: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  rotateRefreshToken: true,
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  // The brief ones have run out before they are of any use.
  ttl: {
    AccessToken: (_, token, client) => (isBrief(client) ? 30 : 3600),
    DeviceCode: (_, token, client) => (isBrief(client) ? 1 : 600),
    AuthorizationCode: 60,
    IdToken: 3600,
    RefreshToken: 86400,
    Grant: 86400,
    Interaction: 3600,
    Session: 86400,
  },
});

const note = (entry) => appendFileSync(settings.log, `${JSON.stringify(entry)}\n`);
for (const kind of ['access_token', 'refresh_token']) {
  provider.on(`${kind}.saved`, (token) => {
    if (!token.consumed) {
      note({ kind, token: token.jti, client: token.clientId, account: token.accountId });
    }
  });
}
provider.on('grant.error', (_, error) => note({ kind: 'error', error: error.error }));
provider.on('server_error', (_, error) => note({ kind: 'server_error', error: error.stack }));

const pem = readFileSync(settings.certificate);
createServer({ cert: pem, key: pem }, provider.callback()).listen(443, settings.address);
