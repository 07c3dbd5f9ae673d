/** How often a pass goes on although requests break: one that broke says little of the next, several in a row do. */

import { NoWay } from "./ask.ts";

/** So many in a row that found no way end a pass. */
const MOST_BROKEN = 3;

export class Tries {
  /** Something has come through to the server in this pass. */
  progress = false;
  #broken = 0;

  /**
   * # Errors
   * `NoWay` when it was one too many in a row.
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
   * `NoWay` as `once`.
   */
  async insist<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      const result = await this.once(act);
      if (result !== "broken") return result;
    }
  }
}
