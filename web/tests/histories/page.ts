/** The functions of the page that the histories use: its own code to store, send and read. */

export { parted, restated } from "../../src/field/record.ts";
export { sendAll } from "../../src/field/send/send.ts";
export { withdraw } from "../../src/field/send/truth.ts";
export { basisOf, wordOf } from "../../src/field/shown.ts";
export { database } from "../../src/field/store/db.ts";
export { shownRecords } from "../../src/field/store/areas.ts";
export { keepPhoto } from "../../src/field/store/photos.ts";
export { canDiscard, discard, entries, isOpen, keepChange, keepDetection, keepNeutralised, keepPart, mend } from "../../src/field/store/queue.ts";
