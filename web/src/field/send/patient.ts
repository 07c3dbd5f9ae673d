/** Reads a large answer over a slow network: it is given up when nothing comes, however long it takes as long as something does. */

const SILENCE_MS = 60_000;

/**
 * The answer as a whole.
 *
 * # Errors
 * When nothing came for a minute, or the answer broke off.
 */
export async function fetchPatiently(request: RequestInfo, init: RequestInit = {}): Promise<Response> {
  const over = new AbortController();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => over.abort(new DOMException("nothing came", "TimeoutError")), SILENCE_MS);
  };
  heard();
  try {
    const response = await fetch(request, { ...init, signal: over.signal });
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      heard();
      parts.push(read.value);
    }
    const { status, statusText, headers } = response;
    return new Response(reader === undefined ? null : new Blob(parts), { status, statusText, headers });
  } finally {
    clearTimeout(silence);
  }
}

/** Does something that may break until it succeeds, so often, with pauses that grow from a second. */
export async function persistently<T>(act: () => Promise<T>, attempts: number, is_final: (error: unknown) => boolean = () => false): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await act();
    } catch (error) {
      if (n >= attempts || is_final(error)) throw error;
      await new Promise((over) => setTimeout(over, Math.min(16_000, 500 * 2 ** n)));
    }
  }
}
