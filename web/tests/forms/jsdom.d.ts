declare module "jsdom" {
  /** A browser's DOM. */
  export class JSDOM {
    readonly window: Pick<typeof globalThis, "document" | "DOMParser" | "Node">;
  }
}
