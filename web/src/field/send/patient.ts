/** Reads a large response over a slow network: it fails only if no data arrives, however long the whole takes. */

const SILENCE_MS = 60_000;

/**
 * Returns the complete response.
 *
 * # Errors
 * If nothing arrived for a minute, or the response broke off.
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

/** Repeats an operation that may fail until it succeeds, a limited number of times, with pauses growing from one second. */
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
