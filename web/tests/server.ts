/** The server under test: CLEARLINE_URL, and CLEARLINE_TOKEN of an administrator. */

const address = process.env.CLEARLINE_URL;
if (address === undefined) throw new Error("CLEARLINE_URL must be Clearline's address, e.g. http://127.0.0.1:8080");
export const url: string = address.replace(/\/$/, "");

/** Fail without the token: otherwise the tests that need a signed-in user would be skipped silently. */
const given = process.env.CLEARLINE_TOKEN;
if (given === undefined || given === "") throw new Error("CLEARLINE_TOKEN must be the token of an administrator: clearline token create --role admin --name tests --store STORE");
export const token: string = given;

/** A token for these tests only, created by the administrator; `regions` null for everywhere. */
export async function makeToken(role: string, name: string, regions: string[] | null = null): Promise<string> {
  const where = regions !== null ? { regions } : { everywhere: role !== "viewer" };
  const answer = await fetch(`${url}/tokens`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name, role, operator: null, ...where, days: 1 }),
  });
  if (answer.status !== 201) throw new Error(`creating a token returned ${answer.status}`);
  return ((await answer.json()) as { token: string }).token;
}
