/** Decides whether a pass continues after broken requests: one failure proves little, several in a row do. */

import { NoWay } from "./ask.ts";

/** The number of consecutive unreachable requests that ends a pass. */
const MOST_BROKEN = 3;

export class Tries {
  /** Notes that a request to the server succeeded in this pass. */
  progress = false;
  #broken = 0;

  /**
   * # Errors
   * `NoWay` after too many failures in a row.
   */
  async once<T>(act: () => Promise<T>): Promise<T | "broken"> {
    try {
      const result = await act();
      this.#broken = 0;
      return result;
    } catch (error) {
      if (!(error instanceof NoWay) || ++this.#broken >= MOST_BROKEN) throw error;
      return "broken";
    }
  }

  /**
   * # Errors
   * `NoWay` as in `once`.
   */
  async insist<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      const result = await this.once(act);
      if (result !== "broken") return result;
    }
  }
}
