// Two identity providers for tests, as real servers: node server.mjs <redirect addresses...>
//
// Each is node-oidc-provider as it comes, with a sign-in page of one field. What a test needs besides is asked for below
// /control: who there is, new keys, and tokens that no honest provider would hand out.
import { createServer } from "node:http";
import { SignJWT, base64url, decodeJwt, exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const CLIENT = { client_id: "shopbell", client_secret: "a secret & more: +%" };
const HOUR = 3600;
const redirects = process.argv.slice(2);

async function newKey(kid) {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" } };
}

function configured(people, key, inToken, issuer) {
  const claims = async (sub) => ({ sub, ...people.get(sub) });
  return {
    clients: [
      {
        ...CLIENT,
        redirect_uris: redirects,
        post_logout_redirect_uris: redirects.map((one) => new URL("/sign-in", one).href),
        backchannel_logout_uri: `${issuer}/heard`,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [key.jwk] },
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub"], profile: ["name", "locale"], email: ["email", "email_verified"], groups: ["groups"] },
    conformIdTokenClaims: !inToken,
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // It asks no addresses of this machine, where the one is that it tells of signing out.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    findAccount: (_ctx, sub) => (people.has(sub) ? { accountId: sub, claims: () => claims(sub) } : undefined),
    interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
      grant.addOIDCScope("openid profile email groups");
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    ttl: { AccessToken: HOUR, AuthorizationCode: 60, Grant: HOUR, IdToken: HOUR, Interaction: HOUR, Session: HOUR },
  };
}

const stranger = newKey("unknown");

// Each makes of an honest ID token the one that is wrong in its own way.
const FORGERIES = {
  nonce: (claims) => ({ claims: { ...claims, nonce: "another" } }),
  "no nonce": ({ nonce, ...claims }) => ({ claims }),
  issuer: (claims) => ({ claims: { ...claims, iss: "https://elsewhere.example" } }),
  audience: (claims) => ({ claims: { ...claims, aud: "another program" } }),
  "other party": (claims) => ({ claims: { ...claims, aud: [CLIENT.client_id, "another"], azp: "another" } }),
  expired: (claims) => ({ claims: { ...claims, iat: claims.iat - 2 * HOUR, exp: claims.exp - 2 * HOUR } }),
  "not yet": (claims) => ({ claims: { ...claims, iat: claims.iat + HOUR, exp: claims.exp + HOUR } }),
  "other access token": (claims) => ({ claims: { ...claims, at_hash: "c29tZXRoaW5nIGVsc2U" } }),
  "other person": (claims) => ({ claims: { ...claims, sub: "somebody-else" } }),
  signature: async (claims, key) => ({ claims, key: { ...(await stranger), kid: key.kid } }),
  "unknown key": async (claims) => ({ claims, key: await stranger }),
  none: (claims) => ({ token: `${base64url.encode('{"alg":"none"}')}.${base64url.encode(JSON.stringify(claims))}.` }),
  "shared secret": (claims) => ({ claims, secret: CLIENT.client_secret }),
  garbage: () => ({ token: "not.a.token" }),
};

async function forged(how, token, key) {
  const made = await FORGERIES[how](decodeJwt(token), key);
  if (made.token) return made.token;
  const jwt = new SignJWT(made.claims);
  if (made.secret) return jwt.setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(made.secret));
  const { kid, privateKey } = made.key ?? key;
  return jwt.setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
}

async function body(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

async function open(inToken) {
  const people = new Map();
  const asked = {};
  let [key, forgery, provider, handle] = [await newKey("first"), "", null, null];
  const server = createServer(serve);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${server.address().port}`;

  function build() {
    provider = new Provider(issuer, configured(people, key, inToken, issuer));
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.path === "/token" && ctx.status === 200 && forgery) {
        ctx.body = { ...ctx.body, id_token: await forged(forgery, ctx.body.id_token, key) };
        forgery = "";
      }
    });
    handle = provider.callback();
  }

  // What the provider tells the address that it was given to tell of signing out: a test hands it on.
  let heard = "";
  const controls = {
    goodbye: async ({ sub, sid }) => {
      const client = await provider.Client.find(CLIENT.client_id);
      await client.backchannelLogout(sub, sid);
      return { logout_token: new URLSearchParams(heard).get("logout_token") };
    },
    sign: async ({ claims, type }) => ({
      token: await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: key.kid, ...(type && { typ: type }) }).sign(key.privateKey),
    }),
    person: ({ sub, ...claims }) => people.set(sub, claims),
    forge: ({ how }) => (forgery = how),
    keys: async ({ kid }) => {
      key = await newKey(kid);
      build();
    },
  };

  async function serve(request, response) {
    const path = new URL(request.url, issuer).pathname;
    asked[path] = (asked[path] ?? 0) + 1;
    if (path.startsWith("/control/")) {
      const control = controls[path.slice("/control/".length)];
      const told = control && (await control(JSON.parse(await body(request))));
      return response.end(JSON.stringify(told ?? asked));
    }
    if (path === "/heard") {
      heard = await body(request);
      return response.end();
    }
    if (path.startsWith("/login/")) {
      if (request.method === "GET") return response.end("Who are you?");
      const person = new URLSearchParams(await body(request)).get("person");
      const result = person ? { login: { accountId: person } } : { error: "access_denied" };
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
    return handle(request, response);
  }

  build();
  return issuer;
}

console.log(JSON.stringify([await open(false), await open(true)]));
process.stdin.on("end", () => process.exit()).resume();
