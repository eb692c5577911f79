import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./api.js";

export type { components, operations, paths } from "./api.js";

/** What the API sends and takes, by name: `Schemas["InstanceResource"]`. */
export type Schemas = components["schemas"];
export type Problem = Schemas["ProblemResource"];
export type FaktoryCloud = Client<paths>;

export interface ConnectOptions {
  /** Of the API, for example https://api.example.com. */
  url: string;
  /** An API token; none for the calls that need none, such as the sign-up. */
  token?: string;
  /** The id of the organization to act for, of a person who is in several. */
  organization?: string;
  /** Sends the calls, if it should not be the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A client that may be kept and used by many callers at once. */
export function connect(options: ConnectOptions): FaktoryCloud {
  const client = createClient<paths>({ baseUrl: options.url.replace(/\/+$/, ""), ...(options.fetch && { fetch: options.fetch }) });
  client.use(callHeaders(options));
  return client;
}

/** A call that the API refused; `problem.code` is stable, for programs. */
export class FaktoryCloudError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(problem ? `${problem.code}: ${problem.detail ?? problem.title}` : `HTTP ${status}`);
    this.name = "FaktoryCloudError";
  }
}

/** What a call answered, or a FaktoryCloudError. */
export function must<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (answer.response.ok) return answer.data as NonNullable<T>;
  throw new FaktoryCloudError(answer.response.status, isProblem(answer.error) ? answer.error : undefined);
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error;
}

/** What goes with every call: who asks, for whom, and a key by which a repeated POST is known. */
function callHeaders({ token, organization }: ConnectOptions): Middleware {
  return {
    onRequest({ request }) {
      if (token) request.headers.set("Authorization", `Bearer ${token}`);
      if (organization) request.headers.set("Faktory-Organization", organization);
      if (request.method === "POST" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
      return request;
    },
  };
}
