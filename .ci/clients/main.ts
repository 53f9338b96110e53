// What a TypeScript integration writes: it compiles only while the document says what the client needs.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./schema.js";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8080" });

export async function whoAmI(): Promise<void> {
  const { data, error, response } = await client.GET("/api/v1/me");
  if (error) {
    const { code, request_id, status }: { code: string; request_id: string; status: number } = error;
    throw new Error(`${response.status} ${status} ${code} (${request_id})`);
  }
  console.log(JSON.stringify(data));
}

export async function titles(): Promise<string[]> {
  const { data, error } = await client.GET("/api/v1/reviews", { params: { query: { limit: 50 } } });
  if (error) throw new Error(error.code);
  const next: string | null | undefined = data.next_cursor;
  console.log(next);
  return data.items.map((review) => review.title);
}

// An unknown parameter is a mistake that the compiler finds.
// @ts-expect-error the list of reviews has no such parameter
export const mistaken = () => client.GET("/api/v1/reviews", { params: { query: { no_such_parameter: 1 } } });

export type Schemas = keyof components["schemas"];
export type Operations = keyof operations;
